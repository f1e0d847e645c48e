package io.postern.domain.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import io.postern.domain.publish.BackendSignOn.None;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// IDT-1, OBO-1, SSO-1: which tokens may go to a backend, and beside what.
class OnwardTokensTest {
    private static final Kerberos KERBEROS =
            new Kerberos("HTTP/app.corp", LoginIdentity.USER_PRINCIPAL_NAME, Mechanism.SPNEGO, false);
    private static final Optional<IdentityHeader> IDENTITY =
            Optional.of(new IdentityHeader(IdentityHeader.DEFAULT_NAME, Optional.empty()));
    private static final Optional<String> BACKEND = Optional.of("api://orders/read");

    private static String refusal(Runnable what) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }

    @Test
    void whatWeSetClientsMayNot() {
        assertEquals(
                Set.of("x-identity-token", "authorization"),
                new SignOnSettings(new None(), IDENTITY, BACKEND).reservedFields());
        assertEquals(
                Set.of("x-identity-token", "authorization"),
                new SignOnSettings(KERBEROS, IDENTITY, Optional.empty()).reservedFields());
        assertTrue(new SignOnSettings(new None(), IDENTITY, Optional.empty()).needsPerson());
        assertTrue(new SignOnSettings(new None(), Optional.empty(), BACKEND).needsPerson());
        assertFalse(SignOnSettings.DEFAULT.needsPerson());
    }

    @Test
    void thereIsOneAuthorizationField() {
        String why = refusal(() -> new SignOnSettings(KERBEROS, Optional.empty(), BACKEND));
        assertTrue(why.contains("backendToken") && why.contains("onPremisesKerberos"), why);
        assertTrue(why.contains("OBO-1"), why);
    }

    @Test
    void anotherModeKeepsTheTokens() {
        var before = new SignOnSettings(new None(), IDENTITY, Optional.empty());
        assertEquals(IDENTITY, before.with(KERBEROS).identityHeader());
    }

    @Test
    void whereNobodyIsKnownEachIsRefusedByName() {
        for (SignOnSettings one : List.of(
                new SignOnSettings(new None(), IDENTITY, Optional.empty()),
                new SignOnSettings(new None(), Optional.empty(), BACKEND))) {
            String why = refusal(() -> Publishing.of(
                            ExternalUrl.parse("https://a.example/"),
                            InternalUrl.parse("https://a.corp/"),
                            PreAuthentication.PASSTHROUGH)
                    .with(PublishingSettings.DEFAULT.with(one)));
            assertTrue(why.contains(one.identityHeader().isPresent() ? "identityToken" : "backendToken"), why);
            assertTrue(why.contains("passthrough") && why.contains("SSO-1"), why);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1X",
                "X Token",
                "X_Token",
                "X:Token",
                "X-Tökén",
                "Host",
                "Cookie",
                "Authorization",
                "Content-Length",
                "Transfer-Encoding",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Key",
                "X-Forwarded-For",
                "X-Forwarded-User",
                "Postern-Sign-On",
                "Proxy-Authorization",
                "If-None-Match",
                "Via"
            })
    void aFieldThatHasAnotherMeaningIsRefused(String name) {
        String why = refusal(() -> new IdentityHeader(name, Optional.empty()));
        assertTrue(why.contains("'" + name + "'") && why.contains("X-Identity-Token"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\nb", "ä"})
    void anAudienceIsOneWord(String audience) {
        assertTrue(
                refusal(() -> new IdentityHeader("X-T", Optional.of(audience))).contains("audience"));
    }

    /// CGI and its kin take both for one name.
    @Test
    void aHeaderOfTheModeIsNotTakenInAnotherSpelling() {
        var headers = new BackendSignOn.Headers(List.of(new SignOnHeader(
                "X_Who",
                "/",
                new SignOnHeader.From.Claim(Rows.of(Source.constant("x"))),
                HeaderEncoding.PERCENT,
                false,
                ',',
                false)));
        String why = refusal(() -> new SignOnSettings(
                headers, Optional.of(new IdentityHeader("X-Who", Optional.empty())), Optional.empty()));
        assertTrue(why.contains("'X-Who'") && why.contains("aadHeaderBased"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "api://orders/read\r\nx: y", "/"})
    void aScopeNamesAnApiAndAPermission(String scope) {
        assertTrue(refusal(() -> new SignOnSettings(new None(), Optional.empty(), Optional.of(scope)))
                .contains("OBO-1"));
    }
}
