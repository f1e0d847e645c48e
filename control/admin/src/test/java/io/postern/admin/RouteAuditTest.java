package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.WritingCalls.Ask;
import io.postern.admin.WritingCalls.Example;
import io.postern.base.HostPort;
import io.postern.fixtures.DnsServer;
import io.postern.pki.acme.AcmeSettings;
import io.postern.store.AuditEntry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every route that writes leaves exactly one entry in the audit log (or those that [WritingCalls] lists, with the
/// reason), in the transaction of the change: where the entry cannot be written, nothing is changed. What each call
/// must leave is written by hand.
class RouteAuditTest {
    /// Told of by something else than the call: who asks by which token is noted with the clock.
    private static final Set<String> NOT_OF_THE_CALL = Set.of("api_credentials", "sqlite_sequence");

    @TempDir
    static Path folder;

    private static DnsServer dns;
    private static Installation service;
    private static WritingCalls calls;
    private static String token;
    private static Connection database;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void open() throws SQLException {
        dns = DnsServer.start();
        service = new Installation(
                folder,
                Clock.systemUTC(),
                new OutsideSettings(
                        Optional.of(new HostPort("127.0.0.1", dns.port())),
                        Optional.of(
                                new AcmeSettings( // nobody asks it here: orders are only placed
                                        URI.create("https://acme.invalid/directory"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        AcmeSettings.Way.HTTP,
                                        Optional.empty()))));
        calls = new WritingCalls(service, dns);
        token = service.accessToken(service.administrator);
        database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("postern.db"));
        sql("PRAGMA busy_timeout = 10000");
    }

    @AfterAll
    static void close() throws SQLException {
        database.close();
        service.close();
        dns.close();
        CLIENT.close();
    }

    @Test
    void everyWritingRouteHasAnExample() {
        Set<String> written = RouteTable.read().lines().stream()
                .filter(RouteTable.Line::writes)
                .map(RouteTable.Line::title)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> shown = calls.all().stream().map(Example::title).collect(Collectors.toCollection(TreeSet::new));

        assertEquals(written, shown, "add the new route to WritingCalls, with what the audit log must tell");
    }

    @TestFactory
    Stream<DynamicTest> leavesWhatTheTableSays() {
        return calls.all().stream().map(example -> DynamicTest.dynamicTest(example.name(), () -> check(example)));
    }

    private static void check(Example example) throws Exception {
        assertEquals(
                example.activities().size() != 1,
                !example.reason().isEmpty(),
                "what does not leave one entry needs a reason");
        Ask ask = example.setting().make();
        Map<String, List<String>> before = rows();
        if (!example.activities().isEmpty()) {
            for (int room = 0; room < example.activities().size(); room++) {
                assertUndoneWithoutEntry(example, ask, before, room);
            }
        }
        Set<String> known = entries().stream().map(AuditEntry::id).collect(Collectors.toSet());

        HttpResponse<String> done = send(example, ask);

        assertTrue(done.statusCode() < 300, done.statusCode() + " " + done.body());
        List<AuditEntry> added =
                entries().stream().filter(entry -> !known.contains(entry.id())).toList();
        assertEquals(
                example.activities().stream().sorted().toList(),
                added.stream().map(AuditEntry::activity).sorted().toList());
        for (AuditEntry entry : added) {
            assertEquals("success", entry.result());
            assertEquals(service.administrator.id().value(), entry.initiator().id());
        }
        if (example.activities().isEmpty()) {
            assertEquals(before, rows());
        }
    }

    /// @param room how many entries of the call the log still takes
    private static void assertUndoneWithoutEntry(Example example, Ask ask, Map<String, List<String>> before, int room)
            throws Exception {
        int full = before.getOrDefault("log_entries", List.of()).size() + room;
        sql("CREATE TRIGGER full BEFORE INSERT ON log_entries WHEN NEW.log = 'AUDIT'"
                + " AND (SELECT COUNT(*) FROM log_entries) >= " + full
                + " BEGIN SELECT RAISE(ABORT, 'the log is full'); END");
        try {
            HttpResponse<String> failed = send(example, ask);

            assertTrue(failed.statusCode() >= 500, failed.statusCode() + " " + failed.body());
            assertEquals(before, rows(), "changed though the audit log did not take it");
        } finally {
            sql("DROP TRIGGER full");
        }
    }

    private static HttpResponse<String> send(Example example, Ask ask) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + service.apiPort() + "/v1.0" + ask.path(example.title())))
                .header("Authorization", "Bearer " + token);
        if (ask.body().contentLength() == 0) {
            request.method(example.verb(), HttpRequest.BodyPublishers.noBody());
        } else {
            request.method(example.verb(), ask.body()).header("Content-Type", ask.contentType());
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static List<AuditEntry> entries() {
        return service.store.read(stores -> stores.audit().list(service.tenant.id(), 100_000));
    }

    private static void sql(String text) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(text);
        }
    }

    /// Everything that the database holds, by table.
    private static Map<String, List<String>> rows() throws SQLException {
        var all = new TreeMap<String, List<String>>();
        try (Statement statement = database.createStatement();
                ResultSet tables = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (tables.next()) {
                if (!NOT_OF_THE_CALL.contains(tables.getString(1))) {
                    all.put(tables.getString(1), rows(tables.getString(1)));
                }
            }
        }
        return all;
    }

    private static List<String> rows(String table) throws SQLException {
        var rows = new ArrayList<String>();
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                var row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(found.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
