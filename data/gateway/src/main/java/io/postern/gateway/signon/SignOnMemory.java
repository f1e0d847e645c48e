package io.postern.gateway.signon;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.publish.SignOnSettings;
import io.postern.gateway.signon.SignOnDesk.Outcome;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one event loop remembers of users at applications; the longest unused goes first. Confined to its loop.
final class SignOnMemory {
    /// Of an entry beside what it says.
    private static final int ENTRY_BYTES = 1024;

    record Key(AppId app, UserId user, Optional<SessionId> session) {}

    private record Remembered(SignOnSettings settings, Outcome outcome, long untilNanos, int bytes) {}

    private final Map<Key, Remembered> known = new LinkedHashMap<>(64, 0.75f, true);
    private final long maxBytes;
    private long bytes;

    /// @param maxBytes of heap, about
    SignOnMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// @return null when nothing is known that still holds under these settings
    @SuppressWarnings("ReferenceEquality") // spares the comparison, nearly always
    @Nullable
    Outcome find(Key key, SignOnSettings settings) {
        Remembered remembered = known.get(key);
        if (remembered == null) {
            return null;
        }
        if (remembered.untilNanos - System.nanoTime() > 0
                && (remembered.settings == settings || remembered.settings.equals(settings))) {
            return remembered.outcome;
        }
        known.remove(key);
        bytes -= remembered.bytes;
        return null;
    }

    void keep(Key key, SignOnSettings settings, Outcome outcome, Duration holds) {
        int size = ENTRY_BYTES + (outcome instanceof Outcome.Known(OnwardFields fields) ? fields.characters() : 0);
        Remembered before =
                known.put(key, new Remembered(settings, outcome, System.nanoTime() + holds.toNanos(), size));
        bytes += size - (before == null ? 0 : before.bytes);
        for (Iterator<Remembered> eldest = known.values().iterator(); bytes > maxBytes; ) {
            bytes -= eldest.next().bytes;
            eldest.remove();
        }
    }

    int size() {
        return known.size();
    }
}
