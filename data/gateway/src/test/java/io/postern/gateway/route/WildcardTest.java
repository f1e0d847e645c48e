package io.postern.gateway.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ExternalHost;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.Segment;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.Pictures;
import io.postern.gateway.exchange.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Wildcards (1.6), segments (1.7), alternate URLs (1.14) and schemes.
class WildcardTest {
    private static final PublishedApplication ALL = wildcard("https://*.x.example/", "http://*.corp/");
    private static final PublishedApplication FINANCE = wildcard("https://*.finance.x.example/", "http://*.fin.corp/");
    private static final PublishedApplication BUDGETS = Pictures.passthrough("https://budgets.finance.x.example/");
    private static final PublishedApplication FOLDER = Pictures.passthrough("https://folder.x.example/only/");
    private static final PublishedApplication COMPLEX = published(new Publishing(
            ExternalUrl.parse("https://*.c.example/"),
            InternalUrl.parse("http://*.corp/"),
            PreAuthentication.POSTERN,
            List.of(
                    segment("https://ui.c.example/", "http://ui.corp/"),
                    segment("https://api.c.example/v1/", "http://api.corp:8080/one/"),
                    segment("https://both.c.example/", "http://segment.corp/")),
            PublishingSettings.DEFAULT));
    private static final PublishedApplication BOTH = Pictures.passthrough("https://both.c.example/");
    private static final PublishedApplication FRONTED = published(new Publishing(
            ExternalUrl.parse("https://west.f.example/a/"),
            InternalUrl.parse("http://west.corp/w/"),
            PreAuthentication.POSTERN,
            List.of(),
            PublishingSettings.DEFAULT.alternately(Optional.of(ExternalUrl.parse("https://all.f.example/b/")), true)));

    private final Router router =
            new Router(Pictures.of(List.of(COMPLEX, ALL, FRONTED, FINANCE, FOLDER, BUDGETS, BOTH)));

    private static PublishedApplication wildcard(String external, String internal) {
        return published(
                Publishing.of(ExternalUrl.parse(external), InternalUrl.parse(internal), PreAuthentication.PASSTHROUGH));
    }

    private static PublishedApplication published(Publishing publishing) {
        return Pictures.of(publishing, Set.of());
    }

    private static Segment segment(String external, String internal) {
        return new Segment(ExternalUrl.parse(external), InternalUrl.parse(internal), Optional.empty(), List.of());
    }

    private Route route(String host, String target) {
        return router.route(host, target, h -> true);
    }

    private Route.Published published(String host, String target) {
        return assertInstanceOf(Route.Published.class, route(host, target));
    }

