package io.postern.run.connector.log;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Takes records from any thread without waiting, and hands them to the sinks on a thread of its own. A sink that
/// fails loses the batch at hand, says so now and then on standard error, and is asked again with the next.
final class LogQueue implements AutoCloseable {
    private static final int ROOM = 16_384;
    private static final int BATCH = 512;
    private static final long LOOK_MILLIS = 200;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final long COMPLAIN_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final BlockingQueue<LogRecord> waiting = new ArrayBlockingQueue<>(ROOM);
    private final List<LogSink> sinks;
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private long complainedNanos = System.nanoTime() - COMPLAIN_AGAIN_NANOS;
    private volatile boolean isClosing;

    LogQueue(List<LogSink> sinks) {
        this.sinks = List.copyOf(sinks);
        this.writer = Thread.ofPlatform().daemon().name("log").start(this::write);
    }

    void add(LogRecord record) {
        if (isClosing || !waiting.offer(record)) {
            dropped.increment();
        }
    }

    /// Records that did not fit or that a sink did not take.
    long dropped() {
        return dropped.sum();
    }

    private void write() {
        var batch = new ArrayList<LogRecord>(BATCH);
        try {
            while (!isClosing || !waiting.isEmpty()) {
                LogRecord first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                    sinks.forEach(sink -> deliver(sink, batch));
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the closing thread waits no longer
        }
    }

    private void deliver(LogSink sink, List<LogRecord> batch) {
        try {
            sink.write(batch);
        } catch (IOException | RuntimeException e) { // whatever it is, the other sinks go on
            dropped.add(batch.size());
            if (System.nanoTime() - complainedNanos >= COMPLAIN_AGAIN_NANOS) {
                complainedNanos = System.nanoTime();
                System.err.println("postern connector: log records are lost, " + sink.name() + " fails: "
                        + (e.getMessage() == null ? e : e.getMessage()));
            }
        }
    }

    /// Writes what waits, for two seconds at most.
    @Override
    public void close() {
        isClosing = true;
        try {
            if (!writer.join(CLOSE_LIMIT)) {
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sinks.forEach(LogSink::close);
    }
}
