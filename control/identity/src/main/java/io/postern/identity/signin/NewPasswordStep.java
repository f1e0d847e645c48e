package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.PasswordHash;
import io.postern.account.PasswordRules;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.identity.protocol.Fault;
import io.postern.store.User;
import io.postern.web.Parameters;
import java.util.Optional;

/// `POST /{tenant}/password`: a user whose password was set by somebody else or is too old chooses his own
/// before he gets a session. The ticket is bound to the stored hash of the old password, so it dies with the
/// change.
final class NewPasswordStep {
    private final Parts parts;
    private final SignIn signIn;
    private final Stages stages;
    private final StepPages show;
    private final Tickets tickets;

    NewPasswordStep(Parts parts, SignIn signIn, Stages stages, StepPages show, Tickets tickets) {
        this.parts = parts;
        this.signIn = signIn;
        this.stages = stages;
        this.show = show;
        this.tickets = tickets;
    }

    void handle(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            Tickets.Held held,
            Parameters form) {
        User user = held.progress().user();
        String chosen = form.oneOrEmpty("new");
        if (!chosen.equals(form.oneOrEmpty("again"))) {
            again(request, response, resumed, held, 400, show.text("newPassword.differ"));
            return;
        }
        Optional<PasswordRules.Weakness> weakness =
                PasswordRules.weakness(chosen, parts.accounts().names(user));
        if (weakness.isPresent()) {
            again(
                    request,
                    response,
                    resumed,
                    held,
                    400,
                    NewPasswordWords.of(parts.pages().texts(), weakness.get()));
            return;
        }
        Secret password = Secret.of(chosen);
        Outcome<User> outcome;
        try {
            if (parts.hashes().verify(user.passwordHash().orElse(""), password)) {
                again(request, response, resumed, held, 400, show.text("newPassword.same"));
                return;
            }
            outcome = parts.accounts()
                    .setPassword(user.tenant(), user.id(), password, false, Enrolment.actor(request, user));
        } catch (PasswordHash.Busy e) {
            again(request, response, resumed, held, 503, show.text("signIn.busy"));
            return;
        }
        switch (outcome) {
            case Outcome.Done<User>(User changed) -> {
                if (tickets.claim(held)) {
                    stages.proceed(request, response, resumed, held.progress().of(changed));
                } else {
                    signIn.startAgain(request, response, resumed.errand());
                }
            }
            case Outcome.Invalid<User> invalid ->
                again(
                        request,
                        response,
                        resumed,
                        held,
                        400,
                        invalid.violations().getFirst().message());
            case Outcome.NotFound<User> gone -> parts.faults().page(request, response, Fault.userDisabled());
            case Outcome.Conflict<User> conflict -> again(request, response, resumed, held, 409, conflict.why());
            case Outcome.Forbidden<User> forbidden -> parts.faults().page(request, response, Fault.userDisabled());
        }
    }

    private void again(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            Tickets.Held held,
            int status,
            String sentence) {
        boolean expired = !held.progress().user().forceChangePassword();
        var problem = new StepPages.Problem(status, sentence, "");
        show.newPassword(request, response, resumed.errand(), held.progress(), expired, problem);
    }
}
