package io.postern.gateway.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.util.AsciiString;
import io.postern.domain.AppId;
import io.postern.domain.UserId;
import io.postern.domain.publish.SignOnSettings;
import io.postern.gateway.signon.OnwardFields.Field;
import io.postern.gateway.signon.SignOnDesk.Outcome;
import io.postern.gateway.signon.SignOnMemory.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignOnMemoryTest {
    private static final SignOnSettings SETTINGS = SignOnSettings.DEFAULT;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final AppId APP = AppId.random();

    @Test
    void isBoundByBytesAndNotByUsers() {
        var memory = new SignOnMemory(1 << 20);
        for (int user = 0; user < 500; user++) {
            memory.keep(key(user), SETTINGS, saying(31 * 1024), HOUR);
        }

        assertEquals(32, memory.size());
        assertNull(memory.find(key(0), SETTINGS));
        assertNotNull(memory.find(key(499), SETTINGS));
    }

    @Test
    void whoComesOftenStays() {
        var memory = new SignOnMemory(3 * 1024 + 300);
        for (int user = 0; user < 3; user++) {
            memory.keep(key(user), SETTINGS, saying(1), HOUR);
        }
        assertNotNull(memory.find(key(0), SETTINGS));

        memory.keep(key(3), SETTINGS, saying(1), HOUR);

        assertNotNull(memory.find(key(0), SETTINGS));
        assertNull(memory.find(key(1), SETTINGS));
    }

    @Test
    void whatIsReplacedOrOverCountsNoLonger() {
        var memory = new SignOnMemory(1 << 20);
        for (int time = 0; time < 500; time++) {
            memory.keep(key(1), SETTINGS, saying(31 * 1024), HOUR);
        }
        memory.keep(key(2), SETTINGS, saying(31 * 1024), Duration.ZERO);
        assertEquals(2, memory.size());

        assertNull(memory.find(key(2), SETTINGS));
        assertEquals(1, memory.size());
    }

    private static Key key(int user) {
        return new Key(APP, new UserId("00000000-0000-4000-8000-%012d".formatted(user)), Optional.empty());
    }

    private static Outcome saying(int characters) {
        var field = new Field(AsciiString.of("x"), AsciiString.of("v".repeat(characters - 1)), "/");
        return new Outcome.Known(new OnwardFields(Set.of(), List.of(field), List.of()));
    }
}
