package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.domain.UserId;
import io.postern.domain.event.Cause;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.gateway.exchange.RequestHead;
import io.postern.token.EdgeCredential;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Unknown or forged client state (CAS 2026-06-18): sealed, single use, bound to the browser; and the
/// sign-in round trip of section 1.5.
class SignInStateTest {
    private final Gate gate = new Gate();

    private Answer back(Gate.Started started) {
        return gate.answer(Requests.page(started.callback(), "cookie", started.binding()));
    }

    private void nothingWasGiven(Answer answer) {
        assertNotEquals(302, answer.status());
        assertFalse(answer.fields().contains("set-cookie"));
        assertFalse(answer.fields().contains("location"));
    }

    @Test
    void startAsksForACodeWithPkceNonceAndState() throws Exception {
        var started = gate.start(Requests.page("/deep/page?x=1&y=%20"));
        Map<String, List<String>> query = started.query();

        assertTrue(Gate.location(started.answer())
                .startsWith("https://login.postern.test:8443/contoso/oauth2/v2.0/authorize?"));
        assertEquals(
                Set.of(
                        "client_id",
                        "response_type",
                        "redirect_uri",
                        "scope",
                        "state",
                        "nonce",
                        "code_challenge",
                        "code_challenge_method"),
                query.keySet());
        assertEquals(List.of(gate.wiki.appId().value()), query.get("client_id"));
        assertEquals(List.of("code"), query.get("response_type"));
        assertEquals(List.of("https://wiki.postern.test:8443/.postern/callback"), query.get("redirect_uri"));
        assertEquals(List.of("openid profile"), query.get("scope"));
        assertEquals(List.of("S256"), query.get("code_challenge_method"));
        assertFalse(started.state().contains("deep"), "the URL asked for is not readable on the way");
        assertEquals("no-store", started.answer().fields().get("cache-control").toString());

        back(started);
        Map<String, List<String>> redeemed = gate.redeemed.getFirst();
        assertEquals(List.of("authorization_code"), redeemed.get("grant_type"));
        assertEquals(List.of(Gate.CODE), redeemed.get("code"));
        assertEquals(query.get("redirect_uri"), redeemed.get("redirect_uri"));
        assertEquals(
                List.of(EdgeCredential.of(gate.ring, gate.wiki.appId().value()).reveal()),
                redeemed.get("client_secret"));
        assertEquals(
                query.get("code_challenge").getFirst(),
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256")
                                .digest(redeemed.get("code_verifier").getFirst().getBytes(StandardCharsets.US_ASCII))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a/b?x=1&y=%20%2F&z",
                "/a?",
                "/;p=1/x%2Fy?q=a;b",
                "/x?next=https://evil.test/",
                "/%E4%BD%A0?%zz"
            })
    void userComesBackToExactlyTheUrlAskedFor(String target) {
        Answer answer = back(gate.start(Requests.page(target)));

        assertEquals(302, answer.status());
        assertEquals("https://wiki.postern.test:8443" + target, Gate.location(answer));
        assertEquals("signed_in", answer.outcome());
        assertEquals("no-store", answer.fields().get("cache-control").toString());
    }

    @Test
    void longUrlsSurvive() {
        String target = "/" + "p".repeat(8_000) + "?q=" + "%20x".repeat(2_500);

        assertEquals("https://wiki.postern.test:8443" + target, Gate.location(back(gate.start(Requests.page(target)))));
    }

    @Test
    void urlsThatCouldNotComeBackAreRefusedAtOnce() {
        assertEquals(
                414,
                gate.answer(Requests.page("/" + "p".repeat(SignIn.TARGET_CHARACTERS_MAX)))
                        .status());
    }

    @Test
    void replayGivesNothing() {
        var started = gate.start(Requests.page("/"));
        back(started);
        Answer again = back(started);

        nothingWasGiven(again);
        assertEquals(1, gate.redeemed.size(), "the code is not redeemed again");
        assertTrue(again.body().contains("href=\"https://wiki.postern.test:8443/\""));
    }

    @Test
    void otherBrowserGetsNothing() {
        var started = gate.start(Requests.page("/"));
        var other = gate.start(Requests.page("/"));

        nothingWasGiven(gate.answer(Requests.page(started.callback())));
        nothingWasGiven(gate.answer(Requests.page(started.callback(), "cookie", other.binding())));
        nothingWasGiven(
                gate.answer(Requests.page(started.callback(), "cookie", started.binding() + "; " + other.binding())));
        assertEquals(0, gate.redeemed.size());
    }

