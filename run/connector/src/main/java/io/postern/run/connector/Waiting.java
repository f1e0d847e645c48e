package io.postern.run.connector;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits on the main thread of a command for what happens on a loop.
final class Waiting {
    private Waiting() {}

    /// @throws Exception what the future failed with, or that it took too long
    static <T> T on(Future<T> future, Duration limit) throws Exception {
        if (!future.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            future.cancel(false);
            throw new TimeoutException("no answer within " + limit.toSeconds() + " s");
        }
        if (future.cause() instanceof Exception failure) {
            throw failure;
        }
        if (future.cause() != null) {
            throw new IllegalStateException(future.cause());
        }
        return future.getNow();
    }
}
