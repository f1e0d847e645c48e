package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.store.User;
import io.postern.web.Parameters;
import java.util.Optional;
import java.util.Set;

/// `POST /{tenant}/register`: a user without a second factor sets one up before he gets a session, by using it once.
final class RegisterStep {
    private final Parts parts;
    private final SignIn signIn;
    private final Stages stages;
    private final StepPages show;
    private final Tickets tickets;
    private final Enrolment enrolment;

    RegisterStep(Parts parts, SignIn signIn, Stages stages, StepPages show, Tickets tickets) {
        this.parts = parts;
        this.signIn = signIn;
        this.stages = stages;
        this.show = show;
        this.tickets = tickets;
        this.enrolment = new Enrolment(parts, show, tickets);
    }

    void handle(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            Tickets.Held held,
            Parameters form) {
        Progress progress = held.progress();
        User user = progress.user();
        if (stages.hasFactor(user)) {
            // set up meanwhile, in another window: then that one is asked for, and none is added beside it
            stages.proceed(request, response, resumed, progress);
            return;
        }
        Enrolment.Result result = enrolment.take(request, user, held, form);
        switch (result) {
            case Enrolment.Result.Wrong(String key) -> {
                var problem = new StepPages.Problem(400, show.text(key), "");
                show.register(
                        request,
                        response,
                        resumed.errand(),
                        Stage.REGISTER,
                        progress,
                        held.ticket().secret(),
                        Optional.empty(),
                        problem);
            }
            case Enrolment.Result.Late late -> signIn.startAgain(request, response, resumed.errand());
            case Enrolment.Result.Added(Set<String> methods) -> {
                Progress after =
                        progress.withSecondFactor(methods, parts.clock().instant());
                show.recoveryCodes(
                        request,
                        response,
                        resumed.errand(),
                        after,
                        parts.methods().newRecoveryCodes(user, Enrolment.actor(request, user)));
            }
        }
    }

    /// The codes were shown; the ticket behind their page leads on.
    void codesSeen(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Tickets.Held held) {
        if (tickets.claim(held)) {
            stages.proceed(request, response, resumed, held.progress());
        } else {
            signIn.startAgain(request, response, resumed.errand());
        }
    }
}
