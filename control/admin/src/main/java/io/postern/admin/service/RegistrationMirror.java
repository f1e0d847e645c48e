package io.postern.admin.service;

import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnDocument;
import io.postern.store.AuditEntry;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Scripts written for the original set `identifierUris` and `web.redirectUris` of a registration after its mode became
/// SAML (7.2), and mean entity ids and reply URLs: the sign-on follows. Index and default mark of a URL that stays,
/// stay; so does a reply URL that the registration never knew, lest a redirect URI that is added to it take the place
/// of where assertions go.
final class RegistrationMirror {
    private RegistrationMirror() {}

    /// @return what became of the sign-on, for the entry of whoever changed the registration
    static List<AuditEntry.Modified> follow(
            Change change, Application before, Application changed, Applications.Patch patch) {
        if (!patch.identifierUris().given() && !patch.redirectUris().given()) {
            return List.of();
        }
        return change.stores()
                .samlSignOns()
                .find(change.tenant(), changed.appId())
                .map(old -> put(change, old, followed(before, changed, patch, old)))
                .orElse(List.of());
    }

    private static SamlSignOn followed(
            Application before, Application changed, Applications.Patch patch, SamlSignOn old) {
        var document = SignOnDocument.write(old);
        if (patch.identifierUris().given()) {
            document.put("identifierUris", changed.identifierUris());
        }
        try {
            if (patch.redirectUris().given()) {
                List<String> known = own(before);
                List<String> now = own(changed);
                List<ReplyUrl> replies = Stream.concat(
                                old.replyUrls().stream()
                                        .filter(reply -> now.contains(reply.url()) || !known.contains(reply.url())),
                                now.stream()
                                        .filter(uri -> old.replyUrl(uri).isEmpty())
                                        .map(ReplyUrl::of))
                        .toList();
                document.put("replyUrls", SignOnDocument.replies(replies));
            }
            return SignOnDocument.read(old.tenant(), old.application(), document)
                    .with(old.ownClaims(), old.shared());
        } catch (ClaimsFault e) {
            throw Rejected.invalid("web.redirectUris", String.valueOf(e.getMessage()));
        }
    }

    private static List<String> own(Application application) {
        Set<String> managed = ManagedParts.redirects(application.publishing());
        return application.redirectUris().stream()
                .filter(uri -> !managed.contains(uri))
                .toList();
    }

    private static List<AuditEntry.Modified> put(Change change, SamlSignOn old, SamlSignOn followed) {
        if (!followed.equals(old)) {
            change.stores().samlSignOns().put(followed);
        }
        return Differences.between("signOn.", old, followed);
    }
}