    @Test
    void otherBrowserDoesNotUseTheStateUp() {
        var started = gate.start(Requests.page("/"));
        gate.answer(Requests.page(started.callback()));

        assertEquals(302, back(started).status());
    }

    @Test
    void otherHostGetsNothing() {
        gate.applications.add(Pictures.preAuthenticated("https://other.postern.test/", gate.user));
        var started = gate.start(Requests.page("/"));
        var head = Requests.page(started.callback(), "cookie", started.binding());

        nothingWasGiven(
                gate.answer(new RequestHead("GET", "other.postern.test", head.target(), head.fields(), false, false)));
        assertEquals(0, gate.redeemed.size());
    }

    @Test
    void otherApplicationOfTheHostNeedsItsOwnBinding() {
        var other = Pictures.preAuthenticated("https://wiki.postern.test/other/", gate.user);
        gate.applications.add(other);
        var started = gate.start(Requests.page("/other/x"));
        String renamed = started.binding()
                .replace(other.appId().value(), gate.wiki.appId().value());

        nothingWasGiven(gate.answer(Requests.page(started.callback(), "cookie", renamed)));
    }

    @Test
    void deletedApplicationGivesNothing() {
        var started = gate.start(Requests.page("/"));
        gate.applications.set(0, Pictures.preAuthenticated("https://wiki.postern.test/", gate.user));

        nothingWasGiven(back(started));
    }

    @Test
    void expiresAfterTenMinutes() {
        var started = gate.start(Requests.page("/"));
        gate.now = gate.now.plus(SignInState.LIFETIME).minusSeconds(1);
        var second = gate.start(Requests.page("/"));
        gate.now = gate.now.plusSeconds(1);

        nothingWasGiven(back(started));
        assertEquals(302, back(second).status());
    }

    @Test
    void everyTamperedCharacterIsNoticed() {
        var started = gate.start(Requests.page("/"));
        String state = started.state();
        for (int i = 0; i < state.length(); i++) {
            char other = state.charAt(i) == 'A' ? 'B' : 'A';
            String forged = state.substring(0, i) + other + state.substring(i + 1);
            nothingWasGiven(gate.answer(
                    Requests.page("/.postern/callback?code=c&state=" + forged, "cookie", started.binding())));
        }
        assertEquals(0, gate.redeemed.size());
    }

    @Test
    void accessCookieIsNoState() {
        String cookie = gate.signIn();
        var started = gate.start(Requests.page("/"));
        nothingWasGiven(gate.answer(Requests.page(
                "/.postern/callback?code=c&state=" + cookie.split("=", 2)[1], "cookie", started.binding())));
    }

    @Test
    void stateIsNoAccessCookie() {
        var started = gate.start(Requests.page("/"));
        String cookie = CookieText.accessName(gate.wiki.appId()) + "=" + started.state();
        assertEquals(302, gate.answer(Requests.page("/", "cookie", cookie)).status());
    }

