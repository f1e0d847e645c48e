package io.postern.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    private final PasswordHash hashes = new PasswordHash();

    @Test
    void verifiesOnlyThePasswordThatWasHashed() {
        String encoded = hashes.hash(Secret.of("correct horse"));

        assertTrue(encoded.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), encoded);
        assertTrue(hashes.verify(encoded, Secret.of("correct horse")));
        assertFalse(hashes.verify(encoded, Secret.of("correct horsf")));
        assertNotEquals(encoded, hashes.hash(Secret.of("correct horse")));
    }

    @Test
    void agreesWithTheReferenceProgram() {
        // echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24: the reference implementation's README
        assertTrue(hashes.verify(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                Secret.of("password")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=19456,t=2$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$"
            })
    void refusesStoredFormsItCannotRead(String encoded) {
        assertFalse(hashes.verify(encoded, Secret.of("password")));
    }

    @Test
    void nobodyNeverMatches() {
        assertFalse(hashes.refuse(Secret.of("password")));
    }

    /// Each set of blocks has 19 MiB, and softly kept ones stay until the heap is full.
    @Test
    void manyUseTheSameBlocksOneAfterTheOther() {
        int before = PasswordHash.spare();

        IntStream.range(0, 5).forEach(i -> new PasswordHash().hash(Secret.of("correct horse")));

        assertEquals(before, PasswordHash.spare());
    }

    @Test
    void turnsAFloodAwayInsteadOfQueueingItAll() throws Exception {
        var narrow = new PasswordHash(1, 1);
        var together = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 40)
                    .mapToObj(i -> threads.submit(() -> {
                        together.await();
                        try {
                            return narrow.hash(Secret.of("p" + i)).isEmpty() ? "empty" : "hashed";
                        } catch (PasswordHash.Busy e) {
                            return "busy";
                        }
                    }))
                    .toList();
            together.countDown();
            long busy = 0;
            for (Future<String> call : calls) {
                busy += call.get().equals("busy") ? 1 : 0;
            }
            assertTrue(busy > 0 && busy < 40, "busy: " + busy);
        }
        assertEquals(true, narrow.verify(narrow.hash(Secret.of("after")), Secret.of("after")));
    }
}
