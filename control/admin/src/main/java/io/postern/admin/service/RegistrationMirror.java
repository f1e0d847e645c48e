package io.postern.admin.service;

import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnDocument;
import io.postern.store.AuditEntry;
import java.util.List;
import java.util.Set;

/// Scripts written for the original set `identifierUris` and `web.redirectUris` of a registration after its mode became
/// SAML (7.2), and mean entity ids and reply URLs: the sign-on follows. Index and default mark of a URL that stays,
/// stay.
final class RegistrationMirror {
    private RegistrationMirror() {}

    /// @return what became of the sign-on, for the entry of whoever changed the registration
    static List<AuditEntry.Modified> follow(Change change, Application changed, Applications.Patch patch) {
        if (!patch.identifierUris().given() && !patch.redirectUris().given()) {
            return List.of();
        }
        return change.stores()
                .samlSignOns()
                .find(change.tenant(), changed.appId())
                .map(old -> put(change, old, followed(changed, patch, old)))
                .orElse(List.of());
    }

    private static SamlSignOn followed(Application changed, Applications.Patch patch, SamlSignOn old) {
        var document = SignOnDocument.write(old);
        if (patch.identifierUris().given()) {
            document.put("identifierUris", changed.identifierUris());
        }
        try {
            if (patch.redirectUris().given()) {
                Set<String> managed = ManagedParts.redirects(changed.publishing());
                List<ReplyUrl> replies = changed.redirectUris().stream()
                        .filter(uri -> !managed.contains(uri))
                        .map(uri -> old.replyUrl(uri).orElseGet(() -> ReplyUrl.of(uri)))
                        .toList();
                document.put("replyUrls", SignOnDocument.replies(replies));
            }
            return SignOnDocument.read(old.tenant(), old.application(), document);
        } catch (ClaimsFault e) {
            throw Rejected.invalid("web.redirectUris", String.valueOf(e.getMessage()));
        }
    }

    private static List<AuditEntry.Modified> put(Change change, SamlSignOn old, SamlSignOn followed) {
        if (!followed.equals(old)) {
            change.stores().samlSignOns().put(followed);
        }
        return Differences.between("signOn.", old, followed);
    }
}
