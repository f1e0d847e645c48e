package io.postern.admin.service;

import io.postern.domain.ConnectorId;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.HostReport;
import io.postern.domain.health.Probed;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The newest verdict of each path and the newest word of each connector, as seen from this node. In memory: after
/// a restart everything is unknown until it was probed again. Thread-safe; never blocks, since event loops write it.
public final class HealthBook {
    /// What is older belongs to something that is no more. Far beyond any age that still counts.
    private static final Duration FORGET = Duration.ofHours(12);

    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    /// @param received by our clock
    public record Word(Instant received, HostReport report) {}

    private final Map<AppPath, Probed> verdicts = new ConcurrentHashMap<>();
    private final Map<ConnectorId, Word> words = new ConcurrentHashMap<>();
    private volatile Instant swept = Instant.MIN;

    public HealthBook() {}

    public void on(Probed probed) {
        verdicts.merge(probed.path(), probed, (old, next) -> next.time().isBefore(old.time()) ? old : next);
        sweep(probed.time());
    }

    public void on(ConnectorEvent.Reported reported) {
        words.put(reported.connector(), new Word(reported.time(), reported.report()));
    }

    public Optional<Probed> latest(AppPath path) {
        return Optional.ofNullable(verdicts.get(path));
    }

    public Optional<Word> word(ConnectorId connector) {
        return Optional.ofNullable(words.get(connector));
    }

    private void sweep(Instant now) {
        if (swept.isBefore(now.minus(SWEEP_EVERY))) {
            swept = now;
            Instant oldest = now.minus(FORGET);
            verdicts.values().removeIf(probed -> probed.time().isBefore(oldest));
            words.values().removeIf(word -> word.received().isBefore(oldest));
        }
    }
}
