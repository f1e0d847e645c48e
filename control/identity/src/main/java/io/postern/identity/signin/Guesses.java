package io.postern.identity.signin;

import io.postern.account.PasswordHash;
import io.postern.base.Secret;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// Lets somebody guess, within smart lockout. Tries on one account go one after the other: otherwise a burst of
/// parallel
/// guesses would all pass before the first of them is counted. Thread-safe.
final class Guesses {
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(5);

    sealed interface Result {
        record Right() implements Result {}

        record Wrong() implements Result {}

        record Locked(Duration remaining) implements Result {}

        /// Too many try at once.
        record Busy(Duration retryAfter) implements Result {}
    }

    private final Lockout lockout;
    private final ReentrantLock[] turns =
            IntStream.range(0, 64).mapToObj(i -> new ReentrantLock(true)).toArray(ReentrantLock[]::new);

    Guesses(Store store, KeyRing ring, Clock clock) {
        this.lockout = new Lockout(store, ring, clock);
    }

    /// @param account what is counted: a name as typed, or an id that no name can be
    Result guess(String account, Secret typed, BooleanSupplier check) {
        ReentrantLock turn = turns[Math.floorMod(account.hashCode(), turns.length)];
        try {
            if (!turn.tryLock(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Result.Busy(SOON);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Busy(SOON);
        }
        try {
            Optional<Duration> locked = lockout.remaining(account);
            if (locked.isPresent()) {
                return new Result.Locked(locked.get());
            }
            if (!check.getAsBoolean()) {
                return lockout.failed(account, typed)
                        .<Result>map(Result.Locked::new)
                        .orElseGet(Result.Wrong::new);
            }
            lockout.succeeded(account);
            return new Result.Right();
        } catch (PasswordHash.Busy e) {
            return new Result.Busy(SOON);
        } finally {
            turn.unlock();
        }
    }
}
