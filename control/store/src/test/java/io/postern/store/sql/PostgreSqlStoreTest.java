package io.postern.store.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.PostgresServer;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// PostgreSQL as a server elsewhere: several nodes, outages, wrong credentials.
class PostgreSqlStoreTest {
    @Test
    void nodesHearOfEachOthersChanges() throws Exception {
        String url = PostgresServer.shared().createDatabase();
        try (Store one = open(url);
                Store two = open(url)) {
            var heard = new LinkedBlockingQueue<Long>();
            two.onChange(heard::add);

            for (int i = 0; i < 5; i++) {
                bump(one);
                // far below the poll of 30 s: it was the notification
                assertEquals(one.version(), heard.poll(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void nodesThatStartTogetherMigrateOnce() throws Exception {
        String url = PostgresServer.shared().createDatabase();
        Callable<Store> open = () -> open(url);
        var stores = new ArrayList<Store>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var future : threads.invokeAll(List.of(open, open, open))) {
                stores.add(future.get());
            }
        }
        stores.forEach(store -> assertEquals(1, store.version()));
        stores.forEach(Store::close);
    }

    /// Starts a server of its own, since it stops it.
    @Test
    void anOutageIsNamedAndPassesByItself() throws Exception {
        try (PostgresServer server = PostgresServer.start();
                Store store = open(server.url("postgres"))) {
            var heard = new LinkedBlockingQueue<Long>();
            store.onChange(heard::add);
            bump(store);
            assertEquals(2, heard.poll(20, TimeUnit.SECONDS));

            server.stop();
            var refused = assertThrows(StoreUnavailable.class, () -> bump(store));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("127.0.0.1:" + server.port()), refused.getMessage());
            assertFalse(String.valueOf(refused.getMessage()).contains(PostgresServer.PASSWORD));
            assertThrows(StoreUnavailable.class, store::version);

            server.startAgain();
            assertEquals(2, store.version());
            server.execute("postgres", "UPDATE configuration SET version = 7; NOTIFY postern_configuration");
            assertEquals(7, heard.poll(40, TimeUnit.SECONDS), "the listener connected again");
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        int port = FreePort.find();

        var refused = assertThrows(
                StoreUnavailable.class,
                () -> open("jdbc:postgresql://127.0.0.1:" + port + "/postern?user=u&password=geheim"));

        assertTrue(String.valueOf(refused.getMessage()).contains("cannot be reached"), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(":" + port), refused.getMessage());
    }

    @Test
    void wrongCredentialsAreNamedWithoutThem() {
        var address = DatabaseAddress.parse(
                PostgresServer.shared().createDatabase(),
                Optional.of(PostgresServer.USER),
                Optional.of(Secret.of("geheim")));

        var refused = assertThrows(StoreUnavailable.class, () -> SqlStore.open(address));

        assertTrue(String.valueOf(refused.getMessage()).contains("refuses the user or password"), refused.getMessage());
        assertFalse(String.valueOf(refused.getMessage()).contains("geheim"));
    }

    @Test
    void aMissingDatabaseIsNamedWithTheStatementThatMakesIt() {
        var refused = assertThrows(
                StoreUnavailable.class, () -> open(PostgresServer.shared().url("no_such_database")));

        assertTrue(String.valueOf(refused.getMessage()).contains("CREATE DATABASE"), refused.getMessage());
    }

    @Test
    void anotherEncodingIsRefused() {
        PostgresServer server = PostgresServer.shared();
        server.execute("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");

        var refused = assertThrows(StoreUnavailable.class, () -> open(server.url("latin")));

        assertTrue(String.valueOf(refused.getMessage()).contains("UTF8"), refused.getMessage());
    }

    @Test
    void aDatabaseOfANewerProgramIsRefused() {
        PostgresServer server = PostgresServer.shared();
        String url = server.createDatabase();
        open(url).close();
        server.execute(
                url.replaceAll(".*/([a-z_0-9]+)\\?.*", "$1"),
                "INSERT INTO schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', checksum, installed_by,"
                        + " installed_on, execution_time, success FROM schema_history WHERE version = '1'");

        var refused = assertThrows(StoreUnavailable.class, () -> open(url));

        assertTrue(String.valueOf(refused.getMessage()).contains("schema version 99"), refused.getMessage());
    }

    private static Store open(String url) {
        return SqlStore.open(DatabaseAddress.parse(url));
    }

    private static void bump(Store store) {
        store.write(s -> {
            s.changes().bump();
            return true;
        });
    }
}
