package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.AppId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.links.LinkFinding;
import io.postern.domain.links.LinkReport;
import io.postern.domain.links.SeenAnswer;
import io.postern.domain.links.SeenLink;
import io.postern.domain.publish.LinkTranslation;
import io.postern.domain.publish.LinkTranslation.Extra;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Link translation through a real gateway and a real tunnel: Benefits, Expenses and Travel are published,
/// Feedback is not, and only Benefits translates (BODY-8).
class LinkTranslationTest {
    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private Optional<House> house = Optional.empty();

    @AfterEach
    void close() {
        house.ifPresent(House::close);
    }

    private static PublishedApplication published(String name, AppId id, boolean translates) {
        return published(name, id, translates ? LinkTranslation.on() : LinkTranslation.OFF);
    }

    private static PublishedApplication published(String name, AppId id, LinkTranslation links) {
        PublishingSettings settings = PublishingSettings.DEFAULT.with(links);
        var publishing = Publishing.of(
                        ExternalUrl.parse("https://" + name + ".example.test/"),
                        InternalUrl.parse("http://" + name + ".corp/"),
                        PreAuthentication.PASSTHROUGH)
                .with(settings);
        return new PublishedApplication(
                House.TENANT,
                id,
                name,
                publishing.externalUrl(),
                Optional.of(publishing),
                new Upstream.ConnectorGroup(House.GROUP, Backend.of(publishing)),
                PreAuthentication.PASSTHROUGH,
                true,
                Set.of(),
                true);
    }

