package io.postern.gateway.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.OwnHost;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.policy.Subject;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.HeaderEncoding;
import io.postern.domain.publish.SignOnHeader;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.snapshot.Revocations;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import io.postern.gateway.ScriptedDoor;
import io.postern.gateway.admit.SignedInCookie;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Nobody can say who he is by fields that tell the backend who he is: in no spelling, in no place of a
/// request, over neither protocol (HDR-SSO-1; CVE-2025-64484, CVE-2025-48865 and their kind).
class ForgedIdentityTest {
    /// The first is said to the user's own folder too, the second to nobody, the third in one folder only.
    private static final String ANSWER = """
            {"validSeconds":300,
             "fields":[{"name":"X-User","value":"alice","path":"/"},{"name":"X-User","value":"","path":"/wiki/mute"},
                       {"name":"Dept_No","value":"","path":"/"},
                       {"name":"REMOTE_USER","value":"alice","path":"/wiki/deep/"}],
             "tunnel":{}}""";

    @TempDir
    private Path folder;

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final UserId user = UserId.random();
    private ScriptedDoor door;
    private House house;

    @BeforeEach
    void open() throws IOException {
        door = new ScriptedDoor(folder.resolve("login.sock"), _ -> ScriptedDoor.json(200, ANSWER));
        house = new House(
                log.factory(ScriptedBackend::echo), config -> config, Map.of(OwnHost.LOGIN, door.address()), 1, 1, 100);
        var settings = new SignOnSettings(new BackendSignOn.Headers(
                List.of(header("X-User", "/"), header("Dept_No", "/"), header("REMOTE_USER", "/wiki/deep/"))));
        house.guard(Set.of(user), Revocations.NONE, settings);
    }

    @AfterEach
    void close() throws IOException {
        house.close();
        door.close();
    }

    private static SignOnHeader header(String name, String path) {
        var from = new SignOnHeader.From.Claim(Rows.of(Source.attribute("userPrincipalName")));
        return new SignOnHeader(name, path, from, HeaderEncoding.PERCENT, false, ',', false);
    }

    private String cookie() {
        Instant now = Instant.now();
        return SignedInCookie.of(
                house,
                new Subject(
                        House.TENANT,
                        user,
                        "alice@contoso.example",
                        Optional.of(SessionId.random()),
                        now.minusSeconds(60),
                        now.plusSeconds(3600)));
    }

    /// Every mark that a name may hold in place of each hyphen, in several cases.
    static Stream<String> spellings() {
        var all = new TreeSet<String>();
        for (String name : List.of("X-User", "Dept-No", "REMOTE-USER")) {
            for (char mark : "-_.!#$%&'*+^`|~".toCharArray()) {
                String spelled = name.replace('-', mark);
                all.add(spelled);
                all.add(spelled.toLowerCase(Locale.ROOT));
                all.add(spelled.toUpperCase(Locale.ROOT));
            }
        }
        return all.stream();
    }

    private static void assertOursOnly(Http2Headers head) {
        head.forEach(field -> assertFalse(field.getValue().toString().contains("forged"), field.toString()));
        assertEquals(List.of("alice"), texts(head, "x-user"));
        assertEquals(List.of(), texts(head, "dept_no"));
        assertEquals(List.of(), texts(head, "remote_user"));
    }

    private static List<String> texts(Http2Headers head, String name) {
        return head.getAll(name).stream().map(CharSequence::toString).toList();
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void removesEverySpellingOverHttp1(String name) {
        try (var client = house.client()) {
            assertEquals(
                    200,
                    client.send(RawClient.head(
                                    "GET /app/ HTTP/1.1",
                                    name + ": forged",
                                    "Host: app.example.test",
                                    "Cookie: " + cookie(),
                                    name + ":forged, forged",
                                    "X-User-Name: honest",
                                    name + ": forged"))
                            .response()
                            .status());
        }
        ScriptedBackend stream = log.next();
        assertOursOnly(stream.head.orElseThrow());
        assertEquals("honest", stream.field("x-user-name"), "another name is another name");
    }

    @Test
    void removesEverySpellingOverHttp2() {
        int id = 1;
        try (var client = new RawHttp2(house)) {
            for (String name :
                    spellings().map(n -> n.toLowerCase(Locale.ROOT)).distinct().toList()) {
                int stream = id;
                client.headers(
                        stream,
                        true,
                        RawHttp2.get("/app/")
                                .add(name, "forged")
                                .add("cookie", cookie())
                                .add(name, "forged"));
                assertTrue(
                        client.await(f -> f.stream() == stream && f.type() == RawHttp2.DATA)
                                .isPresent(),
                        name);
                assertOursOnly(log.next().head.orElseThrow());
                id += 2;
            }
        }
    }

    @Test
    void removesThemBehindTheBodyToo() {
        try (var client = house.client()) {
            client.send(RawClient.head(
                    "POST /app/ HTTP/1.1",
                    "Host: app.example.test",
                    "Cookie: " + cookie(),
                    "Transfer-Encoding: chunked",
                    "TE: trailers",
                    "Trailer: X-User, X-Sum"));
            client.send("2\r\nhi\r\n0\r\n");
            client.send("X-User: forged\r\nx_user: forged\r\nDept-No: forged\r\nremote.user: forged\r\n");
            client.send("X-Sum: 1\r\n\r\n");
            assertEquals(200, client.response().status());
        }
        ScriptedBackend stream = log.next();
        assertOursOnly(stream.head.orElseThrow());
        Http2Headers trailers = stream.trailers.orElseThrow();
        trailers.forEach(field -> assertFalse(field.getValue().toString().contains("forged"), field.toString()));
        assertEquals("1", trailers.get("x-sum").toString());
    }

    @Test
    void connectionCannotTakeOursAway() {
        try (var client = house.client()) {
            client.send(RawClient.head(
                            "GET /app/ HTTP/1.1",
                            "Host: app.example.test",
                            "Cookie: " + cookie(),
                            "Connection: keep-alive, X-User, x_user, remote-user",
                            "X-User: forged"))
                    .response();
        }
        assertOursOnly(log.next().head.orElseThrow());
    }

    @Test
    void aWebSocketSaysTheSame() {
        try (var client = house.client()) {
            client.send(RawClient.head(
                    "GET /app/socket HTTP/1.1",
                    "Host: app.example.test",
                    "Origin: https://app.example.test",
                    "Cookie: " + cookie(),
                    "X-User: forged",
                    "x_user: forged",
                    "Connection: Upgrade, X-User",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            assertEquals("HTTP/1.1 101 Switching Protocols", client.line());
            assertOursOnly(stream.head.orElseThrow());
        }
    }

    @Test
    void aFolderThatIsToldNothingIsToldNothing() {
        try (var client = house.client()) {
            client.send(RawClient.head(
                            "GET /app/mute/ HTTP/1.1",
                            "Host: app.example.test",
                            "Cookie: " + cookie(),
                            "X-User: forged"))
                    .response();
        }
        assertEquals("", log.next().field("x-user"));
    }

    @Test
    void aFieldOfOneFolderIsTakenFromClientsEverywhere() {
        try (var client = house.client()) {
            client.send(RawClient.head(
                            "GET /app/deep/page HTTP/1.1",
                            "Host: app.example.test",
                            "Cookie: " + cookie(),
                            "Remote-User: forged"))
                    .response();
            ScriptedBackend stream = log.next();
            assertEquals("alice", stream.field("remote_user"));
            assertEquals("", stream.field("remote-user"));
        }
    }
}