    /// PUB-11, WILD-5
    @ParameterizedTest
    @CsvSource({
        "a.x.example, http://a.corp/",
        "A.X.Example., http://a.corp/",
        "a.b.x.example, http://a.b.corp/",
        "sales.finance.x.example, http://sales.fin.corp/",
        "finance.x.example, http://finance.corp/",
        "budgets.finance.x.example, http://backend.corp.internal:8080/",
    })
    void theMostSpecificHostWins(String host, String inside) {
        Route.Published route = published(host, "/p");

        assertEquals(inside, route.place().inside().orElseThrow().url().toString());
        assertEquals(
                new ExternalHost(host.replaceAll("\\.$", "")),
                route.application().externalUrl().host());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.example", "ax.example", "y.example", "1.2.3.4", "[::1]"})
    void whatIsNotBelowAWildcardIsNothing(String host) {
        assertInstanceOf(Route.Nowhere.class, route(host, "/"));
    }

    /// WILD-1: nobody may ask for the wildcard itself, nor for what is no host.
    @ParameterizedTest
    @ValueSource(
            strings = {"*.x.example", "*.a.x.example", "a..x.example", ".x.example", "a%2e.x.example", "a/b.x.example"})
    void aHostThatIsNoneIsRefused(String host) {
        assertInstanceOf(Route.Refused.class, route(host, "/"));
    }

    /// PUB-9: a host published by a folder keeps the rest of itself unpublished, whatever wildcard is above.
    @Test
    void aHostThatIsPublishedByNameHasNothingOfTheWildcard() {
        assertInstanceOf(Route.Nowhere.class, route("folder.x.example", "/other/"));
    }

    @Test
    void theBaseDomainIsNoWildcards() {
        var greedy = new Router(Pictures.of(List.of(wildcard("https://*.test/", "http://*.corp/"))));

        assertInstanceOf(Route.Nowhere.class, greedy.route("wiki.postern.test", "/", h -> true));
        assertInstanceOf(Route.Own.class, greedy.route("login.postern.test", "/", h -> true));
        assertInstanceOf(Route.Published.class, greedy.route("wiki.other.test", "/", h -> true));
    }

    @Test
    void theReservedPathKnowsTheHostThatWasNamed() {
        var route = assertInstanceOf(Route.Reserved.class, route("a.x.example", "/.postern/callback"));

        assertEquals(
                "https://a.x.example/",
                route.applications().getFirst().externalUrl().toString());
    }

    /// CPX-4
    @Test
    void onlySegmentsAreReachable() {
        assertEquals(
                "http://ui.corp/",
                published("ui.c.example", "/")
                        .place()
                        .inside()
                        .orElseThrow()
                        .url()
                        .toString());
        assertEquals(
                "https://api.c.example/v1/",
                published("api.c.example", "/v1/x").application().externalUrl().toString());
        assertInstanceOf(Route.Nowhere.class, route("api.c.example", "/v2/"));
        assertInstanceOf(Route.Nowhere.class, route("other.c.example", "/"));
    }

    /// CPX-4: the administrator who listed the segments of `*.deep.x.example` did not think of `*.x.example`.
    @Test
    void whatIsNoSegmentIsNotLeftToAShallowerWildcard() {
        PublishedApplication deep = published(new Publishing(
                ExternalUrl.parse("https://*.deep.x.example/"),
                InternalUrl.parse("http://*.corp/"),
                PreAuthentication.POSTERN,
                List.of(segment("https://ui.deep.x.example/", "http://ui.corp/")),
                PublishingSettings.DEFAULT));
        var both = new Router(Pictures.of(List.of(ALL, deep)));

        assertInstanceOf(Route.Published.class, both.route("ui.deep.x.example", "/", h -> true));
        assertInstanceOf(Route.Nowhere.class, both.route("other.deep.x.example", "/", h -> true));
        assertInstanceOf(Route.Published.class, both.route("other.x.example", "/", h -> true));
    }

    /// CPX-2
    @Test
    void anApplicationWinsOverASegment() {
        assertEquals(BOTH, published("both.c.example", "/").application());
    }

    /// FE-1
    @Test
    void theAlternateUrlLeadsToTheSamePlace() {
        Route.Published route = published("all.f.example", "/b/x");

        assertEquals(FRONTED.appId(), route.application().appId());
        assertEquals(
                "https://all.f.example/b/", route.application().externalUrl().toString());
        assertEquals("https://all.f.example/b/", route.place().shown().toString());
        assertEquals("https://west.f.example/a/", route.place().externalUrl().toString());
    }

    @Test
    void withoutTlsOnlyWhatIsPublishedSo() {
        PublishedApplication plain = Pictures.passthrough("http://plain.example/");
        PublishedApplication secure = Pictures.passthrough("https://plain.example/");
        PublishedApplication other = Pictures.passthrough("http://other.example/");
        var schemes = new Router(Pictures.of(List.of(plain, secure, other)));

        assertEquals(
                plain,
                assertInstanceOf(Route.Published.class, schemes.routePlain("plain.example", "/"))
                        .application());
        assertEquals(
                secure,
                assertInstanceOf(Route.Published.class, schemes.route("plain.example", "/", h -> true))
                        .application());
        assertEquals(
                other,
                assertInstanceOf(Route.Published.class, schemes.route("other.example", "/", h -> true))
                        .application());
        assertInstanceOf(Route.Nowhere.class, schemes.routePlain("login.postern.test", "/"));
    }

    /// Against a list that is looked through from end to end.
    @Test
    void findsWhatALookThroughAllOfThemFinds() {
        var random = new Random(5);
        for (int round = 0; round < 60; round++) {
            var applications = new ArrayList<PublishedApplication>();
            var taken = new java.util.HashSet<String>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                String host = host(random);
                boolean wild = random.nextBoolean();
                String url = wild ? "https://*." + host + "/" : "https://" + host + folder(random);
                if (taken.add(url)) {
                    applications.add(wild ? wildcard(url, "http://*.corp/") : Pictures.passthrough(url));
                }
            }
            var fast = new Router(Pictures.of(applications));
            for (int i = 0; i < 300; i++) {
                String host = host(random);
                String path = folder(random) + (random.nextBoolean() ? "x" : "");
                Route found = fast.route(host, path, h -> true);
                Optional<PublishedApplication> expected = naive(applications, host, path);
                if (expected.isEmpty()) {
                    assertInstanceOf(Route.Nowhere.class, found, host + path);
                } else {
                    var published = assertInstanceOf(Route.Published.class, found, host + path);
                    assertEquals(expected.get().appId(), published.application().appId(), host + path);
                    assertEquals(
                            host, published.application().externalUrl().host().value());
                    String inside =
                            published.place().inside().orElseThrow().url().host();
                    assertTrue(
                            inside.endsWith(".corp") || inside.equals("backend.corp.internal"),
                            () -> host + " leads to " + inside);
                }
            }
        }
    }

    private static String host(Random random) {
        var host = new StringBuilder();
        for (int labels = 1 + random.nextInt(3); labels > 0; labels--) {
            host.append("abc".charAt(random.nextInt(3))).append('.');
        }
        return host + "example";
    }

    private static String folder(Random random) {
        var path = new StringBuilder("/");
        for (int depth = random.nextInt(3); depth > 0; depth--) {
            path.append("de".charAt(random.nextInt(2))).append('/');
        }
        return path.toString();
    }

    private static Optional<PublishedApplication> naive(
            List<PublishedApplication> applications, String host, String path) {
        String best = applications.stream()
                .map(a -> a.externalUrl().host().value())
                .filter(h -> h.equals(host) || (h.startsWith("*.") && host.endsWith(h.substring(1))))
                .max(Comparator.comparingInt((String h) -> h.equals(host) ? Integer.MAX_VALUE : h.length()))
                .orElse("");
        return applications.stream()
                .filter(a -> a.externalUrl().host().value().equals(best))
                .filter(a -> (path + "/").startsWith(a.externalUrl().path()))
                .max(Comparator.comparingInt(a -> a.externalUrl().path().length()));
    }
}
