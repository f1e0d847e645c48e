package io.postern.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.postern.translate.UrlMap.Mapping;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CK-2, CK-3 and the promise that a backend's cookie never leaves its external host.
class SetCookieFieldTest {
    private static final Mapping WIKI =
            new Mapping("http://wiki.corp.internal:8080", "/app/", "https://wiki.example.com:8443", "/w/");

    private static Optional<String> outward(String value) {
        return SetCookieField.outward(value, WIKI, true).map(CharSequence::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a=b",
                "a=b ",
                "a=b;  ",
                "a=",
                "a",
                "=b",
                "a=b; Secure; HttpOnly; SameSite=Strict",
                "a=b; Path=/",
                "a=b; Path=/other",
                "a=b; Path",
                "a=\"x; y\"",
                "a=b;;; Max-Age=5;",
                "a=b; Expires=Sat, 21 Nov 2026 10:00:00 GMT",
                "a=b; Expires=Saturday, 21-Nov-26 10:00:00 GMT; Max-Age=-1",
                "a=b; SameSite=None; Secure; Partitioned; Priority=High; of-tomorrow=1",
                "a=\"quoted = value, with comma\"",
                "__Host-a=b; Path=/; Secure",
                "my-postern-x=1",
                "posternx=1"
            })
    void passesAsItIs(String value) {
        assertSame(value, SetCookieField.outward(value, WIKI, true).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b; Path=/app/ | a=b; Path=/w/",
                "a=b; path = /app/x ; Secure | a=b; path =/w/x; Secure",
                "a=b; Path=/app | a=b; Path=/w",
                "a=b; Path=/apps | a=b; Path=/apps",
                "__Secure-a=b; Path=/app/; Secure | __Secure-a=b; Path=/w/; Secure"
            })
    void pathBecomesExternal(String inside, String outside) {
        assertEquals(Optional.of(outside), outward(inside));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=b; Domain=wiki.corp.internal; Secure",
                "a=b; Domain=.wiki.corp.internal; Secure",
                "a=b; domain = WIKI.corp.internal ; Secure",
                "a=b; Domain=.corp.internal; Secure",
                "a=b; Domain=internal; Secure",
                "a=b; Domain=wiki.example.com; Secure",
                "a=b; Domain=.example.com; Secure",
                "a=b; Domain=; Secure",
                "a=b; Domain; Secure",
                "a=b; Domain=evil.example; Domain=wiki.corp.internal; Secure"
            })
    void domainOfTheBackendMeansTheExternalHostAlone(String inside) {
        assertEquals(Optional.of("a=b; Secure"), outward(inside));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=b; Domain=evil.example",
                "a=b; Domain=login.example.com",
                "a=b; Domain=x.wiki.example.com",
                "a=b; Domain=iki.example.com",
                "a=b; Domain=wiki.corp.internal; Domain=other.example.com"
            })
    void foreignDomainIsDropped(String inside) {
        assertEquals(Optional.empty(), outward(inside));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__Host-postern-access-1=x; Path=/; Secure",
                "__host-POSTERN-access-1=x",
                " __Host-postern-bind-1=x",
                "\t__Host-postern-bind-1=x",
                "__Secure-postern-x=1",
                "postern-session=1",
                "POSTERN-session=1",
                "=__Host-postern-access-1=x",
                "= __Host-postern-access-1=x",
                "==postern-x",
                "\u0000postern-x=1"
            })
    void ourNamesAreDropped(String inside) {
        assertEquals(Optional.empty(), outward(inside));
    }

    @Test
    void withoutTranslationOnlyTheGuardActs() {
        assertEquals(
                Optional.of("a=b; Path=/app/"),
                SetCookieField.outward("a=b; Path=/app/", WIKI, false).map(CharSequence::toString));
        assertEquals(
                Optional.of("a=b"),
                SetCookieField.outward("a=b; Domain=example.com", WIKI, false).map(CharSequence::toString));
        assertEquals(Optional.empty(), SetCookieField.outward("a=b; Domain=corp.internal", WIKI, false));
        assertEquals(Optional.empty(), SetCookieField.outward("postern-a=b", WIKI, false));
    }

    @Test
    void noTextYieldsADomainOrAReservedName() {
        String[] pieces = {
            "a",
            "=",
            ";",
            " ",
            "Domain",
            "domain",
            "DOMAIN\t",
            "Path",
            "/app/",
            "wiki.corp.internal",
            ".example.com",
            "postern-",
            "__Host-",
            "__host-postern-",
            "Secure",
            "\"",
            ",",
            "\u0000",
            "evil.example",
            "\u00e9"
        };
        var random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            for (boolean translate : new boolean[] {true, false}) {
                var out = SetCookieField.outward(text.toString(), WIKI, translate);
                String shown = out.map(CharSequence::toString).orElse("").toLowerCase(Locale.ROOT);
                String[] parts = shown.split(";", -1);
                assertFalse(parts[0].strip().matches("=*(__host-|__secure-)?postern-.*"), shown);
                for (int p = 1; p < parts.length; p++) {
                    assertFalse(parts[p].strip().matches("domain\\s*(=.*)?"), shown);
                }
            }
        }
    }
}
