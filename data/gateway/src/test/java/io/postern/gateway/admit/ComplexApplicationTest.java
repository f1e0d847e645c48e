package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.CorsRule;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.Segment;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Segments of one application (1.7): their sign-in, and what pages of other origins may do.
class ComplexApplicationTest {
    private static final String UI = "https://ui.c.example:8443";
    private static final List<CorsRule> RULES = List.of(
            new CorsRule("/", List.of(UI), List.of("content-type", "x-app-*"), List.of("GET", "PUT"), 600),
            new CorsRule("/open", List.of("*"), List.of("*"), List.of("*"), 0),
            new CorsRule("/none", List.of(), List.of(), List.of(), 0));

    private final Gate gate = new Gate(user -> Pictures.of(
            new Publishing(
                    ExternalUrl.parse("https://*.c.example/"),
                    InternalUrl.parse("http://*.corp/"),
                    PreAuthentication.POSTERN,
                    List.of(
                            segment("https://ui.c.example/", List.of()),
                            segment("https://api.c.example/v1/", RULES),
                            segment("https://api.c.example/v2/", List.of())),
                    PublishingSettings.DEFAULT),
            Set.of(user)));

    private static Segment segment(String external, List<CorsRule> rules) {
        return new Segment(
                ExternalUrl.parse(external), InternalUrl.parse("http://inside.corp/"), Optional.empty(), rules);
    }

    private static RequestHead at(String host, RequestHead head) {
        return new RequestHead(head.method(), host, head.target(), head.fields(), false, false);
    }

    private static RequestHead preflight(String target, String origin, String method, String headers) {
        RequestHead head = at(
                "api.c.example",
                Requests.head("OPTIONS", target, "origin", origin, "access-control-request-method", method));
        if (!headers.isEmpty()) {
            head.fields().add("access-control-request-headers", headers);
        }
        return head;
    }

    private static String field(Http2Headers fields, String name) {
        return fields.get(name, "").toString();
    }

    /// CPX-5: the second host asks the provider, which knows the user already, and no one else.
    @Test
    void eachHostHasACookieOfTheOneApplication() {
        var ui = gate.start(at("ui.c.example", Requests.page("/a")));
        Answer back = gate.answer(at("ui.c.example", Requests.page(ui.callback(), "cookie", ui.binding())));
        var api = gate.start(at("api.c.example", Requests.page("/v2/b", "cookie", "")));
        Answer backAtApi = gate.answer(at("api.c.example", Requests.page(api.callback(), "cookie", api.binding())));

        assertEquals(ui.query().get("client_id"), api.query().get("client_id"));
        assertEquals(
                List.of("https://ui.c.example:8443/.postern/callback"),
                ui.query().get("redirect_uri"));
        assertEquals(
                List.of("https://api.c.example:8443/.postern/callback"),
                api.query().get("redirect_uri"));
        assertEquals(UI + "/a", Gate.location(back));
        assertEquals("https://api.c.example:8443/v2/b", Gate.location(backAtApi));
        assertEquals(Gate.cookie(back).split("=", 2)[0], Gate.cookie(backAtApi).split("=", 2)[0]);
        gate.admitted(at("api.c.example", Requests.page("/v1/x", "cookie", Gate.cookie(backAtApi))));
    }

    /// A state of one segment's host is of no use on another's.
    @Test
    void aSignInEndsOnTheHostWhereItBegan() {
        var ui = gate.start(at("ui.c.example", Requests.page("/a")));

        Answer answer = gate.answer(at("api.c.example", Requests.page(ui.callback(), "cookie", ui.binding())));

        assertNotEquals(302, answer.status());
        assertTrue(gate.redeemed.isEmpty());
    }

    @Nested
    class Preflight {
        @Test
        void isAnsweredFromTheRulesWithoutSignIn() {
            Answer answer = gate.answer(preflight("/v1/x", UI, "PUT", "Content-Type, X-App-Trace"));

            assertEquals(204, answer.status());
            assertEquals(UI, field(answer.fields(), "access-control-allow-origin"));
            assertEquals("true", field(answer.fields(), "access-control-allow-credentials"));
            assertEquals("PUT", field(answer.fields(), "access-control-allow-methods"));
            assertEquals("Content-Type, X-App-Trace", field(answer.fields(), "access-control-allow-headers"));
            assertEquals("600", field(answer.fields(), "access-control-max-age"));
            assertTrue(field(answer.fields(), "vary").contains("origin"));
        }

