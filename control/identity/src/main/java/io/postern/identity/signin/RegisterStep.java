package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Actor;
import io.postern.base.Outcome;
import io.postern.identity.factor.Passkeys;
import io.postern.identity.factor.Totp;
import io.postern.identity.session.Device;
import io.postern.identity.session.Proof;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.User;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// `POST /{tenant}/register`: a user without a second factor sets one up before he gets a session, by using it once.
final class RegisterStep {
    private final Parts parts;
    private final SignIn signIn;
    private final Stages stages;
    private final StepPages show;
    private final Tickets tickets;

    RegisterStep(Parts parts, SignIn signIn, Stages stages, StepPages show, Tickets tickets) {
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
        Progress progress = held.progress();
        User user = progress.user();
        if (stages.hasFactor(user)) {
            // set up meanwhile, in another window: then that one is asked for, and none is added beside it
            stages.proceed(request, response, resumed, progress);
            return;
        }
        Optional<String> credential = form.one("credential");
        Optional<Passkeys.Made> made = credential.flatMap(
                answer -> parts.passkeys().made(answer, held.ticket().challenge()));
        OptionalLong step = Totp.step(
                held.ticket().secret(), form.oneOrEmpty("code"), parts.clock().instant(), 0);
        if (made.isEmpty() && step.isEmpty()) {
            again(request, response, resumed, held, credential.isPresent() ? "passkey.wrong" : "register.wrong");
            return;
        }
        if (!tickets.claim(held)) {
            signIn.startAgain(request, response, resumed.errand());
            return;
        }
        var actor = new Actor(
                user.userPrincipalName(), Optional.of(RequestFacts.of(request).clientAddress()));
        Outcome<AuthenticationMethod> outcome = made.map(key -> parts.methods()
                        .add(
                                user,
                                Kind.PASSKEY,
                                passkeyName(request),
                                Optional.of(key.credential()),
                                key.secret(),
                                key.counter(),
                                actor))
                .orElseGet(() -> parts.methods()
                        .add(
                                user,
                                Kind.TOTP,
                                show.text("register.totp.name"),
                                Optional.empty(),
                                sealed(user, held.ticket().secret()),
                                step.orElseThrow(),
                                actor));
        if (!(outcome instanceof Outcome.Done)) {
            again(request, response, resumed, held, "passkey.wrong");
            return;
        }
        Set<String> methods = Set.of(made.isPresent() ? Proof.HARDWARE_KEY : Proof.ONE_TIME_PASSWORD);
        Progress after = progress.withSecondFactor(methods, parts.clock().instant());
        show.recoveryCodes(
                request, response, resumed.errand(), after, parts.methods().newRecoveryCodes(user, actor));
    }

    /// The codes were shown; the ticket behind their page leads on.
    void codesSeen(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Tickets.Held held) {
        if (tickets.claim(held)) {
            stages.proceed(request, response, resumed, held.progress());
        } else {
            signIn.startAgain(request, response, resumed.errand());
        }
    }

    private String passkeyName(ServerRequest request) {
        String device = Device.named(
                request.headers().first(io.helidon.http.HeaderNames.USER_AGENT).orElse(""));
        return device.isEmpty() ? show.text("register.passkey.name") : show.text("register.passkey.on", device);
    }

    private String sealed(User user, String secret) {
        return parts.secrets()
                .seal(secret.getBytes(StandardCharsets.US_ASCII), user.id().value());
    }

    private void again(
            ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Tickets.Held held, String key) {
        var problem = new StepPages.Problem(400, show.text(key), "");
        show.register(
                request,
                response,
                resumed.errand(),
                held.progress(),
                held.ticket().secret(),
                problem);
    }
}
