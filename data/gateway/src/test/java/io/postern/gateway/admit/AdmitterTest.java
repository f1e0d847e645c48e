package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.Publishing;
import io.postern.domain.UserId;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmitterTest {
    private final Gate gate = new Gate();

    private static RequestHead socket(String target, String... fields) {
        return new RequestHead("GET", "wiki.postern.test", target, Requests.fields(fields), true, false);
    }

    private static PublishedApplication framed(UserId user, boolean httpOnly, boolean persistent, boolean none) {
        return Pictures.of(
                new Publishing(
                        ExternalUrl.parse("https://wiki.postern.test/"),
                        InternalUrl.parse("http://a.internal/"),
                        PreAuthentication.POSTERN,
                        Publishing.DEFAULT_TIMEOUT,
                        true,
                        true,
                        httpOnly,
                        persistent,
                        none,
                        Publishing.DEFAULT_WEB_SOCKET_IDLE),
                Set.of(user));
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
                Requests.head("OPTIONS", "/", "origin", "https://x.example", "access-control-request-method", "PUT"),
                Requests.head("PROPFIND", "/", "accept", "text/html"),
                Requests.head("GET", "/", "authorization", "Basic eDp5"),
                socket("/", "accept", "text/html", "sec-fetch-mode", "navigate"),
                socket("/", "origin", "https://wiki.postern.test:8443"));
    }

    @Nested
    class WithSession {
        private final String cookie = gate.signIn();

        @Test
        void passesWithTheSubject() {
            var admitted = gate.admitted(Requests.head("POST", "/x", "cookie", "a=1; " + cookie + "; b=2"));
            var subject = admitted.subject().orElseThrow();

            assertEquals(gate.user, subject.user());
            assertEquals(Pictures.TENANT, subject.tenant());
            assertEquals("b.simon@contoso.example", subject.userPrincipalName());
            assertEquals(Optional.of(gate.session), subject.session());
            assertEquals(gate.now.minusSeconds(60), subject.authenticated());
            assertEquals(gate.now.plusSeconds(3600), subject.expires());
        }

        @Test
        void cookieMayComeInItsOwnField() {
            gate.admitted(Requests.head("GET", "/", "cookie", "a=1", "cookie", cookie)); // RFC 9113 §8.2.3
        }

        @ParameterizedTest
        @ValueSource(strings = {"Bearer foreign.token.here", "Basic eDp5", "Negotiate YII=", "Bearer"})
        void foreignAuthorizationPassesUntouched(String authorization) {
            var admitted = gate.admitted(Requests.head("GET", "/", "cookie", cookie, "authorization", authorization));
            assertFalse(admitted.bearerConsumed());
            assertEquals(
                    authorization, admitted.head().fields().get("authorization").toString());
        }

        @Test
        void isUselessAtAnotherApplicationOfTheSameHost() {
            var other = Pictures.preAuthenticated("https://wiki.postern.test/other/", gate.user);
            gate.applications.add(other);
            String renamed = CookieText.accessName(other.appId()) + cookie.substring(cookie.indexOf('='));

            assertEquals(
                    302, gate.answer(Requests.page("/other/", "cookie", cookie)).status());
            assertEquals(
                    302,
                    gate.answer(Requests.page("/other/", "cookie", renamed)).status());
        }

        @Test
        void twoOfItAreAmbiguous() {
            assertEquals(
                    400,
                    gate.answer(Requests.page("/", "cookie", cookie + "; " + cookie))
                            .status());
            assertEquals(
                    400,
                    gate.answer(Requests.page("/", "cookie", cookie, "cookie", cookie))
                            .status());
        }

        @Test
        void endsWithTheToken() {
            gate.now = gate.now.plusSeconds(3599);
            gate.admitted(Requests.page("/", "cookie", cookie));
            gate.now = gate.now.plusSeconds(1);
            assertEquals(302, gate.answer(Requests.page("/", "cookie", cookie)).status());
            assertEquals(
                    401,
                    gate.answer(Requests.head("POST", "/", "cookie", cookie)).status());
        }

        @Test
        void unassignedUserIsForbidden() {
            gate.applications.set(
                    0,
                    new PublishedApplication(
                            gate.wiki.tenant(),
                            gate.wiki.appId(),
                            "Wiki",
                            gate.wiki.externalUrl(),
                            gate.wiki.publishing(),
                            gate.wiki.upstream(),
                            gate.wiki.preAuthentication(),
                            true,
                            Set.of(),
                            true));

            assertEquals(403, gate.answer(Requests.page("/", "cookie", cookie)).status()); // ASG-4
        }

        @Test
        void disabledApplicationIsForbidden() {
            gate.applications.set(
                    0,
                    new PublishedApplication(
                            gate.wiki.tenant(),
                            gate.wiki.appId(),
                            "Wiki",
                            gate.wiki.externalUrl(),
                            gate.wiki.publishing(),
                            gate.wiki.upstream(),
                            gate.wiki.preAuthentication(),
                            false,
                            Set.of(gate.user),
                            false));

            assertEquals(403, gate.answer(Requests.page("/", "cookie", cookie)).status());
        }
    }

    @Nested
    class Bearer {
        private RequestHead with(String token) {
            return Requests.head("GET", "/api", "authorization", "Bearer " + token);
        }

        private void refused(RequestHead head) {
            Answer answer = gate.answer(head);
            assertEquals(401, answer.status());
            assertTrue(answer.fields()
                    .get("www-authenticate")
                    .toString()
                    .contains("error=\"invalid_token\"")); // RFC 6750 §3
            assertFalse(answer.fields().contains("location"));
        }

        @Test
        void ofAnAssignedUserPassesAndIsConsumed() {
            var admitted = gate.admitted(with(gate.accessToken(Map.of())));

            assertTrue(admitted.bearerConsumed()); // BRR-1
            assertEquals(gate.user, admitted.subject().orElseThrow().user());
        }

        @Test
        void schemeIsCaseInsensitive() {
            gate.admitted(Requests.head("GET", "/", "authorization", "bearer  " + gate.accessToken(Map.of())));
        }

        @Test
        void everyNameOfTheApplicationIsAnAudience() {
            for (String audience : List.of(
                    gate.wiki.appId().value(),
                    "api://" + gate.wiki.appId(),
                    "https://wiki.postern.test",
                    "https://wiki.postern.test/",
                    "https://wiki.postern.test:8443",
                    "https://wiki.postern.test:8443/")) {
                gate.admitted(with(gate.accessToken(Map.of("aud", audience))));
            }
        }

        // BRR-2, credential confusion (frp CVE-2026-40910)
        @ParameterizedTest
        @CsvSource({
            "aud, 00000000-0000-0000-0000-000000000000",
            "aud, https://other.postern.test",
            "aud, https://wiki.postern.test.evil.test",
            "iss, https://evil.test",
            "tid, 00000000-0000-0000-0000-000000000000",
            "oid, not-a-user",
            "scp, User.Read",
            "scp, user_impersonation_not",
            "idtyp, app"
        })
        void withAnotherClaimIsRefused(String claim, String value) {
            refused(with(gate.accessToken(Map.of(claim, value))));
        }

        @Test
        void idTokenIsNoAccessToken() {
            refused(with(Gate.KEY.sign(gate.claims())));
        }

        @Test
        void accessCookieIsNoToken() {
            refused(with(gate.signIn().split("=", 2)[1]));
        }

        @Test
        void tokenIsNoCookie() {
            String cookie = CookieText.accessName(gate.wiki.appId()) + "=" + gate.accessToken(Map.of());
            assertEquals(
                    401,
                    gate.answer(Requests.head("GET", "/", "cookie", cookie)).status());
        }

        @Test
        void expiredIsRefusedEvenWhenSeenBefore() {
            String token = gate.accessToken(Map.of());
            gate.admitted(with(token));
            gate.now = gate.now.plusSeconds(3600 + 299); // section 9: five minutes for clocks
            gate.admitted(with(token));
            gate.now = gate.now.plusSeconds(1);
            refused(with(token));
        }

        @Test
        void revokedIsRefusedEvenWhenSeenBefore() {
            String token = gate.accessToken(Map.of());
            gate.admitted(with(token));
            gate.revoke(gate.user, gate.now);
            refused(with(token));
        }

        @Test
        void withoutAuthenticationTimeTheTimeOfIssueCounts() {
            var claims = gate.accessToken(Map.of("auth_time", "", "iat", Date.from(gate.now.minusSeconds(10))));
            gate.revoke(gate.user, gate.now);
            refused(with(claims));
        }

        @Test
        void ofAnUnassignedUserIsForbidden() {
            String token = gate.accessToken(Map.of("oid", UserId.random().value()));
            assertEquals(403, gate.answer(with(token)).status());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."})
        void garbageIsRefused(String token) {
            refused(with(token));
        }

        @Test
        void badTokenOnAPageLoadIsNotRedirected() {
            refused(Requests.page("/", "authorization", "Bearer x"));
        }

        @Test
        void twoAuthorizationFieldsAreAmbiguous() {
            var head = Requests.head(
                    "GET", "/", "authorization", "Bearer x", "authorization", "Bearer " + gate.accessToken(Map.of()));
            assertEquals(400, gate.answer(head).status());
        }

        @Test
        void keyThatIsGoneNoLongerCounts() {
            String token = gate.accessToken(Map.of());
            gate.admitted(with(token));
            var snapshot = Pictures.of(gate.applications);
            var route = new io.postern.gateway.route.Router(snapshot).route("wiki.postern.test", "/", h -> true);
            var admission = gate.admitter.admit(with(token), route, Requests.client(snapshot), gate.loop);

            assertEquals(
                    401,
                    assertInstanceOf(Admission.Answered.class, admission)
                            .answer()
                            .status());
        }
    }

    @Nested
    class Cookies {
        private String setCookie(Gate on) {
            var started = on.start(Requests.page("/"));
            return on.answer(Requests.page(started.callback(), "cookie", started.binding()))
                    .fields()
                    .get("set-cookie")
                    .toString();
        }

        private String attributes(Gate on) {
            return setCookie(on).split("; ", 2)[1];
        }

        @Test
        void areHostBoundSecureHttpOnlyAndLax() {
            assertTrue(setCookie(gate).startsWith("__Host-postern-access-" + gate.wiki.appId() + "="));
            assertEquals("Path=/; Secure; HttpOnly; SameSite=Lax", attributes(gate));
        }

        @Test
        void followThePublishing() {
            assertEquals("Path=/; Secure; SameSite=None", attributes(new Gate(u -> framed(u, false, false, true))));
            assertEquals(
                    "Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Lax",
                    attributes(new Gate(u -> framed(u, true, true, false))));
        }

        @Test
        void bindingIsAlwaysHttpOnlyAndFollowsSameSite() {
            var on = new Gate(u -> framed(u, false, true, true));
            String set = on.start(Requests.page("/"))
                    .answer()
                    .fields()
                    .get("set-cookie")
                    .toString();

            assertEquals("Path=/; Secure; HttpOnly; SameSite=None", set.split("; ", 2)[1]);
        }

        @Test
        void valueTellsNothing() {
            assertFalse(setCookie(gate).contains("simon"));
        }
    }

    @Nested
    class SigningOut {
        @Test
        void clearsTheCookiesOfTheHostAndGoesOnToTheProvider() {
            var second = Pictures.preAuthenticated("https://wiki.postern.test/b/", gate.user);
            gate.applications.add(second);
            gate.applications.add(Pictures.passthrough("https://wiki.postern.test/open/"));
            Answer answer = gate.answer(Requests.page("/.postern/signout"));
            var cookies = new ArrayList<String>();
            answer.fields().getAll("set-cookie").forEach(c -> cookies.add(c.toString()));

            assertEquals(302, answer.status());
            assertEquals(
                    "https://login.postern.test:8443/contoso/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Fwiki.postern.test%3A8443%2F",
                    Gate.location(answer));
            assertEquals(
                    List.of(
                            "__Host-postern-access-" + gate.wiki.appId()
                                    + "=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax",
                            "__Host-postern-access-" + second.appId()
                                    + "=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"),
                    cookies);
        }

        @Test
        void doesNotExistWithoutPreAuthentication() {
            gate.applications.set(0, Pictures.passthrough("https://wiki.postern.test/"));
            assertEquals(404, gate.answer(Requests.page("/.postern/signout")).status());
        }

        @ParameterizedTest
        @ValueSource(strings = {"/.postern", "/.postern/", "/.postern/x", "/.postern/callback/", "/.postern/signout/x"})
        void nothingElseIsBelowTheReservedPath(String target) {
            assertEquals(
                    404,
                    gate.answer(Requests.page(target, "cookie", gate.signIn())).status());
        }
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
