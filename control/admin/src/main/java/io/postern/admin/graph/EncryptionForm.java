package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.admin.service.SignOns;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.SamlSignOn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Token encryption as the original's scripts set it on an application: `keyCredentials` with usage `Encrypt` and
/// `tokenEncryptionKeyId` (3.4.2). It is `encryption` of the sign-on document by other names, and nothing else.
final class EncryptionForm {
    private EncryptionForm() {}

    /// A patch of the sign-on document; empty when the form says nothing of encryption.
    static Map<String, @Nullable Object> read(JsonForm form) {
        var encryption = new LinkedHashMap<String, @Nullable Object>();
        Edit<String> active = form.clearable("tokenEncryptionKeyId");
        if (active.given()) {
            encryption.put("activeKeyId", active.value().orElse(null));
        }
        Edit<List<JsonForm>> keys = form.objects("keyCredentials");
        if (keys.given()) {
            encryption.put(
                    "certificates",
                    keys.or(List.of()).stream().map(EncryptionForm::certificate).toList());
        }
        var patch = new LinkedHashMap<String, @Nullable Object>();
        if (!encryption.isEmpty()) {
            patch.put("encryption", encryption);
        }
        return patch;
    }

    private static Map<String, Object> certificate(JsonForm key) {
        if (!key.text("usage").or("").equals("Encrypt")) {
            key.fault(
                    "usage",
                    "usage must be Encrypt here; a key by which the application proves itself is added by addKey");
        }
        for (String ignored : List.of("type", "startDateTime", "endDateTime", "customKeyIdentifier", "thumbprint")) {
            key.unchecked(ignored); // follows from the certificate
        }
        return Map.of(
                "keyId", key.text("keyId").or(UUID.randomUUID().toString()),
                "displayName", key.clearable("displayName").or(""),
                "key", key.text("key").or(""));
    }

    static void addTo(ObjectNode json, SignOns.Seen seen) {
        SamlSignOn.Encryption encryption = seen.signOn().encryption();
        encryption
                .active()
                .ifPresentOrElse(
                        id -> json.put("tokenEncryptionKeyId", id), () -> json.putNull("tokenEncryptionKeyId"));
        if (!(json.get("keyCredentials") instanceof ArrayNode keys)) {
            return;
        }
        for (PartnerCertificate certificate : encryption.certificates()) {
            keys.addObject()
                    .put("keyId", certificate.keyId())
                    .put("displayName", certificate.displayName())
                    .put("type", "AsymmetricX509Cert")
                    .put("usage", "Encrypt")
                    .put("thumbprint", certificate.thumbprint())
                    .put("key", certificate.base64())
                    .put(
                            "endDateTime",
                            certificate.certificate().getNotAfter().toInstant().toString());
        }
    }
}
