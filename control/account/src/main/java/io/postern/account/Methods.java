package io.postern.account;

import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.AuditEntry;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// What users prove themselves with beside the password: kept, used once, taken away. Every change is in the audit log
/// of the same transaction. Thread-safe.
public final class Methods {
    public static final int RECOVERY_CODES = 10;
    /// A user with more has lost count; bounds what one account can store.
    public static final int PER_USER_MAX = 20;
    public static final int NAME_CHARACTERS_MAX = 60;

    private static final int RECOVERY_LETTERS = 16; // 80 bits: a plain hash keeps them secret
    private static final int PASS_LETTERS = 12; // 60 bits, behind Argon2id, for hours
    private static final Duration PASS_MIN = Duration.ofMinutes(10);
    private static final Duration PASS_MAX = Duration.ofDays(30); // the original's limit
    private static final long UNLIMITED = Long.MAX_VALUE;

    /// A temporary access pass as it was made.
    ///
    /// @param text shown this once
    public record Given(AuthenticationMethod method, String text) {}

    private final Store store;
    private final PasswordHash hashes;
    private final Clock clock;

    public Methods(Store store, PasswordHash hashes, Clock clock) {
        this.store = store;
        this.hashes = hashes;
        this.clock = clock;
    }

    /// Notes that the user's password is his from `now` on. Call it in the transaction that sets the password.
    static void passwordSet(Stores s, TenantId tenant, UserId user, Instant now) {
        s.authenticationMethods().delete(tenant, user, Kind.PASSWORD.name());
        s.authenticationMethods()
                .insert(new AuthenticationMethod(
                        tenant,
                        user,
                        Kind.PASSWORD.name(),
                        Kind.PASSWORD,
                        "",
                        Optional.empty(),
                        "",
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        now,
                        Optional.empty(),
                        0));
    }

    /// Oldest first; what expired is left out.
    public List<AuthenticationMethod> of(User user) {
        return of(user.tenant(), user.id());
    }

    public List<AuthenticationMethod> of(TenantId tenant, UserId user) {
        Instant now = clock.instant();
        return store.read(s -> s.authenticationMethods().of(tenant, user)).stream()
                .filter(m -> m.expires().filter(until -> !now.isBefore(until)).isEmpty())
                .toList();
    }

    /// When the password was set; the user's creation where that is not known.
    public Instant passwordSince(User user) {
        return of(user).stream()
                .filter(m -> m.kind() == Kind.PASSWORD)
                .map(AuthenticationMethod::created)
                .findFirst()
                .orElse(user.created());
    }

    /// A generator or a passkey that the user just proved to have.
    ///
    /// @param counter time step or signature counter of that proof: it does not count again
    public Outcome<AuthenticationMethod> add(
            User user, Kind kind, String name, Optional<String> credential, String secret, long counter, Actor actor) {
        Instant now = now();
        var method = new AuthenticationMethod(
                user.tenant(),
                user.id(),
                UUID.randomUUID().toString(),
                kind,
                cut(name),
                credential,
                secret,
                counter,
                Optional.empty(),
                Optional.empty(),
                now,
                Optional.of(now),
                0);
        return store.write(s -> {
            if (s.authenticationMethods().of(user.tenant(), user.id()).size() >= PER_USER_MAX) {
                return new Outcome.Conflict<AuthenticationMethod>(
                        "There are " + PER_USER_MAX + " methods already. Remove one first.");
            }
            if (credential.flatMap(s.authenticationMethods()::findByCredential).isPresent()) {
                return new Outcome.Conflict<AuthenticationMethod>("This passkey is registered already.");
            }
            s.authenticationMethods().insert(method);
            s.audit().append(entry(user, "User registered security info", method, actor, now));
            return Outcome.done(method);
        });
    }

    /// Fresh codes; earlier ones are void. @return them, for this once
    public List<String> newRecoveryCodes(User user, Actor actor) {
        Instant now = now();
        var codes = new ArrayList<String>();
        for (int i = 0; i < RECOVERY_CODES; i++) {
            codes.add(OneTimeText.random(RECOVERY_LETTERS));
        }
        String hashesOfThem = codes.stream().map(Methods::fingerprint).collect(Collectors.joining(" "));
        var method = new AuthenticationMethod(
                user.tenant(),
                user.id(),
                UUID.randomUUID().toString(),
                Kind.RECOVERY_CODES,
                "",
                Optional.empty(),
                hashesOfThem,
                RECOVERY_CODES,
                Optional.empty(),
                Optional.empty(),
                now,
                Optional.empty(),
                0);
        store.write(s -> {
            deleteAll(s, user, Kind.RECOVERY_CODES);
            s.authenticationMethods().insert(method);
            s.audit().append(entry(user, "User registered security info", method, actor, now));
            return method;
        });
        return List.copyOf(codes);
    }

    /// True once for each code.
    public boolean useRecoveryCode(User user, String typed) {
        String wanted = fingerprint(typed);
        Instant now = now();
        return store.write(s -> s.authenticationMethods().of(user.tenant(), user.id()).stream()
                .filter(m -> m.kind() == Kind.RECOVERY_CODES)
                .findFirst()
                .filter(m -> List.of(m.secret().split(" ")).contains(wanted))
                .filter(m -> {
                    String left = Arrays.stream(m.secret().split(" "))
                            .filter(hash -> !hash.equals(wanted))
                            .collect(Collectors.joining(" "));
                    return s.authenticationMethods().replace(m.used(now, m.counter() - 1, left));
                })
                .isPresent());
    }

