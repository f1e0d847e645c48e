package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.OutsideSettings;
import io.postern.admin.logging.Trusted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `postern app provisioning`, with a real API and an application that is not there.
class AppProvisioningCommandsTest {
    @TempDir
    Path folder;

    private LiveService service;
    private Path token;

    @BeforeEach
    void open() throws Exception {
        service = new LiveService(folder);
        service.ok("app client add Desk --kind web --redirect-uri https://desk.example/cb");
        token = Files.writeString(folder.resolve("desk-token"), "tok-en\n");
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void isSetStartedLookedAtAndRemoved() throws IOException {
        String set = service.ok(
                "app provisioning set Desk --target https://127.0.0.1:9/scim/v2 --actions create,update --no-groups"
                        + " --match externalId --secret-file",
                token.toString());
        assertTrue(set.startsWith("Users of 'Desk' go to https://127.0.0.1:9/scim/v2."), set);
        JsonNode job = service.json("app provisioning status Desk");
        assertEquals("[\"create\",\"update\"]", job.path("targetObjectActions").toString());
        assertFalse(job.path("provisionGroups").asBoolean());
        assertEquals("externalId", job.path("matchAttribute").asString());
        assertFalse(job.toString().contains("tok-en"));

        assertTrue(service.run("app provisioning test Desk").err().contains("internal address 127.0.0.1"));
        assertEquals("Started; see 'postern app provisioning status'.\n", service.ok("app provisioning start Desk"));
        String status = service.ok("app provisioning status Desk");
        assertTrue(status.startsWith("NotRun: 0 users and 0 groups in https://127.0.0.1:9/scim/v2, 0 waiting"), status);
        assertTrue(service.ok("app provisioning run Desk --user b.simon@contoso.example")
                .contains("not assigned"));
        assertTrue(service.ok("app provisioning log Desk").contains("skipped"));
        assertEquals("Nothing was sent to it yet.\n", service.ok("app provisioning log Desk --failed"));
        assertTrue(service.ok("app provisioning stop Desk").startsWith("Stopped"));
        assertTrue(service.ok("app provisioning remove Desk").startsWith("Removed"));
        assertTrue(service.run("app provisioning status Desk").err().contains("there is no provisioning to"));
    }

    @Test
    void bringsUsersToAnotherInstallation() throws Exception {
        try (var peer = new LiveService(Files.createDirectories(folder.resolve("peer")));
                var here = new LiveService(
                        Files.createDirectories(folder.resolve("here")),
                        new OutsideSettings(
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                Optional.empty(),
                                Trusted.context(Optional.of(peer.authority()))))) {
            here.ok("app client add Desk --kind web --redirect-uri https://desk.example/cb");
            here.user("anna");
            here.user("ben");
            here.ok("app assign Desk --user anna@contoso.example");
            here.ok("app assign Desk --user ben@contoso.example");
            Files.writeString(token, peer.ok("scim add Postern").replaceFirst("(?s).*Token +(\\S+).*", "$1"));
            here.ok("app provisioning set Desk --target " + peer.origin() + "/scim/v2 --secret-file", token.toString());

            assertEquals("The application answers, and takes the token.\n", here.ok("app provisioning test Desk"));
            String run = here.ok("app provisioning run Desk --user anna@contoso.example");
            assertTrue(run.contains("made in the application"), run);
            assertTrue(run.contains("  userName: '' -> 'anna@contoso.example'\n"), run);
            assertTrue(here.ok("app provisioning run Desk --user anna@contoso.example")
                    .contains("the application knows everything already"));
            here.ok("app provisioning start Desk");
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!here.ok("app provisioning status Desk").startsWith("Active: 2 users and 0 groups")) {
                assertTrue(System.nanoTime() < end, () -> here.ok("app provisioning status Desk"));
                here.provision();
            }
            String log = here.ok("app provisioning log Desk");
            assertTrue(log.contains("ben@contoso.example"), log);
            assertTrue(peer.ok("user list").contains("ben@contoso.example"));
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertTrue(service.run("app provisioning set Desk --target http://desk.example --secret-file", token.toString())
                .err()
                .contains("must be https://host/path"));
        assertTrue(service.run("app provisioning set Desk --target https://desk.example")
                .err()
                .contains("secret is missing"));
        assertTrue(service.run(
                        "app provisioning set Desk --target https://desk.example --map title=nothing --secret-file",
                        token.toString())
                .err()
                .contains("a user has no property 'nothing'"));
        assertTrue(service.run(
                        "app provisioning set Desk --target https://desk.example --actions destroy --secret-file",
                        token.toString())
                .err()
                .contains("there are create, update, disable and delete"));
        assertTrue(service.run("app provisioning set Desk --client-id x").err().contains("belong together"));
    }
}
