package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What an administrator takes back by command ends at once, through service, gateway and connector (CAE-1, CAE-4), and
/// the logs that tell of it are whole. By every cause: [RevocationCausesSystemTest].
class RevocationSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "r.evoked@contoso.example";
    private static final String OWN_PASSWORD = "umbrella-tractor-velvet-41";

    private final Quickstart quickstart = Quickstart.shared();
    private final URI sense = quickstart.application("sense");

    @TempDir
    Path folder;

    @Test
    void whatIsOpenEndsAndTheNextRequestIsRefused() throws Exception {
        String password = JSON.readTree(
                        quickstart.cli("user", "add", USER, "--json").expectSuccess())
                .path("password")
                .asString();
        quickstart.cli("app", "assign", "sense", "--user", USER).expectSuccess();

        OpenStreams first = signIn(password); // and chooses a password of his own
        JsonNode sessions = JSON.readTree(
                quickstart.cli("session", "list", "--user", USER, "--json").expectSuccess());
        assertEquals(1, sessions.size(), sessions.toString());
        quickstart
                .cli("session", "end", sessions.path(0).path("id").asString(), "--user", USER)
                .expectSuccess();
        ends(first);

        OpenStreams second = signIn(OWN_PASSWORD);
        quickstart.cli("user", "revoke", USER).expectSuccess();
        ends(second);

        String signIns = quickstart.cli("audit", "signins", "--user", USER).expectSuccess();
        assertTrue(signIns.contains("sense") && signIns.contains("Password"), signIns);
        String audit = quickstart.cli("audit", "list", "--top", "20").expectSuccess();
        assertTrue(audit.contains("End sign-in session") && audit.contains("Revoke sign-in sessions"), audit);
        quickstart.cli("audit", "verify").expectSuccess();
        Path file = folder.resolve("audit.jsonl");
        quickstart.cli("audit", "export", "--output", file.toString()).expectSuccess();
        quickstart.cli("audit", "verify", "--file", file.toString()).expectSuccess();
        Files.writeString(file, Files.readString(file).replaceFirst("End sign-in session", "And sign-in session"));
        var tampered = quickstart.cli("audit", "verify", "--file", file.toString());
        assertEquals(1, tampered.exit());
        assertTrue(tampered.output().contains("is not what was written"), tampered.output());
    }

    private OpenStreams signIn(String password) throws Exception {
        var browser = new Browser(quickstart.authority());
        Browser.Page page = browser.openSignedIn(sense.resolve("hub"), USER, password);
        if (page.body().contains("name=\"again\"")) {
            page = browser.fill(page, Map.of("new", OWN_PASSWORD, "again", OWN_PASSWORD));
            page = browser.fill(page, Map.of("stay", "no"));
        }
        assertEquals(sense.resolve("hub").getPath(), page.uri().getPath(), page.body());
        assertEquals(200, page.status());
        return OpenStreams.of(browser, sense);
    }

    private static void ends(OpenStreams open) throws Exception {
        open.millisToTheEnd(System.nanoTime());
        assertEquals(401, open.statusOfTheNextRequest());
    }
}
