package io.postern.store;

import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.sync.SyncFault;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One cycle of a source, running or ended.
///
/// @param nextPage number of the page that is expected
/// @param cursor where it ended, in the connector's words
/// @param counts what became of how many objects
/// @param code why it did not end well, or of what the connector of a good one warns, in one word; else empty, as
///     message and remedy
public record SyncJob(
        TenantId tenant,
        String id,
        String source,
        ConnectorId connector,
        Kind kind,
        Phase phase,
        int nextPage,
        Instant started,
        Optional<Instant> ended,
        Optional<String> cursor,
        Map<String, Long> counts,
        String code,
        String message,
        String remedy) {
    /// What is read.
    public enum Kind {
        FULL,
        DELTA,
        PREVIEW
    }

    /// RUNNING: the connector reads. FINISHING: the service does what needs all pages. Then one of the others.
    public enum Phase {
        RUNNING,
        FINISHING,
        DONE,
        /// Too much would have been deleted.
        STOPPED,
        FAILED,
        /// Its connector began anew or another took over.
        LOST
    }

    public SyncJob {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    }

    public SyncJob withPage(int next, Map<String, Long> more) {
        return new SyncJob(
                tenant, id, source, connector, kind, phase, next, started, ended, cursor, sum(more), code, message,
                remedy);
    }

    public SyncJob counting(Map<String, Long> more) {
        return withPage(nextPage, more);
    }

    /// @param warning of its connector, kept as code, message and remedy
    public SyncJob finishing(Optional<String> end, Optional<SyncFault> warning) {
        return new SyncJob(
                tenant,
                id,
                source,
                connector,
                kind,
                Phase.FINISHING,
                nextPage,
                started,
                ended,
                end,
                counts,
                warning.map(SyncFault::code).orElse(""),
                warning.map(SyncFault::message).orElse(""),
                warning.map(SyncFault::remedy).orElse(""));
    }

    public SyncJob ended(Phase how, Instant when, String why, String text, String help) {
        return new SyncJob(
                tenant,
                id,
                source,
                connector,
                kind,
                how,
                nextPage,
                started,
                Optional.of(when),
                cursor,
                counts,
                why,
                text,
                help);
    }

    private Map<String, Long> sum(Map<String, Long> more) {
        var all = new TreeMap<>(counts);
        more.forEach((name, count) -> all.merge(name, count, Long::sum));
        return all;
    }
}
