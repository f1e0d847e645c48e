package io.postern.store.sql;

import io.postern.store.StoreUnavailable;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;

/// Tells outages, which have a remedy, and clashes, which call for another try, from bugs. By SQLSTATE
/// (PostgreSQL manual, appendix A).
final class PostgreSqlFaults {
    private PostgreSqlFaults() {}

    static RuntimeException translate(RuntimeException fault, DatabaseAddress address) {
        String remedy = state(fault).map(PostgreSqlFaults::remedy).orElseGet(() -> withoutState(fault));
        return remedy.isEmpty() ? fault : new StoreUnavailable("database " + address + " " + remedy, fault);
    }

    /// Another transaction was in the way: the same work may succeed next time. A unique violation counts,
    /// since the work looked before it wrote and will see the other's row next time.
    static boolean isClash(RuntimeException fault) {
        return state(fault)
                .filter(s -> s.equals("40001") || s.equals("40P01") || s.equals("23505"))
                .isPresent();
    }

    /// The connection ended under the work.
    static boolean isLostConnection(RuntimeException fault) {
        return state(fault)
                .filter(s -> s.startsWith("08") || s.startsWith("57P"))
                .isPresent();
    }

    private static Optional<String> state(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
        }
        return Optional.empty();
    }

    /// The pool gave up waiting, and no connection had failed: all of them are at work.
    private static String withoutState(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return "is too busy: every connection is in use; try again later";
            }
        }
        return "";
    }

    private static String remedy(String state) {
        return switch (state) {
            case "28P01", "28000" -> "refuses the user or password; check both, and pg_hba.conf on the server";
            case "3D000" -> "does not exist on the server; create it: CREATE DATABASE name ENCODING 'UTF8'";
            case "42501" -> "does not let the user create or change tables; GRANT ALL ON SCHEMA public";
            case "53100" -> "cannot grow, the server's disk is full; free some space there";
            case "53300" -> "has too many connections; raise max_connections or stop other clients";
            case "25006" -> "is read-only (a standby?); use the address of the primary";
            case "57P01", "57P02", "57P03" -> "is stopping or starting; it is tried again with the next request";
            default ->
                state.startsWith("08")
                        ? "cannot be reached; check host and port, and that the server runs"
                        : state.startsWith("53") || state.startsWith("58")
                                ? "has trouble (SQLSTATE " + state + "); see the server's log"
                                : "";
        };
    }
}
