package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ExternalUrl;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who gets in where nothing was shown: routes that are public, and what page loads and scripts are told elsewhere.
class AdmitterTest {
    private final Gate gate = new Gate();

    private static RequestHead socket(String target, String... fields) {
        return new RequestHead("GET", "wiki.postern.test", target, Requests.fields(fields), true, false);
    }

    @Nested
    class Routes {
        @Test
        void ourOwnHostsArePublic() {
            var head = new RequestHead(
                    "POST", "login.postern.test", "/x", Requests.fields("authorization", "Bearer x"), false, true);
            var admitted = gate.admitted(head);

            assertEquals(new Route.Own(OwnHost.LOGIN), admitted.route());
            assertEquals(Optional.empty(), admitted.subject());
            assertFalse(admitted.bearerConsumed());
        }

        @Test
        void unknownHostIsNotFound() {
            var head = new RequestHead("GET", "other.postern.test", "/", Requests.fields(), false, false);
            assertEquals(404, gate.answer(head).status());
        }

        @Test
        void misdirectedIs421() {
            var admission = gate.admitter.admit(
                    Requests.page("/"), new Route.Misdirected(), Requests.client(gate.snapshot()), gate.loop);
            assertEquals(421, ((Admission.Answered) admission).answer().status());
        }

        @Test
        void ambiguousPathIsBadRequestAndSaysNotWhy() {
            Answer answer = gate.answer(Requests.page("/a/%2e%2e/b"));
            assertEquals(400, answer.status());
            assertFalse(answer.body().contains("dot segment"));
        }

        @Test
        void passthroughNeedsNoSession() {
            gate.applications.add(Pictures.passthrough("https://open.postern.test/"));
            var head = new RequestHead(
                    "POST", "open.postern.test", "/x", Requests.fields("authorization", "Basic eDp5"), false, true);
            var admitted = gate.admitted(head);

            assertEquals(Optional.empty(), admitted.subject());
            assertFalse(admitted.bearerConsumed());
        }

        @Test
        void ourFaultDenies() {
            var broken = new Admitter(gate.ring, (l, d, m, p, f, b) -> null, new ErrorPages());
            var facts = Requests.client(gate.snapshot());
            var withoutSnapshot = new io.postern.gateway.exchange.ClientFacts(
                    facts.address(), facts.exchangeId(), facts.now(), null, facts.verifier(), 8443);
            var route = new io.postern.gateway.route.Router(gate.snapshot()).route("wiki.postern.test", "/", h -> true);
            var admission = broken.admit(Requests.page("/"), route, withoutSnapshot, gate.loop);

            assertEquals(500, ((Admission.Answered) admission).answer().status());
        }
    }

    @Nested
    class WithoutSession {
        @ParameterizedTest
        @MethodSource("io.postern.gateway.admit.AdmitterTest#pageLoads")
        void pageLoadGoesToSignIn(RequestHead head) {
            Answer answer = gate.answer(head);
            assertEquals(302, answer.status());
            assertEquals("challenged", answer.outcome());
            assertEquals("login.postern.test", Gate.locationUri(answer).getHost());
        }

        @ParameterizedTest
        @MethodSource("io.postern.gateway.admit.AdmitterTest#scripts")
        void scriptGetsAPlain401(RequestHead head) {
            Answer answer = gate.answer(head);
            assertEquals(401, answer.status());
            assertFalse(answer.fields().contains("location"));
            assertFalse(answer.fields().contains("set-cookie"));
            assertEquals("application/json", answer.fields().get("content-type").toString());
            assertTrue(answer.body().contains("sign_in_required"));
            assertTrue(answer.fields()
                    .get("www-authenticate")
                    .toString()
                    .startsWith("Bearer realm=\"https://wiki.postern.test:8443/\""));
            assertFalse(answer.fields().get("www-authenticate").toString().contains("error="));
        }
    }

    static List<RequestHead> pageLoads() {
        return List.of(
                Requests.page("/"),
                Requests.head(
                        "GET", "/", "sec-fetch-mode", "navigate", "sec-fetch-dest", "iframe", "accept", "text/html"),
                Requests.head("GET", "/", "sec-fetch-mode", "navigate", "x-requested-with", "com.app.browser"),
                Requests.head("HEAD", "/", "accept", "text/html"),
                Requests.head("GET", "/", "accept", "text/html,*/*"),
                Requests.head("GET", "/", "accept", "image/png", "accept", "Text/HTML;q=0.5"),
                Requests.head("GET", "/", "accept", "text/html", "authorization", "Basic eDp5"));
    }

    static List<RequestHead> scripts() {
        return List.of(
                Requests.head("GET", "/"),
                Requests.head("GET", "/", "accept", "*/*"),
                Requests.head("GET", "/", "accept", "application/json"),
                Requests.head("GET", "/", "accept", "text/html", "x-requested-with", "XMLHttpRequest"),
                Requests.head("GET", "/", "accept", "text/html", "sec-fetch-mode", "cors"),
                Requests.head(
                        "GET", "/", "accept", "text/html", "sec-fetch-mode", "no-cors", "sec-fetch-dest", "image"),
                Requests.head("GET", "/", "accept", "text/html", "sec-fetch-dest", "empty"),
                Requests.head("POST", "/", "accept", "text/html", "sec-fetch-mode", "navigate"),
                Requests.head("OPTIONS", "/"),
                Requests.head("PROPFIND", "/", "accept", "text/html"),
                Requests.head("GET", "/", "authorization", "Basic eDp5"),
                socket("/", "accept", "text/html", "sec-fetch-mode", "navigate"),
                socket("/", "origin", "https://wiki.postern.test:8443"));
    }

    @Test
    void portalIsPreAuthenticatedLikeAnyApplication() {
        var portal = new PublishedApplication(
                Pictures.TENANT,
                io.postern.domain.AppId.random(),
                "My Apps",
                ExternalUrl.parse("https://myapps.postern.test/"),
                Optional.empty(),
                new PublishedApplication.Upstream.Local(OwnHost.MYAPPS),
                PreAuthentication.POSTERN,
                false,
                Set.of(),
                true);
        gate.applications.add(portal);
        var head = new RequestHead(
                "GET", "myapps.postern.test", "/", Requests.page("/").fields(), false, false);

        assertEquals(302, gate.answer(head).status());
        assertEquals(Duration.ofMinutes(10), SignInState.LIFETIME);
    }
}
