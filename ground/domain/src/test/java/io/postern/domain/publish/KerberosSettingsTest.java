package io.postern.domain.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ExternalHost;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// KCD-8 and KCD-11: which service principal names an application may have.
class KerberosSettingsTest {
    private static final ExternalUrl WILDCARD = new ExternalUrl("https", new ExternalHost("*.apps.example"), "/");

    private static PublishingSettings with(String spn) {
        return PublishingSettings.DEFAULT.with(
                new SignOnSettings(new Kerberos(spn, LoginIdentity.USER_PRINCIPAL_NAME, Mechanism.SPNEGO, false)));
    }

    private static Publishing wildcard(String spn, List<Segment> segments) {
        return new Publishing(
                WILDCARD, InternalUrl.parse("https://*.corp.test/"), PreAuthentication.POSTERN, segments, with(spn));
    }

    private static String refusal(Runnable what) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/app.corp.test",
                "http/App.Corp.Test",
                "HTTP/app",
                "HTTP/app.corp.test:8080",
                "HTTP/app.corp.test@CORP.TEST",
                "MSSQLSvc/db-1.corp.test:1433/INST_1"
            })
    void aNameIsKeptAsItIsWritten(String spn) {
        assertEquals(
                spn,
                new Kerberos(spn, LoginIdentity.USER_PRINCIPAL_NAME, Mechanism.SPNEGO, false).servicePrincipalName());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.corp.test",
                "HTTP/",
                "/app",
                "HTTP/a b",
                "HTTP/app.corp.test ",
                "HTTP/a.*.corp",
                "HTTP/a\nb",
                "HTTP/ä.corp",
                "https://app.corp.test/"
            })
    void whatIsNoNameIsRefused(String spn) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Kerberos(spn, LoginIdentity.USER_PRINCIPAL_NAME, Mechanism.SPNEGO, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/*.corp.test", "http/*.CORP.test", "HTTP/*", "HTTP/farm.corp.test"})
    void aWildcardApplicationMayHaveAWildcard(String spn) {
        assertEquals(with(spn), wildcard(spn, List.of()).settings());
    }

    @Test
    void otherHostsThanTheApplicationsAreRefused() {
        String why = refusal(() -> wildcard("HTTP/*.other.test", List.of()));
        assertTrue(why.contains("HTTP/*.corp.test"), why);
    }

    @Test
    void withoutAWildcardOfTheApplicationThereIsNone() {
        String why = refusal(() -> new Publishing(
                new ExternalUrl("https", new ExternalHost("wiki.apps.example"), "/"),
                InternalUrl.parse("https://wiki.corp.test/"),
                PreAuthentication.POSTERN,
                List.of(),
                with("HTTP/*.corp.test")));
        assertTrue(why.contains("HTTP/wiki.corp.test"), why);
    }

    @Test
    void complexApplicationsHaveOneNameForAll() {
        var segment = new Segment(
                new ExternalUrl("https", new ExternalHost("a.apps.example"), "/"),
                InternalUrl.parse("https://a.corp.test/"),
                Optional.empty(),
                List.of());
        assertTrue(refusal(() -> wildcard("HTTP/*.corp.test", List.of(segment))).contains("KCD-11"));
        assertEquals(
                1, wildcard("HTTP/farm.corp.test", List.of(segment)).segments().size());
    }
}
