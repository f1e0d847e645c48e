package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Return URLs lead back to the application that the user signed in to, nowhere else (oauth2-proxy
/// GHSA-4mf2-f3wh-gvf2, authentik CVE-2024-52289).
class OpenRedirectTest {
    private static final PublishedApplication ROOT = Pictures.preAuthenticated("https://wiki.postern.test/");
    private static final PublishedApplication FOLDER = Pictures.preAuthenticated("https://wiki.postern.test/a/");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "//evil.test",
                "///evil.test",
                "/\\evil.test",
                "\\\\evil.test",
                "/\t/evil.test",
                "/\n/evil.test",
                "/\r\nx: y",
                " /x",
                "https://evil.test/",
                "https:evil.test",
                "javascript:alert(1)",
                "@evil.test",
                ".evil.test",
                ":80@evil.test",
                "/x#@evil.test",
                "/ x",
                "/x\u007f",
                "/.postern/callback?x",
                "/.postern",
                "/.POSTERN/signout",
                "?x",
                "/x\\..\\y",
                "/%2f%2fevil.test",
                "/..//evil.test",
                "//wiki.postern.test@evil.test"
            })
    void neverLeavesTheOrigin(String target) {
        for (PublishedApplication application : new PublishedApplication[] {ROOT, FOLDER}) {
            String url = ReturnUrl.of(application, target, 8443);
            assertTrue(url.startsWith("https://wiki.postern.test:8443/"), url);
            assertTrue(url.chars().allMatch(c -> c > ' ' && c != '\\' && c != 0x7f), url);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/b", "/ab", "/A/", "//a/", "/b?/a/", "/.postern/x"})
    void outsideTheFolderMeansItsFrontPage(String target) {
        assertEquals("https://wiki.postern.test:8443/a/", ReturnUrl.of(FOLDER, target, 8443));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a/", "/a?x", "/a/b?c=//evil.test\\", "/a//b", "/a/;x"})
    void insideTheFolderIsKept(String target) {
        assertEquals("https://wiki.postern.test:8443" + target, ReturnUrl.of(FOLDER, target, 8443));
    }

    @Test
    void defaultPortIsLeftOut() {
        assertEquals("https://wiki.postern.test/x", ReturnUrl.of(ROOT, "/x", 443));
    }

    /// From the request line through sealing and back: whatever was asked for, the browser stays here.
    @Test
    void noTargetLeadsAwayOverAWholeSignIn() {
        var gate = new Gate();
        String[] pieces = {"/", "//", "\\", "evil.test", "@", ":", "?", "%2f", "%5c", "https:", ".", "a", "&", "=", ";"
        };
        var random = new Random(99);
        int returned = 0;
        for (int i = 0; i < 1_500; i++) {
            var target = new StringBuilder("/");
            for (int n = random.nextInt(6); n > 0; n--) {
                target.append(pieces[random.nextInt(pieces.length)]);
            }
            Answer first = gate.answer(Requests.page(target.toString()));
            if (first.status() == 302) {
                var started = new Gate.Started(first, Gate.cookie(first));
                var state = SignInState.open(
                        SignInState.sealer(gate.ring),
                        started.state(),
                        gate.wiki.externalUrl().host());
                assertEquals(target.toString(), state.orElseThrow().target());
                String url = ReturnUrl.of(gate.wiki, state.get().target(), 8443);
                assertEquals("https://wiki.postern.test:8443" + target, url);
                assertEquals(
                        "wiki.postern.test", URI.create(url.split("[?]")[0]).getHost());
                returned++;
            }
        }
        assertTrue(returned > 300);
    }

    @Test
    void hostOfTheRequestIsNotReflected() {
        var gate = new Gate();
        for (String authority : new String[] {"WIKI.postern.test:1", "wiki.postern.test.:8443"}) {
            var page = Requests.page("/x");
            Answer answer = gate.answer(new RequestHead("GET", authority, "/x", page.fields(), false, false));
            assertTrue(Gate.location(answer)
                    .contains("redirect_uri=https%3A%2F%2Fwiki.postern.test%3A8443%2F.postern%2Fcallback&"));
        }
    }
}
