package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.store.LogEntry;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whoever can write to the database can change a log, but not so that nobody sees it.
class LogTamperingTest {
    @TempDir
    Path folder;

    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        IntStream.range(0, 8).forEach(i -> service.post("/groups", "{\"displayName\":\"g" + i + "\"}"));
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void anUntouchedLogIsIntact() {
        Response verified = verify();

        assertTrue(verified.json().path("intact").asBoolean(), verified.raw().body());
        assertEquals(head(), verified.json().path("checkedTo").asLong());
        assertEquals(64, verified.text("/hash").length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "changed  | UPDATE log_entries SET entry = replace(entry, 'Add group', 'Add grape') WHERE number = {n}"
                        + " | entry {n} is not what was written",
                "by whom  | UPDATE log_entries SET user_name = 'somebody' WHERE number = {n}"
                        + " | entry {n} is filed under what it does not say",
                "removed  | DELETE FROM log_entries WHERE number = {n} | entry {n} was removed",
                "cut off  | DELETE FROM log_entries WHERE number >= {n} | the log was cut off after entry {n-1}",
                "old end  | DELETE FROM log_entries WHERE number <= {n} | entries 1 to {n} were removed",
                "inserted | UPDATE log_entries SET number = 1000 + number WHERE number > {n};"
                        + " UPDATE log_entries SET number = number - 999 WHERE number > 1000;"
                        + " INSERT INTO log_entries SELECT tenant, log, {n} + 1, hash, happened, entry, 'forged',"
                        + " correlation, user_id, user_name, user_display, app_id, app_name, resource_id, address,"
                        + " client_app, kind, code, activity, category, service, target_id FROM log_entries"
                        + " WHERE number = {n} | entry {n+1} is not what was written",
                "moved    | UPDATE log_entries SET number = 9999 WHERE number = {n};"
                        + " UPDATE log_entries SET number = {n} WHERE number = {n} + 1;"
                        + " UPDATE log_entries SET number = {n} + 1 WHERE number = 9999"
                        + " | entry {n} is not what was written",
            })
    void namesTheFirstEntryThatIsNotAsItWas(String what, String sql, String said) throws Exception {
        long number = head() - 4;
        tamper(numbered(sql, number));

        Response verified = verify();

        assertFalse(verified.json().path("intact").asBoolean(), what);
        assertTrue(
                verified.text("/problem/message").startsWith(numbered(said, number)),
                verified.raw().body());
    }

    @Test
    void aHashThatWasMadeToFitBreaksTheNext() throws Exception {
        long number = head() - 4;
        List<LogEntry> entries = service.store.read(
                s -> s.logs().find(service.tenant.id(), LogKind.AUDIT, LogQuery.onwards(number - 2, 2)));
        String forged = entries.get(1).text().replace("Add group", "Add grape");
        String hash = LogEntry.hash(entries.get(0).hash(), number, forged);
        tamper("UPDATE log_entries SET entry = replace(entry, 'Add group', 'Add grape'), hash = '" + hash
                + "', activity = 'add grape' WHERE number = " + number);

        assertTrue(verify().text("/problem/message").startsWith("entry " + (number + 1) + " is not what was written"));
    }

    @Test
    void whatRetentionRemovedIsNotMissed() {
        Instant now = Instant.now().plusSeconds(60);
        service.store.write(s -> s.logs().cut(service.tenant.id(), LogKind.AUDIT, now, 5));
        service.post("/groups", "{\"displayName\":\"after\"}");

        Response verified = verify();

        assertTrue(verified.json().path("intact").asBoolean(), verified.raw().body());
        assertEquals(6, verified.json().path("firstNumber").asLong());
    }

    private Response verify() {
        return service.get("/auditLogs/directoryAudits/$verify");
    }

    private long head() {
        return service.store
                .read(s -> s.logs().chain(service.tenant.id(), LogKind.AUDIT))
                .number();
    }

    private static String numbered(String text, long number) {
        return text.replace("{n}", Long.toString(number))
                .replace("{n-1}", Long.toString(number - 1))
                .replace("{n+1}", Long.toString(number + 1));
    }

    private void tamper(String statements) throws Exception {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("postern.db"));
                Statement statement = database.createStatement()) {
            for (String sql : statements.split(";")) {
                statement.executeUpdate(sql);
            }
        }
    }
}
