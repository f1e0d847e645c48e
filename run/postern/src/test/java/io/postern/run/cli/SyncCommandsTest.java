package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ConnectorId;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject;
import io.postern.domain.sync.SyncFault;
import io.postern.store.SyncJob;
import io.postern.store.SyncObject;
import io.postern.store.SyncState;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `postern sync`, with a real API; what a connector would have told is written into the store.
class SyncCommandsTest {
    @TempDir
    static Path folder;

    private static LiveService service;

    @BeforeAll
    static void open() throws Exception {
        service = new LiveService(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @Test
    void sourcesComeChangeAndGo() {
        assertEquals("No directory is synchronised; add one with 'postern sync add'.\n", service.ok("sync list"));
        String added = service.ok(
                "sync add plant --directory corp --base OU=Plant,DC=corp,DC=test --user-filter (mail=*)",
                "--map",
                "department=firstOf(department, \"Plant\")");
        assertTrue(added.contains("directory     corp, read by connectors of 'Default'"), added);
        assertTrue(added.contains("mapping       department = firstOf(department, \"Plant\")"), added);
        assertTrue(added.contains("stops at      500 deletions, or 10 %"), added);

        service.ok("sync change plant --user-filter none --interval 5 --soft-match off --off", "--map", "department=");
        JsonNode shown = service.json("sync show PLANT");
        assertTrue(shown.path("userFilter").isNull());
        assertEquals(5, shown.path("intervalMinutes").asInt());
        assertTrue(shown.path("mapping").isEmpty());
        assertTrue(service.ok("sync list").contains("disabled"));
        assertTrue(service.run("sync now plant").err().contains("is disabled; enable it first"));
        service.ok("sync change plant --on");
        assertTrue(service.ok("sync now plant --full").contains("begins as soon as a connector asks"));
        assertTrue(service.ok("sync preview plant --start").contains("A preview of 'plant' begins"));
        assertTrue(service.ok("sync preview plant").contains("Nothing would change, or no preview was made"));
        LiveService.Result wrong = service.run("sync change plant", "--map", "department=join(x)");
        assertEquals(1, wrong.status());
        assertTrue(wrong.err().contains("at 6 stands 'x', expected is the text to put between"), wrong.err());
        assertTrue(service.run("sync change plant --map nothing=sn").err().contains("'nothing' cannot be mapped"));
        assertTrue(service.run("sync change plant").err().contains("what is to be changed?"));
        assertTrue(service.run("sync show other").err().contains("no source is called 'other'"));
        assertTrue(service.ok("sync remove plant").startsWith("Removed 'plant'"));
    }

    @Test
    void statusTellsCyclesErrorsAndRemedies() {
        JsonNode source = service.json("sync add corp --base DC=corp,DC=test");
        String id = source.path("id").asString();
        assertTrue(service.ok("sync status corp").contains("none has asked yet; is one of group 'Default' configured"));
        Instant start = Instant.parse("2026-11-22T10:00:00Z");
        service.store.write(s -> {
            s.sync()
                    .put(new SyncJob(
                                    service.tenant.id(),
                                    UUID.randomUUID().toString(),
                                    id,
                                    ConnectorId.random(),
                                    SyncJob.Kind.FULL,
                                    SyncJob.Phase.RUNNING,
                                    3,
                                    start,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Map.of("usersCreated", 12L, "usersUnchanged", 4L, "faults", 1L),
                                    "",
                                    "",
                                    "")
                            .ended(
                                    SyncJob.Phase.STOPPED,
                                    start.plusSeconds(7),
                                    "too-many-deletions",
                                    "600 of 900 objects would be deleted, more than 500",
                                    "postern sync now corp --allow-deletions 600"));
            s.sync()
                    .put(
                            service.tenant.id(),
                            id,
                            new SyncObject(
                                    "a",
                                    DirectoryObject.Kind.USER,
                                    DirectoryName.of("CN=Alice,DC=corp,DC=test"),
                                    Map.of(),
                                    Optional.empty(),
                                    "",
                                    false,
                                    false,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(new SyncFault("name-taken", "taken", "rename"))));
            s.sync().put(service.tenant.id(), id, SyncState.at(start));
            return true;
        });

        String status = service.ok("sync status corp");
        assertTrue(status.contains("2026-11-22T10:00:00Z  full  stopped  7        1 faults, 12 users created"), status);
        assertTrue(status.contains("error too-many-deletions: 600 of 900 objects would be deleted"), status);
        assertTrue(status.contains("remedy: postern sync now corp --allow-deletions 600"), status);
        assertTrue(status.contains("CN=Alice,DC=corp,DC=test  name-taken  taken  rename"), status);
        JsonNode json = service.json("sync status corp");
        assertEquals("stopped", json.at("/cycles/0/state").asString());
        assertEquals("rename", json.at("/errors/0/remedy").asString());
        service.ok("sync remove corp");
    }

    @Test
    void deletedUsersComeBack() {
        assertEquals("Nobody is deleted.\n", service.ok("sync deleted"));
        User anna = service.user("anna");
        service.store.write(s -> s.users().putAside(service.tenant.id(), anna.id(), Instant.now()));

        String deleted = service.ok("sync deleted");
        assertTrue(deleted.contains("anna@contoso.example"), deleted);
        assertEquals(
                "'anna@contoso.example' is back and managed here.\n", service.ok("sync restore anna@contoso.example"));
        assertEquals(
                List.of(),
                List.copyOf(service.json("sync deleted").valueStream().toList()));
        assertTrue(service.run("sync restore anna@contoso.example").err().contains("no deleted user is called"));
    }
}
