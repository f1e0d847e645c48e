package io.postern.store.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ProcessFixture;
import io.postern.store.SecretStore;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig.TransactionMode;

/// SQLite as a file on a disk: crashes, other processes, disks that are full, files that are something else.
class SqliteStoreTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("data/postern.db");
    }

    @Test
    void theFilesAreTheOwnersAlone() throws Exception {
        try (Store store = open()) {
            put(store, "a");
            try (var files = Files.list(folder.resolve("data"))) {
                for (Path each :
                        files.filter(f -> !f.toString().endsWith(".lock")).toList()) {
                    assertEquals(
                            "rw-------",
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
                            each.toString());
                }
            }
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))));
    }

    @Test
    void nothingAcknowledgedIsLostByKill9() {
        for (int round = 0; round < 3; round++) {
            Set<String> acknowledged;
            try (ProcessFixture writer = writer(List.of(), "r" + round, 500)) {
                writer.awaitLine("acknowledged r" + round + "-" + (20 + 30 * round), SOON);
                writer.kill();
                acknowledged = acknowledged(writer);
            }
            try (Store store = open()) {
                assertTrue(names(store).containsAll(acknowledged));
            }
        }
    }

    @Test
    void aWriteThatFailsForLackOfSpaceLosesNothingBefore() {
        // a limit on the size of files (8 MiB in blocks of 512 bytes) stands for the full disk
        List<String> limited = List.of("sh", "-c", "ulimit -f 16384; exec \"$@\"", "sh");
        try (ProcessFixture writer = writer(limited, "full", 20_000)) {
            String refusal = writer.awaitLine("refused: ", SOON);
            writer.awaitExit(SOON);

            assertTrue(refusal.contains(file.toString()) && refusal.contains("free space"), refusal);
            try (Store store = open()) {
                assertTrue(names(store).containsAll(acknowledged(writer)));
                put(store, "goes on");
            }
        }
    }

    @Test
    void aSecondProcessIsToldWhoHasTheFile() {
        try (Store store = open();
                ProcessFixture second = writer(List.of(), "second", 500)) {
            String refusal = second.awaitLine("refused: ", SOON);

            assertTrue(refusal.contains(file.toString()), refusal);
            assertTrue(refusal.contains("process " + ProcessHandle.current().pid()), refusal);
            put(store, "unharmed");
        }
    }

    @Test
    void aSecondStoreInOneProcessIsRefusedAndTheFileIsFreeAfterwards() {
        try (Store store = open()) {
            assertThrows(StoreUnavailable.class, this::open);
            put(store, "unharmed");
        }
        open().close();
    }

    /// Takes as long as the busy timeout.
    @Test
    void aLockByAnotherProgramIsNamed() throws Exception {
        try (Store store = open()) {
            put(store, "a");
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                    var statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");

                var refused = assertThrows(StoreUnavailable.class, () -> put(store, "b"));

                assertTrue(String.valueOf(refused.getMessage()).contains("locked by another program"));
                assertEquals(Set.of("a"), names(store), "reading goes on");
            }
            put(store, "c");
        }
    }

    @Test
    void aFullDatabaseIsNamed() throws Exception {
        try (Connection small = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("small.db"));
                var statement = small.createStatement()) {
            statement.execute("PRAGMA max_page_count = 2");
            var full = assertThrows(
                    java.sql.SQLException.class,
                    () -> statement.execute("CREATE TABLE t AS SELECT randomblob(100000) AS b"));

            var translated = SqliteFaults.translate(new IllegalStateException(full), DatabaseAddress.parse("/x.db"));

            assertTrue(String.valueOf(translated.getMessage()).contains("disk is full"), translated.toString());
        }
    }

    @Test
    void aNativeLibraryThatCannotBeUnpackedIsNamed() {
        // 512 KiB: too little for the library that the driver unpacks
        List<String> limited = List.of("sh", "-c", "ulimit -f 1024; exec \"$@\"", "sh");
        try (ProcessFixture writer = writer(limited, "none", 500)) {
            String refusal = writer.awaitLine("refused: ", SOON);

            assertTrue(refusal.contains("java.io.tmpdir"), refusal);
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndKept() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(file, "these are somebody's notes, quite a few of them ".repeat(50));

        var refused = assertThrows(StoreUnavailable.class, this::open);

        assertTrue(String.valueOf(refused.getMessage()).contains("is not a database"), refused.getMessage());
        assertTrue(Files.readString(file).startsWith("these are somebody's notes"));
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Files.writeString(folder.resolve("data"), "a file where the folder should be");

        var refused = assertThrows(StoreUnavailable.class, this::open);

        assertTrue(String.valueOf(refused.getMessage()).contains(file.toString()), refused.getMessage());
    }

    @Test
    void aDatabaseOfANewerProgramIsRefused() throws Exception {
        open().close();
        execute("INSERT INTO schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', checksum, installed_by,"
                + " installed_on, execution_time, success FROM schema_history WHERE version = '1'");

        var refused = assertThrows(StoreUnavailable.class, this::open);

        assertTrue(String.valueOf(refused.getMessage()).contains("schema version 99"), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains("newer Postern"), refused.getMessage());
    }

    @Test
    void eachCommitReachesTheDisk() throws Exception {
        // the settings themselves: only a power cut could show the difference
        try (Connection connection = SqliteEngine.database(folder.resolve("x.db"), TransactionMode.IMMEDIATE)
                .getConnection()) {
            assertEquals("wal", pragma(connection, "journal_mode"));
            assertEquals("2", pragma(connection, "synchronous")); // FULL
            assertEquals("1", pragma(connection, "foreign_keys"));
        }
    }

    private static String pragma(Connection connection, String name) throws Exception {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.getString(1);
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Store open() {
        return SqlStore.open(DatabaseAddress.parse(file.toString()));
    }

    private ProcessFixture writer(List<String> before, String prefix, int rowBytes) {
        var command = new java.util.ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                CrashWriter.class.getName(),
                file.toString(),
                prefix,
                Integer.toString(rowBytes)));
        return ProcessFixture.start("writer", command);
    }

    private static Set<String> acknowledged(ProcessFixture writer) {
        return writer.stdout()
                .lines()
                .filter(line -> line.startsWith("acknowledged "))
                .map(line -> line.substring("acknowledged ".length()))
                .collect(Collectors.toSet());
    }

    private static Set<String> names(Store store) {
        return store.read(
                s -> s.secrets().list("").stream().map(SecretStore.Row::name).collect(Collectors.toSet()));
    }

    private static void put(Store store, String name) {
        store.write(s -> {
            s.secrets().put(name, "x");
            return true;
        });
    }
}
