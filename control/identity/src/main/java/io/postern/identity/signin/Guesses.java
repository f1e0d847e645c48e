package io.postern.identity.signin;

import io.postern.account.PasswordHash;
import io.postern.base.Secret;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Lets somebody guess, within smart lockout. Tries on one account go one after the other: otherwise a burst of
/// parallel guesses would all pass before the first of them is counted. Who waits holds memory, so only so many
/// wait, and few of them for one account: what floods one name leaves room for the others. Thread-safe.
final class Guesses {
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int TURNS = 64;

    /// Three times what [PasswordHash] takes in: most of these wait for an account, not for a processor.
    static final int AT_ONCE_MAX = 96;

    /// Of one account, or of those few that share its turn.
    static final int AT_ONCE_OF_ONE_MAX = 5;

    sealed interface Result {
        record Right() implements Result {}

        record Wrong() implements Result {}

        record Locked(Duration remaining) implements Result {}

        /// Too many try at once.
        record Busy(Duration retryAfter) implements Result {}
    }

    /// What a check found.
    enum Opinion {
        RIGHT,
        WRONG,
        /// It could not be found out: nothing is counted, nothing forgotten.
        NONE
    }

    private final Lockout lockout;
    private final Duration wait;
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);
    private final List<Turn> turns =
            IntStream.range(0, TURNS).mapToObj(_ -> new Turn()).toList();

    private record Turn(ReentrantLock lock, Semaphore places) {
        Turn() {
            this(new ReentrantLock(true), new Semaphore(AT_ONCE_OF_ONE_MAX));
        }
    }

    Guesses(Store store, KeyRing ring, Clock clock) {
        this(store, ring, clock, WAIT);
    }

    /// @param wait for the account's turn, at the most
    Guesses(Store store, KeyRing ring, Clock clock, Duration wait) {
        this.lockout = new Lockout(store, ring, clock);
        this.wait = wait;
    }

    /// @param account what is counted: a name as typed, or an id that no name can be
    Result guess(String account, Secret typed, BooleanSupplier check) {
        return guess(account, typed, Lockout.Limits.OURS, () -> check.getAsBoolean() ? Opinion.RIGHT : Opinion.WRONG);
    }

    /// @return right also where nothing was found out: whoever checks knows
    Result guess(String account, Secret typed, Lockout.Limits limits, Supplier<Opinion> check) {
        Turn turn = turns.get(Math.floorMod(account.hashCode(), TURNS));
        if (!turn.places().tryAcquire()) {
            return new Result.Busy(SOON);
        }
        try {
            if (!places.tryAcquire()) {
                return new Result.Busy(SOON);
            }
            try {
                return inTurn(turn.lock(), account, typed, limits, check);
            } finally {
                places.release();
            }
        } finally {
            turn.places().release();
        }
    }

    private Result inTurn(
            ReentrantLock turn, String account, Secret typed, Lockout.Limits limits, Supplier<Opinion> check) {
        try {
            if (!turn.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
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
            return switch (check.get()) {
                case WRONG ->
                    lockout.failed(account, typed, limits)
                            .<Result>map(Result.Locked::new)
                            .orElseGet(Result.Wrong::new);
                case RIGHT -> {
                    lockout.succeeded(account);
                    yield new Result.Right();
                }
                case NONE -> new Result.Right();
            };
        } catch (PasswordHash.Busy e) {
            return new Result.Busy(SOON);
        } finally {
            turn.unlock();
        }
    }
}
