package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.account.PasswordHash;
import io.postern.account.PasswordRules;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.UserId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.Proof;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.NewPasswordPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// `POST /{tenant}/password`: a user whose password was set by somebody else chooses his own before he
/// gets a session.
///
/// The ticket proves that the old password was right a moment ago. It is bound to the user and to the
/// stored hash of that password, so it dies with the change: no step can be skipped or replayed.
public final class NewPasswordStep {
    private static final Duration TICKET_LIFETIME = Duration.ofMinutes(10);

    private final Store store;
    private final Accounts accounts;
    private final PasswordHash hashes;
    private final SignIn signIn;
    private final BrowserSessions sessions;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;
    private final Sealer sealer;
    private final Clock clock;

    public NewPasswordStep(
            Store store,
            Accounts accounts,
            PasswordHash hashes,
            SignIn signIn,
            BrowserSessions sessions,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            KeyRing ring,
            Clock clock) {
        this.store = store;
        this.accounts = accounts;
        this.hashes = hashes;
        this.signIn = signIn;
        this.sessions = sessions;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
        this.sealer = new Sealer(ring, "new-password-ticket");
        this.clock = clock;
    }

    void ask(ServerRequest request, ServerResponse response, Errand pending, User user, int status, String error) {
        String ticket = clock.instant().plus(TICKET_LIFETIME).getEpochSecond() + " " + user.id() + " "
                + Opaque.hash(user.passwordHash().orElse(""));
        pages.send(
                response,
                status,
                new NewPasswordPage(
                        "/" + pending.tenant().name() + "/password",
                        csrf.token(request, response, "new-password"),
                        pending.sealed(),
                        sealer.seal(
                                ticket.getBytes(StandardCharsets.UTF_8),
                                pending.tenant().id().value()),
                        user.userPrincipalName(),
                        PasswordRules.CHARACTERS_MIN,
                        error,
                        pending.formTargets()));
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters form = Bodies.form(request);
        if (!form.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(form.repeated()));
            return;
        }
        Optional<SignIn.Resumed> pending = signIn.resume(request, response, tenant, form.oneOrEmpty("request"));
        if (pending.isEmpty()) {
            return;
        }
        Optional<User> user = holder(tenant, form.oneOrEmpty("ticket"));
        if (user.isEmpty() || !csrf.accepts(request, "new-password", form)) {
            signIn.askPassword(
                    request,
                    response,
                    pending.get().errand(),
                    403,
                    "",
                    pages.texts().of("newPassword.late"),
                    "");
            return;
        }
        change(request, response, pending.get(), user.get(), form);
    }

    private void change(
            ServerRequest request, ServerResponse response, SignIn.Resumed resumed, User user, Parameters form) {
        Errand pending = resumed.errand();
        String chosen = form.oneOrEmpty("new");
        if (!chosen.equals(form.oneOrEmpty("again"))) {
            ask(request, response, pending, user, 400, pages.texts().of("newPassword.differ"));
            return;
        }
        Secret password = Secret.of(chosen);
        Outcome<User> outcome;
        try {
            if (!chosen.isEmpty() && hashes.verify(user.passwordHash().orElse(""), password)) {
                ask(request, response, pending, user, 400, pages.texts().of("newPassword.same"));
                return;
            }
            var actor = new Actor(
                    user.userPrincipalName(),
                    Optional.of(RequestFacts.of(request).clientAddress()));
            outcome = accounts.setPassword(user.tenant(), user.id(), password, false, actor);
        } catch (PasswordHash.Busy e) {
            ask(request, response, pending, user, 503, pages.texts().of("signIn.busy"));
            return;
        }
        switch (outcome) {
            case Outcome.Done<User>(User changed) ->
                signIn.admit(
                        request,
                        response,
                        resumed.protocol(),
                        pending,
                        sessions.begin(request, response, changed, Proof.BY_PASSWORD));
            case Outcome.Invalid<User> invalid ->
                ask(
                        request,
                        response,
                        pending,
                        user,
                        400,
                        invalid.violations().getFirst().message());
            case Outcome.NotFound<User> gone -> faults.page(request, response, Fault.userDisabled());
            case Outcome.Conflict<User> conflict -> ask(request, response, pending, user, 409, conflict.why());
            case Outcome.Forbidden<User> forbidden -> faults.page(request, response, Fault.userDisabled());
        }
    }

    /// The user of a ticket, while it holds: in time, account enabled, change still wanted, password unchanged.
    private Optional<User> holder(Tenant tenant, String ticket) {
        return sealer.open(ticket, tenant.id().value())
                .map(plain -> new String(plain, StandardCharsets.UTF_8).split(" ", -1))
                .filter(parts ->
                        parts.length == 3 && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[0]))))
                .flatMap(parts -> store.read(s -> s.users().find(tenant.id(), new UserId(parts[1])))
                        .filter(user -> user.accountEnabled()
                                && user.forceChangePassword()
                                && Opaque.hash(user.passwordHash().orElse("")).equals(parts[2])));
    }
}
