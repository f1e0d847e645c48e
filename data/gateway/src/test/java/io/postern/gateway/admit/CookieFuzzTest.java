package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.gateway.Requests;
import io.postern.gateway.exchange.RequestCookies;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A malformed cookie is never the absence of a check (authentik CVE-2026-25748): the outcome is
/// sign-in or 400, never through.
class CookieFuzzTest {
    private final Gate gate = new Gate();

    private void notThrough(String cookie) {
        var admission = gate.ask(Requests.page("/", "cookie", cookie));
        int status = assertInstanceOf(Admission.Answered.class, admission, cookie)
                .answer()
                .status();
        assertTrue(status == 302 || status == 400, () -> status + " for " + cookie);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "=",
                "%",
                "%=",
                "; ; ;",
                "%N",
                "%N=",
                "%N= ",
                "%N=\"%V\"",
                "%N=%V=",
                "%N=%V,",
                "%N=%V%20",
                "%N=%V x",
                "%N =%V",
                "%N\t=%V",
                "\"%N\"=%V",
                "$Version=1; \"%N\"=%V",
                "%N=%V\u0000",
                "%N=x%V",
                "%n=%V",
                "x%N=%V",
                "%Nx=%V",
                "a=%N=%V",
                "a=1,%N=%V",
                "%N=; %N=%V",
                "%N=%V; %N=",
                "=%N=%V",
                "%N=%V\u00e9",
                "%N=null",
                "%N=undefined"
            })
    void variantsOfTheRealCookieAreNotTheRealCookie(String pattern) {
        String[] real = gate.signIn().split("=", 2);
        String lower = real[0].toLowerCase(java.util.Locale.ROOT);
        notThrough(pattern.replace("%N", real[0]).replace("%n", lower).replace("%V", real[1]));
    }

    @Test
    void noChangedCharacterPasses() {
        String[] real = gate.signIn().split("=", 2);
        for (int i = 0; i < real[1].length(); i++) {
            for (char c : new char[] {'A', '-', '9', '+', '=', ' ', '"', '\u0000'}) {
                if (real[1].charAt(i) != c) {
                    notThrough(real[0] + "=" + real[1].substring(0, i) + c + real[1].substring(i + 1));
                }
            }
            notThrough(real[0] + "=" + real[1].substring(0, i));
        }
    }

    @Test
    void noMixtureOfPiecesPasses() {
        String[] real = gate.signIn().split("=", 2);
        String half = real[1].substring(0, real[1].length() / 2);
        String[] pieces = {
            real[0],
            "=",
            half,
            ";",
            " ",
            "\"",
            ",",
            "\t",
            "a",
            "__Host-",
            "postern-access-",
            gate.wiki.appId().value(),
            "==",
            "%3D",
            "\u0000",
            "\u00ff",
            "x".repeat(5000)
        };
        var random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            var cookie = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                cookie.append(pieces[random.nextInt(pieces.length)]);
            }
            notThrough(cookie.toString());
        }
    }

    @Test
    void sealedGarbageIsNoSession() {
        var sealer = new io.postern.token.Sealer(gate.ring, "access-cookie");
        String name = CookieText.accessName(gate.wiki.appId());
        for (String plain :
                new String[] {"", "{}", "[]", "null", "7", "{\"t\":1}", "{\"t\":\"x\",\"u\":\"y\"}", "\u0000", "{\"t\":"
                }) {
            notThrough(name + "="
                    + sealer.seal(
                            plain.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            gate.wiki.appId().value()));
        }
    }

    @Test
    void realCookiePassesBetweenRubbish() {
        String cookie = gate.signIn();
        assertFalse(gate.admitted(Requests.page("/", "cookie", ";;= ;\"; " + cookie + ";;a=\""))
                .bearerConsumed());
        assertEquals(
                Optional.of("v"),
                RequestCookies.find(Requests.fields("cookie", "a=n=1; \t n=v;nn=2"), "n")
                        .value()
                        .map(Object::toString));
    }
}
