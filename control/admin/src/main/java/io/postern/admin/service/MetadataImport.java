package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ServicePrincipalId;
import io.postern.saml.metadata.SpMetadata;
import io.postern.saml.xml.AssertionEncryption.DataCipher;
import io.postern.saml.xml.RefusedMessage;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Fills the sign-on of an application from what its service provider says of itself (3.4).
public final class MetadataImport {
    private static final Map<String, String> FORMATS = Map.of(
            "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "persistent",
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", "emailAddress",
            "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "unspecified",
            "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName", "windowsDomainQualifiedName");

    /// Ciphers for assertions by their identifiers, the best one first.
    private static final SequencedMap<String, String> CIPHERS = new LinkedHashMap<>();

    static {
        CIPHERS.put(DataCipher.AES256_GCM.uri(), "aes256Gcm");
        CIPHERS.put(DataCipher.AES128_GCM.uri(), "aes128Gcm");
        CIPHERS.put(DataCipher.AES256_CBC.uri(), "aes256Cbc");
        CIPHERS.put(DataCipher.AES128_CBC.uri(), "aes128Cbc");
    }

    /// @param taken the properties that were set
    /// @param suggestions claims that the service provider asks for, by full name, with the attribute that fits; an
    ///     empty text where none is known
    /// @param warnings what it says beside that somebody should know
    public record Imported(
            SignOns.Seen seen, List<String> taken, Map<String, String> suggestions, List<String> warnings) {}

    private final SignOns signOns;

    public MetadataImport(SignOns signOns) {
        this.signOns = signOns;
    }

    /// @param file the metadata as the service provider gave it
    public Outcome<Imported> run(Actor actor, ServicePrincipalId id, byte[] file) {
        SpMetadata metadata;
        try {
            metadata = SpMetadata.read(file);
        } catch (RefusedMessage e) {
            return Outcome.invalid(
                    "metadata",
                    "the metadata cannot be used: " + e.getMessage()
                            + "; download it again from the service provider, or set identifier and reply URL by hand");
        }
        var warnings = new ArrayList<String>();
        Map<String, @Nullable Object> patch = patch(metadata, warnings);
        return signOns.patch(actor, id, patch)
                .then(seen -> Outcome.done(
                        new Imported(seen, List.copyOf(patch.keySet()), suggestions(metadata), List.copyOf(warnings))));
    }

    private static Map<String, @Nullable Object> patch(SpMetadata metadata, List<String> warnings) {
        var patch = new LinkedHashMap<String, @Nullable Object>();
        patch.put("preferredSingleSignOnMode", "saml");
        patch.put("identifierUris", List.of(metadata.entityId()));
        patch.put(
                "replyUrls",
                metadata.replies().stream().map(MetadataImport::reply).toList());
        metadata.logoutUrl().ifPresent(url -> patch.put("logoutUrl", url));
        format(metadata).ifPresent(format -> patch.put("claimsPolicy", Map.of("nameId", Map.of("format", format))));
        List<Map<String, Object>> signing = certificates(metadata.signing());
        if (!signing.isEmpty()) {
            patch.put("requests", Map.of("requireSigned", metadata.requestsSigned(), "certificates", signing));
            if (metadata.requestsSigned()) {
                warnings.add(
                        "the service provider signs its requests, so signed requests are required from now on; sign-on"
                                + " that is begun here is off by that");
            }
        } else if (metadata.requestsSigned()) {
            warnings.add("the service provider says that it signs its requests but gives no certificate for it; its"
                    + " signatures are not checked");
        }
        List<Map<String, Object>> encryption = certificates(metadata.encryption());
        if (!encryption.isEmpty()) {
            var wanted = new LinkedHashMap<String, Object>();
            wanted.put("certificates", encryption);
            cipher(metadata).ifPresent(word -> wanted.put("algorithm", word));
            patch.put("encryption", wanted);
            if (!metadata.encryptionMethods().isEmpty() && cipher(metadata).isEmpty()) {
                warnings.add("the service provider names no cipher for assertions that is known here ("
                        + String.join(", ", metadata.encryptionMethods()) + "); the algorithm stays as it is");
            }
            warnings.add("an encryption certificate was stored but is not active: to have assertions encrypted, set"
                    + " encryption.activeKeyId, or give it to 'postern app sso set NAME --encrypt FILE'");
        }
        if (metadata.wantsAssertionsSigned()) {
            patch.put("signing", Map.of("option", "assertion"));
        }
        metadata.validUntil()
                .ifPresent(until -> warnings.add("this metadata is valid until " + until
                        + "; the service provider may have another certificate by then"));
        return patch;
    }

    /// The best of those that the service provider names.
    private static Optional<String> cipher(SpMetadata metadata) {
        return CIPHERS.entrySet().stream()
                .filter(known -> metadata.encryptionMethods().contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Map<String, Object> reply(SpMetadata.Reply reply) {
        var map = new HashMap<String, Object>();
        map.put("url", reply.url());
        reply.index().ifPresent(index -> map.put("index", index));
        map.put("isDefault", reply.isDefault());
        return map;
    }

    /// The first that we know; several mean that the service provider takes any of them.
    private static Optional<String> format(SpMetadata metadata) {
        return metadata.nameIdFormats().stream()
                .map(String::strip)
                .filter(FORMATS::containsKey)
                .findFirst()
                .map(FORMATS::get);
    }

    private static List<Map<String, Object>> certificates(List<X509Certificate> certificates) {
        var list = new ArrayList<Map<String, Object>>();
        for (X509Certificate certificate : certificates.stream().distinct().toList()) {
            try {
                list.add(Map.of(
                        "keyId", UUID.randomUUID().toString(),
                        "displayName", certificate.getSubjectX500Principal().getName(),
                        "key", Base64.getEncoder().encodeToString(certificate.getEncoded())));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("it was read just now", e);
            }
        }
        return list;
    }

    /// Attributes that service providers ask for by names that everybody uses.
    private static Map<String, String> suggestions(SpMetadata metadata) {
        Map<String, String> suggestions = new LinkedHashMap<>();
        metadata.requestedAttributes()
                .forEach(name ->
                        suggestions.put(name, ClaimSuggestions.attribute(name).orElse("")));
        return suggestions;
    }
}
