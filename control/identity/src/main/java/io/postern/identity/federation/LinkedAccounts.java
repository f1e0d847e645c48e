package io.postern.identity.federation;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Actor;
import io.postern.account.Federation;
import io.postern.domain.directory.Attributes;
import io.postern.domain.federation.IdentityProvider;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Leaving;
import io.postern.identity.signin.SecurityInfo;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.FederatedIdentityStore.Origin;
import io.postern.store.IdentityProviderStore.Row;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.Languages;
import io.postern.web.LinkedAccountsPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `/{tenant}/linked-accounts`: a signed-in user links his account to one elsewhere, or takes the link away. Only
/// shortly after he signed in: a browser that was left open links nobody's account.
public final class LinkedAccounts {
    private static final String FORM = "linked-accounts";

    private final Store store;
    private final Realms realms;
    private final Federation accounts;
    private final BrowserSessions sessions;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;
    private final Clock clock;

    LinkedAccounts(
            Store store,
            Realms realms,
            Federation accounts,
            BrowserSessions sessions,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            Clock clock) {
        this.store = store;
        this.realms = realms;
        this.accounts = accounts;
        this.sessions = sessions;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
        this.clock = clock;
    }

    public void show(ServerRequest request, ServerResponse response, Tenant tenant) {
        fresh(request, tenant)
                .ifPresentOrElse(
                        current -> page(request, response, tenant, current.user(), ""),
                        () -> toSignIn(response, tenant));
    }

    public void change(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters form = Bodies.form(request);
        Optional<BrowserSessions.Current> current = fresh(request, tenant);
        if (current.isEmpty() || !form.repeated().isEmpty() || !csrf.accepts(request, FORM, form)) {
            toSignIn(response, tenant);
            return;
        }
        Optional<Row> row = realms.row(tenant.id(), form.oneOrEmpty("provider"))
                .filter(one -> one.provider().enabled());
        User user = current.get().user();
        if (row.isEmpty()) {
            page(request, response, tenant, user, "");
        } else if (form.oneOrEmpty("do").equals("link")) {
            if (realms.link(response, tenant, row.get(), current.get()) instanceof Leaving.Failed(var mishap)) {
                faults.page(
                        request,
                        response,
                        new Fault(
                                "temporarily_unavailable",
                                mishap.number(),
                                mishap.status(),
                                pages.texts().of(mishap.text(), mishap.provider())));
            }
        } else {
            IdentityProvider provider = row.get().provider();
            RequestFacts facts = RequestFacts.of(request);
            boolean gone = removable(user, link(user, provider))
                    && accounts.unlink(user, provider, Actor.self(user, facts.clientAddress(), facts.correlation()));
            page(request, response, tenant, user, gone ? pages.texts().of("linked.done", provider.displayName()) : "");
        }
    }

    private Optional<BrowserSessions.Current> fresh(ServerRequest request, Tenant tenant) {
        return sessions.current(request, tenant.id())
                .filter(current -> !clock.instant()
                        .isAfter(current.session().authenticated().plus(SecurityInfo.FRESH)));
    }

    private void page(ServerRequest request, ServerResponse response, Tenant tenant, User user, String done) {
        Languages.preferred(
                user.attributes().first(Attributes.PREFERRED_LANGUAGE),
                () -> pages.send(
                        response,
                        200,
                        new LinkedAccountsPage(
                                "/" + tenant.name() + "/linked-accounts",
                                csrf.token(request, response, FORM),
                                user.userPrincipalName(),
                                shown(tenant, user),
                                done,
                                "/" + tenant.name() + "/security-info")));
    }

    private List<LinkedAccountsPage.Account> shown(Tenant tenant, User user) {
        return store.read(s -> s.identityProviders().list(tenant.id())).stream()
                .map(Row::provider)
                .filter(IdentityProvider::enabled)
                .map(provider -> {
                    Optional<FederatedIdentityStore.Row> link = link(user, provider);
                    return new LinkedAccountsPage.Account(
                            provider.id().value(),
                            provider.displayName(),
                            link.map(row -> pages.texts().of("linked.since", day(row)))
                                    .orElse(""),
                            link.isPresent(),
                            removable(user, link));
                })
                .toList();
    }

    private Optional<FederatedIdentityStore.Row> link(User user, IdentityProvider provider) {
        return store.read(s -> s.federatedIdentities().of(user.tenant(), user.id())).stream()
                .filter(row -> row.provider().equals(provider.id()))
                .findFirst();
    }

    /// Who has no password, or came from there, would have nothing left to sign in with.
    private static boolean removable(User user, Optional<FederatedIdentityStore.Row> link) {
        return link.filter(row -> row.origin() == Origin.OWNER).isPresent()
                && user.passwordHash().isPresent();
    }

    private String day(FederatedIdentityStore.Row row) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
                .withLocale(Locale.of(pages.texts().language()))
                .withZone(ZoneOffset.UTC)
                .format(row.linked());
    }

    /// The security info asks for a new sign-in, and leads here.
    private static void toSignIn(ServerResponse response, Tenant tenant) {
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, "/" + tenant.name() + "/security-info")
                .send();
    }
}