        @ParameterizedTest
        @CsvSource({
            "https://evil.example, PUT, content-type, another origin",
            "https://UI.c.example:8443, PUT, content-type, origins are case-sensitive",
            "https://ui.c.example, PUT, content-type, another port",
            "null, PUT, content-type, a sandboxed page",
            "https://ui.c.example:8443, DELETE, content-type, another method",
            "https://ui.c.example:8443, PUT, x-other, another header",
            "https://ui.c.example:8443, PUT, 'content-type,x-ap', shorter than the prefix",
        })
        void isBlockedWhereNoRulePermits(String origin, String method, String headers, String what) {
            Answer answer = gate.answer(preflight("/v1/x", origin, method, headers));

            assertEquals(403, answer.status(), what);
            assertFalse(answer.fields().contains("access-control-allow-origin"));
        }

        /// PRE-4
        @Test
        void isBlockedWithoutRules() {
            Answer answer = gate.answer(preflight("/v2/x", UI, "GET", ""));

            assertEquals(403, answer.status());
            assertFalse(answer.fields().contains("access-control-allow-origin"));
        }

        /// Everybody may ask, but nobody with the user's cookies.
        @Test
        void ofARuleForEverybodyPermitsNoCredentials() {
            Answer answer = gate.answer(preflight("/v1/open/x", "https://any.example", "PATCH", "x-what-ever"));

            assertEquals(204, answer.status());
            assertEquals("*", field(answer.fields(), "access-control-allow-origin"));
            assertFalse(answer.fields().contains("access-control-allow-credentials"));
        }

        @Test
        void isUpToTheDeepestResource() {
            assertEquals(
                    403, gate.answer(preflight("/v1/none/x", UI, "GET", "")).status());
            assertEquals(
                    204, gate.answer(preflight("/v1/nonesuch", UI, "GET", "")).status());
        }

        @Test
        void ofAPassthroughApplicationWithoutRulesIsTheBackends() {
            gate.applications.add(Pictures.passthrough("https://open.postern.test/"));

            gate.admitted(at(
                    "open.postern.test",
                    Requests.head("OPTIONS", "/", "origin", UI, "access-control-request-method", "GET")));
        }
    }

    /// PRE-3: a script sees that nobody is signed in, and no redirect that its browser would hide.
    @Test
    void aScriptWithoutASessionReads401() {
        Answer answer =
                gate.answer(at("api.c.example", Requests.head("GET", "/v1/x", "origin", UI, "sec-fetch-mode", "cors")));

        assertEquals(401, answer.status());
        assertEquals(UI, field(answer.fields(), "access-control-allow-origin"));
        assertEquals("true", field(answer.fields(), "access-control-allow-credentials"));
    }

    @Test
    void rulesReplaceWhatTheBackendPermits() {
        RequestHead head = at("api.c.example", Requests.head("GET", "/v1/x", "origin", "https://evil.example"));
        var route = (io.postern.gateway.exchange.Route.Published)
                new io.postern.gateway.route.Router(gate.snapshot()).route("api.c.example", "/v1/x", h -> true);
        Http2Headers fields = Requests.fields(
                "access-control-allow-origin", "https://evil.example", "access-control-allow-credentials", "true");

        CrossOrigin.of(head, route).outward(fields);

        assertFalse(fields.contains("access-control-allow-origin"));
        assertFalse(fields.contains("access-control-allow-credentials"));
    }

    /// A page of an origin that a rule names may open WebSockets in the user's session; one of any other may not.
    @Test
    void aWebSocketOfANamedOriginIsOurs() {
        var start = gate.start(at("api.c.example", Requests.page("/v1/")));
        String cookie = Gate.cookie(
                gate.answer(at("api.c.example", Requests.page(start.callback(), "cookie", start.binding()))));

        gate.admitted(socket("/v1/s", cookie, UI));
        assertEquals(
                403,
                gate.answer(socket("/v1/s", cookie, "https://evil.example")).status());
        assertEquals(403, gate.answer(socket("/v1/open/s", cookie, UI)).status());
        assertEquals(403, gate.answer(socket("/v2/s", cookie, UI)).status());
    }

    private static RequestHead socket(String target, String cookie, String origin) {
        return new RequestHead(
                "GET", "api.c.example", target, Requests.fields("cookie", cookie, "origin", origin), true, false);
    }
}
