package io.postern.bench.micro;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Measures on threads such as event loops have: what they remember lies in an array, not in a map. JMH makes one by
/// name (`jmh.executor.class`).
public final class LoopThreads extends ThreadPoolExecutor {
    /// @param threads as many as JMH measures with
    public LoopThreads(int threads, String name) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name));
    }
}
