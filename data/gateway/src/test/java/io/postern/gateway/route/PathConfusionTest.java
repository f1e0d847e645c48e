package io.postern.gateway.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.Pictures;
import io.postern.gateway.exchange.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Policy and backend must not read a path differently (cloudflared VULN-141859, Traefik
/// GHSA-6jwx-7vp4-9847, Authelia CVE-2026-48794).
class PathConfusionTest {
    private final PublishedApplication open = Pictures.passthrough("https://host.postern.test/");
    private final PublishedApplication secret = Pictures.preAuthenticated("https://host.postern.test/secret/");
    private final PublishedApplication inner = Pictures.preAuthenticated("https://host.postern.test/a/b/");
    private final Router router = new Router(Pictures.of(List.of(open, secret, inner)));

    private Route route(String target) {
        return router.route("host.postern.test", target, host -> true);
    }

    static Stream<String> climbing() {
        String[] dots = {
            "..",
            ".",
            "%2e%2e",
            "%2E.",
            ".%2e",
            "%252e%252e",
            "%25252e%2e",
            "..;",
            "..;x=1",
            "%2e%2e;a",
            "..%3bx",
            "..%20",
            ".%20",
            "%c0%ae%c0%ae",
            "%c0%ae.",
            "%e0%80%ae",
            "%f0%80%80%ae",
            "%f8%80%80%80%ae",
            "%25c0%25ae",
            "%c1%9c",
            "%252e%25252e"
        };
        return Stream.of(dots)
                .flatMap(d -> Stream.of(
                        "/x/" + d + "/secret/",
                        "/" + d,
                        "/" + d + "/",
                        "/x%2f" + d + "%2fsecret",
                        "/x/%2F" + d + "/y",
                        "/x%252f" + d + "%252fsecret"));
    }

    @ParameterizedTest
    @MethodSource("climbing")
    void dotSegmentsAreRefusedUnderAnyDecoding(String target) {
        assertInstanceOf(Route.Refused.class, route(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a\\b",
                "/a%5cb",
                "/a%5Cb",
                "/a%255cb",
                "/..\\secret",
                "/a%00",
                "/a%2500.html",
                "/a%0d%0ab",
                "/a%09",
                "/a%7f",
                "/a\u0000",
                "/a\tb",
                "/a\u007f",
                "/a b",
                "/a#b",
                "/a\u00e9",
                "/a\u2215b",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a%u002e",
                "/a%25u002e%25u002e/",
                "/a%c0%afb",
                "/a%c1%81",
                "/a%e0%80%afb",
                "/a%fc%80%80%80%80%af",
                "/%252525252525252e"
            })
    void whatNoHonestClientSendsIsRefused(String target) {
        assertInstanceOf(Route.Refused.class, route(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secret;x",
                "/secret;x/y",
                "/;/secret/y",
                "//secret/y",
                "/secret%2Fy",
                "/secret%252Fy",
                "/%73ecret/",
                "/%2573ecret/",
                "/SECRET/",
                "/Secret",
                "/%53ecret",
                "/secret%3by/",
                "/secret./y",
                "/secret%20/y",
                "/%2Fsecret",
                "/secret%3Fy",
                "/secret%23y",
                "/;x/secret",
                "///secret//",
                "/a%2Fb/c",
                "/a;q/b/c",
                "/a//b/c",
                "/A/b/",
                "/a/b;x/",
                "/a%2fb",
                "/a/%62/",
                "/secret..;/",
                "/.;/secret"
            })
    void aPathThatOthersReadAsAnotherApplicationIsRefused(String target) {
        assertInstanceOf(Route.Refused.class, route(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x;y=1",
                "/x;jsessionid=A1/y;b",
                "/x%2Fy",
                "/x%252Fy",
                "/x//y",
                "/x/",
                "/%20",
                "/x%20y",
                "/100%25",
                "/100%25.txt",
                "/a%25zzb",
                "/%E4%BD%A0",
                "/%e9t%e9",
                "/%C3%A9",
                "/...",
                "/..x",
                "/.x",
                "/x..",
                "/.well-known/a",
                "/x/.git/",
                "/~u",
                "/a|b",
                "/a[1]",
                "/a{b}",
                "/a\"b",
                "/a'b",
                "/a*b",
                "/a,b",
                "/a=b",
                "/a@b",
                "/a:b",
                "/a+b",
                "/a!$&()",
                "/%EF%BC%8E",
                "/hub/https%3A%2F%2Fx",
                "/x/secret/",
                "/a",
                "/a/",
                "/a/x",
                "/secretx",
                "/secret%2dx"
            })
    void anHonestPathGoesThrough(String target) {
        assertEquals(
                open, assertInstanceOf(Route.Published.class, route(target)).application());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secret/x;y",
                "/secret/x%2Fy",
                "/secret//x",
                "/secret/%2F",
                "/secret/;x",
                "/secret/%41",
                "/secret/A"
            })
    void belowTheFolderEverythingStaysThere(String target) {
        assertEquals(
                secret, assertInstanceOf(Route.Published.class, route(target)).application());
    }

    /// Reads a forwarded path the way careless backends do, and checks that none of them ends up in a
    /// folder of another application.
    @Test
    void noForwardedPathLeavesItsApplicationUnderAnyReading() {
        String[] pieces = {
            "/",
            "/",
            "/",
            "secret",
            "a",
            "b",
            "x",
            ".",
            "..",
            "%2e",
            "%2f",
            "%2F",
            "%252f",
            "%25",
            ";",
            ";v=1",
            "%5c",
            "\\",
            "%00",
            "%c0%ae",
            "%73",
            "%53",
            "S",
            "//",
            "?",
            "%3b",
            "%3f",
            "%20",
            "%e9",
            "A",
            "%2E%2e",
            ".postern",
            "%70"
        };
        var random = new Random(20261121);
        int forwarded = 0;
        for (int i = 0; i < 300_000; i++) {
            var path = new StringBuilder("/");
            for (int n = random.nextInt(8); n >= 0; n--) {
                path.append(pieces[random.nextInt(pieces.length)]);
            }
            if (route(path.toString()) instanceof Route.Published p) {
                forwarded++;
                String raw = path.toString().split("\\?", 2)[0];
                for (String reading : readings(raw)) {
                    PublishedApplication seen = owner(reading);
                    if (!seen.equals(p.application())) {
                        fail(path + " read as " + reading);
                    }
                }
            }
        }
        assertTrue(forwarded > 10_000, "the generator must produce honest paths too, not " + forwarded);
    }

    private static Stream<String> decodings(String raw) {
        return Stream.iterate(raw, PathConfusionTest::decode).limit(4);
    }

    private static String decode(String text) {
        return URLDecoder.decode(
                text.replace("+", "%2B").replaceAll("%(?![0-9a-fA-F]{2})", "%25"), StandardCharsets.ISO_8859_1);
    }

    private static List<String> readings(String raw) {
        return decodings(raw)
                .flatMap(p -> Stream.of(p, p.replaceAll(";[^/]*", ""), p.replaceAll("[?#].*", "")))
                .flatMap(p -> Stream.of(p, p.replaceAll("/+", "/")))
                .flatMap(p -> Stream.of(p, resolved(p), resolved(p.replace('\\', '/'))))
                .flatMap(p -> Stream.of(p, p.toLowerCase(java.util.Locale.ROOT)))
                .toList();
    }

    private static String resolved(String path) {
        var out = new java.util.ArrayDeque<String>();
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.equals("..")) {
                out.pollLast();
            } else if (!segment.equals(".")) {
                out.addLast(segment);
            }
        }
        return "/" + String.join("/", out);
    }

    private PublishedApplication owner(String path) {
        String folder = path + "/";
        if (folder.startsWith("/secret/")) {
            return secret;
        }
        return folder.startsWith("/a/b/") ? inner : open;
    }
}
