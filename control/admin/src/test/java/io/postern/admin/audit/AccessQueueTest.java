package io.postern.admin.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.event.AccessEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AccessQueueTest {
    private static AccessEvent event(int number) {
        return new AccessEvent(
                Instant.EPOCH,
                Integer.toString(number),
                "192.0.2.1",
                "GET",
                "app.example",
                "/",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "forwarded",
                200,
                Optional.empty(),
                0,
                0,
                new AccessEvent.Stages(0, 0, 0, 0));
    }

    @Test
    void refusesWhatDoesNotFitAndTakesAgainWhatDoes() {
        var queue = new AccessQueue(2);

        assertTrue(queue.offer(event(1)));
        assertTrue(queue.offer(event(2)));
        assertFalse(queue.offer(event(3)));
        assertEquals(2, queue.poll().size());
        assertTrue(queue.offer(event(4)));
    }

    @Test
    void wakesTheWriterForTheFirstEvent() throws Exception {
        var queue = new AccessQueue(10);
        var taken = new CompletableFuture<List<AccessEvent>>();
        Thread writer = Thread.ofVirtual().start(() -> taken.complete(queue.take()));
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        queue.offer(event(1));

        assertEquals(List.of(event(1)), taken.get(20, TimeUnit.SECONDS));
    }

    @Test
    void endsTheWaitWhenInterrupted() throws Exception {
        var queue = new AccessQueue(10);
        var taken = new CompletableFuture<List<AccessEvent>>();
        Thread writer = Thread.ofVirtual().start(() -> taken.complete(queue.take()));

        writer.interrupt();

        assertEquals(List.of(), taken.get(20, TimeUnit.SECONDS));
    }

    @Test
    void losesAndDoublesNothingUnderManyWriters() throws Exception {
        var queue = new AccessQueue(1_000_000);
        long each = 50_000;
        var written = new ArrayList<String>();
        Thread writer = Thread.ofVirtual().start(() -> {
            while (written.size() < 2 * each) {
                List<AccessEvent> batch = queue.take();
                batch.forEach(e -> written.add(e.exchange()));
                queue.rest(batch);
            }
        });
        var offering = new ArrayList<Thread>();
        for (int t = 0; t < 2; t++) {
            int from = Math.toIntExact(t * each);
            offering.add(Thread.ofPlatform().start(() -> {
                for (int i = from; i < from + each; i++) {
                    assertTrue(queue.offer(event(i)));
                }
            }));
        }
        for (Thread thread : offering) {
            thread.join();
        }
        writer.join();

        assertEquals(2 * each, written.stream().distinct().count());
        assertEquals(2 * each, written.size());
    }
}
