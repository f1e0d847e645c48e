package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.RequestHead;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cross-site WebSocket hijack: browsers send cookies with sockets that any site opens (RFC 6455 §10.2).
class CrossSiteWebSocketTest {
    private final Gate gate = new Gate();
    private final String cookie = gate.signIn();

    private static RequestHead socket(String... fields) {
        return new RequestHead("GET", "wiki.postern.test", "/socket", Requests.fields(fields), true, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://wiki.postern.test:8443",
                "https://wiki.postern.test",
                "HTTPS://WIKI.postern.test:8443",
                "https://wiki.postern.test.:8443"
            })
    void ownPageOpensIt(String origin) {
        gate.admitted(socket("cookie", cookie, "origin", origin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.test",
                "null",
                "",
                "https://other.postern.test:8443",
                "https://postern.test",
                "http://wiki.postern.test",
                "https://wiki.postern.test.evil.test",
                "https://evil.test/wiki.postern.test",
                "https://xwiki.postern.test",
                "https://wiki.postern.test@evil.test",
                "https://user@wiki.postern.test",
                "wiki.postern.test",
                "file://",
                "https://",
                "https://wiki.postern.test\\@evil.test",
                "https://wiki postern.test",
                "*"
            })
    void anyOtherPageDoesNot(String origin) {
        assertEquals(
                403, gate.answer(socket("cookie", cookie, "origin", origin)).status());
    }

    @Test
    void twoOriginsAreNone() {
        var head = socket("cookie", cookie, "origin", "https://wiki.postern.test", "origin", "https://evil.test");
        assertEquals(403, gate.answer(head).status());
    }

    @Test
    void programsThatAreNoBrowsersSendNoOrigin() {
        gate.admitted(socket("cookie", cookie));
    }

    // a foreign page cannot add a token: nothing to hijack
    @Test
    void tokenNeedsNoOrigin() {
        gate.admitted(socket("authorization", "Bearer " + gate.accessToken(Map.of()), "origin", "https://evil.test"));
    }

    @Test
    void passthroughLeavesItToTheBackend() {
        gate.applications.set(0, Pictures.passthrough("https://wiki.postern.test/"));
        gate.admitted(socket("origin", "https://evil.test"));
    }

    @Test
    void ordinaryCrossSiteRequestsAreTheBackendsBusiness() {
        gate.admitted(Requests.head("GET", "/", "cookie", cookie, "origin", "https://evil.test"));
    }
}
