package io.postern.identity.signin;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import io.postern.identity.signin.Guesses.Result;
import io.postern.store.Store;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import io.postern.token.KeyRing;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A flood in which no guess comes to its end before the test says so: whoever is answered was sent away at once.
class GuessesTest {
    private static final int FLOOD = 1000;

    @TempDir
    Path folder;

    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor();
    private Store store;
    private Guesses guesses;

    @BeforeEach
    void start() {
        store = SqlStore.open(new DatabaseAddress.Sqlite(folder.resolve("postern.db")));
        guesses = new Guesses(store, KeyRing.generate(), Clock.systemUTC(), Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        end.countDown();
        crowd.close();
        store.close();
    }

    private List<Future<Result>> flood(CountDownLatch sentAway, IntFunction<String> account) {
        var tries = new ArrayList<Future<Result>>();
        for (int i = 0; i < FLOOD; i++) {
            String name = account.apply(i);
            tries.add(crowd.submit(() -> {
                Result result = guesses.guess(name, Secret.of("guess"), this::waits);
                if (result instanceof Result.Busy) {
                    sentAway.countDown();
                }
                return result;
            }));
        }
        return tries;
    }

    private boolean waits() {
        try {
            return end.await(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void whoDoesNotFitInIsSentAwayAtOnceWithATimeToComeAgain() throws Exception {
        var sentAway = new CountDownLatch(FLOOD - Guesses.AT_ONCE_MAX);
        List<Future<Result>> tries = flood(sentAway, i -> "user" + i + "@contoso.example");

        assertTrue(sentAway.await(30, TimeUnit.SECONDS), "too many wait, by " + sentAway.getCount());
        end.countDown();
        for (Future<Result> each : tries) {
            if (each.get() instanceof Result.Busy busy) {
                assertTrue(busy.retryAfter().isPositive());
            } else {
                assertInstanceOf(Result.Right.class, each.get());
            }
        }
        assertInstanceOf(Result.Right.class, guesses.guess("later@contoso.example", Secret.of("x"), () -> true));
    }

    @Test
    void whatFloodsOneNameLeavesRoomForTheOthers() throws InterruptedException {
        var sentAway = new CountDownLatch(FLOOD - Guesses.AT_ONCE_OF_ONE_MAX);
        flood(sentAway, _ -> "b.simon@contoso.example");

        assertTrue(sentAway.await(30, TimeUnit.SECONDS), "too many wait, by " + sentAway.getCount());
        assertInstanceOf(Result.Right.class, guesses.guess("other@contoso.example", Secret.of("x"), () -> true));
    }
}
