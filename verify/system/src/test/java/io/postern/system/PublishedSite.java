package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What the acceptance tests share: a service with a domain of its own beside the base domain, a connector, nginx and
/// Apache behind it, an administrator at the API, and two users. Each test publishes what it needs under names of its
/// own.
///
/// The domain is `corp.localhost`, with a certificate for itself, `*.corp.localhost` and `*.deep.corp.localhost`.
final class PublishedSite {
    static final String PASSWORD = "Correct-Horse-7-Battery";
    static final String ANN = "ann@contoso.example";
    static final String BOB = "bob@contoso.example";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static PublishedSite shared;

    /// Says what it was asked.
    private static final String ECHO = """
            location / {
                default_type text/plain;
                return 200 "method=$request_method
            target=$request_uri
            host=$http_host
            cookie=$http_cookie
            authorization=$http_authorization
            x-forwarded-for=$http_x_forwarded_for
            x-forwarded-host=$http_x_forwarded_host
            x-forwarded-proto=$http_x_forwarded_proto
            forwarded=$http_forwarded
            origin=$http_origin
            referer=$http_referer
            ";
            }
            """;

    /// Answers with fields and pages as backends give them: cookies, redirects, links.
    private static final String APACHE = """
            Alias /answers ${folder}
            <LocationMatch "^/answers/">
                Header always set Strict-Transport-Security "max-age=31536000" "expr=%{REQUEST_URI} =~ m#sts#"
                Header always add Set-Cookie "plain=1; Path=/answers/; Domain=127.0.0.1; SameSite=Strict; HttpOnly" \\
                    "expr=%{REQUEST_URI} =~ m#cookies#"
                Header always add Set-Cookie "odd=2; Path=/answers/ ; Secure; " "expr=%{REQUEST_URI} =~ m#cookies#"
                Header always add Set-Cookie "" "expr=%{REQUEST_URI} =~ m#cookies#"
                Header always set Content-Location "http://127.0.0.1:${port}/answers/hdr3/here" "expr=%{REQUEST_URI} =~ m#sts#"
            </LocationMatch>
            """;

    private final Installation installation;
    private final Path authority;
    private final HttpClient client;
    private final NginxServer nginx = NginxServer.start(ECHO);
    private final ApacheServer apache = ApacheServer.start(APACHE);
    private final Browser ann;

    /// What the API answered.
    record Reply(int status, JsonNode body) {
        String message() {
            return body.toString();
        }
    }

