package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.IdentityHeader;
import io.postern.store.User;
import java.util.Map;

/// What the signed token would say that a backend gets beside a user's requests (IDT-1), without a
/// signature: nobody can show it to a backend.
public final class IdentityTokenPreview {
    /// @param claims by name, as in JSON
    public record Preview(User user, IdentityHeader header, Map<String, Object> claims) {}

    private record Found(User user, AppId app, IdentityHeader header) {}

    private final Ledger ledger;
    private final IdentityClaims claims;

    public IdentityTokenPreview(Ledger ledger, IdentityClaims claims) {
        this.ledger = ledger;
        this.claims = claims;
    }

    public Outcome<Preview> of(TenantId tenant, ObjectId id, UserId userId) {
        Outcome<Found> found = ledger.look(stores -> {
            Application application =
                    stores.applications().find(tenant, id).orElseThrow(() -> Rejected.notFound("application", id));
            User user = stores.users().find(tenant, userId).orElseThrow(() -> Rejected.notFound("user", userId));
            return new Found(user, application.appId(), header(application));
        });
        return found.then(f -> claims.of(tenant, f.app(), userId, f.header().audience())
                .map(said -> Outcome.done(new Preview(f.user(), f.header(), said)))
                .orElseGet(() -> new Outcome.NotFound<>("application " + id)));
    }

    private static IdentityHeader header(Application application) {
        return application
                .publishing()
                .flatMap(p -> p.settings().signOn().identityHeader())
                .orElseThrow(() -> Rejected.conflict("application '" + application.displayName()
                        + "' sends its backend no identity token; set identityToken of singleSignOnSettings first"
                        + " (IDT-1)"));
    }
}
