package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Binary;
import io.postern.fixtures.Pem;
import io.postern.fixtures.ProcessFixture;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import io.postern.identity.protocol.Opaque;
import io.postern.web.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Microsoft's library for Node.js (BRR-4), in the versions of `verify/msal-node/package-lock.json`, with a generic
/// OpenID Connect authority; it trusts our test authority beside and knows names below localhost.
class MsalNodeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Path SOURCE = Path.of("../../verify/msal-node");
    private static final TestCertificates AUTHORITY = TestCertificates.authority("msal-node");
    private static final TestCertificates.Issued CERTIFICATE = AUTHORITY.server("login.postern.localhost");

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;
    private ProcessFixture client;
    private String login;
    private int answers;

    @BeforeEach
    void start() throws IOException {
        host = LoginHost.secure(folder, CERTIFICATE);
        host.clock.advance(Duration.between(host.clock.instant(), Instant.now())); // theirs is the real one
        login = "https://login.postern.localhost:" + host.address.publicPort();
        browser = new Browser(
                HttpClient.newBuilder()
                        .sslContext(SpBrowser.trusting(AUTHORITY))
                        .build(),
                login,
                "192.0.2.1");
        Path authority = Files.writeString(folder.resolve("authority.pem"), Pem.of(List.of(AUTHORITY.authority())));
        client = ProcessFixture.start(
                "msal-node",
                List.of(
                        Binary.find("node", "nodejs").toString(),
                        SOURCE.resolve("sign-in.js").toAbsolutePath().toString(),
                        library().toString()),
                Map.of("NODE_EXTRA_CA_CERTS", authority.toString()));
        client.awaitLine("ready", TIMEOUT);
    }

    @AfterEach
    void stop() {
        client.close();
        host.close();
    }

    /// @return folder with its `node_modules`, installed there once for each lock file
    private static Path library() throws IOException {
        Path target = Files.createDirectories(Path.of("target/msal-node").toAbsolutePath());
        Path installed = target.resolve("package-lock.json");
        Path wanted = SOURCE.resolve("package-lock.json");
        if (!Files.isDirectory(target.resolve("node_modules/@azure/msal-node"))
                || !Files.exists(installed)
                || Files.mismatch(installed, wanted) != -1) {
            Files.copy(
                    SOURCE.resolve("package.json"),
                    target.resolve("package.json"),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
            ProcessFixture.run(
                    "npm",
                    List.of(
                            Binary.find("npm", "npm").toString(),
                            "ci",
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            target.toString()),
                    Duration.ofMinutes(3));
        }
        return target;
    }

    private JsonNode ask(ObjectNode command) {
        try {
            BufferedWriter in = client.stdin();
            in.write(command.put("number", answers) + "\n");
            in.flush();
        } catch (IOException e) {
            throw client.failed("takes no command: " + e);
        }
        String prefix = "answer " + answers++ + " ";
        JsonNode answer = Json.MAPPER.readTree(client.awaitLine("an answer", line -> line.startsWith(prefix), TIMEOUT)
                .substring(prefix.length()));
        assertFalse(answer.has("fault"), answer + client.stderr());
        return answer;
    }

    private ObjectNode command(String name) {
        ObjectNode command = Json.MAPPER.createObjectNode().put("command", name);
        command.putArray("scopes").add("api://" + host.wiki.appId() + "/user_impersonation");
        return command.put("redirectUri", LoginHost.SPA_CALLBACK);
    }

    private JsonNode silently(boolean forced) {
        return ask(command("silent").put("forceRefresh", forced));
    }

    @Test
    void signsInByCodeAndRefreshesSilently() {
        ask(command("start")
                .put("clientId", host.spa.appId().value())
                .put("authority", login + "/" + host.contoso.id() + "/v2.0"));
        String url = ask(command("url").put("codeChallenge", Opaque.challenge(AuthorizeLink.VERIFIER)))
                .path("url")
                .asString();
        assertTrue(url.startsWith(login + "/"), url);
        Answer page = browser.signIn(
                browser.get(url.substring(login.length())), host.simon.userPrincipalName(), LoginHost.PASSWORD);
        String code = browser.submit(page, Map.of("answer", "allow"))
                .parameter("code")
                .orElseThrow(() -> new AssertionError(page.toString()));

        JsonNode first = ask(command("code").put("code", code).put("codeVerifier", AuthorizeLink.VERIFIER));
        JsonNode cached = silently(false);
        JsonNode fresh = silently(true);
        JsonNode again = silently(true);

        assertEquals(host.simon.userPrincipalName(), first.path("username").asString());
        assertEquals(first.path("accessToken"), cached.path("accessToken"));
        assertNotEquals(first.path("accessToken"), fresh.path("accessToken"));
        assertNotEquals(fresh.path("accessToken"), again.path("accessToken"));
    }
}
