package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What [Store] itself promises.
class TransactionTest extends StoreContract {
    @Test
    void aFailureUndoesTheWholeTransaction() {
        String name = UUID.randomUUID().toString();
        long version = store.version();

        assertThrows(
                IllegalStateException.class,
                () -> write(s -> {
                    s.secrets().put(name, "a");
                    s.changes().bump();
                    throw new IllegalStateException("late");
                }));

        assertTrue(read(s -> s.secrets().find(name)).isEmpty());
        assertTrue(store.version() == version);
    }

    @Test
    void aTransactionGoesOnAfterADuplicate() {
        Tenant tenant = tenant();
        User user = user(tenant, "taken");
        String name = UUID.randomUUID().toString();

        change(s -> {
            assertThrows(DuplicateKey.class, () -> s.users().insert(someone(tenant, "taken")));
            s.secrets().put(name, "still written");
        });

        assertTrue(read(s -> s.secrets().find(name)).isPresent());
        assertEquals(Optional.of(user), read(s -> s.users().findByPrincipalName(user.userPrincipalName())));
    }

    @Test
    void aReadSeesOneMomentWhileOthersWrite() throws Exception {
        String name = UUID.randomUUID().toString();
        change(s -> s.secrets().put(name, "before"));
        var reading = new CountDownLatch(1);
        var written = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var seen = threads.submit(() -> read(s -> {
                String first = s.secrets().find(name).orElseThrow();
                reading.countDown();
                await(written);
                return first + ", " + s.secrets().find(name).orElseThrow();
            }));
            await(reading);
            change(s -> s.secrets().put(name, "after"));
            written.countDown();

            assertEquals("before, before", seen.get());
        }
        assertEquals(Optional.of("after"), read(s -> s.secrets().find(name)));
    }

    @Test
    void aReadCannotWrite() {
        String name = UUID.randomUUID().toString();

        assertThrows(
                RuntimeException.class,
                () -> read(s -> {
                    s.secrets().put(name, "x");
                    return true;
                }));
        assertThrows(
                RuntimeException.class,
                () -> read(s -> {
                    s.changes().bump();
                    return true;
                }));

        assertTrue(read(s -> s.secrets().find(name)).isEmpty());
    }

    @Test
    void aCallFromInsideIsRefusedInsteadOfWaitingForItself() {
        assertThrows(IllegalStateException.class, () -> write(s -> store.version()));
        assertThrows(IllegalStateException.class, () -> read(s -> store.write(t -> true)));
        assertThrows(IllegalStateException.class, () -> write(s -> store.read(t -> true)));
    }

    @Test
    void anInterruptedCallerStillLearnsTheOutcome() {
        String name = UUID.randomUUID().toString();
        Thread.currentThread().interrupt();

        if (database == TestDatabase.SQLITE) {
            change(s -> s.secrets().put(name, "x"));
        }

        assertTrue(Thread.interrupted(), "the flag stays");
        assertTrue(read(s -> s.secrets().find(name)).isPresent() == (database == TestDatabase.SQLITE));
    }

    @Test
    void listenersHearOfCommittedChangesOnly() throws Exception {
        var heard = new LinkedBlockingQueue<Long>();
        store.onChange(heard::add);
        String name = UUID.randomUUID().toString();

        assertThrows(
                IllegalStateException.class,
                () -> write(s -> {
                    s.changes().bump();
                    throw new IllegalStateException("undone");
                }));
        change(s -> s.secrets().put(name, "no change of configuration"));
        change(s -> s.changes().bump());

        assertEquals(store.version(), heard.poll(20, TimeUnit.SECONDS));
        assertTrue(heard.isEmpty());
    }

    @Test
    void aListenerThatFailsHearsTheNextChange() throws Exception {
        var heard = new LinkedBlockingQueue<Long>();
        store.onChange(version -> {
            heard.add(version);
            throw new IllegalStateException("as a test");
        });

        change(s -> s.changes().bump());
        assertEquals(store.version(), heard.poll(20, TimeUnit.SECONDS));
        change(s -> s.changes().bump());
        assertEquals(store.version(), heard.poll(20, TimeUnit.SECONDS));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
