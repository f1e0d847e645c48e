package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.AppId;
import io.postern.domain.links.LinkFinding;
import io.postern.domain.links.LinkReport;
import io.postern.domain.links.SeenLink;
import io.postern.fixtures.FakeClock;
import io.postern.translate.LinkPlace;
import io.postern.translate.LinkVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a node remembers of links: bounded in number and time.
class LinkBookTest {
    private static final AppId WIKI = AppId.random();
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final List<LinkFinding> counted = new ArrayList<>();
    private final LinkBook book = new LinkBook(clock, counted::add);

    private static void see(LinkRecording recording, String url, LinkVerdict verdict, String page) {
        recording.onLink(LinkPlace.ATTRIBUTE, url, verdict, Optional.empty(), page);
    }

    @Test
    void countsLinksAndNamesSomePages() {
        book.start(WIKI, FIVE_MINUTES);
        LinkRecording recording = book.running(WIKI).orElseThrow();
        for (int i = 0; i < 10; i++) {
            see(recording, "http://a.corp/", LinkVerdict.TRANSLATED, "/page/" + i);
        }
        see(recording, "http://b.corp/", LinkVerdict.NOT_PUBLISHED, "/");

        List<SeenLink> links = book.report(WIKI).links();
        assertEquals(
                new SeenLink(
                        "http://b.corp/", "attribute", LinkFinding.NOT_PUBLISHED, Optional.empty(), 1, List.of("/")),
                links.getFirst(),
                "what is dead comes first");
        assertEquals(10, links.getLast().count());
        assertEquals(List.of("/page/0", "/page/1", "/page/2"), links.getLast().pages());
    }

    @Test
    void keepsAThousandLinksAndSaysThatThereWereMore() {
        book.start(WIKI, FIVE_MINUTES);
        LinkRecording recording = book.running(WIKI).orElseThrow();
        for (int i = 0; i < LinkRecording.LINKS_MAX; i++) {
            see(recording, "http://a.corp/" + i, LinkVerdict.TRANSLATED, "/");
        }
        assertTrue(book.report(WIKI).complete());
        see(recording, "http://a.corp/more", LinkVerdict.TRANSLATED, "/");
        see(recording, "http://a.corp/1", LinkVerdict.TRANSLATED, "/");
        LinkReport report = book.report(WIKI);
        assertFalse(report.complete());
        assertEquals(LinkRecording.LINKS_MAX, report.links().size());
        assertEquals(2, report.links().getFirst().count());
    }

    @Test
    void recordingEndsAndIsDroppedAnHourLater() {
        book.start(WIKI, FIVE_MINUTES);
        clock.advance(Duration.ofMinutes(6));
        assertTrue(book.running(WIKI).isEmpty());
        assertTrue(book.report(WIKI).since().isPresent());
        clock.advance(Duration.ofHours(1));
        assertTrue(book.report(WIKI).since().isEmpty());
    }

    @Test
    void sixteenRunAtATime() {
        for (int i = 0; i < LinkBook.RUNNING_MAX; i++) {
            assertTrue(book.start(AppId.random(), FIVE_MINUTES).isPresent());
        }
        assertTrue(book.start(WIKI, FIVE_MINUTES).isEmpty());
        clock.advance(FIVE_MINUTES);
        assertTrue(book.start(WIKI, FIVE_MINUTES).isPresent());
        assertTrue(book.start(WIKI, FIVE_MINUTES).isPresent(), "anew");
    }

    /// A backend that invents codings fills neither memory nor log.
    @Test
    void answersThatPassAreCountedByReason() {
        for (int i = 0; i < 1_000; i++) {
            book.onPassed(WIKI, LinkFinding.UNKNOWN_CODING, "x" + i + "\n", "/", true);
        }
        book.onPassed(WIKI, LinkFinding.PART, "", "/", false);
        assertTrue(book.report(WIKI).passed().size() <= 40);
        assertTrue(book.report(WIKI).passed().stream().noneMatch(p -> p.detail().contains("\n")));
        assertEquals(1_000, counted.size());
        book.forget(WIKI);
        assertEquals(LinkReport.NONE, book.report(WIKI));
    }
}