    @Test
    void parallelTabsShareTheBinding() {
        var first = gate.start(Requests.page("/one"));
        var second = gate.start(Requests.page("/two", "cookie", first.binding()));

        assertFalse(second.answer().fields().contains("set-cookie"));
        assertEquals(
                "https://wiki.postern.test:8443/two",
                Gate.location(gate.answer(Requests.page(second.callback(), "cookie", first.binding()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "?code=c",
                "?state=x",
                "?state=&code=c",
                "?code=c&state=%STATE&state=%STATE",
                "?code=c&state=%zz",
                "?code=c&code=d&state=%STATE",
                "?code=&state=%STATE",
                "?state=%STATE",
                "?code=c&state=%STATE&state="
            })
    void incompleteOrDoubledParametersGiveNothing(String query) {
        var started = gate.start(Requests.page("/"));
        String target = "/.postern/callback" + query.replace("%STATE", started.state());

        nothingWasGiven(gate.answer(Requests.page(target, "cookie", started.binding())));
        assertEquals(0, gate.redeemed.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "PUT", "OPTIONS"})
    void onlyGetComesBack(String method) {
        var started = gate.start(Requests.page("/"));
        assertEquals(
                405,
                gate.answer(Requests.head(method, started.callback(), "cookie", started.binding()))
                        .status());
        assertEquals(302, back(started).status());
    }

    @Test
    void refusalOfTheProviderIsShownAsText() {
        var started = gate.start(Requests.page("/"));
        String target =
                "/.postern/callback?error=access_denied&error_description=AADSTS50105%3A+not+%3Cb%3Eassigned%3C%2Fb%3E&state="
                        + started.state();
        Answer answer = gate.answer(Requests.page(target, "cookie", started.binding()));

        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("AADSTS50105: not &lt;b&gt;assigned&lt;/b&gt;"));
        assertEquals(Optional.of(Cause.NOT_ASSIGNED), answer.cause());
    }

    @ParameterizedTest
    @CsvSource({
        "access_denied, 403, ACCESS_DENIED, The sign-in did not let you in",
        "login_required, 400, SIGN_IN_REFUSED, The sign-in could not be completed",
        "server_error, 400, SIGN_IN_REFUSED, The sign-in could not be completed"
    })
    void eachRefusalHasItsOwnCauseAndPage(String error, int status, Cause cause, String heading) {
        var started = gate.start(Requests.page("/"));
        String target =
                "/.postern/callback?error=" + error + "&error_description=the+user+cancelled&state=" + started.state();
        Answer answer = gate.answer(Requests.page(target, "cookie", started.binding()));

        assertEquals(status, answer.status());
        assertEquals(Optional.of(cause), answer.cause());
        assertTrue(answer.body().contains(heading), answer.body());
    }

    @Test
    void strangersCannotWriteOnThePage() {
        Answer answer = gate.answer(
                Requests.page("/.postern/callback?error=access_denied&error_description=Call+0800+evil&state=x"));

        assertEquals(400, answer.status());
        assertFalse(answer.body().contains("evil"));
    }

    // OpenID Connect Core §3.1.3.7
    @ParameterizedTest
    @CsvSource({
        "nonce, other",
        "nonce, ''",
        "aud, 00000000-0000-0000-0000-000000000000",
        "iss, https://evil.test",
        "tid, 00000000-0000-0000-0000-000000000000",
        "oid, nobody",
        "sid, not-a-session"
    })
    void tokenThatIsNotForThisSignInGivesNothing(String claim, String value) {
        gate.provider = form -> {
            Map<String, Object> claims = gate.claims();
            claims.put(claim, value);
            return Gate.tokens(Gate.KEY.sign(claims));
        };
        nothingWasGiven(back(gate.start(Requests.page("/"))));
    }

    @Test
    void providerThatRefusesTheCodeGivesNothing() {
        gate.provider = form -> new ControlAnswer(400, new DefaultHttp2Headers(), "{\"error\":\"invalid_grant\"}");
        Answer answer = back(gate.start(Requests.page("/")));

        nothingWasGiven(answer);
        assertEquals(400, answer.status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "null",
                "<html>",
                "{\"id_token\":7}",
                "{\"id_token\":\"a.b.c\"}",
                "{\"id_token\":"
            })
    void brokenTokenAnswerGivesNothing(String body) {
        gate.provider = form -> new ControlAnswer(200, new DefaultHttp2Headers(), body);
        nothingWasGiven(back(gate.start(Requests.page("/"))));
    }

    @Test
    void unreachableProviderIsSaidSo() {
        gate.provider = form -> {
            throw new IllegalStateException("no door");
        };
        Answer answer = back(gate.start(Requests.page("/")));

        assertEquals(503, answer.status());
        assertFalse(answer.body().contains("no door"));
    }

    @Test
    void unassignedUserIsForbiddenAtOnce() {
        gate.provider = form -> {
            Map<String, Object> claims = gate.claims();
            claims.put("oid", UserId.random().value());
            return Gate.tokens(Gate.KEY.sign(claims));
        };
        Answer answer = back(gate.start(Requests.page("/")));

        nothingWasGiven(answer);
        assertEquals(403, answer.status());
    }

    @Test
    void revokedSessionDoesNotTurnInACircle() {
        gate.revoke(gate.user, gate.now);
        Answer answer = back(gate.start(Requests.page("/")));

        nothingWasGiven(answer);
        assertEquals(400, answer.status());
    }
}
