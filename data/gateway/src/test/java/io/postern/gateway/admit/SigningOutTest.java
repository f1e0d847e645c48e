package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.token.SignOutProof;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `/.postern/signout`, and that nothing else is below the reserved path.
class SigningOutTest {
    private final Gate gate = new Gate();

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

    /// What spares the user a question at the provider: only a page of the host itself can get it, and no cookie of
    /// another application can.
    @ParameterizedTest
    @CsvSource({
        "same-origin, true, true",
        "same-site, true, false",
        "cross-site, true, false",
        "none, true, false",
        "same-origin, false, false"
    })
    void provesToTheProviderThatAPageOfTheHostAsked(String site, boolean signedIn, boolean proved) {
        String cookie = gate.signIn();
        var elsewhere = Pictures.preAuthenticated("https://wiki.postern.test/", gate.user);

        Answer answer = gate.answer(Requests.page(
                "/.postern/signout",
                "sec-fetch-site",
                site,
                "cookie",
                signedIn
                        ? cookie
                        : cookie.replace(
                                gate.wiki.appId().value(), elsewhere.appId().value())));

        List<String> proof = new QueryStringDecoder(Gate.location(answer))
                .parameters()
                .getOrDefault(SignOutProof.PARAMETER, List.of());
        assertEquals(
                proved,
                proof.stream().anyMatch(p -> new SignOutProof(gate.ring).holds(p, gate.session.value(), gate.now)));
        assertEquals(proved ? 1 : 0, proof.size());
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
                404, gate.answer(Requests.page(target, "cookie", gate.signIn())).status());
    }
}
