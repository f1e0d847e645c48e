package io.postern.identity.federation;

import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Stated;
import io.postern.domain.federation.Upstream;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.identity.protocol.Opaque;
import io.postern.saml.Assertion;
import io.postern.saml.Attribute;
import io.postern.saml.AuthnContexts;
import io.postern.saml.AuthnRequest;
import io.postern.saml.Expectations;
import io.postern.saml.Header;
import io.postern.saml.LogoutRequest;
import io.postern.saml.NameId;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.ResponseReader;
import io.postern.saml.SamlNames;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.metadata.SpMetadata;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import io.postern.store.IdentityProviderStore;
import io.postern.store.Store;
import io.postern.token.SealedPrivateKey;
import io.postern.token.Sealer;
import io.postern.web.Json;
import java.io.ByteArrayInputStream;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;

/// Our side of an upstream SAML identity provider: requests by redirect, responses by POST. What is believed was
/// signed by a key of its metadata, is for us, answers the request that this browser left with, and comes once.
final class SamlUpstream {
    static final Duration SKEW = Duration.ofMinutes(3);
    private static final String USED = "upstream-assertion";

    private final UpstreamDocuments documents;
    private final Store store;
    private final Sealer keySealer;
    private final Addresses addresses;
    private final Clock clock;

    SamlUpstream(UpstreamDocuments documents, Store store, Sealer keySealer, Addresses addresses, Clock clock) {
        this.documents = documents;
        this.store = store;
        this.keySealer = keySealer;
        this.addresses = addresses;
        this.clock = clock;
    }

    /// Where the browser goes. Its request has the id that [Departure#nonce] says.
    String question(IdentityProviderStore.Row row, Upstream.Saml saml, Departure departure) throws UpstreamFault {
        IdentityProvider provider = row.provider();
        IdpMetadata metadata = documents.metadata(provider, saml, false);
        var request = new AuthnRequest(
                new Header(
                        departure.nonce(),
                        clock.instant(),
                        Optional.of(metadata.signInUrl()),
                        addresses.of(provider.tenant(), provider.id())),
                Optional.of(addresses.acs(provider.tenant(), provider.id())),
                OptionalInt.empty(),
                Optional.of(SamlNames.BINDING_POST),
                departure.ageMax() >= 0,
                false,
                Optional.empty(),
                Optional.empty(),
                false);
        return redirect(
                metadata.signInUrl(),
                "SAMLRequest",
                request.write(),
                Optional.of(departure.state()),
                metadata.wantsRequestsSigned() || saml.signsRequests()
                        ? Optional.of(key(row, saml))
                        : Optional.empty());
    }

    /// @param field `SAMLResponse`
    Word answer(IdentityProviderStore.Row row, Upstream.Saml saml, Departure departure, String field)
            throws UpstreamFault {
        IdentityProvider provider = row.provider();
        try {
            return word(provider, read(row, saml, departure, field, false));
        } catch (RefusedMessage e) {
            if (e.refusal() == Refusal.BAD_SIGNATURE && saml.metadataUrl().isPresent()) {
                try {
                    return word(provider, read(row, saml, departure, field, true));
                } catch (RefusedMessage again) {
                    throw refused(again);
                }
            }
            throw refused(e);
        }
    }

    private static UpstreamFault refused(RefusedMessage e) {
        return new UpstreamFault(
                e.refusal() == Refusal.STATUS ? Kind.REFUSED : Kind.INVALID,
                "its response is not taken: " + OidcUpstream.printable(String.valueOf(e.getMessage())));
    }

    private Assertion read(
            IdentityProviderStore.Row row, Upstream.Saml saml, Departure departure, String field, boolean newer)
            throws RefusedMessage, UpstreamFault {
        IdentityProvider provider = row.provider();
        IdpMetadata metadata = documents.metadata(provider, saml, newer);
        var expected = new Expectations(
                saml.issuer(),
                metadata.signing().stream().map(X509Certificate::getPublicKey).toList(),
                SignatureAlgorithm.STRONG,
                addresses.of(provider.tenant(), provider.id()),
                addresses.acs(provider.tenant(), provider.id()),
                Optional.of(departure.nonce()),
                false,
                SKEW,
                List.of(key(row, saml)));
        return new ResponseReader(
                        expected,
                        (issuer, id, until) -> store.write(
                                s -> s.once().claim(USED, Opaque.hash(provider.id() + " " + issuer + " " + id), until)))
                .read(PostBinding.read(field), clock.instant());
    }

