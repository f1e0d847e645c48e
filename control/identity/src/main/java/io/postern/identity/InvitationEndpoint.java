package io.postern.identity;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.account.Invitations;
import io.postern.account.PasswordHash;
import io.postern.account.PasswordRules;
import io.postern.base.Secret;
import io.postern.domain.federation.IdentityProvider;
import io.postern.identity.protocol.Portals;
import io.postern.identity.signin.NewPasswordWords;
import io.postern.store.IdentityProviderStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.InvitationPage;
import io.postern.web.Languages;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/{tenant}/invitation`: a guest looks at his invitation and accepts it (GST-3, GST-4). Looking changes
/// nothing, since mail scanners open links as well. He proves his address by the link; then he signs in with
/// a password that he chooses, or, where a provider speaks for the domain of his address, there.
final class InvitationEndpoint {
    private static final String FORM = "invitation";

    private final Store store;
    private final Accounts accounts;
    private final Invitations invitations;
    private final Pages pages;
    private final Csrf csrf;
    private final Portals portals;

    InvitationEndpoint(Store store, Accounts accounts, Pages pages, Csrf csrf, Portals portals, Clock clock) {
        this.store = store;
        this.accounts = accounts;
        this.invitations = new Invitations(store, clock);
        this.pages = pages;
        this.csrf = csrf;
        this.portals = portals;
    }

    void show(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters query = Parameters.parse(request.query().rawValue());
        String code = query.oneOrEmpty("code");
        ofGuest(request, response, tenant, code, open -> page(request, response, tenant, open, code, 200, ""));
    }

    void accept(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters form = Bodies.form(request);
        String code = form.repeated().isEmpty() ? form.oneOrEmpty("code") : "";
        ofGuest(request, response, tenant, code, open -> accept(request, response, tenant, open, code, form));
    }

    private interface Work {
        void run(Invitations.Open open);
    }

    /// In the language of the invitation, where neither the guest nor his browser says another.
    private void ofGuest(ServerRequest request, ServerResponse response, Tenant tenant, String code, Work work) {
        Optional<Invitations.Open> open = code.isEmpty() ? Optional.empty() : invitations.open(tenant.id(), code);
        if (open.isEmpty()) {
            late(request, response, tenant);
        } else {
            Languages.preferred(open.get().guest().language(), () -> work.run(open.get()));
        }
    }

    private void accept(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            Invitations.Open open,
            String code,
            Parameters form) {
        String typed = form.oneOrEmpty("new");
        if (!csrf.accepts(request, FORM, form)) {
            page(request, response, tenant, open, code, 403, pages.texts().of("signIn.expired"));
        } else if (provider(open).isPresent()) {
            page(request, response, tenant, open, code, 200, ""); // there since he looked: no password here
        } else if (typed.isEmpty() || !typed.equals(form.oneOrEmpty("again"))) {
            page(request, response, tenant, open, code, 400, pages.texts().of("newPassword.differ"));
        } else {
            Optional<PasswordRules.Weakness> weakness = PasswordRules.weakness(typed, names(open));
            if (weakness.isPresent()) {
                page(request, response, tenant, open, code, 400, NewPasswordWords.of(pages.texts(), weakness.get()));
            } else {
                accept(request, response, tenant, open, code, Secret.of(typed));
            }
        }
    }

    private void accept(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            Invitations.Open open,
            String code,
            Secret password) {
        Optional<User> accepted;
        try {
            RequestFacts facts = RequestFacts.of(request);
            accepted = invitations.accept(
                    tenant.id(),
                    code,
                    accounts.compute(password, false),
                    Actor.self(open.user(), facts.clientAddress(), facts.correlation()));
        } catch (PasswordHash.Busy e) {
            page(request, response, tenant, open, code, 503, pages.texts().of("signIn.busy"));
            return;
        }
        if (accepted.isEmpty()) {
            late(request, response, tenant); // another click was faster
            return;
        }
        pages.send(
                response,
                200,
                MessagePage.done(
                        pages.texts().of("invitation.done.heading"),
                        pages.texts().of("invitation.done.text", open.guest().address(), tenant.displayName()),
                        Optional.of(new MessagePage.Link(
                                pages.texts().of("invitation.done.link"),
                                open.guest().redirect()))));
    }

    private List<String> names(Invitations.Open open) {
        var names = new ArrayList<>(accounts.names(open.user()));
        names.add(open.guest().address().value());
        return names;
    }

    private Optional<IdentityProvider> provider(Invitations.Open open) {
        return store.read(s -> s.identityProviders()
                        .findByDomain(
                                open.guest().tenant(), open.guest().address().domain()))
                .map(IdentityProviderStore.Row::provider)
                .filter(IdentityProvider::enabled);
    }

    private void page(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            Invitations.Open open,
            String code,
            int status,
            String error) {
        pages.send(
                response,
                status,
                new InvitationPage(
                        "/" + tenant.name() + "/invitation",
                        csrf.token(request, response, FORM),
                        code,
                        open.guest().invitedBy(),
                        tenant.displayName(),
                        open.guest().address().value(),
                        provider(open).map(IdentityProvider::displayName).orElse(""),
                        open.guest().redirect(),
                        PasswordRules.CHARACTERS_MIN,
                        error,
                        store.read(s -> s.tenants().settings(tenant.id())).branding()));
    }

    /// Who accepted and comes back by the old mail finds the way in.
    private void late(ServerRequest request, ServerResponse response, Tenant tenant) {
        pages.send(
                response,
                410,
                pages.fault(
                                request,
                                pages.texts().of("invitation.late.heading"),
                                pages.texts().of("invitation.late.text"),
                                "")
                        .withLink(pages.texts().of("invitation.late.link"), portals.of(tenant)));
    }
}
