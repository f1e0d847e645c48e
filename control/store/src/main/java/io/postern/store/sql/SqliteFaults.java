package io.postern.store.sql;

import io.postern.store.StoreUnavailable;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteException;

/// Tells outages, which have a remedy, from bugs.
final class SqliteFaults {
    private SqliteFaults() {}

    static RuntimeException translate(RuntimeException fault, DatabaseAddress address) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof NativeLibraryNotFoundException) {
                return new StoreUnavailable(
                        "database " + address
                                + " needs SQLite's native library, which cannot be unpacked to java.io.tmpdir "
                                + System.getProperty("java.io.tmpdir")
                                + "; make room there and allow execution, or set -Djava.io.tmpdir to another folder",
                        fault);
            }
            if (cause instanceof SQLiteException sqlite) {
                String remedy = remedy(sqlite.getResultCode().code & 0xff); // the rest is detail
                return remedy.isEmpty() ? fault : new StoreUnavailable("database " + address + " " + remedy, fault);
            }
        }
        return fault;
    }

    // primary result codes of sqlite3.h; empty: our own mistake
    private static String remedy(int code) {
        return switch (code) {
            case 3 -> "may not be accessed; check the owner and rights of the file and its folder";
            case 5, 6 -> "is locked by another program; close it or wait until it has finished";
            case 8 -> "is read-only; check the owner and rights of the file and its folder, and the mount";
            case 10 -> "cannot be read or written (I/O error); check the disk and its free space";
            case 11 -> "is damaged; restore a backup";
            case 13 -> "cannot grow, the disk is full; free some space: nothing that was acknowledged is lost";
            case 14 -> "cannot be opened; check that the path is right and its folder is writable";
            case 26 -> "is not a database; choose another file";
            default -> "";
        };
    }
}