    private static AppId id(String name) {
        return new AppId(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
    }

    private House house() {
        House opened = House.open(log.factory(() -> ScriptedBackend.manual(true)));
        house = Optional.of(opened);
        opened.snapshots.publish(opened.snapshot(
                2,
                List.of(
                        published("benefits", House.APP, true),
                        published("expenses", id("expenses"), false),
                        published("travel", id("travel"), false))));
        House.await(() -> opened.gateway.snapshotVersion() == 2);
        House.await(() -> opened.gateway.isRouted(House.APP) && opened.gateway.isRouted(id("travel")));
        return opened;
    }

    /// Only Benefits and Expenses are published now, and Benefits translates this.
    private static void change(House h, LinkTranslation links) {
        long version = h.gateway.snapshotVersion() + 1;
        h.snapshots.publish(h.snapshot(
                version,
                List.of(published("benefits", House.APP, links), published("expenses", id("expenses"), false))));
        House.await(() -> h.gateway.snapshotVersion() == version && h.gateway.isRouted(House.APP));
    }

    private RawClient.Response ask(House h, String request, Http2Headers head, byte[] body) {
        try (var client = h.client()) {
            client.send(request);
            ScriptedBackend backend = log.next();
            backend.head(head, body.length == 0);
            if (body.length > 0) {
                backend.send(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
            }
            return client.response();
        }
    }

    private RawClient.Response ask(House h, Http2Headers head, String body) {
        return ask(h, get("benefits"), head, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String answerOf(Extra extra, String host) {
        return switch (extra) {
            case SCRIPTS -> "<script>go('" + host + "/x')</script>";
            case JSON -> "{\"next\":\"" + host + "/x\"}";
            case SRCSET -> "<img srcset='" + host + "/x 2x'>";
            case XML -> "<svg><a href='" + host + "/x'/></svg>";
            case POLICIES -> "default-src 'self' " + host + " data:";
            case PERCENT_ENCODED ->
                "<a href='/login?to=" + host.replace(":", "%3A").replace("/", "%2F") + "%2Fx'>in</a>";
        };
    }

    private static Http2Headers headOf(Extra extra) {
        return new DefaultHttp2Headers()
                .status("200")
                .set(
                        "content-type",
                        switch (extra) {
                            case JSON -> "application/json";
                            case XML -> "image/svg+xml";
                            case SCRIPTS, SRCSET, POLICIES, PERCENT_ENCODED -> "text/html";
                        });
    }

    /// BODY-5: each is off until it is switched on, and on for itself.
    @ParameterizedTest
    @EnumSource(Extra.class)
    void extrasAreTranslatedWhereTheyAreSwitchedOn(Extra extra) {
        House h = house();
        String inside = answerOf(extra, "http://expenses.corp");
        String outside = answerOf(extra, "https://expenses.example.test");
        for (Extra on : Extra.values()) {
            change(h, new LinkTranslation(true, Set.of(on)));
            String expected = on == extra ? outside : inside;
            if (extra == Extra.POLICIES) {
                Http2Headers head = headOf(extra)
                        .set("content-security-policy", inside)
                        .set("content-security-policy-report-only", inside)
                        .set("timing-allow-origin", "http://expenses.corp")
                        .set("access-control-allow-origin", "http://expenses.corp");
                var fields = ask(h, head, "<p>").headers();
                assertEquals(expected, fields.get("content-security-policy"), on.name());
                assertEquals(expected, fields.get("content-security-policy-report-only"), on.name());
                assertEquals(
                        on == extra ? "https://expenses.example.test" : "http://expenses.corp",
                        fields.get("timing-allow-origin"));
                assertEquals("https://expenses.example.test", fields.get("access-control-allow-origin"));
            } else {
                assertEquals(expected, ask(h, headOf(extra), inside).body(), on.name());
            }
        }
        change(h, new LinkTranslation(false, EnumSet.allOf(Extra.class)));
        assertEquals(inside, ask(h, headOf(extra), inside).body(), "all of it is off");
    }

    @Test
    void pagesInUtf16AreTranslated() {
        House h = house();
        byte[] page = "\ufeff<a href='http://expenses.corp/'>\u20ac</a>".getBytes(StandardCharsets.UTF_16LE);
        var response = ask(h, get("benefits"), html(), page);
        assertEquals(
                "\ufeff<a href='https://expenses.example.test/'>\u20ac</a>",
                new String(response.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_16LE));
    }

    /// A digest of the backend's bytes would be wrong behind others.
    @Test
    void trailersSayNothingOfOtherBytes() {
        House h = house();
        try (var client = h.client()) {
            client.send(get("benefits"));
            ScriptedBackend backend = log.next();
            backend.head(html(), false);
            backend.data("<a href=http://expenses.corp/>", false);
            backend.head(new DefaultHttp2Headers().set("content-digest", "x").set("server-timing", "db"), true);
            var response = client.response();
            assertEquals("<a href=https://expenses.example.test/>", response.body());
            assertEquals("db", response.headers().get("server-timing"));
            assertFalse(response.headers().containsKey("content-digest"));
        }
    }

    /// A backend that compresses as it likes: the page arrives whole, and somebody is told.
    @Test
    void pageInACodingThatWasNotAskedForPassesAndIsTold() {
        House h = house();
        var response = ask(
                h,
                html().set("content-encoding", "br").set("content-length", "4").set("etag", "\"1\""),
                "\u0001abc");
        assertEquals("\u0001abc", response.body());
        assertEquals("\"1\"", response.headers().get("etag"));
        assertEquals("4", response.headers().get("content-length"));
        assertEquals(1, h.metric("answers_untranslated", "unknown-coding"));
        assertEquals(
                List.of(new SeenAnswer(LinkFinding.UNKNOWN_CODING, "br", 1, List.of("/"))),
                h.gateway.links().report(House.APP).passed());
    }

    /// No copy of a page is good when links in it would be others now.
    @Test
    void copiesAreGoodAsLongAsTheMapIs() {
        House h = house();
        String tag = ask(h, html().set("etag", "\"1\""), "<p>").headers().get("etag");
        assertTrue(tag.matches("W/\"1~s[0-9a-f]{8}\""), tag);
        String again = get("benefits").replace("\r\n\r\n", "\r\nIf-None-Match: " + tag + "\r\n\r\n");
        try (var client = h.client()) {
            client.send(again);
            ScriptedBackend backend = log.next();
            assertEquals("\"1\"", backend.field("if-none-match"));
            backend.head(new DefaultHttp2Headers().status("304").set("etag", "\"1\""), true);
            assertEquals(tag, client.response().headers().get("etag"));
        }
        change(h, LinkTranslation.on()); // Travel is gone
        try (var client = h.client()) {
            client.send(again);
            ScriptedBackend backend = log.next();
            assertEquals("", backend.field("if-none-match"));
            backend.head(html().set("etag", "\"1\""), true);
            assertNotEquals(tag, client.response().headers().get("etag"));
        }
    }

    /// The dry run: nothing changes for users, and an administrator sees what would become of the links.
    @Test
    void recordingOfAnApplicationThatDoesNotTranslateChangesNothing() throws IOException {
        House h = house();
        AppId travel = id("travel");
        assertTrue(h.gateway.links().start(travel, Duration.ofMinutes(5)).isPresent());
        String page = "<a href='http://benefits.corp/b?user=anna'>b</a><a href=http://feedback.corp/>f</a>"
                + "<script>'http://expenses.corp/s'</script>";
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(page.getBytes(StandardCharsets.UTF_8));
        }
        String length = Integer.toString(zipped.size());
        var response = ask(
                h,
                get("travel").replace("GET /", "GET /trips?secret=1"),
                html().set("etag", "\"1\"").set("content-encoding", "gzip").set("content-length", length),
                zipped.toByteArray());
        assertEquals(zipped.toString(StandardCharsets.ISO_8859_1), response.body());
        assertEquals("\"1\"", response.headers().get("etag"));
        ask(
                h,
                get("travel"),
                new DefaultHttp2Headers().status("200").set("content-type", "application/pdf"),
                page.getBytes(StandardCharsets.UTF_8));

        LinkReport report = h.gateway.links().report(travel);
        List<String> pages = List.of("/trips");
        assertEquals(
                List.of(
                        new SeenLink(
                                "http://expenses.corp/s",
                                "script",
                                LinkFinding.PLACE_SWITCHED_OFF,
                                Optional.of("https://expenses.example.test/s"),
                                1,
                                pages),
                        new SeenLink(
                                "http://feedback.corp/",
                                "attribute",
                                LinkFinding.NOT_PUBLISHED,
                                Optional.empty(),
                                1,
                                pages),
                        new SeenLink(
                                "http://benefits.corp/b",
                                "attribute",
                                LinkFinding.TRANSLATED,
                                Optional.of("https://benefits.example.test/b"),
                                1,
                                pages)),
                report.links());
        assertEquals(1, report.answers());
        assertEquals(
                List.of(new SeenAnswer(LinkFinding.TYPE_NOT_READ, "application/pdf", 1, List.of("/"))),
                report.passed());
    }

    /// Where translation is on, the recording looks at more than is translated, and what is not translated passes
    /// as it is.
    @Test
    void recordingSeesWhatIsSwitchedOff() {
        House h = house();
        h.gateway.links().start(House.APP, Duration.ofMinutes(5));
        String json = "{\"a\":\"http://travel.corp/\"}";
        var response = ask(
                h,
                new DefaultHttp2Headers()
                        .status("200")
                        .set("content-type", "application/json")
                        .set("content-length", Integer.toString(json.length()))
                        .set("content-security-policy", "default-src http://travel.corp")
                        .set("etag", "\"j\""),
                json);
        assertEquals(json, response.body());
        assertEquals("\"j\"", response.headers().get("etag"));
        assertEquals("default-src http://travel.corp", response.headers().get("content-security-policy"));
        assertEquals(
                List.of("policy " + LinkFinding.PLACE_SWITCHED_OFF, "json " + LinkFinding.PLACE_SWITCHED_OFF),
                h.gateway.links().report(House.APP).links().stream()
                        .map(l -> l.place() + " " + l.finding())
                        .sorted(Comparator.reverseOrder())
                        .toList());
    }

    /// 64 MiB in 64 KiB: the recording reads no more than its share of it.
    @Test
    void recordingReadsTheBeginningOfWhatUnfoldsToMuch() throws IOException {
        House h = house();
        AppId travel = id("travel");
        h.gateway.links().start(travel, Duration.ofMinutes(5));
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            var blanks = new byte[1024 * 1024];
            for (int i = 0; i < 64; i++) {
                gzip.write(blanks);
            }
        }
        var response = ask(h, get("travel"), html().set("content-encoding", "gzip"), zipped.toByteArray());
        assertEquals(zipped.size(), response.body().length());
        assertEquals(
                LinkFinding.ONLY_BEGINNING_READ,
                h.gateway.links().report(travel).passed().getFirst().finding());
    }

    private static String get(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + ".example.test\r\nAccept-Encoding: gzip, br\r\n\r\n";
    }

    private static Http2Headers html() {
        return new DefaultHttp2Headers().status("200").set("content-type", "text/html");
    }

    private static String page(String expenses, String travel, String feedback) {
        return "<a href=\"" + expenses + "\">Expenses</a> <a href='" + travel
                + "/trips?a=1&amp;b=2'>Travel</a> <a href=" + feedback + ">Feedback</a> http://travel.corp/";
    }

    /// BODY-1, BODY-3, BODY-8
    @Test
    void linksOfBenefitsLeadToPublishedApplicationsAndLinksBackStay() {
        House h = house();
        String inside = page("http://expenses.corp/", "http://travel", "http://feedback.corp/");
        try (var client = h.client()) {
            client.send(get("benefits"));
            ScriptedBackend backend = log.next();
            assertEquals("gzip", backend.field("accept-encoding"));
            backend.head(
                    html().set("content-length", Integer.toString(inside.length()))
                            .set("etag", "\"1\""),
                    false);
            backend.data(inside, true);
            RawClient.Response response = client.response();
            assertEquals(
                    page("https://expenses.example.test/", "https://travel.example.test", "http://feedback.corp/"),
                    response.body());
        }
        String back = "<a href=http://benefits.corp/>Benefits</a>";
        try (var client = h.client()) {
            client.send(get("travel"));
            ScriptedBackend backend = log.next();
            assertEquals("gzip, br", backend.field("accept-encoding"));
            backend.head(html(), false);
            backend.data(back, true);
            assertEquals(back, client.response().body());
        }
    }

    /// What is certain goes out with the piece that made it so; a link may come in two.
    @Test
    void piecesGoOutAsTheyCome() {
        House h = house();
        try (var client = h.client()) {
            client.send(get("benefits"));
            ScriptedBackend backend = log.next();
            backend.head(html(), false);
            client.skipHead();
            backend.data("<p>one<a href='http://expen", false);
            assertEquals("f", client.line());
            assertEquals("<p>one<a href='", client.text(15));
            client.line();
            backend.data("ses.corp/?'>two", false);
            assertEquals("24", client.line());
            assertEquals("https://expenses.example.test/?'>two", client.text(36));
        }
    }

    @Test
    void brokenEncodingCutsTheAnswerAndIsNamed() {
        House h = house();
        try (var client = h.client()) {
            client.send(get("benefits"));
            ScriptedBackend backend = log.next();
            backend.head(html().set("content-encoding", "gzip"), false);
            backend.data("this is no gzip", true);
            assertEquals("malformed_content_encoding", h.event().outcome());
        }
        assertTrue(log.streams.isEmpty());
    }
}