    private static Word word(IdentityProvider provider, Assertion assertion) throws UpstreamFault {
        var said = new LinkedHashMap<String, List<String>>();
        for (Attribute attribute : assertion.attributes()) {
            said.merge(attribute.name(), attribute.values(), (a, b) -> {
                var both = new ArrayList<>(a);
                both.addAll(b);
                return List.copyOf(both);
            });
        }
        NameId subject = assertion.subject();
        // a transient one is another tomorrow, and may be somebody else's then
        String name = subject.format().equals(SamlNames.NAMEID_TRANSIENT) ? "" : subject.value();
        Stated stated = provider.claims()
                .read(said, name)
                .orElseThrow(() -> new UpstreamFault(
                        Kind.INVALID,
                        "it names no lasting subject: let it send a persistent NameID, or map an attribute that is one"
                                + " person's for good"));
        return new Word(
                stated,
                assertion.authentication().classRef().equals(AuthnContexts.MULTIPLE_AUTHN)
                        || said.getOrDefault("http://schemas.microsoft.com/claims/authnmethodsreferences", List.of())
                                .contains(AuthnContexts.MULTIPLE_AUTHN),
                Optional.of(assertion.authentication().instant()),
                new Word.Session(
                        handle(subject, assertion.authentication().sessionIndex()),
                        subject.value(),
                        assertion.authentication().sessionIndex().orElse("")));
    }

    private static String handle(NameId subject, Optional<String> index) {
        var json = Json.MAPPER.createObjectNode();
        json.put("nameId", subject.value()).put("format", subject.format());
        subject.nameQualifier().ifPresent(q -> json.put("nameQualifier", q));
        subject.spNameQualifier().ifPresent(q -> json.put("spNameQualifier", q));
        index.ifPresent(i -> json.put("sessionIndex", i));
        return json.toString();
    }

    /// Where the session there ends; empty where the provider has no such address.
    Optional<String> signOut(IdentityProviderStore.Row row, Upstream.Saml saml, String handle, String state)
            throws UpstreamFault {
        IdentityProvider provider = row.provider();
        Optional<String> url = documents.metadata(provider, saml, false).logoutUrl();
        if (url.isEmpty()) {
            return Optional.empty();
        }
        JsonNode json = Json.MAPPER.readTree(handle);
        var request = new LogoutRequest(
                Header.of(clock.instant(), url.get(), addresses.of(provider.tenant(), provider.id())),
                Optional.of(new NameId(
                        json.path("nameId").asString(),
                        json.path("format").asString(),
                        text(json, "nameQualifier"),
                        text(json, "spNameQualifier"))),
                text(json, "sessionIndex").stream().toList());
        return Optional.of(
                signedRedirect(row, saml, url.get(), "SAMLRequest", request.write(), Optional.of(state)));
    }

    /// What an administrator of the provider reads in.
    String metadata(IdentityProviderStore.Row row, Upstream.Saml saml) {
        IdentityProvider provider = row.provider();
        Element entity = SpMetadata.write(
                addresses.of(provider.tenant(), provider.id()),
                addresses.acs(provider.tenant(), provider.id()),
                addresses.signedOut(provider.tenant(), provider.id()),
                certificate(saml),
                saml.signsRequests());
        return Markup.write(entity);
    }

    /// @param parameter `SAMLRequest` or `SAMLResponse`
    String signedRedirect(
            IdentityProviderStore.Row row,
            Upstream.Saml saml,
            String url,
            String parameter,
            Element message,
            Optional<String> relayState)
            throws UpstreamFault {
        return redirect(url, parameter, message, relayState, Optional.of(key(row, saml)));
    }

    private SigningKey key(IdentityProviderStore.Row row, Upstream.Saml saml) throws UpstreamFault {
        PrivateKey key = SealedPrivateKey.open(keySealer, saml.keyId(), row.sealed())
                .orElseThrow(() -> new UpstreamFault(
                        Kind.UNREACHABLE, "our own key for it cannot be opened; remove the provider and add it again"));
        return new SigningKey(key, certificate(saml));
    }

    private static X509Certificate certificate(Upstream.Saml saml) {
        try {
            byte[] der = Base64.getDecoder().decode(saml.certificate());
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that we made", e);
        }
    }

    private static String redirect(
            String url, String parameter, Element message, Optional<String> relayState, Optional<SigningKey> key) {
        String query = RedirectBinding.write(
                parameter,
                message,
                relayState,
                key.map(k -> new XmlSigner(k, SignatureAlgorithm.RSA_SHA256)).orElse(null));
        return url + (url.indexOf('?') < 0 ? "?" : "&") + query;
    }

    private static Optional<String> text(JsonNode json, String name) {
        return json.path(name).isString() ? Optional.of(json.path(name).asString()) : Optional.empty();
    }
}
