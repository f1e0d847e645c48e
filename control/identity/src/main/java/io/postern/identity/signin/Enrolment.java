package io.postern.identity.signin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
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

/// Takes on a generator or a passkey that its user has just used once, so that nobody locks himself out with one that
/// does not work.
final class Enrolment {
    sealed interface Result {
        /// @param methods what the use proved (RFC 8176)
        record Added(Set<String> methods) implements Result {
            public Added {
                methods = Set.copyOf(methods);
            }
        }

        /// @param key of the sentence for the user
        record Wrong(String key) implements Result {}

        /// The ticket was used already.
        record Late() implements Result {}
    }

    private final Parts parts;
    private final StepPages show;
    private final Tickets tickets;

    Enrolment(Parts parts, StepPages show, Tickets tickets) {
        this.parts = parts;
        this.show = show;
        this.tickets = tickets;
    }

    Result take(ServerRequest request, User user, Tickets.Held held, Parameters form) {
        Optional<String> credential = form.one("credential");
        Optional<Passkeys.Made> made = credential.flatMap(
                answer -> parts.passkeys().made(answer, held.ticket().challenge()));
        OptionalLong step = Totp.step(
                held.ticket().secret(), form.oneOrEmpty("code"), parts.clock().instant(), 0);
        if (made.isEmpty() && step.isEmpty()) {
            return new Result.Wrong(credential.isPresent() ? "passkey.wrong" : "register.wrong");
        }
        if (!tickets.claim(held)) {
            return new Result.Late();
        }
        Actor actor = actor(request, user);
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
        return outcome instanceof Outcome.Done
                ? new Result.Added(Set.of(made.isPresent() ? Proof.HARDWARE_KEY : Proof.ONE_TIME_PASSWORD))
                : new Result.Wrong("passkey.wrong");
    }

    static Actor actor(ServerRequest request, User user) {
        var facts = RequestFacts.of(request);
        return Actor.self(user, facts.clientAddress(), facts.correlation());
    }

    private String passkeyName(ServerRequest request) {
        String device =
                Device.named(request.headers().first(HeaderNames.USER_AGENT).orElse(""));
        return device.isEmpty() ? show.text("register.passkey.name") : show.text("register.passkey.on", device);
    }

    private String sealed(User user, String secret) {
        return parts.secrets()
                .seal(secret.getBytes(StandardCharsets.US_ASCII), user.id().value());
    }
}
