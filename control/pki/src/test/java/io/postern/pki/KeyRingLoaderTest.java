package io.postern.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.token.EdgeCredential;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingLoaderTest {
    @TempDir
    Path folder;

    private Node node;

    @BeforeEach
    void open() {
        node = Node.sqlite(folder);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void staysTheSameAcrossRestarts() {
        KeyRing first = at(Duration.ZERO);
        node.close();
        node = Node.sqlite(folder);

        assertTrue(opens(at(Duration.ofDays(29)), seal(first)));
        assertEquals(EdgeCredential.of(first, "app"), EdgeCredential.of(at(Duration.ofDays(29)), "app"));
    }

    @Test
    void aNewKeyOpensBeforeItSeals() {
        KeyRing first = at(Duration.ZERO);

        KeyRing known = at(KeyRingLoader.ROTATE_AFTER);
        KeyRing sealing = at(KeyRingLoader.ROTATE_AFTER.plus(KeyRingLoader.HEAD_START));

        assertEquals(first.currentId(), known.currentId());
        assertNotEquals(first.currentId(), sealing.currentId());
        assertTrue(opens(known, seal(sealing)), "a node that looked before the key came into use");
        assertTrue(opens(sealing, seal(first)), "old cookies stay good");
    }

    @Test
    void aRunningServiceFollowsTheRotation() {
        KeyRing inUse = at(Duration.ZERO);
        var sealer = new Sealer(inUse, "test");
        String old = seal(inUse);
        at(KeyRingLoader.ROTATE_AFTER);

        inUse.become(at(KeyRingLoader.ROTATE_AFTER.plus(KeyRingLoader.HEAD_START)));

        String fresh = sealer.seal("text".getBytes(StandardCharsets.UTF_8), "context");
        assertNotEquals(
                Base64.getUrlDecoder().decode(old)[0], Base64.getUrlDecoder().decode(fresh)[0]);
        assertTrue(opens(inUse, old) && opens(inUse, fresh));
    }

    @Test
    void goesOnForYearsWithFewKeys() {
        var ids = new HashSet<Integer>();
        String recent = seal(at(Duration.ZERO));
        for (int month = 1; month <= 300; month++) {
            KeyRing ring = at(Duration.ofDays(30L * month).plus(KeyRingLoader.HEAD_START));
            assertTrue(opens(ring, recent), "month " + month);
            recent = seal(ring);
            ids.add(ring.currentId());
        }
        assertTrue(ids.size() > 250, "ids come round again after 255");
    }

    @Test
    void nodesThatStartTogetherAgree() throws Exception {
        String database = Node.database();
        try (Node one = Node.postgres(database, folder);
                Node two = Node.postgres(database, folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<KeyRing> first = () -> KeyRingLoader.load(one.store(), one.key(), Node.at(Node.NOW));
            Callable<KeyRing> second = () -> KeyRingLoader.load(two.store(), two.key(), Node.at(Node.NOW));
            var rings = threads.invokeAll(List.of(first, second, first, second));

            for (var ring : rings) {
                assertTrue(opens(ring.get(), seal(rings.getFirst().get())));
            }
        }
    }

    private KeyRing at(Duration later) {
        return KeyRingLoader.load(node.store(), node.key(), Node.at(Node.NOW.plus(later)));
    }

    private static String seal(KeyRing ring) {
        return new Sealer(ring, "test").seal("text".getBytes(StandardCharsets.UTF_8), "context");
    }

    private static boolean opens(KeyRing ring, String sealed) {
        return new Sealer(ring, "test").open(sealed, "context").isPresent();
    }
}
