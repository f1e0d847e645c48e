package io.postern.identity.signin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.base.Secret;
import io.postern.identity.factor.Passkeys;
import io.postern.identity.factor.Totp;
import io.postern.identity.session.Proof;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.User;
import io.postern.web.Parameters;
import io.postern.web.SecondFactorPage.Way;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// `POST /{tenant}/mfa`: the second factor of the user that the ticket names. The request says only which kind he uses;
/// whose and which one is looked up.
final class SecondFactorStep {
    private static final int WRONG = 500121;

    private final Parts parts;
    private final SignIn signIn;
    private final Stages stages;
    private final StepPages show;
    private final Tickets tickets;
    private final Guesses guesses;

    SecondFactorStep(Parts parts, SignIn signIn, Stages stages, StepPages show, Tickets tickets) {
        this.parts = parts;
        this.signIn = signIn;
        this.stages = stages;
        this.show = show;
        this.tickets = tickets;
        this.guesses = new Guesses(parts.store(), parts.ring(), parts.clock());
    }

    void handle(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            Tickets.Held held,
            Parameters form) {
        Progress progress = held.progress();
        Optional<Way> other = form.one("other").flatMap(Way::of);
        if (other.isPresent()) {
            show.secondFactor(request, response, resumed.errand(), progress, other, StepPages.Problem.NONE);
            return;
        }
        Optional<String> credential = form.one("credential");
        Way way = credential.isPresent()
                ? Way.PASSKEY
                : form.one("way").flatMap(Way::of).orElse(Way.TOTP);
        if (way == Way.PASSKEY) {
            // the challenge of this ticket was answered, well or not: it is spent
            Optional<Set<String>> proved = tickets.claim(held)
                    ? credential.flatMap(answer -> passkey(progress.user(), answer, held.ticket()))
                    : Optional.empty();
            proved.ifPresentOrElse(
                    methods -> pass(request, response, resumed, progress, methods),
                    () -> again(request, response, resumed, progress, way, 400, show.text("passkey.wrong")));
            return;
        }
        code(request, response, resumed, held, way, form.oneOrEmpty("code"));
    }

    /// Lockout forgives a wrong password that is typed again; a wrong code may be the right one half a minute later, so
    /// here the time step belongs to what was typed.
    private void code(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            Tickets.Held held,
            Way way,
            String typed) {
        Progress progress = held.progress();
        User user = progress.user();
        Guesses.Result result = guesses.guess(
                "second factor of " + user.id().value(),
                Secret.of(typed + " " + Totp.step(parts.clock().instant())),
                () -> way == Way.RECOVERY ? parts.methods().useRecoveryCode(user, typed) : oneTime(user, typed));
        switch (result) {
            case Guesses.Result.Right right -> {
                if (tickets.claim(held)) {
                    String method = way == Way.RECOVERY ? Proof.RECOVERY_CODE : Proof.ONE_TIME_PASSWORD;
                    pass(request, response, resumed, progress, Set.of(method));
                } else {
                    signIn.startAgain(request, response, resumed.errand());
                }
            }
            case Guesses.Result.Wrong wrong ->
                again(request, response, resumed, progress, way, 400, show.text("factor.wrong"));
            case Guesses.Result.Locked(Duration remaining) -> {
                retryAfter(response, remaining);
                again(
                        request,
                        response,
                        resumed,
                        progress,
                        way,
                        429,
                        show.text("factor.locked", signIn.inWords(remaining)));
            }
            case Guesses.Result.Busy(Duration retryAfter) -> {
                retryAfter(response, retryAfter);
                again(request, response, resumed, progress, way, 503, show.text("signIn.busy"));
            }
        }
    }

    /// Any generator of the user; each time step once.
    private boolean oneTime(User user, String typed) {
        for (AuthenticationMethod method : of(user, Kind.TOTP)) {
            Optional<String> secret = parts.secrets()
                    .open(method.secret(), user.id().value())
                    .map(plain -> new String(plain, StandardCharsets.US_ASCII));
            OptionalLong step = secret.isEmpty()
                    ? OptionalLong.empty()
                    : Totp.step(secret.get(), typed, parts.clock().instant(), method.counter());
            if (step.isPresent() && parts.methods().use(method, step.getAsLong())) {
                return true;
            }
        }
        return false;
    }

    private Optional<Set<String>> passkey(User user, String answer, Ticket ticket) {
        if (ticket.challenge().isEmpty()) {
            return Optional.empty(); // this page asked for no passkey
        }
        return Passkeys.credentialOf(answer)
                .flatMap(id -> of(user, Kind.PASSKEY).stream()
                        .filter(m -> m.credential().filter(id::equals).isPresent())
                        .findFirst())
                .flatMap(m -> parts.passkeys()
                        .proved(m, answer, ticket.challenge(), false)
                        .filter(p -> parts.methods().use(m, p.counter(), p.secret()))
                        .map(Passkeys::methods));
    }

    private List<AuthenticationMethod> of(User user, Kind kind) {
        return parts.methods().of(user).stream().filter(m -> m.kind() == kind).toList();
    }

    private void pass(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            Progress progress,
            Set<String> methods) {
        stages.proceed(
                request,
                response,
                resumed,
                progress.withSecondFactor(methods, parts.clock().instant()));
    }

    private void again(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            Progress progress,
            Way way,
            int status,
            String sentence) {
        signIn.failed(request, resumed.errand(), progress.user().userPrincipalName(), WRONG, sentence);
        var problem = new StepPages.Problem(status, sentence, "AADSTS" + WRONG);
        show.secondFactor(request, response, resumed.errand(), progress, Optional.of(way), problem);
    }

    private static void retryAfter(ServerResponse response, Duration wait) {
        response.header(HeaderNames.RETRY_AFTER, Long.toString(wait.toSeconds() + 1));
    }
}
