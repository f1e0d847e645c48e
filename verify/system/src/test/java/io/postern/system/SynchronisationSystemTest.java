package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.postern.fixtures.Browser;
import io.postern.fixtures.LdapTool;
import io.postern.fixtures.SambaDomain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A domain of 3,000 people through the whole house: a service, two connectors that read a Samba domain, all of
/// them processes, and what happens to a directory in a year (SYN-1 to SYN-12).
class SynchronisationSystemTest {
    private static final int PEOPLE = Integer.getInteger("postern.sync.people", 3_000);
    private static final String STAFF = "OU=Staff," + SambaDomain.BASE;
    private static final String BULK = "OU=Bulk," + SambaDomain.BASE;
    private static final String PASSWORD = "Correct-Horse-7-Battery";
    private static final Duration TAKING_OVER = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Installation service;
    private LdapTool domain;
    private String source;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // a minute of it is the lease of a connector that died
    void aDomainIsFollowedThroughAllThatHappensToIt() throws Exception {
        try (SambaDomain samba = SambaDomain.start(PEOPLE);
                Installation installed = Installation.start(folder.resolve("installation"), "365d")) {
            service = installed;
            domain = LdapTool.of(samba);
            Installation.Started first = connector(samba, "first");
            Installation.Started second = connector(samba, "second");
            everybodyComes();
            changesFollow();
            deletionsStopAndGoOn();
            theDirectoryGoesAndComesBack(samba);
            oneConnectorDiesAndTheOtherGoesOn(first, second);
            aSyncedUserOpensAnApplication();
        }
    }

    // ---- what happens

    private void everybodyComes() throws IOException {
        service.cli("sync", "add", "corp", "--base", STAFF, "--base", BULK);
        source = list("/v1.0/sync/sources").getFirst().path("id").asString();
        awaitCycle(1, "done");
        JsonNode counts = cycles().getFirst().path("counts");
        assertEquals(PEOPLE + 4, counts.path("usersCreated").asInt());
        assertEquals(3, counts.path("groupsCreated").asInt());
        assertEquals(
                PEOPLE,
                list("/v1.0/groups/" + group("everyone") + "/members?$top=999").size());
        assertEquals("bob,engineers", names("webusers")); // one is a group
        assertFalse(user("disa").path("accountEnabled").asBoolean());
        assertTrue(user("alice").path("accountEnabled").asBoolean());
    }

    private void changesFollow() throws IOException {
        String alice = user("alice").path("id").asString();
        String carol = user("carol").path("id").asString();
        domain.change("""
                dn: %1$s
                changetype: modify
                replace: lockoutThreshold
                lockoutThreshold: 2

                dn: CN=alice,%2$s
                changetype: modrdn
                newrdn: CN=Alice Berger
                deleteoldrdn: 1

                dn: CN=Alice Berger,%2$s
                changetype: modify
                replace: userPrincipalName
                userPrincipalName: alice.berger@corp.test

                dn: CN=carol,%2$s
                changetype: modrdn
                newrdn: CN=carol
                deleteoldrdn: 1
                newsuperior: OU=Berlin,%2$s

                dn: CN=bulk00001,%3$s
                changetype: modify
                replace: accountExpires
                accountExpires: 132000000000000000

                dn: CN=bulk00002,%3$s
                changetype: modify
                replace: userAccountControl
                userAccountControl: 546

                dn: CN=engineers,%2$s
                changetype: modify
                add: member
                member: CN=webusers,%2$s
                """.formatted(SambaDomain.BASE, STAFF, BULK));
        domain.failToSignIn("bulk00003@corp.test", "Wrong-Passw0rd-1");
        domain.failToSignIn("bulk00003@corp.test", "Wrong-Passw0rd-2");
        cycle("done");

        assertEquals("delta", cycles().getFirst().path("kind").asString());
        assertEquals(alice, user("alice.berger").path("id").asString());
        assertEquals(
                "CN=carol,OU=Berlin," + STAFF,
                user("carol").path("onPremisesDistinguishedName").asString());
        assertFalse(user("bulk00001").path("accountEnabled").asBoolean(), "expired");
        assertFalse(user("bulk00002").path("accountEnabled").asBoolean(), "disabled");
        assertTrue(user("bulk00003").path("accountEnabled").asBoolean(), "locked there is not disabled here");
        assertEquals("alice.berger", names("engineers")); // webusers would be within itself
        assertEquals(
                List.of("circle"),
                list("/v1.0/sync/sources/" + source + "/errors").stream()
                        .map(error -> error.path("code").asString())
                        .toList());

        domain.change("""
                dn: OU=Berlin,%1$s
                changetype: modrdn
                newrdn: OU=Hamburg
                deleteoldrdn: 1

                dn: CN=engineers,%1$s
                changetype: modify
                delete: member
                member: CN=webusers,%1$s
                """.formatted(STAFF));
        cycle("done"); // nothing at the users below tells of it: all is read
        assertEquals("full", cycles().getFirst().path("kind").asString());
        assertEquals(carol, user("carol").path("id").asString());
        assertEquals(
                "CN=carol,OU=Hamburg," + STAFF,
                user("carol").path("onPremisesDistinguishedName").asString());
        assertEquals(List.of(), list("/v1.0/sync/sources/" + source + "/errors"));
    }

