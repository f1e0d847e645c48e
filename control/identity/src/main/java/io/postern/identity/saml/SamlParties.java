package io.postern.identity.saml;

import io.postern.domain.AppId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import io.postern.store.SamlCertificate;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.token.SealedPrivateKey;
import io.postern.token.Sealer;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds service providers, and what we sign with for each.
final class SamlParties {
    private final Store store;
    private final Sealer keySealer;
    private final ServiceAddress address;
    private final Clock clock;

    /// @param keySealer of the master key, for the private keys of signing certificates
    SamlParties(Store store, Sealer keySealer, ServiceAddress address, Clock clock) {
        this.store = store;
        this.keySealer = keySealer;
        this.address = address;
        this.clock = clock;
    }

    ServiceAddress address() {
        return address;
    }

    Optional<SamlParty> find(Tenant tenant, String appId) {
        Optional<AppId> id = appId(appId);
        return store.read(s ->
                id.flatMap(a -> s.samlSignOns().find(tenant.id(), a)).flatMap(on -> party(s, tenant, on)));
    }

    /// @param identifier entity ID or `wtrealm`, letter by letter
    Optional<SamlParty> findByIdentifier(Tenant tenant, String identifier) {
        return store.read(
                s -> s.samlSignOns().findByIdentifier(tenant.id(), identifier).flatMap(on -> party(s, tenant, on)));
    }

    boolean isReply(Tenant tenant, String url) {
        return store.read(s -> s.samlSignOns().list(tenant.id())).stream()
                .filter(on -> on.mode() == SignOnMode.SAML)
                .flatMap(on -> on.replyUrls().stream())
                .map(reply -> address.follow(reply.url()))
                .anyMatch(url::equals);
    }

    /// What names the tenant, or the tenant and the application, in everything we send.
    String issuer(SamlParty party) {
        String ofTenant = issuer(party.tenant());
        return party.settings().claims().applicationIdInIssuer() ? ofTenant + party.appId() : ofTenant;
    }

    String issuer(Tenant tenant) {
        return address.origin(OwnHost.LOGIN) + "/" + tenant.id() + "/";
    }

    /// The address of one of our endpoints, by the tenant's id: names may change, metadata stays where it was copied.
    String endpoint(Tenant tenant, String name) {
        return issuer(tenant) + name;
    }

    /// Empty when the application has no certificate, or its key cannot be opened.
    Optional<XmlSigner> signer(SamlParty party) {
        Instant now = clock.instant();
        List<SamlCertificate> all =
                store.read(s -> s.samlCertificates().list(party.tenant().id(), party.appId()));
        return SamlCertificate.inForce(all, now)
                .flatMap(certificate -> open(certificate)
                        .map(key -> new XmlSigner(new SigningKey(key, certificate.certificate()), party.algorithm())));
    }

    /// The one in force first, then those that an administrator may make active: readers must know them before.
    List<X509Certificate> certificates(SamlParty party) {
        Instant now = clock.instant();
        List<SamlCertificate> all =
                store.read(s -> s.samlCertificates().list(party.tenant().id(), party.appId()));
        Optional<SamlCertificate> first = SamlCertificate.inForce(all, now);
        return Stream.concat(first.stream(), all.stream().filter(c -> now.isBefore(c.expires())))
                .distinct()
                .map(SamlCertificate::certificate)
                .toList();
    }

    /// Of every application of the tenant, for readers of the tenant's own metadata.
    List<X509Certificate> certificates(Tenant tenant) {
        return store
                .read(s -> s.samlSignOns().list(tenant.id()).stream()
                        .filter(on -> on.mode() == SignOnMode.SAML)
                        .flatMap(on -> party(s, tenant, on).stream())
                        .toList())
                .stream()
                .sorted(Comparator.comparing(party -> party.appId().value()))
                .flatMap(party -> certificates(party).stream().limit(1))
                .toList();
    }

    private static Optional<SamlParty> party(Stores s, Tenant tenant, SamlSignOn settings) {
        return s.servicePrincipals()
                .findByAppId(tenant.id(), settings.application())
                .map(principal -> new SamlParty(tenant, settings, principal));
    }

    private Optional<PrivateKey> open(SamlCertificate certificate) {
        return SealedPrivateKey.open(keySealer, certificate.keyId(), certificate.sealed());
    }

    private static Optional<AppId> appId(String text) {
        try {
            return Optional.of(new AppId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
