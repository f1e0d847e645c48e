package io.postern.gateway.forward;

import io.postern.domain.links.LinkFinding;
import io.postern.domain.links.SeenLink;
import io.postern.translate.LinkPlace;
import io.postern.translate.LinkVerdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// The links of one application that were seen in some minutes, at most 1,000 different ones: about a megabyte.
/// Thread-safe.
final class LinkRecording {
    static final int LINKS_MAX = 1_000;

    private record Link(String url, LinkPlace place, LinkVerdict verdict, Optional<String> becomes) {}

    private final Instant since;
    private final Instant until;
    private final LongAdder answers = new LongAdder();
    private final Sightings<Link> links = new Sightings<>(LINKS_MAX);

    LinkRecording(Instant since, Instant until) {
        this.since = since;
        this.until = until;
    }

    Instant since() {
        return since;
    }

    Instant until() {
        return until;
    }

    void onAnswer() {
        answers.increment();
    }

    void onLink(LinkPlace place, String url, LinkVerdict verdict, Optional<String> becomes, String page) {
        links.note(new Link(url, place, verdict, becomes), page);
    }

    long answers() {
        return answers.sum();
    }

    boolean isComplete() {
        return links.isComplete();
    }

    /// Dead ones first, then by how often.
    List<SeenLink> links() {
        return links
                .list((link, seen) -> new SeenLink(
                        link.url,
                        link.place.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        finding(link.verdict),
                        link.becomes,
                        seen.count(),
                        seen.pages()))
                .stream()
                .sorted(Comparator.comparing((SeenLink link) -> link.finding() == LinkFinding.TRANSLATED)
                        .thenComparing(Comparator.comparingLong(SeenLink::count).reversed())
                        .thenComparing(SeenLink::url)
                        .thenComparing(SeenLink::place))
                .toList();
    }

    private static LinkFinding finding(LinkVerdict verdict) {
        return switch (verdict) {
            case TRANSLATED -> LinkFinding.TRANSLATED;
            case PLACE_SWITCHED_OFF -> LinkFinding.PLACE_SWITCHED_OFF;
            case FOLDER_NOT_PUBLISHED -> LinkFinding.FOLDER_NOT_PUBLISHED;
            case NOT_PUBLISHED -> LinkFinding.NOT_PUBLISHED;
            case SHORT_NAME_OF_SEVERAL -> LinkFinding.SHORT_NAME_OF_SEVERAL;
            case UNREADABLE -> LinkFinding.UNREADABLE;
        };
    }
}
