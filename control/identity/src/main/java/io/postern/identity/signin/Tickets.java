package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.identity.protocol.Opaque;
import io.postern.store.Store;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Csrf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// Makes and checks what the steps of a sign-in hand on. A ticket holds for one stage, one browser, one waiting
/// request,
/// one user with the password that he had and the sessions that count, ten minutes, and once: so no step can be
/// skipped, repeated, reordered or
/// done
/// for somebody else. Nothing is kept for those who never come back.
final class Tickets {
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final String PURPOSE = "sign-in-step";
    private static final int CHALLENGE_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A ticket that holds.
    ///
    /// @param user empty before anybody is known
    record Held(Ticket ticket, Optional<User> user) {
        Progress progress() {
            return new Progress(
                    user.orElseThrow(),
                    ticket.methods(),
                    ticket.mfa(),
                    ticket.stay(),
                    ticket.realm(),
                    ticket.checked());
        }
    }

    private final Store store;
    private final Errands errands;
    private final Csrf csrf;
    private final Sealer sealer;
    private final Clock clock;

    Tickets(Store store, Errands errands, Csrf csrf, KeyRing ring, Clock clock) {
        this.store = store;
        this.errands = errands;
        this.csrf = csrf;
        this.sealer = new Sealer(ring, PURPOSE);
        this.clock = clock;
    }

    static String challenge() {
        byte[] random = new byte[CHALLENGE_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /// @param progress empty before anybody is known
    String issue(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            Stage stage,
            Optional<Progress> progress,
            String challenge,
            String secret) {
        var ticket = new Ticket(
                stage,
                Opaque.random(),
                clock.instant().plus(LIFETIME),
                progress.map(p -> p.user().id().value()).orElse(""),
                progress.map(p -> proofs(p.user())).orElse(""),
                csrf.browser(request, response),
                digest(errand),
                progress.map(Progress::methods).orElse(Set.of()),
                progress.flatMap(Progress::mfa),
                progress.flatMap(Progress::stay),
                progress.flatMap(Progress::realm),
                progress.map(Progress::checked).orElse(""),
                challenge,
                secret);
        return sealer.seal(
                ticket.toJson().getBytes(StandardCharsets.UTF_8),
                errand.tenant().id().value());
    }

    /// Empty when the ticket does not hold for this stage, here and now.
    Optional<Held> open(ServerRequest request, ServerResponse response, Errand errand, Stage stage, String sealed) {
        TenantId tenant = errand.tenant().id();
        Optional<Ticket> ticket = sealer.open(sealed, tenant.value())
                .map(plain -> Ticket.parse(new String(plain, StandardCharsets.UTF_8)))
                .filter(t -> t.stage() == stage
                        && clock.instant().isBefore(t.expires())
                        && t.errand().equals(digest(errand))
                        && t.browser().equals(csrf.browser(request, response)));
        if (ticket.isEmpty() || ticket.get().user().isEmpty()) {
            return ticket.map(t -> new Held(t, Optional.empty()));
        }
        return store.read(s -> s.users().find(tenant, new UserId(ticket.get().user())))
                .filter(user -> user.accountEnabled()
                        && proofs(user).equals(ticket.get().proofs()))
                .map(user -> new Held(ticket.get(), Optional.of(user)));
    }

    /// Counts the ticket as used. @return false when it was
    boolean claim(Held held) {
        Ticket ticket = held.ticket();
        return store.write(s -> s.once().claim(PURPOSE, ticket.id(), ticket.expires()));
    }

    /// Of what the request says, not of its sealed form, which is new on every page.
    private String digest(Errand errand) {
        Errands.Opened opened = errands.open(errand.tenant().id(), errand.sealed())
                .orElseThrow(() -> new IllegalStateException("an errand that does not open again"));
        return Opaque.hash(opened.kind() + " " + opened.text());
    }

    /// What makes every proof void, makes those void that are half way: a new password, sessions taken back.
    private static String proofs(User user) {
        return Opaque.hash(user.sessionsValidFrom().getEpochSecond() + " "
                + user.passwordHash().orElse(""));
    }
}
