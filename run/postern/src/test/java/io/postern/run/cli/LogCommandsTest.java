package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.store.SignIn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The logs by command, with a real API.
class LogCommandsTest {
    @TempDir
    static Path folder;

    private static LiveService service;

    @BeforeAll
    static void open() throws Exception {
        service = new LiveService(folder);
        service.store.write(stores -> {
            stores.logs().append(signIn(1, 50074)); // a second factor was due
            stores.logs().append(signIn(2, 0));
            stores.logs().append(signIn(3, 50126)); // a wrong password
            return true;
        });
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static SignIn signIn(int second, int error) {
        return new SignIn(
                UUID.randomUUID().toString(),
                service.tenant.id(),
                Instant.parse("2026-11-20T08:00:00Z").plusSeconds(second),
                "exchange " + second,
                SignIn.Kind.INTERACTIVE_USER,
                new SignIn.Subject(
                        service.administrator.id().value(), service.administrator.userPrincipalName(), "B. Simon"),
                new SignIn.Party("55555555-5555-5555-5555-555555555555", "wiki"),
                SignIn.Party.NONE,
                "192.0.2.1",
                SignIn.Device.UNKNOWN,
                "Browser",
                "oAuth2",
                List.of("Password"),
                false,
                Optional.empty(),
                Optional.empty(),
                error,
                error == 0 ? "" : "why",
                "");
    }

    @Test
    void aPageThatWasDueIsAnInterruptAndNoFailure() {
        List<String> lines = service.ok("audit signins").lines().toList();

        assertEquals(4, lines.size(), lines.toString());
        assertTrue(lines.getFirst().startsWith("TIME ") && lines.getFirst().endsWith(" RESULT"));
        assertTrue(lines.get(1).endsWith("AADSTS50126"), lines.get(1));
        assertTrue(lines.get(2).endsWith(" ok"), lines.get(2));
        assertTrue(lines.get(3).endsWith("interrupted 50074"), lines.get(3));
        JsonNode failed = service.json("audit signins --failed");
        assertEquals(1, failed.size(), failed.toString());
        assertEquals(50126, failed.at("/0/status/errorCode").asInt());
        assertEquals(
                0, service.json("audit signins --user nobody@contoso.example").size());
        assertEquals(1, service.json("audit signins --top 1 --app wiki").size());
    }

    @Test
    void changesAreFoundByWhatTheyAre() {
        service.ok("group add Staff --kind security");

        String list = service.ok("audit list --activity 'Add group'");

        assertTrue(list.contains("Staff") && list.contains("success"), list);
        assertEquals(
                "Nothing that fits is in the audit log.\n",
                service.ok("audit list --activity 'Add group' --since 2999-01-01"));
        LiveService.Result refused = service.run("audit list --since yesterday");
        assertTrue(refused.err().contains("'yesterday' is not a time"), refused.err());
        assertTrue(service.run("audit list --top 5000").err().contains("from 1 to 1000"));
    }

    @Test
    void whatIsExportedIsWhole() {
        Path file = folder.resolve("signins.json");
        assertTrue(service.ok("audit export --log signins --output", file.toString())
                .startsWith("Wrote 3 entries to "));
        String checked = service.ok("audit verify --log signins");
        assertTrue(checked.startsWith("signins: entries 1 to 3 are as they were written"), checked);
    }
}