    private void deletionsStopAndGoOn() throws IOException {
        int gone = PEOPLE / 8;
        var ldif = new StringBuilder();
        for (int i = 0; i < gone; i++) {
            ldif.append("dn: CN=bulk%05d,%s\nchangetype: delete\n\n".formatted(PEOPLE - i, BULK));
        }
        domain.change(ldif.toString());
        cycle("stopped");
        assertEquals(gone, status().path("waitingDeletions").asInt());
        String last = "bulk%05d".formatted(PEOPLE);
        assertTrue(user(last).path("accountEnabled").asBoolean(), "nobody goes before somebody has looked at it");

        service.cli("sync", "now", "corp", "--allow-deletions", Integer.toString(gone));
        awaitCycle(cycles().size() + 1, "done");
        assertEquals(0, status().path("waitingDeletions").asInt());
        assertEquals(
                gone,
                list("/v1.0/directory/deletedItems/microsoft.graph.user?$top=999")
                        .size());
        service.cli("sync", "restore", last + "@contoso.example");
        assertTrue(user(last).path("accountEnabled").asBoolean());
        assertEquals(
                PEOPLE - gone + 1,
                list("/v1.0/groups/" + group("everyone") + "/members?$top=999").size());
    }

    private void theDirectoryGoesAndComesBack(SambaDomain samba) throws IOException {
        samba.stop();
        cycle("failed");
        JsonNode error = cycles().getFirst().path("error");
        assertEquals("unreachable", error.path("code").asString());
        assertFalse(error.path("remedy").asString().isEmpty());
        samba.startAgain();
        cycle("done");
    }

    /// The other takes over when the lease has run out, and reads everything anew.
    private void oneConnectorDiesAndTheOtherGoesOn(Installation.Started first, Installation.Started second)
            throws Exception {
        String active = status().path("activeConnector").asString();
        int before = cycles().size();
        start("full");
        Await.until("somebody reads", () -> cycles().size() > before);
        boolean isFirst = first.log().stream().anyMatch(line -> line.contains("reads the directory for the service"));
        (isFirst ? first : second).process().destroyForcibly().waitFor();

        Await.until("another connector has done it", TAKING_OVER, () -> {
            JsonNode cycle = cycles().getFirst();
            return cycle.path("state").asString().equals("done") && cycles().size() > before + (wasCut(before) ? 1 : 0);
        });
        if (wasCut(before)) {
            assertEquals("full", cycles().getFirst().path("kind").asString());
            assertFalse(active.isEmpty());
        }
        domain.change("""
                dn: CN=bob,%s
                changetype: modify
                replace: department
                department: Research
                """.formatted(STAFF));
        cycle("done");
        assertEquals("Research", user("bob").path("department").asString());
    }

    private boolean wasCut(int before) throws IOException {
        List<JsonNode> all = cycles();
        return all.get(all.size() - before - 1).path("state").asString().equals("lost");
    }

