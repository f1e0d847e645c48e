package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.CorsRule;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.Segment;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Wildcards (1.6), segments (1.7), alternate URLs (1.14) and shared hosts (1.3) through a real gateway and a real
/// tunnel: what reaches the connector, and what comes back.
class PlacesTest {
    private static final ScriptedBackend.Log LOG = new ScriptedBackend.Log();
    private static final CorsRule RULE =
            new CorsRule("/", List.of("https://page.example"), List.of("*"), List.of("GET"), 60);

    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(LOG.factory(() -> ScriptedBackend.manual(true)));
        house.publish(
                of("https://*.custom.example/", "http://*.corp:8080/"),
                of("https://exact.custom.example/", "http://exact.corp/"),
                of("https://many.example.test/", "https://hub.corp/"),
                of("https://many.example.test/auth/", "https://hub.corp:4244/auth/"),
                of("https://folder.example.test/only/", "http://folder.corp/only/"),
                new Publishing(
                        ExternalUrl.parse("https://*.example.test/"),
                        InternalUrl.parse("http://*.seg/"),
                        PreAuthentication.PASSTHROUGH,
                        List.of(
                                segment("https://ui.example.test/", "http://ui.seg/", List.of()),
                                segment("https://data.example.test/v1/", "http://data.seg:8080/one/", List.of(RULE))),
                        PublishingSettings.DEFAULT),
                new Publishing(
                        ExternalUrl.parse("https://west.example.test/"),
                        InternalUrl.parse("http://front.corp/"),
                        PreAuthentication.PASSTHROUGH,
                        List.of(),
                        PublishingSettings.DEFAULT.alternately(
                                Optional.of(ExternalUrl.parse("https://front.example.test/")), true)));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static Publishing of(String external, String internal) {
        return Publishing.of(ExternalUrl.parse(external), InternalUrl.parse(internal), PreAuthentication.PASSTHROUGH);
    }

    private static Segment segment(String external, String internal, List<CorsRule> rules) {
        return new Segment(ExternalUrl.parse(external), InternalUrl.parse(internal), Optional.empty(), rules);
    }

    /// The request as it reached the connector, and the answer as it reached the client.
    private record Passed(ScriptedBackend request, RawClient.Response answer) {
        String inside() {
            var head = request.head.orElseThrow();
            return head.scheme() + "://" + head.authority() + head.path();
        }
    }

    private static Passed pass(String host, String path, String fields, Http2Headers answer) {
        try (RawClient client = house.client(host)) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
            ScriptedBackend request = LOG.next();
            request.head(answer.setInt("content-length", 0), true);
            return new Passed(request, client.response());
        }
    }

    private static Http2Headers ok() {
        return new DefaultHttp2Headers().status("200");
    }

    private static Http2Headers permitting() {
        return ok().set("access-control-allow-origin", "*");
    }

    private static Http2Headers redirect(String location) {
        return new DefaultHttp2Headers().status("302").set("location", location);
    }

    private static int status(String host, String path) {
        try (RawClient client = house.client(host)) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .response()
                    .status();
        }
    }

    /// WILD-1
    @Test
    void aWildcardTellsTheConnectorWhichHost() {
        Passed one = pass("one.custom.example", "/x?y", "", ok());
        Passed two = pass("two.custom.example", "/", "", ok());

        assertEquals("http://one.corp:8080/x?y", one.inside());
        assertEquals("one.corp", one.request().field("postern-host"));
        assertEquals("two.corp", two.request().field("postern-host"));
        assertEquals(one.request().field("postern-backend"), two.request().field("postern-backend"));
    }

    @Test
    void aClientCannotNameTheHostInside() {
        Passed passed = pass("one.custom.example", "/", "postern-host: evil.corp\r\nPostern_Host: evil.corp\r\n", ok());
        Passed ordinary = pass("exact.custom.example", "/", "postern-host: evil.corp\r\n", ok());

        assertEquals("one.corp", passed.request().field("postern-host"));
        assertFalse(passed.request().head.orElseThrow().contains("postern_host"));
        assertEquals("", ordinary.request().field("postern-host"));
    }

    /// WILD-5
    @Test
    void anExactHostIsNoWildcards() {
        assertEquals(
                "http://exact.corp/",
                pass("exact.custom.example", "/", "", ok()).inside());
    }

    /// PUB-10, PUB-11, PUB-16: two publications of one product, the second at another port inside.
    @Test
    void foldersOfOneHostLeadToDifferentPorts() {
        assertEquals(
                "https://hub.corp/a", pass("many.example.test", "/a", "", ok()).inside());
        assertEquals(
                "https://hub.corp:4244/auth/a",
                pass("many.example.test", "/auth/a", "", ok()).inside());
    }

    /// PUB-9, PUB-13
    @Test
    void whatLiesBesideOrAboveThePublishedFolderIs404() {
        assertEquals(404, status("folder.example.test", "/"));
        assertEquals(404, status("folder.example.test", "/other/"));
        assertEquals(404, status("folder.example.test", "/onlyness/"));
    }

    /// CPX-4
    @Test
    void onlySegmentsAreReached() {
        assertEquals("http://ui.seg/a", pass("ui.example.test", "/a", "", ok()).inside());
        assertEquals(
                "http://data.seg:8080/one/a",
                pass("data.example.test", "/v1/a", "", ok()).inside());
        assertEquals(404, status("data.example.test", "/v2/"));
        assertEquals(404, status("another.example.test", "/"));
    }

    @Test
    void aRedirectOfASegmentStaysOutside() {
        Passed passed = pass("data.example.test", "/v1/a", "", redirect("http://ui.seg/next"));

        assertEquals("https://ui.example.test/next", passed.answer().headers().get("location"));
    }

    @Test
    void rulesAndNotTheBackendSayWhoMayRead() {
        Passed named = pass("data.example.test", "/v1/", "Origin: https://page.example\r\n", permitting());
        Passed other = pass("data.example.test", "/v1/", "Origin: https://evil.example\r\n", permitting());
        Passed ungoverned = pass("ui.example.test", "/", "Origin: https://evil.example\r\n", permitting());

        assertEquals("https://page.example", named.answer().headers().get("access-control-allow-origin"));
        assertEquals(null, other.answer().headers().get("access-control-allow-origin"));
        assertEquals("*", ungoverned.answer().headers().get("access-control-allow-origin"));
    }

    /// FE-1
    @Test
    void theAlternateUrlIsAnsweredAndNamed() {
        Passed passed = pass("front.example.test", "/a", "", redirect("http://front.corp/b"));

        assertEquals("http://front.corp/a", passed.inside());
        assertEquals("https://front.example.test/b", passed.answer().headers().get("location"));
    }
}
