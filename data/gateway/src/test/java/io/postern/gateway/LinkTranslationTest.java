package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.AppId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.LinkTranslation;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
        PublishingSettings settings =
                translates ? PublishingSettings.DEFAULT.with(LinkTranslation.on()) : PublishingSettings.DEFAULT;
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
        return new AppId(UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString());
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