    /// Writes that `method` was used, with its new counter. @return false when somebody else used it meanwhile
    public boolean use(AuthenticationMethod method, long counter) {
        return use(method, counter, method.secret());
    }

    public boolean use(AuthenticationMethod method, long counter, String secret) {
        Instant now = now();
        return store.write(s -> s.authenticationMethods().replace(method.used(now, counter, secret)));
    }

    /// A pass with which the user signs in once or for a while, as if with password and second factor. Made outside the
    /// transaction, since that takes time; [#keep] keeps it.
    ///
    /// @param lifetime 10 minutes to 30 days
    /// @throws IllegalArgumentException when the lifetime is outside of that
    /// @throws PasswordHash.Busy when too many passwords are computed at once
    public Given pass(TenantId tenant, UserId user, Duration lifetime, boolean once, Optional<Instant> starts) {
        if (lifetime.compareTo(PASS_MIN) < 0 || lifetime.compareTo(PASS_MAX) > 0) {
            throw new IllegalArgumentException("a pass lives from 10 to 43200 minutes (30 days)");
        }
        Instant now = now();
        Instant from = starts.orElse(now);
        String text = OneTimeText.random(PASS_LETTERS);
        var method = new AuthenticationMethod(
                tenant,
                user,
                UUID.randomUUID().toString(),
                Kind.TEMPORARY_PASS,
                "",
                Optional.empty(),
                hashes.hash(Secret.of(OneTimeText.folded(text))),
                once ? 1 : UNLIMITED,
                Optional.of(from),
                Optional.of(from.plus(lifetime)),
                now,
                Optional.empty(),
                0);
        return new Given(method, text);
    }

    /// Keeps a pass; an earlier one is void.
    public static void keep(Stores s, User user, Given pass) {
        deleteAll(s, user, Kind.TEMPORARY_PASS);
        s.authenticationMethods().insert(pass.method());
    }

    /// True for a pass that works once.
    public static boolean isOnce(AuthenticationMethod pass) {
        return pass.counter() != UNLIMITED;
    }

    /// Whether `typed` is the user's pass, and counts the use. Takes as long for a user who has none, and for none.
    ///
    /// @throws PasswordHash.Busy when too many passwords are computed at once
    public boolean usePass(Optional<User> user, Secret typed) {
        Secret folded = Secret.of(OneTimeText.folded(typed.reveal()));
        Instant now = clock.instant();
        Optional<AuthenticationMethod> pass = user.flatMap(u -> of(u).stream()
                .filter(m -> m.kind() == Kind.TEMPORARY_PASS && m.holdsAt(now) && m.counter() > 0)
                .findFirst());
        if (pass.isEmpty()) {
            return hashes.refuse(folded);
        }
        AuthenticationMethod held = pass.get();
        return hashes.verify(held.secret(), folded)
                && use(held, held.counter() == UNLIMITED ? UNLIMITED : held.counter() - 1);
    }

    public Outcome<AuthenticationMethod> rename(User user, String id, String name, Actor actor) {
        Instant now = now();
        return store.write(s -> {
            Optional<AuthenticationMethod> method = find(s, user, id);
            if (method.isEmpty()
                    || !s.authenticationMethods().replace(method.get().named(cut(name)))) {
                return new Outcome.NotFound<AuthenticationMethod>("method " + id);
            }
            s.audit().append(entry(user, "User changed security info", method.get(), actor, now));
            return Outcome.done(method.get().named(cut(name)));
        });
    }

    /// The user takes a method of his own away.
    public Outcome<AuthenticationMethod> remove(User user, String id, Actor actor) {
        Instant now = now();
        return store.write(s -> {
            Optional<AuthenticationMethod> removed = remove(s, user, id);
            if (removed.isEmpty()) {
                return new Outcome.NotFound<AuthenticationMethod>("method " + id);
            }
            s.audit().append(entry(user, "User deleted security info", removed.get(), actor, now));
            return Outcome.done(removed.get());
        });
    }

    /// Recovery codes go with the last second factor: alone they would be one. @return empty when there is no such
    /// method
    public static Optional<AuthenticationMethod> remove(Stores s, User user, String id) {
        Optional<AuthenticationMethod> known = find(s, user, id);
        known.ifPresent(method -> s.authenticationMethods().delete(user.tenant(), user.id(), id));
        boolean more = s.authenticationMethods().of(user.tenant(), user.id()).stream()
                .anyMatch(m -> m.kind().isSecondFactor());
        if (!more) {
            deleteAll(s, user, Kind.RECOVERY_CODES);
        }
        return known;
    }

    private static Optional<AuthenticationMethod> find(Stores s, User user, String id) {
        return s.authenticationMethods().of(user.tenant(), user.id()).stream()
                .filter(m -> m.id().equals(id) && m.kind() != Kind.PASSWORD)
                .findFirst();
    }

    private static void deleteAll(Stores s, User user, Kind kind) {
        s.authenticationMethods().of(user.tenant(), user.id()).stream()
                .filter(m -> m.kind() == kind)
                .forEach(m -> s.authenticationMethods().delete(user.tenant(), user.id(), m.id()));
    }

    private static String cut(String name) {
        String stripped = name.strip();
        return stripped.substring(0, Math.min(stripped.length(), NAME_CHARACTERS_MAX));
    }

    private static String fingerprint(String code) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(OneTimeText.folded(code).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static AuditEntry entry(User user, String activity, AuthenticationMethod method, Actor actor, Instant now) {
        return actor.did(activity, user, now)
                .with(Map.of("method", method.kind().name()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
