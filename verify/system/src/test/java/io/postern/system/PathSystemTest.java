package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The whole path, gateway to backend and back, with curl over HTTP/1.1 and HTTP/2.
class PathSystemTest {
    private final Quickstart quickstart = Quickstart.shared();
    private final URI sense = quickstart.application("sense");
    private String cookie = "";

    @TempDir
    Path folder;

    @BeforeEach
    void signIn() {
        var browser = new Browser(quickstart.authority());
        assertEquals(
                200,
                browser.openSignedIn(sense.resolve("hub"), quickstart.user(), quickstart.password())
                        .status());
        cookie = browser.cookiesFor(sense.getHost());
    }

    private Command.Result curl(String version, String target, String... more) {
        var command = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--max-time",
                "60",
                "--cacert",
                quickstart.authority().toString(),
                "--" + version,
                "--cookie",
                cookie,
                "--path-as-is"));
        command.addAll(List.of(more));
        command.add(sense + target);
        return Command.of(command.toArray(String[]::new));
    }

    private JsonNode echo(String version, String target, String... more) {
        return new ObjectMapper().readTree(curl(version, target, more).expectSuccess());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1.1", "http2"})
    void tellsTheBackendWhoAskedAndHow(String version) {
        JsonNode fields = echo(
                        version,
                        "api/echo?a=1",
                        "-H",
                        "X-Forwarded-For: 203.0.113.9",
                        "-H",
                        "X-Forwarded-Host: evil.example",
                        "-H",
                        "X_Forwarded_Proto: gopher",
                        "-H",
                        "Postern-Subject: me",
                        "-H",
                        "Forwarded: for=1.2.3.4")
                .path("fields");

        assertEquals("203.0.113.9, 127.0.0.1", field(fields, "x-forwarded-for"));
        assertEquals(sense.getAuthority(), field(fields, "x-forwarded-host"));
        assertEquals("https", field(fields, "x-forwarded-proto"));
        assertFalse(fields.toString().contains("evil.example"), fields.toString());
        assertFalse(fields.toString().contains("gopher"), fields.toString());
        assertFalse(
                fields.toString().toLowerCase(java.util.Locale.ROOT).contains("postern-subject"), fields.toString());
        assertTrue(field(fields, "host").startsWith("127.0.0.1:"), "the internal host, since headers are translated");
    }

    private static String field(JsonNode fields, String name) {
        for (String n : fields.propertyNames()) {
            if (n.equalsIgnoreCase(name)) {
                return fields.path(n).path(0).asString();
            }
        }
        return "absent";
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1.1", "http2"})
    void carriesUploadsAndDownloadsWhole(String version) throws Exception {
        Path file = folder.resolve("body");
        byte[] body = new byte[5_000_000];
        new java.util.Random(7).nextBytes(body);
        Files.write(file, body);

        JsonNode sum = new ObjectMapper()
                .readTree(curl(version, "upload", "--data-binary", "@" + file, "-H", "Expect: 100-continue")
                        .expectSuccess());
        curl(version, "tempcontent/x?size=5000001", "-o", folder.resolve("down").toString())
                .expectSuccess();
        curl(
                        version,
                        "tempcontent/x?size=5000001&chunked=1",
                        "-o",
                        folder.resolve("chunked").toString())
                .expectSuccess();

        assertEquals(5_000_000, sum.path("bytes").asInt());
        assertEquals(
                java.util.HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                .digest(body)),
                sum.path("sha256").asString());
        assertEquals(5_000_001, Files.size(folder.resolve("down")));
        assertEquals(-1, Files.mismatch(folder.resolve("down"), folder.resolve("chunked")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1.1", "http2"})
    void keepsRangesHeadTrailersHintsAndMethods(String version) {
        assertEquals(
                71,
                curl(version, "tempcontent/x?size=200000", "-r", "65530-65600")
                        .expectSuccess()
                        .length(),
                "range");
        String head = curl(version, "tempcontent/x?size=123456", "--head").expectSuccess();
        assertTrue(head.toLowerCase(java.util.Locale.ROOT).contains("content-length: 123456"), head);
        assertTrue(curl(version, "early-hints", "-i").expectSuccess().contains(" 103"));
        assertTrue(curl(version, "trailers", "-i")
                .expectSuccess()
                .toLowerCase(java.util.Locale.ROOT)
                .contains("with a trailer"));
        assertEquals(
                "PROPFIND",
                echo(version, "api/echo", "-X", "PROPFIND").path("method").asString());
        assertEquals(
                "OPTIONS",
                echo(version, "api/echo", "-X", "OPTIONS").path("method").asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1.1", "http2"})
    void acceptsSixtyKibibytesOfFields(String version) {
        var more = new ArrayList<String>();
        for (int i = 0; i < 15; i++) {
            more.add("-H");
            more.add("X-Pile-" + i + ": " + "p".repeat(4_000));
        }

        assertEquals(
                "p".repeat(4_000),
                field(echo(version, "api/echo", more.toArray(String[]::new)).path("fields"), "x-pile-14"));
    }

    @Test
    void deliversEachPieceWhenItComes() throws Exception {
        Process process = new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--no-buffer",
                        "--cacert",
                        quickstart.authority().toString(),
                        "--cookie",
                        cookie,
                        sense + "events")
                .start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("event: totals", lines.readLine(), "an endless answer is not waited for");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void passesTheBackendsOwnErrorsAndTranslatesItsRedirects() {
        assertTrue(curl("http2", "status/500").expectSuccess().contains("status 500 from the backend"));
        String internal = "http://127.0.0.1:" + internalPort() + "/hub?x=1";
        String answer = curl(
                        "http2", "redirect?to=" + java.net.URLEncoder.encode(internal, StandardCharsets.UTF_8), "-i")
                .expectSuccess();

        assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("location: " + sense + "hub?x=1"), answer);
    }

    private int internalPort() {
        for (JsonNode app : quickstart.ready().path("apps")) {
            if (app.path("displayName").asString().equals("sense")) {
                return URI.create(app.path("internalUrl").asString()).getPort();
            }
        }
        throw new IllegalStateException("no sense in " + quickstart.ready());
    }

    @Test
    void keepsTheBackendsCookiesOnItsOwnHost() {
        String wide = curl("http2", "cookie?name=wide&attributes=%3B%20Domain%3Dlocalhost%3B%20Path%3D%2F", "-i")
                .expectSuccess();
        String ours = curl("http2", "cookie?name=__Host-postern-access-x&attributes=%3B%20Path%3D%2F%3B%20Secure", "-i")
                .expectSuccess();

        assertFalse(wide.toLowerCase(java.util.Locale.ROOT).contains("domain=localhost"), wide);
        assertFalse(ours.contains("__Host-postern-access-x"), ours);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api/../hub",
                "api/%2e%2e/hub",
                "api/%252e%252e/hub",
                "api\\..\\hub",
                "api%5c..%5chub",
                "hub%00",
                "api/.%2E/hub"
            })
    void refusesPathsWithTwoReadings(String target) {
        String answer = curl("http1.1", target, "-i").expectSuccess();

        assertTrue(answer.startsWith("HTTP/1.1 400"), answer.lines().findFirst().orElse(""));
    }

    @Test
    void showsNothingOfAnUnknownHost() {
        var answer = Command.of(
                        "curl",
                        "--silent",
                        "--cacert",
                        quickstart.authority().toString(),
                        "-i",
                        "-H",
                        "Accept: text/html",
                        "https://nowhere.postern.localhost:" + quickstart.port() + "/")
                .expectSuccess();

        assertTrue(answer.contains(" 404"), answer);
        assertFalse(answer.contains("127.0.0.1"), answer);
    }

    @Test
    void refusesAHostThatTheCertificateDoesNotCover() {
        var answer = Command.of(
                        "curl",
                        "--silent",
                        "--cacert",
                        quickstart.authority().toString(),
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "-H",
                        "Host: other.example",
                        sense.toString())
                .expectSuccess();

        assertEquals("421", answer);
    }

    @Test
    void answersADeadBackendWithBadGateway() {
        quickstart
                .cli(
                        "app",
                        "publish",
                        "--name",
                        "dead",
                        "--internal-url",
                        "http://127.0.0.1:9/",
                        "--preauth",
                        "passthrough")
                .expectSuccess();
        String url = sense.toString().replace("sense-", "dead-");

        Await.until("the page is Bad Gateway", () -> {
            String answer = Command.of(
                            "curl",
                            "--silent",
                            "--cacert",
                            quickstart.authority().toString(),
                            "-i",
                            "-H",
                            "Accept: text/html",
                            url)
                    .output();
            return answer.contains(" 502") && answer.contains("Bad Gateway") && !answer.contains("127.0.0.1:9");
        });
    }
}
