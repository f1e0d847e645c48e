package io.postern.identity;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.account.PasswordHash;
import io.postern.account.PasswordRules;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.UserId;
import io.postern.identity.protocol.Opaque;
import io.postern.store.RoleStore;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import io.postern.web.SetupPage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The way into an empty service: a link, printed by the service itself, with which whoever runs it makes
/// the first administrator. It works for an hour, once, and only while no administrator exists.
public final class FirstAdministrator {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final String PURPOSE = "first-administrator";

    /// @param id claimed once
    private record Ticket(String text, String id) {}

    private final Store store;
    private final Accounts accounts;
    private final Pages pages;
    private final Csrf csrf;
    private final Sealer sealer;
    private final ServiceAddress address;
    private final Clock clock;

    FirstAdministrator(
            Store store, Accounts accounts, Pages pages, Csrf csrf, KeyRing ring, ServiceAddress address, Clock clock) {
        this.store = store;
        this.accounts = accounts;
        this.pages = pages;
        this.csrf = csrf;
        this.sealer = new Sealer(ring, PURPOSE);
        this.address = address;
        this.clock = clock;
    }

    /// A fresh link; empty when the service's own tenant has an administrator already or there is no tenant.
    /// Whoever has the link becomes administrator: print it, do not log it.
    public Optional<String> invite() {
        if (tenantWithoutAdministrator().isEmpty()) {
            return Optional.empty();
        }
        String plain = clock.instant().plus(LIFETIME).getEpochSecond() + " " + Opaque.random();
        String ticket = sealer.seal(plain.getBytes(StandardCharsets.UTF_8), PURPOSE);
        return Optional.of(address.origin(OwnHost.LOGIN) + "/setup?ticket=" + ticket);
    }

    void mount(HttpRouting.Builder login) {
        login.get("/setup", this::show);
        login.post("/setup", this::create);
    }

    private void show(ServerRequest request, ServerResponse response) {
        Parameters query = Parameters.parse(request.query().rawValue());
        Optional<Ticket> ticket = ticket(query);
        Optional<Tenant> tenant = tenantWithoutAdministrator();
        if (ticket.isEmpty() || tenant.isEmpty()) {
            late(request, response);
            return;
        }
        ask(request, response, tenant.get(), ticket.get(), query, 200, "");
    }

    private void create(ServerRequest request, ServerResponse response) {
        Parameters form = Bodies.form(request);
        Optional<Ticket> ticket = ticket(form);
        Optional<Tenant> tenant = tenantWithoutAdministrator();
        if (ticket.isEmpty() || tenant.isEmpty() || !csrf.accepts(request, PURPOSE, form)) {
            late(request, response);
            return;
        }
        String password = form.oneOrEmpty("new");
        String fault = "";
        if (form.one("displayName").isEmpty() || form.one("localPart").isEmpty() || password.isEmpty()) {
            fault = pages.texts().of("setup.missing");
        } else if (!password.equals(form.oneOrEmpty("again"))) {
            fault = pages.texts().of("newPassword.differ");
        }
        if (!fault.isEmpty()) {
            ask(request, response, tenant.get(), ticket.get(), form, 400, fault);
            return;
        }
        create(request, response, tenant.get(), ticket.get(), form);
    }

    private void create(ServerRequest request, ServerResponse response, Tenant tenant, Ticket ticket, Parameters form) {
        String name = form.oneOrEmpty("localPart").strip() + "@" + tenant.domain();
        var draft = Accounts.Draft.of(name, form.oneOrEmpty("displayName"), Secret.of(form.oneOrEmpty("new")))
                .asAdministrator();
        Optional<String> fault = PasswordRules.fault(form.oneOrEmpty("new"), name);
        if (fault.isPresent()) {
            ask(request, response, tenant, ticket, form, 400, fault.get());
            return;
        }
        // claimed before the account is made: two posts at once must not make two administrators
        boolean first = store.write(
                s -> s.once().claim(PURPOSE, ticket.id(), clock.instant().plus(LIFETIME)));
        if (!first) {
            late(request, response);
            return;
        }
        Outcome<User> outcome;
        try {
            var facts = RequestFacts.of(request);
            var actor = new Actor("", name, "", Optional.of(facts.clientAddress()), facts.correlation());
            outcome = accounts.create(tenant.id(), draft, actor);
        } catch (PasswordHash.Busy e) {
            late(request, response);
            return;
        }
        switch (outcome) {
            case Outcome.Done<User>(User user) ->
                pages.send(
                        response,
                        200,
                        MessagePage.done(
                                pages.texts().of("setup.done.heading"),
                                pages.texts().of("setup.done.text", user.userPrincipalName()),
                                Optional.of(new MessagePage.Link(
                                        pages.texts().of("setup.done.link"), address.origin(OwnHost.MYAPPS) + "/"))));
            case Outcome.Invalid<User> invalid ->
                renewed(
                        request,
                        response,
                        tenant,
                        form,
                        invalid.violations().getFirst().message());
            case Outcome.Conflict<User> conflict -> renewed(request, response, tenant, form, conflict.why());
            case Outcome.NotFound<User> gone -> late(request, response);
            case Outcome.Forbidden<User> forbidden -> late(request, response);
        }
    }

    /// The ticket was spent on a name that cannot be: its holder gets another one.
    private void renewed(ServerRequest request, ServerResponse response, Tenant tenant, Parameters form, String fault) {
        String id = Opaque.random();
        String plain = clock.instant().plus(LIFETIME).getEpochSecond() + " " + id;
        String sealed = sealer.seal(plain.getBytes(StandardCharsets.UTF_8), PURPOSE);
        ask(request, response, tenant, new Ticket(sealed, id), form, 400, fault);
    }

    private void ask(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            Ticket ticket,
            Parameters typed,
            int status,
            String error) {
        pages.send(
                response,
                status,
                new SetupPage(
                        "/setup",
                        csrf.token(request, response, PURPOSE),
                        ticket.text(),
                        tenant.domain(),
                        typed.oneOrEmpty("displayName"),
                        typed.oneOrEmpty("localPart"),
                        PasswordRules.CHARACTERS_MIN,
                        error));
    }

    private void late(ServerRequest request, ServerResponse response) {
        pages.send(
                response,
                410,
                pages.fault(
                        request,
                        pages.texts().of("setup.late.heading"),
                        pages.texts().of("setup.late.text"),
                        ""));
    }

    private Optional<Ticket> ticket(Parameters parameters) {
        String text = parameters.oneOrEmpty("ticket");
        return sealer.open(text, PURPOSE)
                .map(plain -> new String(plain, StandardCharsets.UTF_8).split(" ", -1))
                .filter(parts ->
                        parts.length == 2 && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[0]))))
                .map(parts -> new Ticket(text, parts[1]));
    }

    private Optional<Tenant> tenantWithoutAdministrator() {
        return store.read(s -> s.tenants().list().stream().findFirst().filter(t -> !hasAdministrator(s, t)));
    }

    /// Service principals hold the role too, but nobody signs in as one.
    private static boolean hasAdministrator(Stores s, Tenant tenant) {
        return s.roles().holders(tenant.id(), RoleStore.GLOBAL_ADMINISTRATOR).stream()
                .anyMatch(id -> s.users().find(tenant.id(), new UserId(id)).isPresent());
    }
}
