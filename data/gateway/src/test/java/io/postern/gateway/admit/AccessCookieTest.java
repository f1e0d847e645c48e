package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.UserId;
import io.postern.domain.publish.OwnCookies;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cookie of one application: what it opens, how it is set.
class AccessCookieTest {
    private final Gate gate = new Gate();
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
                302, gate.answer(Requests.page("/other/", "cookie", renamed)).status());
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
                401, gate.answer(Requests.head("POST", "/", "cookie", cookie)).status());
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

    private static PublishedApplication framed(UserId user, boolean httpOnly, boolean persistent, boolean none) {
        return Pictures.of(
                Publishing.of(
                                ExternalUrl.parse("https://wiki.postern.test/"),
                                InternalUrl.parse("http://a.internal/"),
                                PreAuthentication.POSTERN)
                        .with(PublishingSettings.DEFAULT.with(new OwnCookies(httpOnly, true, persistent, none))),
                Set.of(user));
    }

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
        String set =
                on.start(Requests.page("/")).answer().fields().get("set-cookie").toString();

        assertEquals("Path=/; Secure; HttpOnly; SameSite=None", set.split("; ", 2)[1]);
    }

    @Test
    void valueTellsNothing() {
        assertFalse(setCookie(gate).contains("simon"));
    }
}
