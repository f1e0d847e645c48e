package io.postern.account;

import io.postern.domain.TenantId;
import io.postern.domain.directory.Attributes;
import io.postern.store.Guest;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// What a guest does with his invitation (GST-3, GST-4). The link proves his mail address; it counts once, and only its
/// hash is kept. Blocking.
public final class Invitations {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Somebody who may accept.
    public record Open(Guest guest, User user, Guest.Link link) {}

    private final Store store;
    private final Clock clock;

    public Invitations(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// What stands in a new link.
    public static String secret() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    public static String hash(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Looking at an invitation changes nothing: mail scanners open links too. Empty for one that was used, replaced,
    /// is too old or another tenant's, and for a guest who is disabled.
    public Optional<Open> open(TenantId tenant, String secret) {
        return store.read(s -> open(s, tenant, secret, clock.instant()));
    }

    private static Optional<Open> open(Stores s, TenantId tenant, String secret, Instant now) {
        return s.guests()
                .findByLink(hash(secret))
                .filter(guest -> guest.tenant().equals(tenant))
                .flatMap(guest -> guest.link()
                        .filter(link -> now.isBefore(link.expires()))
                        .flatMap(link -> s.users()
                                .find(tenant, guest.user())
                                .filter(User::accountEnabled)
                                .map(user -> new Open(guest, user, link))));
    }

    /// The guest accepts and signs in with a password here from now on.
    ///
    /// @param password that [PasswordRules] allow, computed before
    /// @return empty when the link counts no more
    public Optional<User> accept(TenantId tenant, String secret, Accounts.NewPassword password, Actor actor) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return store.write(s -> open(s, tenant, secret, clock.instant())
                .filter(open -> s.guests().claim(open.guest(), open.link()))
                .map(open -> {
                    User user = password.write(s, accepted(open.user(), now), actor, now);
                    s.audit().append(actor.did("Redeem external user invite", user, now));
                    return user;
                }));
    }

    /// The guest came from a provider that speaks for his address, and so proved it; the link counts no more.
    ///
    /// @return the user as he is now
    static User acceptElsewhere(Stores s, User user, Actor actor, Instant now) {
        Optional<Guest> guest = s.guests().find(user.tenant(), user.id());
        if (guest.isEmpty() || isAccepted(user)) {
            return user;
        }
        s.guests().update(guest.get().withLink(Optional.empty()));
        User accepted = accepted(user, now);
        s.users().update(accepted);
        s.audit().append(actor.did("Redeem external user invite", accepted, now));
        s.changes().bump();
        return accepted;
    }

    public static boolean isAccepted(User user) {
        return user.attributes()
                .first(Attributes.EXTERNAL_STATE)
                .filter(Attributes.ACCEPTED::equals)
                .isPresent();
    }

    /// Who was invited, or is to accept anew.
    public static Attributes pending(Attributes attributes, Instant now) {
        return state(attributes, Attributes.PENDING, now);
    }

    private static User accepted(User user, Instant now) {
        return user.withAttributes(state(user.attributes(), Attributes.ACCEPTED, now));
    }

    private static Attributes state(Attributes attributes, String state, Instant now) {
        return attributes
                .with(Attributes.EXTERNAL_STATE, Optional.of(state))
                .with(
                        Attributes.EXTERNAL_STATE_CHANGED,
                        Optional.of(now.truncatedTo(ChronoUnit.SECONDS).toString()));
    }
}
