package io.postern.domain.signon;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.signon.SamlSignOn.Encryption;
import io.postern.domain.signon.SamlSignOn.Requests;
import io.postern.domain.signon.SamlSignOn.Signing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sign-on of an application as plain maps, with the names of the API (docs/api.md "Sign-on"). The certificates
/// in it are public ones of the service provider; signing keys of ours are never part of it.
public final class SignOnDocument {
    private static final Map<String, SignOnMode> MODES =
            Stream.of(SignOnMode.values()).collect(Collectors.toMap(SignOnMode::text, mode -> mode));
    private static final Map<String, Signing.Option> OPTIONS = Map.of(
            "assertion", Signing.Option.ASSERTION, "response", Signing.Option.RESPONSE, "both", Signing.Option.BOTH);
    private static final Map<String, Signing.Algorithm> ALGORITHMS =
            Map.of("sha256", Signing.Algorithm.SHA256, "sha1", Signing.Algorithm.SHA1);
    private static final Map<String, Encryption.Algorithm> CIPHERS = Map.of(
            "aes256Gcm", Encryption.Algorithm.AES256_GCM,
            "aes128Gcm", Encryption.Algorithm.AES128_GCM,
            "aes256Cbc", Encryption.Algorithm.AES256_CBC,
            "aes128Cbc", Encryption.Algorithm.AES128_CBC);

    private SignOnDocument() {}

    /// @throws io.postern.domain.claims.ClaimsFault with the path of what is wrong
    public static SamlSignOn read(
            TenantId tenant, AppId application, Map<String, ? extends @Nullable Object> document) {
        return Tree.read(
                document,
                tree -> new SamlSignOn(
                        tenant,
                        application,
                        tree.word("preferredSingleSignOnMode", SignOnMode.NOT_SUPPORTED, MODES),
                        tree.texts("identifierUris"),
                        tree.all("replyUrls", SignOnDocument::reply),
                        text(tree, "loginUrl"),
                        text(tree, "relayState"),
                        text(tree, "logoutUrl"),
                        tree.child("signing", SignOnDocument::signing).orElse(Signing.DEFAULT),
                        tree.child("requests", SignOnDocument::requests).orElse(Requests.DEFAULT),
                        tree.child("encryption", SignOnDocument::encryption).orElse(Encryption.NONE),
                        tree.texts("notificationEmailAddresses"),
                        tree.child("claimsPolicy", ClaimsDocument::policy).orElse(ClaimsPolicy.DEFAULT)));
    }

    private static Optional<String> text(Tree tree, String name) {
        return tree.text(name).filter(text -> !text.isEmpty());
    }

    private static ReplyUrl reply(Tree tree) {
        return new ReplyUrl(tree.need("url"), tree.number("index"), tree.flag("isDefault", false));
    }

    private static Signing signing(Tree tree) {
        return new Signing(
                tree.word("option", Signing.DEFAULT.option(), OPTIONS),
                tree.word("algorithm", Signing.DEFAULT.algorithm(), ALGORITHMS),
                tree.flag("roleDescriptors", Signing.DEFAULT.roleDescriptors()));
    }

    private static Requests requests(Tree tree) {
        return new Requests(
                tree.flag("requireSigned", false),
                tree.flag("allowSha1", false),
                tree.all("certificates", SignOnDocument::certificate));
    }

    private static Encryption encryption(Tree tree) {
        return new Encryption(
                tree.all("certificates", SignOnDocument::certificate),
                text(tree, "activeKeyId"),
                tree.word("algorithm", Encryption.NONE.algorithm(), CIPHERS));
    }

    /// Times and thumbprint, which are shown with it, follow from the certificate itself.
    private static PartnerCertificate certificate(Tree tree) {
        PartnerCertificate read = PartnerCertificate.parse(
                "key", tree.need("key"), tree.text("displayName").orElse(""));
        tree.text("thumbprint");
        tree.text("endDateTime");
        return tree.text("keyId")
                .map(id -> new PartnerCertificate(canonical(id), read.displayName(), read.base64()))
                .orElse(read);
    }

    private static String canonical(String id) {
        try {
            return UUID.fromString(id).toString();
        } catch (IllegalArgumentException e) {
            throw new ClaimsFault("keyId", "'" + id + "' is no UUID; leave keyId out");
        }
    }

    public static Map<String, @Nullable Object> write(SamlSignOn signOn) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        map.put("preferredSingleSignOnMode", signOn.mode().text());
        map.put("identifierUris", signOn.identifiers());
        map.put("replyUrls", replies(signOn.replyUrls()));
        map.put("loginUrl", signOn.signOnUrl().orElse(null));
        map.put("relayState", signOn.relayState().orElse(null));
        map.put("logoutUrl", signOn.logoutUrl().orElse(null));
        Signing signing = signOn.signing();
        map.put(
                "signing",
                Words.map(
                        "option", Words.text(signing.option(), OPTIONS),
                        "algorithm", Words.text(signing.algorithm(), ALGORITHMS),
                        "roleDescriptors", signing.roleDescriptors()));
        Requests requests = signOn.requests();
        map.put(
                "requests",
                Words.map(
                        "requireSigned", requests.required(),
                        "allowSha1", requests.allowSha1(),
                        "certificates", certificates(requests.certificates())));
        var encryption = new LinkedHashMap<String, @Nullable Object>();
        encryption.put("activeKeyId", signOn.encryption().active().orElse(null));
        encryption.put("algorithm", Words.text(signOn.encryption().algorithm(), CIPHERS));
        encryption.put("certificates", certificates(signOn.encryption().certificates()));
        map.put("encryption", encryption);
        map.put("notificationEmailAddresses", signOn.notificationAddresses());
        map.put("claimsPolicy", ClaimsDocument.write(signOn.ownClaims()));
        return map;
    }

    /// As they stand in the document.
    public static List<Map<String, Object>> replies(List<ReplyUrl> replies) {
        return replies.stream().map(SignOnDocument::reply).toList();
    }

    private static Map<String, Object> reply(ReplyUrl reply) {
        var map = new LinkedHashMap<String, Object>();
        map.put("url", reply.url());
        reply.index().ifPresent(index -> map.put("index", index));
        map.put("isDefault", reply.isDefault());
        return map;
    }

    private static List<Map<String, Object>> certificates(List<PartnerCertificate> certificates) {
        var list = new ArrayList<Map<String, Object>>();
        for (PartnerCertificate certificate : certificates) {
            var map = new LinkedHashMap<String, Object>();
            map.put("keyId", certificate.keyId());
            map.put("displayName", certificate.displayName());
            map.put("thumbprint", certificate.thumbprint());
            map.put(
                    "endDateTime",
                    certificate.certificate().getNotAfter().toInstant().toString());
            map.put("key", certificate.base64());
            list.add(map);
        }
        return list;
    }
}
