package io.postern.identity.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.AppId;
import io.postern.domain.ExternalDoor;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.PreAuthentication;
import io.postern.domain.ServiceAddress;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.store.ServicePrincipal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where sign-in comes back to.
class RelyingPartyTest {
    private static final ServiceAddress ADDRESS = new ServiceAddress("postern.test", 8443);

    private static RelyingParty published(String external, String alternate) {
        Publishing plain = Publishing.of(
                ExternalUrl.parse(external), InternalUrl.parse("http://wiki.corp/"), PreAuthentication.POSTERN);
        Publishing publishing =
                plain.with(plain.settings().alternately(Optional.of(ExternalUrl.parse(alternate)), false));
        TenantId tenant = TenantId.random();
        AppId id = AppId.random();
        return new RelyingParty(
                new Application(
                        tenant,
                        ObjectId.random(),
                        id,
                        "Wiki",
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(publishing),
                        Optional.empty(),
                        false,
                        false,
                        Instant.EPOCH),
                new ServicePrincipal(
                        tenant, ServicePrincipalId.random(), id, "Wiki", true, true, List.of(), Instant.EPOCH),
                ClientSettings.DEFAULT);
    }

    /// FE-2: on the host of the alternate URL it comes back to that host, so that its cookie is there.
    @ParameterizedTest
    @CsvSource({
        "https://wiki.contoso.example:8443, true",
        "https://www.contoso.example:8443, true",
        "https://www.contoso.example, false",
        "http://www.contoso.example:8443, false",
        "https://blog.contoso.example:8443, false",
        "https://www.contoso.example.evil.example:8443, false",
        "https://evil.example/www.contoso.example:8443, false",
        "https://user@www.contoso.example:8443, false",
    })
    void comesBackToTheExternalAndTheAlternateHostAndNoOther(String origin, boolean accepted) {
        RelyingParty party = published("https://wiki.contoso.example/", "https://www.contoso.example/");

        assertEquals(
                accepted,
                party.redirectKind(origin + ExternalDoor.CALLBACK, ADDRESS).isPresent());
    }
}
