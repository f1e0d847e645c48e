package io.postern.identity.federation;

import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Upstream;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.saml.Header;
import io.postern.saml.LogoutRequest;
import io.postern.saml.LogoutResponse;
import io.postern.saml.RedirectBinding;
import io.postern.saml.Status;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.XmlVerifier;
import io.postern.store.IdentityProviderStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.w3c.dom.Element;

/// LogoutRequests of SAML identity providers (SAML profiles 4.4): signed by a key of their metadata, for us, of
/// now.
final class SamlLogout {
    /// How long one may be on its way, through a browser.
    static final Duration AGE_MAX = Duration.ofMinutes(5);

    private final UpstreamDocuments documents;
    private final SamlUpstream saml;
    private final Addresses addresses;
    private final Clock clock;

    SamlLogout(UpstreamDocuments documents, SamlUpstream saml, Addresses addresses, Clock clock) {
        this.documents = documents;
        this.saml = saml;
        this.addresses = addresses;
        this.clock = clock;
    }

    /// What checks the signature, and leaves what it covers.
    @FunctionalInterface
    interface Signed {
        Element verified(XmlVerifier verifier) throws RefusedMessage;
    }

    static Signed redirected(RedirectBinding.Received received) {
        return verifier -> {
            received.verify(verifier);
            return received.root();
        };
    }

    static Signed posted(Element root) {
        return verifier -> verifier.verify(root).element();
    }

    LogoutRequest read(IdentityProvider provider, Upstream.Saml settings, Signed message) throws UpstreamFault {
        try {
            return checked(provider, settings, verified(provider, settings, message));
        } catch (RefusedMessage e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private Element verified(IdentityProvider provider, Upstream.Saml settings, Signed message)
            throws RefusedMessage, UpstreamFault {
        try {
            return message.verified(verifier(documents.metadata(provider, settings, false)));
        } catch (RefusedMessage e) {
            if (e.refusal() != Refusal.BAD_SIGNATURE || settings.metadataUrl().isEmpty()) {
                throw e;
            }
            return message.verified(verifier(documents.metadata(provider, settings, true)));
        }
    }

    private static XmlVerifier verifier(IdpMetadata metadata) {
        return new XmlVerifier(
                metadata.signing().stream().map(X509Certificate::getPublicKey).toList(), SignatureAlgorithm.STRONG);
    }

    private LogoutRequest checked(IdentityProvider provider, Upstream.Saml settings, Element root)
            throws RefusedMessage, UpstreamFault {
        LogoutRequest request = LogoutRequest.read(root);
        Header header = request.header();
        Instant now = clock.instant();
        if (!header.issuer().equals(settings.issuer())) {
            throw refused("its issuer is '" + header.issuer() + "'");
        }
        String here = addresses.signedOut(provider.tenant(), provider.id());
        if (!header.destination().equals(Optional.of(here))) {
            throw refused("it is for '" + header.destination().orElse("") + "', not for '" + here + "'");
        }
        if (header.issued().isAfter(now.plus(SamlUpstream.SKEW))
                || header.issued().isBefore(now.minus(AGE_MAX))) {
            throw refused("it was issued at " + header.issued() + ", and now is " + now);
        }
        Optional<Instant> until = Elements.time(root, "NotOnOrAfter");
        if (until.isPresent() && !now.isBefore(until.get().plus(SamlUpstream.SKEW))) {
            throw refused("it counted until " + until.get());
        }
        if (request.nameId().isEmpty() && request.sessionIndexes().isEmpty()) {
            throw refused("it names nobody in clear and no SessionIndex; let it leave the identifier unencrypted");
        }
        return request;
    }

    private static UpstreamFault refused(String why) {
        return new UpstreamFault(Kind.INVALID, "its logout request is not taken: " + OidcUpstream.printable(why));
    }

    /// Where the browser goes with our answer; empty where the provider takes none by redirect.
    Optional<String> answer(
            IdentityProviderStore.Row row, Upstream.Saml settings, LogoutRequest asked, Optional<String> relayState)
            throws UpstreamFault {
        IdentityProvider provider = row.provider();
        Optional<String> url = documents.metadata(provider, settings, false).logoutAnswerUrl();
        if (url.isEmpty()) {
            return Optional.empty();
        }
        var message = new LogoutResponse(
                Header.of(clock.instant(), url.get(), addresses.of(provider.tenant(), provider.id())),
                Optional.of(asked.header().id()),
                Status.SUCCESS);
        return Optional.of(saml.signedRedirect(row, settings, url.get(), "SAMLResponse", message.write(), relayState));
    }
}
