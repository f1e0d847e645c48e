package io.postern.admin.service;

import io.postern.account.Persons;
import io.postern.base.Outcome;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.claims.PairwiseIds;
import io.postern.domain.claims.Person;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.SignOnHeader;
import io.postern.domain.publish.SignOnHeader.Said;
import io.postern.store.ServicePrincipal;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a backend would be told of a user in headers (3.3), by the same evaluation as at a request; nothing is
/// sent.
public final class HeaderPreview {
    /// @param said one for each header
    public record Preview(User user, List<Told> said) {
        /// Requests of the user would be refused.
        public boolean failed() {
            return said.stream().anyMatch(Told::failed);
        }
    }

    /// @param said nothing: the header is not sent
    public record Told(SignOnHeader header, Said said) {
        public boolean failed() {
            return switch (said) {
                case Said.Value _ -> false;
                case Said.Nothing _ -> header.required();
                case Said.Unfit _ -> true;
            };
        }
    }

    private final Ledger ledger;
    private final PairwiseIds pairwise;

    public HeaderPreview(Ledger ledger, PairwiseIds pairwise) {
        this.ledger = ledger;
        this.pairwise = pairwise;
    }

    /// @param draft headers that are not saved; empty: those that are
    public Outcome<Preview> of(TenantId tenant, ObjectId id, UserId userId, Optional<Headers> draft) {
        return ledger.look(stores -> {
            Application application =
                    stores.applications().find(tenant, id).orElseThrow(() -> Rejected.notFound("application", id));
            Headers headers = draft.orElseGet(() -> headers(application));
            User user = stores.users().find(tenant, userId).orElseThrow(() -> Rejected.notFound("user", userId));
            ServicePrincipal principal = stores.servicePrincipals()
                    .findByAppId(tenant, application.appId())
                    .orElseThrow(
                            () -> Rejected.notFound("service principal of application", application.displayName()));
            Person person = Persons.of(
                    stores,
                    user,
                    principal,
                    headers.asksForGroups(),
                    ledger.clock().instant());
            List<Said> said = headers.said(person, pairwise.of(tenant, application.appId(), person.id()));
            var told = new ArrayList<Told>();
            for (int i = 0; i < said.size(); i++) {
                told.add(new Told(headers.headers().get(i), said.get(i)));
            }
            return new Preview(user, told);
        });
    }

    private static Headers headers(Application application) {
        Optional<BackendSignOn> how =
                application.publishing().map(p -> p.settings().signOn().how());
        if (how.isPresent() && how.get() instanceof Headers headers) {
            return headers;
        }
        throw Rejected.conflict("singleSignOnMode of application '" + application.displayName() + "' is "
                + how.map(BackendSignOn::graphMode).orElse("none")
                + ", so backends are told nothing in headers; set it to aadHeaderBased, or give headerSignOnSettings"
                + " to try");
    }
}
