package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No spelling of a field that only we may set reaches a backend with a stranger's value (CVE-2025-64484,
/// CVE-2025-48865 and their kind).
class HeaderAliasTest {
    private static final ScriptedBackend.Log LOG = new ScriptedBackend.Log();
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(LOG.factory(ScriptedBackend::echo));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static ScriptedBackend sent(String... fields) {
        try (var client = house.client()) {
            String[] lines = new String[fields.length + 2];
            lines[0] = "GET /app/ HTTP/1.1";
            lines[1] = "Host: app.example.test";
            System.arraycopy(fields, 0, lines, 2, fields.length);
            assertEquals(200, client.send(RawClient.head(lines)).response().status());
            return LOG.next();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postern-subject",
                "Postern-Subject",
                "POSTERN_SUBJECT",
                "postern.subject",
                "Postern_Client-Address",
                "postern-backend",
                "postern-exchange",
                "X-Forwarded-Host",
                "x_forwarded_host",
                "X.Forwarded.Proto",
                "x_forwarded_for",
                "X~Forwarded!For",
                "X|Forwarded^Host",
                "postern*subject",
                "content+length",
                "X-Forwarded_For",
                "X-Real-IP",
                "x_real_ip",
                "Forwarded",
                "X-Original-URL",
                "X-Rewrite-Url",
                "X-Forwarded-User",
                "Content_Length",
                "Transfer_Encoding",
                "Proxy"
            })
    void removesEverySpellingInEveryPosition(String name) {
        ScriptedBackend stream = sent(name + ": forged", "X-Honest: 1", name + ": forged");
        Http2Headers head = stream.head.orElseThrow();
        head.forEach(field -> assertFalse(field.getValue().toString().contains("forged"), field.toString()));
        assertEquals("1", stream.field("x-honest"));
        assertEquals("127.0.0.1", stream.field("x-forwarded-for"));
        assertEquals("https", stream.field("x-forwarded-proto"));
        assertEquals("app.example.test", stream.field("x-forwarded-host"));
        assertEquals("443", stream.field("x-forwarded-port"));
    }

    @Test
    void keepsWhatTheClientSaysOfItsWayAsTheUntrustedLeftPart() {
        assertEquals("1.2.3.4, 127.0.0.1", sent("X-Forwarded-For: 1.2.3.4").field("x-forwarded-for"));
    }

    @Test
    void dropsWhatTheClientSaysOfItsWayWhenConnectionNamesIt() {
        assertEquals(
                "127.0.0.1",
                sent("X-Forwarded-For: 1.2.3.4", "Connection: X-Forwarded-For").field("x-forwarded-for"));
    }

    @Test
    void addsOursThoughConnectionNamesThem() {
        ScriptedBackend stream = sent("Connection: postern-exchange, x-forwarded-proto, postern-backend");
        assertEquals("https", stream.field("x-forwarded-proto"));
        assertEquals(32, stream.field("postern-exchange").length());
    }

    @Test
    void removesFieldsOfThisHop() {
        ScriptedBackend stream = sent(
                "Connection: keep-alive, X-Mine",
                "X-Mine: 1",
                "Keep-Alive: 5",
                "Proxy-Authorization: Basic x",
                "TE: trailers, gzip",
                "Upgrade: h2c",
                "HTTP2-Settings: AAM");
        for (String name :
                new String[] {"connection", "x-mine", "keep-alive", "proxy-authorization", "upgrade", "http2-settings"
                }) {
            assertEquals("", stream.field(name), name);
        }
        assertEquals("trailers", stream.field("te"));
    }

    @Test
    void cutsOurCookiesAndNothingElse() {
        ScriptedBackend stream = sent("Cookie: a=1; __Host-postern-access-x=secret; b=\"x y\"; postern-x=1; c");
        assertEquals("a=1; b=\"x y\"; c", stream.field("cookie"));
    }

    @Test
    void dropsACookieFieldThatHeldOnlyOurs() {
        assertEquals("", sent("Cookie: __Host-postern-access-x=secret").field("cookie"));
    }
}