    private void aSyncedUserOpensAnApplication() throws IOException {
        HttpServer backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = "the wiki".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        backend.start();
        try {
            service.api(
                    "PATCH",
                    "/v1.0/users/bob@contoso.example",
                    "--data",
                    "{\"passwordProfile\":{\"password\":\"" + PASSWORD
                            + "\",\"forceChangePasswordNextSignIn\":false}}");
            service.cli(
                    "app",
                    "publish",
                    "--name",
                    "wiki",
                    "--internal-url",
                    "http://127.0.0.1:" + backend.getAddress().getPort() + "/");
            service.cli("app", "assign", "wiki", "--group", "webusers");
            URI wiki = URI.create("https://wiki-contoso.postern.localhost:" + service.port() + "/");
            Await.until(
                    "bob, who is in webusers there, opens the wiki here",
                    () -> new Browser(service.authority())
                            .openSignedIn(wiki, "bob@contoso.example", PASSWORD)
                            .body()
                            .equals("the wiki"));
        } finally {
            backend.stop(0);
        }
    }

    // ---- how

    private Installation.Started connector(SambaDomain samba, String name) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        Path password = Files.writeString(own.resolve("corp.pass"), SambaDomain.READER_PASSWORD);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Path config = Files.writeString(
                own.resolve("connector.yaml"), """
                directories:
                  - name: corp
                    urls: [%s]
                    trust: %s
                    bind-dn: svc-sync@corp.test
                    password-file: %s
                """.formatted(samba.ldaps(), samba.authority(), password));
        Installation.Started started = service.launch(
                "connector",
                "--service",
                service.url("connect").toString(),
                "--data",
                own.resolve("data").toString(),
                "--config",
                config.toString(),
                "--token-file",
                service.token().toString());
        started.awaitLine("connected to the service", 1);
        return started;
    }

    private JsonNode get(String path) throws IOException {
        return JSON.readTree(service.api("GET", path));
    }

    private List<JsonNode> list(String path) throws IOException {
        var all = new ArrayList<JsonNode>();
        String next = path;
        while (!next.isEmpty()) {
            JsonNode page = get(next);
            page.path("value").forEach(all::add);
            String link = page.path("@odata.nextLink").asString("");
            next = link.isEmpty() ? "" : link.substring(link.indexOf("/v1.0"));
        }
        return all;
    }

    private JsonNode user(String name) throws IOException {
        return get("/v1.0/users/" + name + "@contoso.example");
    }

    private String group(String name) throws IOException {
        return list("/v1.0/groups").stream()
                .filter(group -> group.path("displayName").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no group " + name))
                .path("id")
                .asString();
    }

    /// Of the direct members, users and groups.
    private String names(String group) throws IOException {
        return String.join(
                ",",
                list("/v1.0/groups/" + group(group) + "/members").stream()
                        .map(member -> member.path("userPrincipalName")
                                .asString(member.path("displayName").asString())
                                .replace("@contoso.example", ""))
                        .sorted()
                        .toList());
    }

    private JsonNode status() throws IOException {
        return get("/v1.0/sync/sources/" + source).path("status");
    }

    /// The newest first.
    private List<JsonNode> cycles() throws IOException {
        return StreamSupport.stream(
                        get("/v1.0/sync/sources/" + source + "/cycles")
                                .path("value")
                                .spliterator(),
                        false)
                .toList();
    }

    private void start(String kind) throws IOException {
        service.api("POST", "/v1.0/sync/sources/" + source + "/start", "--data", "{\"kind\":\"" + kind + "\"}");
    }

    private void cycle(String state) throws IOException {
        int before = cycles().size();
        start("delta");
        awaitCycle(before + 1, state);
    }

    /// A cycle that found out that it has to read everything is followed by one that does.
    private void awaitCycle(int count, String state) {
        Await.until("cycle " + count + " is " + state, () -> {
            List<JsonNode> all = cycles();
            JsonNode last = all.getFirst();
            return all.size() >= count
                    && last.path("state").asString().equals(state)
                    && !last.path("error").path("code").asString("").equals("cursor-expired");
        });
    }
}
