package io.postern.run.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is running, in the order in which it was started; closed in reverse, once. Thread-safe: a stop
/// may be asked for while the start is still under way.
public final class Rooms implements AutoCloseable {
    /// A stop was asked for while something was starting.
    public static final class StopAsked extends RuntimeException {
        private static final long serialVersionUID = 1;

        StopAsked() {
            super("stopped while starting");
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Rooms.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /// Takes over a room that has just been started.
    ///
    /// @throws StopAsked when everything is closed already; the room is closed too
    public synchronized <T extends AutoCloseable> T add(T room) {
        if (closed) {
            close(room);
            throw new StopAsked();
        }
        open.push(room);
        return room;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!open.isEmpty()) {
            close(open.pop());
        }
    }

    /// Starts rooms, then waits until the process is asked to stop (SIGTERM, SIGINT), closes them and ends
    /// the process with status 0, since a stop that was asked for is no failure. Returns by an exception
    /// of `start` only; what was started is closed by then.
    public static void runUntilStopped(Consumer<Rooms> start) {
        var rooms = new Rooms();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            boolean asked = !rooms.isClosed();
            rooms.close();
            System.out.flush();
            // the JVM writes a recording for its start cache at a plain exit only
            if (asked && System.getProperty("postern.recording") == null) {
                Runtime.getRuntime().halt(0);
            }
        }));
        try {
            start.accept(rooms);
        } catch (RuntimeException | Error e) {
            rooms.close();
            throw e;
        }
        System.gc(); // a start leaves as much garbage as the service needs when idle; it would lie there for hours
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable room) {
        try {
            room.close();
        } catch (Exception e) { // one room that cannot stop must not keep the others from stopping
            LOG.error("{} did not stop cleanly", room, e);
        }
    }
}
