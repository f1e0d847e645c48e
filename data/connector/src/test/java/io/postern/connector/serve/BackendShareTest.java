package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What event loops tell each other about a backend that is full.
class BackendShareTest {
    private record Told(EventLoop loop, String what) {}

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(3, NioIoHandler.newFactory());
    private final EventLoop first = loops.next();
    private final EventLoop second = loops.next();
    private final EventLoop third = loops.next();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final BackendShare share = new BackendShare(BackendSlotsTest.limitedTo(1));

    @BeforeEach
    void join() {
        for (EventLoop loop : List.of(first, second, third)) {
            share.join(loop, new BackendShare.Part() {
                @Override
                public void onRoom() {
                    told.add(new Told(loop, "room"));
                }

                @Override
                public void giveUpUnused() {
                    told.add(new Told(loop, "give up"));
                }
            });
        }
    }

    @AfterEach
    void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private List<Told> next(int count) throws InterruptedException {
        var heard = new ArrayList<Told>();
        for (int i = 0; i < count; i++) {
            heard.add(told.poll(30, TimeUnit.SECONDS));
        }
        return heard;
    }

    /// The first loop's word stands before the other's although nobody waits there any more: what it has no use
    /// for must not be kept.
    @Test
    void knowsOfWhoWaitsBehindAWordThatWasLeftEarlier() {
        assertTrue(share.take());
        share.await(first);
        share.await(second);
        assertTrue(share.isAwaitedBesides(first));
        assertTrue(share.isAwaitedBesides(second));
        assertTrue(share.isAwaitedBesides(third));
    }

    @Test
    void nobodyElseWaitsWhereOnlyTheAskingLoopDoes() {
        assertTrue(share.take());
        share.await(first);
        share.await(first);
        assertFalse(share.isAwaitedBesides(first));
    }

    @Test
    void asksTheOthersForWhatTheyKeepUnused() throws Exception {
        assertTrue(share.take());
        share.await(first);
        assertEquals(Set.of(new Told(second, "give up"), new Told(third, "give up")), Set.copyOf(next(2)));
    }

    /// Room that is there goes to whoever has waited longest, who may take all of it.
    @Test
    void asksTheOthersToo_whenTheRoomGoesToSomebodyElse() throws Exception {
        share.await(first);
        assertEquals(List.of(new Told(first, "room")), next(1));
        assertTrue(share.take());
        share.await(first);
        next(2);
        share.release();
        assertEquals(List.of(new Told(first, "room")), next(1));
        share.await(first);
        next(1);
    }
}
