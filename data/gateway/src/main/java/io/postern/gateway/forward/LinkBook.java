package io.postern.gateway.forward;

import io.postern.domain.AppId;
import io.postern.domain.links.LinkFinding;
import io.postern.domain.links.LinkRecorder;
import io.postern.domain.links.LinkReport;
import io.postern.domain.links.SeenAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node has seen of links: the recordings that administrators started, and the answers that passed
/// untranslated though translation is on. In memory and bounded; thread-safe, and event loops never wait here.
public final class LinkBook implements LinkRecorder {
    static final int RUNNING_MAX = 16;
    static final Duration KEPT = Duration.ofHours(1);
    private static final int APPLICATIONS_MAX = 10_000;
    private static final int REASONS_MAX = 32;
    private static final Logger LOG = LoggerFactory.getLogger(LinkBook.class);

    private record Passed(LinkFinding finding, String detail) {}

    private final InstantSource clock;
    private final Consumer<LinkFinding> metric;
    private final Map<AppId, LinkRecording> recordings = new ConcurrentHashMap<>();
    private final Map<AppId, Sightings<Passed>> passed = new ConcurrentHashMap<>();

    /// @param metric told of each answer that passed untranslated
    public LinkBook(InstantSource clock, Consumer<LinkFinding> metric) {
        this.clock = clock;
        this.metric = metric;
    }

    /// For every request: next to nothing while nothing is recorded.
    Optional<LinkRecording> running(AppId application) {
        LinkRecording recording = recordings.isEmpty() ? null : recordings.get(application);
        return recording == null || !clock.instant().isBefore(recording.until())
                ? Optional.empty()
                : Optional.of(recording);
    }

    /// @param detail as the backend sent it
    /// @param translates the application does; else only a recording wanted to look
    void onPassed(AppId application, LinkFinding finding, String detail, String page, boolean translates) {
        if (passed.size() >= APPLICATIONS_MAX && !passed.containsKey(application)) {
            return;
        }
        String shown = printable(detail);
        boolean isNew = passed.computeIfAbsent(application, a -> new Sightings<>(REASONS_MAX))
                .note(new Passed(finding, shown), page);
        if (translates) {
            metric.accept(finding);
            if (isNew) {
                LOG.warn(
                        "an answer passed with its links untranslated: application={} reason={} detail={} path={}"
                                + " remedy={}",
                        application,
                        finding.wireName(),
                        shown,
                        page,
                        finding.remedy());
            }
        }
    }

    private static String printable(String detail) {
        var shown = new StringBuilder();
        detail.chars().limit(40).forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.toString();
    }

    @Override
    public synchronized Optional<LinkReport> start(AppId application, Duration length) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        recordings.values().removeIf(r -> r.until().plus(KEPT).isBefore(now));
        long running = recordings.entrySet().stream()
                .filter(e -> !e.getKey().equals(application)
                        && now.isBefore(e.getValue().until()))
                .count();
        if (running >= RUNNING_MAX) {
            return Optional.empty();
        }
        if (recordings.size() >= RUNNING_MAX * 2) {
            recordings.entrySet().stream()
                    .min(Comparator.comparing(e -> e.getValue().until()))
                    .ifPresent(oldest -> recordings.remove(oldest.getKey()));
        }
        passed.remove(application);
        recordings.put(application, new LinkRecording(now, now.plus(length)));
        return Optional.of(report(application));
    }

    @Override
    public LinkReport report(AppId application) {
        List<SeenAnswer> answers = Optional.ofNullable(passed.get(application))
                .map(all -> all.list((p, seen) -> new SeenAnswer(p.finding, p.detail, seen.count(), seen.pages())))
                .orElse(List.of())
                .stream()
                .sorted(Comparator.comparingLong(SeenAnswer::count).reversed().thenComparing(SeenAnswer::detail))
                .toList();
        LinkRecording recording = recordings.get(application);
        if (recording == null || recording.until().plus(KEPT).isBefore(clock.instant())) {
            return new LinkReport(Optional.empty(), Optional.empty(), 0, true, List.of(), answers);
        }
        return new LinkReport(
                Optional.of(recording.since()),
                Optional.of(recording.until()),
                recording.answers(),
                recording.isComplete(),
                recording.links(),
                answers);
    }

    @Override
    public void forget(AppId application) {
        recordings.remove(application);
        passed.remove(application);
    }
}
