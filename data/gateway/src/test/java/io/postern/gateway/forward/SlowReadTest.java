package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import io.postern.net.FrameStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A peer that does not read stops the other one, on every way through; nothing piles up between them.
class SlowReadTest {
    private static final int CHUNK = 64 * 1024;
    private static final long SIZE = 96L * 1024 * 1024;
    /// Windows and socket buffers of all hops, generously; without back-pressure it would be `SIZE`.
    private static final long HELD_MAX = 32L * 1024 * 1024;

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private Optional<House> house = Optional.empty();

    @AfterEach
    void close() {
        house.ifPresent(House::close);
    }

    /// Writes `SIZE` bytes, as fast as they are taken.
    private static final class Pump extends ScriptedBackend {
        private final AtomicLong written = new AtomicLong();

        Pump() {
            super((s, c) -> {}, (s, c) -> ((Pump) s).begin(c), true);
        }

        private void begin(FrameStream to) {
            to.write(new DefaultHttp2HeadersFrame(
                    new DefaultHttp2Headers().status("200").setLong("content-length", SIZE), false));
            pump();
        }

        private void pump() {
            while (stream().isWritable() && written.get() < SIZE) {
                boolean last = written.addAndGet(CHUNK) == SIZE;
                stream().write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[CHUNK]), last));
            }
            stream().flush();
        }

        @Override
        public void onWritable() {
            pump();
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheBackend() {
        House h = House.open(log.factory(Pump::new));
        house = Optional.of(h);
        try (var client = h.client()) {
            client.send(RawClient.head("GET /app/big HTTP/1.1", "Host: app.example.test"));
            var pump = (Pump) log.next();
            awaitStill(pump.written);
            assertTrue(pump.written.get() < HELD_MAX, pump.written + " bytes were taken from the backend");
            client.skipHead();
            for (long read = 0; read < SIZE; read += CHUNK) {
                client.bytes(CHUNK);
            }
            assertEquals(SIZE, h.event().responseBytes());
        }
    }

    @Test
    void aBackendThatDoesNotReadStopsTheClient() throws InterruptedException {
        House h = House.open(log.factory(
                () -> new ScriptedBackend((s, c) -> {}, (s, c) -> ScriptedBackend.respond(c, 200, "done"), false)));
        house = Optional.of(h);
        var sent = new AtomicLong();
        try (var client = h.client()) {
            client.send(RawClient.head("PUT /app/big HTTP/1.1", "Host: app.example.test", "Content-Length: " + SIZE));
            Thread sender = Thread.ofPlatform().start(() -> {
                while (sent.get() < SIZE) {
                    client.send(new byte[CHUNK]);
                    sent.addAndGet(CHUNK);
                }
            });
            ScriptedBackend stream = log.next();
            awaitStill(sent);
            assertTrue(sent.get() < HELD_MAX, sent + " bytes were taken from the client");
            stream.startReading();
            sender.join();
            assertEquals("done", client.response().body());
            assertEquals(SIZE, stream.received.get());
        }
    }

    /// Until the count has begun and then has not moved for 300 looks in a row.
    private static void awaitStill(AtomicLong count) {
        long[] seen = {0, 0};
        House.await(() -> {
            long now = count.get();
            seen[1] = now == seen[0] ? seen[1] + 1 : 0;
            seen[0] = now;
            return now > 0 && seen[1] > 300;
        });
    }
}
