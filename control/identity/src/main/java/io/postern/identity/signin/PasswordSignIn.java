package io.postern.identity.signin;

import io.postern.account.PasswordHash;
import io.postern.account.UserName;
import io.postern.base.Secret;
import io.postern.identity.signin.SignInResult.MustChange;
import io.postern.identity.signin.SignInResult.Reason;
import io.postern.identity.signin.SignInResult.Refused;
import io.postern.identity.signin.SignInResult.Welcome;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks a name and a password. Every way to be wrong takes one hash computation and gives the same
/// answer, so neither time nor text tells whether a user exists. Thread-safe.
public final class PasswordSignIn {
    private static final Logger LOG = LoggerFactory.getLogger("io.postern.signin");
    private static final Duration LOCK_WAIT = Duration.ofSeconds(3);

    private final Store store;
    private final PasswordHash hashes;
    private final Lockout lockout;
    private final AddressThrottle throttle;

    /// Tries on one name go one after the other: otherwise a burst of parallel guesses would all pass
    /// before the first of them is counted.
    private final ReentrantLock[] turns =
            IntStream.range(0, 64).mapToObj(i -> new ReentrantLock(true)).toArray(ReentrantLock[]::new);

    public PasswordSignIn(Store store, PasswordHash hashes, KeyRing ring, Clock clock) {
        this.store = store;
        this.hashes = hashes;
        this.lockout = new Lockout(store, ring, clock);
        this.throttle = new AddressThrottle(clock);
    }

    public SignInResult attempt(Tenant tenant, String typedName, Secret password, RequestFacts facts) {
        SignInResult result = throttle.enter(facts.clientAddress())
                ? inTurn(tenant, UserName.read(typedName), password)
                : new Refused(Reason.THROTTLED, AddressThrottle.WINDOW);
        switch (result) {
            case Welcome(User user) -> {
                throttle.succeeded(facts.clientAddress());
                log("success", tenant, Optional.of(user), facts);
            }
            case MustChange(User user) -> {
                throttle.succeeded(facts.clientAddress());
                log("passwordChangeNeeded", tenant, Optional.of(user), facts);
            }
            case Refused refused -> log(refused.reason().name(), tenant, known(typedName), facts);
        }
        return result;
    }

    private SignInResult inTurn(Tenant tenant, Optional<UserName> name, Secret password) {
        String account = name.map(UserName::value).orElse("");
        ReentrantLock turn = turns[Math.floorMod(account.hashCode(), turns.length)];
        try {
            if (!turn.tryLock(LOCK_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Refused(Reason.BUSY, Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Refused(Reason.BUSY, Duration.ofSeconds(5));
        }
        try {
            return check(tenant, name, password);
        } catch (PasswordHash.Busy e) {
            return new Refused(Reason.BUSY, Duration.ofSeconds(5));
        } finally {
            turn.unlock();
        }
    }

    private SignInResult check(Tenant tenant, Optional<UserName> name, Secret password) {
        if (name.isEmpty()) {
            hashes.refuse(password); // can be nobody's name; takes as long as if it were
            return new Refused(Reason.WRONG);
        }
        String account = name.get().value();
        Optional<Duration> locked = lockout.remaining(account);
        if (locked.isPresent()) {
            return new Refused(Reason.LOCKED, locked.get());
        }
        Optional<User> user = store.read(s -> s.users().findByPrincipalName(account));
        boolean right = user.flatMap(User::passwordHash)
                .map(hash -> hashes.verify(hash, password))
                .orElseGet(() -> hashes.refuse(password));
        if (!right) {
            return lockout.failed(account, password)
                    .<SignInResult>map(lock -> new Refused(Reason.LOCKED, lock))
                    .orElseGet(() -> new Refused(Reason.WRONG));
        }
        lockout.succeeded(account);
        return admit(tenant, user.orElseThrow());
    }

    /// The password is right: from here on the truth may be told.
    private static SignInResult admit(Tenant tenant, User user) {
        if (!user.tenant().equals(tenant.id())) {
            return new Refused(Reason.OTHER_TENANT);
        }
        if (!user.accountEnabled()) {
            return new Refused(Reason.DISABLED);
        }
        return user.forceChangePassword() ? new MustChange(user) : new Welcome(user);
    }

    private Optional<User> known(String typedName) {
        return UserName.read(typedName).flatMap(n -> store.read(s -> s.users().findByPrincipalName(n.value())));
    }

    /// Names that nobody has are not logged: people type passwords into the wrong field.
    private static void log(String result, Tenant tenant, Optional<User> user, RequestFacts facts) {
        LOG.info(
                "sign-in result={} tenant={} userPrincipalName={} clientAddress={} exchange={}",
                result,
                tenant.name(),
                user.map(User::userPrincipalName).orElse("unknown"),
                facts.clientAddress(),
                facts.exchange());
    }
}
