package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.fixtures.FakeClock;
import io.postern.fixtures.PostgresServer;
import io.postern.store.sql.DatabaseAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// A whole directory, a hundred changes, and the same again; the times are told, not judged. 50,000 users and 5,000
/// groups: `-Dpostern.sync.users=50000`.
class SyncLargeTest {
    private static final int USERS = Integer.getInteger("postern.sync.users", 1_000);
    private static final int GROUP_MEMBERS = 30;
    private static final int CHANGES = 100;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void aWholeDirectoryComesAndChanges(String database, TestReporter reporter) {
        var clock = new FakeClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        DatabaseAddress address = database.equals("sqlite")
                ? new DatabaseAddress.Sqlite(folder.resolve("postern.db"))
                : DatabaseAddress.parse(PostgresServer.shared().createDatabase());
        try (var service = new Installation(folder, clock, OutsideSettings.DEFAULTS, address)) {
            var directory = new ScriptedDirectory(service, "dc-reader");
            String source = service.post("/sync/sources", "{\"name\":\"corp\",\"bases\":[\"DC=corp,DC=test\"]}")
                    .text("/id");
            List<ObjectNode> users = fill(directory);

            reporter.publishEntry(database + " first", timed(directory));
            assertEquals(USERS, count(service, source, "usersCreated"));
            assertEquals(USERS / 10, count(service, source, "groupsCreated"));
            assertEquals(USERS / 10 * GROUP_MEMBERS, count(service, source, "membersAdded"));

            for (int i = 0; i < CHANGES; i++) {
                directory.change(users.get(i), "department", "Department " + i);
            }
            clock.advance(Duration.ofMinutes(30));
            reporter.publishEntry(database + " delta of " + CHANGES, timed(directory));
            assertEquals(CHANGES, count(service, source, "usersUpdated"));

            clock.advance(Duration.ofSeconds(1));
            service.post("/sync/sources/" + source + "/start", "{\"kind\":\"full\"}");
            reporter.publishEntry(database + " full again", timed(directory));
            assertEquals(USERS, count(service, source, "usersUnchanged"));
            assertEquals(0, count(service, source, "membersAdded"));
        }
    }

    private static List<ObjectNode> fill(ScriptedDirectory directory) {
        var users = new ArrayList<ObjectNode>();
        for (int i = 0; i < USERS; i++) {
            users.add(directory.user(i, "user" + i, "OU=Department " + i % 100 + "," + ScriptedDirectory.ROOT));
        }
        var random = new Random(7);
        for (int g = 0; g < USERS / 10; g++) {
            int first = random.nextInt(USERS);
            var members = new String[GROUP_MEMBERS];
            for (int m = 0; m < GROUP_MEMBERS; m++) {
                members[m] = ScriptedDirectory.dn(users.get((first + m * 31) % USERS));
            }
            directory.group(1_000_000 + g, "Group " + g, members);
        }
        return users;
    }

    private static String timed(ScriptedDirectory directory) {
        long start = System.nanoTime();
        directory.cycle();
        return Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms";
    }

    private static int count(Installation service, String source, String name) {
        return service.get("/sync/sources/" + source)
                .json()
                .at("/status/lastCycle/counts/" + name)
                .asInt(0);
    }
}
