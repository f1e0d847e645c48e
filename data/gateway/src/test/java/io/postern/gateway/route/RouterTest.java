package io.postern.gateway.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.postern.domain.OwnHost;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.Pictures;
import io.postern.gateway.exchange.Route;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final PublishedApplication wiki = Pictures.passthrough("https://wiki.postern.test/");
    private final PublishedApplication root = Pictures.passthrough("https://many.postern.test/");
    private final PublishedApplication sales = Pictures.passthrough("https://many.postern.test/sales/");
    private final PublishedApplication report = Pictures.passthrough("https://many.postern.test/sales/report/");
    private final PublishedApplication folder = Pictures.passthrough("https://folder.postern.test/only/");
    private final PublishedApplication portal = Pictures.passthrough("https://myapps.postern.test/");
    private final PublishedApplication thief = Pictures.passthrough("https://login.postern.test/");
    private final Router router = new Router(Pictures.of(List.of(root, wiki, report, sales, folder, portal, thief)));

    private Route route(String authority, String target) {
        return router.route(authority, target, host -> host.matches("[^.]+\\.postern\\.test"));
    }

    private PublishedApplication application(String authority, String target) {
        return assertInstanceOf(Route.Published.class, route(authority, target)).application();
    }

    @Nested
    class Host {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "wiki.postern.test",
                    "wiki.postern.test:8443",
                    "WIKI.Postern.TEST",
                    "wiki.postern.test.",
                    "Wiki.postern.test.:443"
                })
        void everySpellingIsTheSameHost(String authority) {
            assertEquals(wiki, application(authority, "/a"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    ".",
                    "wiki.postern.test..",
                    "wiki..postern.test",
                    ".wiki.postern.test",
                    "user@wiki.postern.test",
                    "wiki.postern.test@evil.test",
                    "wiki.postern.test:",
                    "wiki.postern.test:0",
                    "wiki.postern.test:65536",
                    "wiki.postern.test:123456",
                    "wiki.postern.test:44x",
                    "wiki.postern.test:80:80",
                    "wiki.postern.test:+80",
                    "wiki.postern.test/",
                    "wiki.postern.test, evil.test",
                    "wiki.postern.test evil",
                    " wiki.postern.test",
                    "wiki%2epostern.test",
                    "wiki\\.postern.test",
                    "wiki.postern.test\u0000",
                    "wi\u212Ai.postern.test", // Kelvin sign: folds to k in careless lower-casing
                    "w\u0456ki.postern.test",
                    "::1",
                    "[::1",
                    "[::1]x",
                    "[evil.test]"
                })
        void aMalformedHostIsRefused(String authority) {
            assertInstanceOf(Route.Refused.class, route(authority, "/"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "127.0.0.1",
                    "127.0.0.1:8443",
                    "[::1]",
                    "[::1]:8443",
                    "0x7f.1",
                    "other.test",
                    "a.wiki.postern.test"
                })
        void aHostOutsideTheCertificateIsMisdirected(String authority) {
            assertInstanceOf(Route.Misdirected.class, route(authority, "/")); // RFC 9110 §15.5.20
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "[::1]:8443", "unknown.postern.test"})
        void nothingIsPublishedOnAnUnknownHost(String authority) {
            assertInstanceOf(Route.Nowhere.class, router.route(authority, "/", host -> true)); // PUB-9
        }

        @Test
        void certificateIsAskedForTheCanonicalHost() {
            var asked = new java.util.ArrayList<String>();
            router.route("WIKI.postern.test.:8443", "/", asked::add);
            assertEquals(List.of("wiki.postern.test"), asked);
        }
    }

    @Nested
    class OurOwn {
        @ParameterizedTest
        @CsvSource({"login,LOGIN", "api,API", "connect,CONNECT"})
        void isServedByTheControlPlane(String label, OwnHost host) {
            assertEquals(new Route.Own(host), route(label + ".postern.test", "/any;x=1/%2F?q"));
        }

        @Test
        void cannotBeTakenByAnApplication() {
            assertEquals(new Route.Own(OwnHost.LOGIN), route("login.postern.test", "/"));
        }

        @Test
        void portalIsAnApplication() {
            assertEquals(portal, application("myapps.postern.test", "/"));
        }

        @Test
        void adminIsReservedAndEmpty() {
            assertInstanceOf(Route.Nowhere.class, route("admin.postern.test", "/"));
        }

        @Test
        void refusesPathTricksToo() {
            assertInstanceOf(Route.Refused.class, route("login.postern.test", "/a/%2e%2e/b"));
        }
    }

    @Nested
    class Path {
        // PUB-10, PUB-11: the longest published folder wins, on whole segments
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/",
                    "/x",
                    "/salesman",
                    "/sale",
                    "/sales.html",
                    "/x/sales/",
                    "/report/",
                    "/x?/sales/",
                    "/?a=/../b"
                })
        void elsewhereBelongsToTheRoot(String target) {
            assertEquals(root, application("many.postern.test", target));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/sales",
                    "/sales/",
                    "/sales/x",
                    "/sales?q",
                    "/sales/reports",
                    "/sales/x/report/",
                    "/sales/rep"
                })
        void folderBelongsToItsApplication(String target) {
            assertEquals(sales, application("many.postern.test", target));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/sales/report", "/sales/report/", "/sales/report/2026?x=/"})
        void deeperFolderWins(String target) {
            assertEquals(report, application("many.postern.test", target));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/", "/other", "/onlyy/", "/ONLY/", "/x/only/", "/only%2Fx"})
        void nothingElseOfTheHostIsPublished(String target) {
            assertInstanceOf(Route.Nowhere.class, route("folder.postern.test", target)); // PUB-9, PUB-13
        }

        @ParameterizedTest
        @ValueSource(strings = {"*", "", "x", "?", "http://wiki.postern.test/", "wiki.postern.test:443"})
        void aTargetThatIsNoPathIsRefused(String target) {
            assertInstanceOf(Route.Refused.class, route("wiki.postern.test", target));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/?a b", "/?a\tb", "/?a\u007fb", "/?#x", "/?a\u0000"})
        void aQueryThatCannotBeIsRefused(String target) {
            assertInstanceOf(Route.Refused.class, route("wiki.postern.test", target));
        }
    }

    @Nested
    class Reserved {
        @ParameterizedTest
        @ValueSource(strings = {"/.postern", "/.postern/", "/.postern/callback?x", "/.postern/x"})
        void isOurs(String target) {
            var route = assertInstanceOf(Route.Reserved.class, route("wiki.postern.test", target));
            assertEquals(List.of(wiki), route.applications());
        }

        @Test
        void existsWhereOnlyAFolderIsPublished() {
            var route = assertInstanceOf(Route.Reserved.class, route("folder.postern.test", "/.postern/callback"));
            assertEquals(List.of(folder), route.applications());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/%2epostern/callback",
                    "/.postern%2Fcallback",
                    "/.%70ostern/",
                    "/%252epostern/",
                    "/.postern;x/callback",
                    "/.POSTERN/callback",
                    "//.postern/callback",
                    "/;/.postern/callback",
                    "/.postern./callback",
                    "/.postern%20/callback",
                    "/.postern%3Fx",
                    "/.postern%23x"
                })
        void aDisguiseIsRefused(String target) {
            assertInstanceOf(Route.Refused.class, route("wiki.postern.test", target));
        }
    }
}
