package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.postern.net.Loops;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandshakeTurnsTest {
    private static final int HERD = 50;
    private static final int OTHER = -1;

    private final Loops loops = Loops.open("turns", 1);
    private final EventLoop loop = loops.all().getFirst();

    @AfterEach
    void close() {
        loops.close(Duration.ofSeconds(1)).syncUninterruptibly();
    }

    @Test
    void beginsInTheOrderOfArrivalAndLetsTheLoopWorkBetween() throws Exception {
        var begun = new CopyOnWriteArrayList<Integer>();
        var all = new CountDownLatch(HERD);
        var turns = new HandshakeTurns(loop);
        loop.execute(() -> {
            for (int i = 0; i < HERD; i++) {
                int number = i;
                turns.take(() -> {
                    if (number == 0) {
                        loop.execute(() -> begun.add(OTHER)); // such as the next message of one that is under way
                    }
                    begun.add(number);
                    all.countDown();
                });
            }
        });
        assertTrue(all.await(10, TimeUnit.SECONDS));

        assertEquals(HandshakeTurns.STARTS_PER_TURN, begun.indexOf(OTHER));
        List<Integer> herd = begun.stream().filter(i -> i != OTHER).toList();
        assertEquals(IntStream.range(0, HERD).boxed().toList(), herd);
    }

    @Test
    void goesOnWhenNewOnesComeAfterTheLast() throws Exception {
        var turns = new HandshakeTurns(loop);
        for (int i = 0; i < 3; i++) {
            var begun = new CountDownLatch(1);
            loop.execute(() -> turns.take(begun::countDown));
            assertTrue(begun.await(10, TimeUnit.SECONDS));
        }
    }
}
