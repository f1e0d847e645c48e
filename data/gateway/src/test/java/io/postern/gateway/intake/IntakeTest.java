package io.postern.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Connection;
import io.postern.gateway.exchange.Exchange;
import io.postern.net.DirectMemory;
import io.postern.net.Loops;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Memory as the test sets it; that a refusal becomes 503 is seen in [OverloadTest].
class IntakeTest {
    private static final long MEMORY_MAX = 1_000;
    private static final Exchange.Observer NOBODY = new Exchange.Observer() {
        @Override
        public void onAnswering(Exchange exchange) {}

        @Override
        public void onDone(Exchange exchange) {}
    };

    private final AtomicLong used = new AtomicLong();
    private final Loops loops = Loops.open("intake", 1);
    private final Intake intake = new Intake(IntakeLimits.DEFAULTS, loops, new DirectMemory(used::get, MEMORY_MAX));
    private final Channel client = loops.dialler(loops.next())
            .handler(new ChannelInboundHandlerAdapter())
            .register()
            .syncUninterruptibly()
            .channel();

    @AfterEach
    void close() {
        client.close().awaitUninterruptibly();
        loops.close(Duration.ZERO).awaitUninterruptibly();
    }

    private Optional<Refusal> take() {
        return intake.take(new Exchange(
                client.pipeline().firstContext(),
                new Connection("203.0.113.9", false, Optional.empty(), false, Optional.empty()),
                Requests.page("/"),
                Requests.client(Pictures.of(List.of())),
                NOBODY));
    }

    @Test
    void refusesFromThreeQuartersOfTheMemoryAndCountsNothing() {
        used.set(MEMORY_MAX * 3 / 4 - 1);
        assertEquals(Optional.empty(), take());
        assertEquals(1, intake.waiting());
        used.set(MEMORY_MAX * 3 / 4);
        assertEquals(Optional.of(Refusal.MEMORY), take());
        assertEquals(1, intake.waiting());
        used.set(0);
        assertEquals(Optional.empty(), take());
    }
}