    private PublishedSite(Path folder) throws Exception {
        Path chain = folder.resolve("corp-chain.pem");
        TestCertificates corp = TestCertificates.authority("Corp");
        TestCertificates.Issued issued = corp.server("corp.localhost", "*.corp.localhost", "*.deep.corp.localhost");
        Files.writeString(
                chain,
                pem("CERTIFICATE", issued.chain().get(0).getEncoded())
                        + pem("CERTIFICATE", issued.chain().get(1).getEncoded()));
        Path key = Files.writeString(
                folder.resolve("corp-key.pem"), pem("PRIVATE KEY", issued.key().getEncoded()));
        installation = Installation.start(folder.resolve("site"), "365d", FreePort.find(), """
                certificates:
                  - chain: %s
                    key: %s
                """.formatted(chain, key));
        installation
                .connector("--token-file", installation.token().toString())
                .awaitLine("connected to the service", 1);
        authority = folder.resolve("trusted.pem");
        Files.writeString(
                authority,
                Files.readString(installation.authority())
                        + pem("CERTIFICATE", corp.authority().getEncoded()));
        client = Browser.client(authority);
        for (String user : List.of(ANN, BOB)) {
            Reply made = api("POST", "/v1.0/users", """
                    {"userPrincipalName": "%s", "displayName": "%s", "passwordProfile": {"password": "%s"}}
                    """.formatted(user, user, PASSWORD));
            assertEquals(201, made.status(), made::message);
        }
        ann = browser();
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    static synchronized PublishedSite shared() {
        if (shared == null) {
            try {
                shared = new PublishedSite(Files.createTempDirectory("postern-acceptance"));
            } catch (Exception e) {
                throw new IllegalStateException("the acceptance tests' site does not start", e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /// An internal URL below the backend that says what it was asked.
    String inside(String path) {
        return "http://127.0.0.1:" + nginx.port() + path;
    }

    /// An internal URL below the backend that answers as applications do.
    String answers(String path) {
        return "http://127.0.0.1:" + apache.port() + "/answers/" + path;
    }

    /// Puts a page where [#answers] finds it.
    void write(String path, String text) {
        try {
            Path file = apache.folder().resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return installation.port();
    }

    URI outside(String host, String path) {
        return URI.create("https://" + host + ":" + port() + path);
    }

    /// The name that an application gets where none is given (DOM-1).
    static String defaultHost(String name) {
        return name + "-contoso.postern.localhost";
    }

    /// Publishes, or changes what is published under the name. Ann is assigned.
    ///
    /// @param settings members of `onPremisesPublishing`
    /// @return the answer's only change
    JsonNode publish(String name, String settings) {
        return declare(name, "\"assignedUsers\": [\"" + ANN + "\"]", settings);
    }

    /// @param more members of the application
    JsonNode declare(String name, String more, String settings) {
        Reply reply =
                api("POST", "/v1.0/onPremisesPublishingProfiles/applicationProxy/declarations/apply", """
                {"applications": [{"displayName": "%s", %s, "onPremisesPublishing": {%s}}]}
                """.formatted(
                                name, more, settings));
        assertEquals(200, reply.status(), reply::message);
        return reply.body().path("changes").path(0);
    }

    /// An application with the echoing backend at this path, outside as inside.
    URI publishEcho(String name, String path) {
        publish(name, "\"internalUrl\": \"" + inside(path) + "\"");
        return outside(defaultHost(name), path);
    }

    /// Tries to publish what must not be. @return why it is refused
    String refused(String name, String settings) {
        Reply reply = api("POST", "/v1.0/applications", """
                {"displayName": "%s", "onPremisesPublishing": {%s}}
                """.formatted(name, settings));
        assertTrue(reply.status() == 400 || reply.status() == 409, reply::message);
        return reply.message();
    }

    JsonNode application(String name) {
        return api("GET", "/v1.0/applications?$filter=displayName%20eq%20'" + name + "'", "")
                .body()
                .path("value")
                .path(0);
    }

    Reply api(String method, String path, String body) {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(installation.url("api").resolve(path))
                            .header("Authorization", "Bearer " + installation.apiToken())
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    Installation installation() {
        return installation;
    }

    /// Somebody new, with no cookie.
    Browser browser() {
        return new Browser(authority);
    }

    /// What Ann sees, who is signed in.
    Browser.Page ann(URI uri) {
        synchronized (ann) {
            return ann.openSignedIn(uri, ANN, PASSWORD);
        }
    }

    /// What Ann's browser gets, redirects not followed; signed in there.
    Browser.Page annStep(URI uri) {
        synchronized (ann) {
            ann.openSignedIn(uri, ANN, PASSWORD);
            return ann.step(uri);
        }
    }

    /// What Ann sees, once it is as it should be: settings act within a moment.
    Browser.Page await(URI uri, Predicate<Browser.Page> expected) {
        var last = new AtomicReference<Browser.Page>();
        try {
            Await.until("what is expected at " + uri, () -> {
                last.set(annStep(uri));
                return expected.test(last.get());
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", last seen: " + last.get(), e);
        }
        return last.get();
    }

    /// As [#await]: the echoing backend's answer.
    Map<String, String> awaitEcho(URI uri) {
        return echo(await(uri, page -> page.status() == 200));
    }

    /// What the backend says it was asked.
    static Map<String, String> echo(Browser.Page page) {
        var said = new TreeMap<String, String>();
        page.body()
                .lines()
                .filter(l -> l.contains("="))
                .forEach(line -> said.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return said;
    }

    private void close() {
        installation.close();
        nginx.close();
        apache.close();
    }
}
