package io.postern.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.postern.translate.UrlMap.Mapping;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// HDR-3: which fields are translated, and how.
class FieldTranslationTest {
    private static final Mapping WIKI = new Mapping("http://wiki.corp:8080", "/", "https://wiki.example.com:8443", "/");
    private static final Mapping SALES =
            new Mapping("https://erp.corp", "/sales/", "https://erp.example.com:8443", "/");
    private static final Mapping REPORT =
            new Mapping("https://erp.corp", "/sales/report/", "https://report.example.com:8443", "/r/");
    private static final UrlMap MAP = new UrlMap(List.of(WIKI, SALES, REPORT));

    private final FieldTranslation wiki = new FieldTranslation(MAP, WIKI);
    private final FieldTranslation sales = new FieldTranslation(MAP, SALES);
    private final FieldTranslation report = new FieldTranslation(MAP, REPORT);

    @ParameterizedTest
    @CsvSource({
        "http://wiki.corp:8080/a?b#c, https://wiki.example.com:8443/a?b#c",
        "http://WIKI.corp.:8080/A, https://wiki.example.com:8443/A",
        "HTTP://wiki.corp:8080, https://wiki.example.com:8443/",
        "http://wiki.corp:8080?x=http://wiki.corp:8080/, https://wiki.example.com:8443/?x=http://wiki.corp:8080/",
        "http://wiki.corp:8080#f, https://wiki.example.com:8443/#f",
        "//wiki.corp:8080/a, https://wiki.example.com:8443/a",
        "' http://wiki.corp:8080/a ', https://wiki.example.com:8443/a",
        "https://erp.corp/sales/x, https://erp.example.com:8443/x",
        "https://erp.corp:443/sales/x, https://erp.example.com:8443/x",
        "https://erp.corp/sales, https://erp.example.com:8443/",
        "https://erp.corp/sales/report/7, https://report.example.com:8443/r/7",
        "https://erp.corp/sales/reports, https://erp.example.com:8443/reports"
    })
    void locationOfAPublishedApplicationBecomesExternal(String inside, String outside) {
        assertEquals(outside, wiki.outward("location", inside));
        assertEquals(outside, wiki.outward("content-location", inside));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a/b",
                "?x",
                "#f",
                "/a/b?http://wiki.corp:8080/",
                "http://wiki.corp/a",
                "https://wiki.corp:8080/a",
                "http://wiki.corp:8081/",
                "http://xwiki.corp:8080/",
                "http://wiki.corp.evil.example:8080/",
                "http://user@wiki.corp:8080/",
                "http://wiki.corp:8080\\@evil/",
                "http://wiki.corp:80800000/",
                "https://erp.corp/other",
                "https://erp.corp/salesman",
                "mailto:a@wiki.corp",
                "javascript://wiki.corp:8080/",
                "http:/wiki.corp:8080/",
                "http:wiki.corp",
                "//",
                "http://",
                "/\\wiki.corp:8080/",
                "myapp://callback"
            })
    void otherLocationsStayAsTheyAre(String value) {
        assertSame(value, wiki.outward("location", value));
    }

    @ParameterizedTest
    @CsvSource({
        "/sales/x?y, /x?y",
        "/sales, /",
        "/sales/, /",
        "/other, /other",
        "/sales?q, /?q",
        "/sales/report/1, /report/1"
    })
    void pathReferencesAreMovedWithinTheApplication(String inside, String outside) {
        assertEquals(outside, sales.outward("location", inside).toString());
    }

    @Test
    void deeperExternalPathIsPutInFront() {
        assertEquals("/r/x", report.outward("location", "/sales/report/x"));
        assertEquals("/r", report.outward("location", "/sales/report"));
        assertEquals("https://report.example.com:8443/r", report.outward("location", "https://erp.corp/sales/report"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5; url=http://wiki.corp:8080/a | 5; url=https://wiki.example.com:8443/a",
                "0;URL='http://wiki.corp:8080/a' | 0;URL='https://wiki.example.com:8443/a'",
                "0; Url = \"http://wiki.corp:8080/a\" | 0; Url = \"https://wiki.example.com:8443/a\"",
                "5 | 5",
                "5; url | 5; url",
                "5; url='http://wiki.corp:8080/ | 5; url='http://wiki.corp:8080/",
                "5; curl http://wiki.corp:8080/?a=1 | 5; curl http://wiki.corp:8080/?a=1"
            })
    void refreshIsTranslated(String inside, String outside) {
        assertEquals(outside, wiki.outward("refresh", inside).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<http://wiki.corp:8080/n>; rel=\"next\", </p>; rel=prev | <https://wiki.example.com:8443/n>; rel=\"next\", </p>; rel=prev",
                "</x>; title=\"a, <http://wiki.corp:8080/>\" | </x>; title=\"a, <http://wiki.corp:8080/>\"",
                "</x>; title=\"\\\"<http://wiki.corp:8080/>\" | </x>; title=\"\\\"<http://wiki.corp:8080/>\"",
                "<http://wiki.corp:8080/ | <http://wiki.corp:8080/",
                "x | x"
            })
    void linkIsTranslated(String inside, String outside) {
        assertEquals(outside, wiki.outward("link", inside).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "http://wiki.corp:8080, https://wiki.example.com:8443",
        "https://erp.corp, https://erp.example.com:8443",
        "*, *",
        "null, null",
        "http://other.corp, http://other.corp",
        "http://wiki.corp:8080/, http://wiki.corp:8080/"
    })
    void allowedOriginIsTranslated(String inside, String outside) {
        assertEquals(
                outside, sales.outward("access-control-allow-origin", inside).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "origin, https://wiki.example.com:8443, http://wiki.corp:8080",
        "origin, https://erp.example.com:8443, https://erp.corp",
        "origin, https://evil.example, https://evil.example",
        "origin, https://wiki.example.com, https://wiki.example.com",
        "origin, null, null",
        "referer, https://wiki.example.com:8443/a?b, http://wiki.corp:8080/a?b",
        "referer, https://report.example.com:8443/r/1, https://erp.corp/sales/report/1",
        "referer, https://report.example.com:8443/, https://report.example.com:8443/",
        "destination, https://wiki.example.com:8443/a, http://wiki.corp:8080/a",
        "destination, /a/b, /a/b",
        "host, wiki.example.com:8443, wiki.example.com:8443"
    })
    void requestFieldsBecomeInternal(String name, String outside, String inside) {
        assertEquals(inside, wiki.inward(name, outside).toString());
    }

    @Test
    void otherFieldsAreNotTouched() {
        String value = "http://wiki.corp:8080/a";
        assertSame(value, wiki.outward("x-url", value));
        assertSame(value, wiki.inward("x-url", value));
    }

    @Test
    void ownApplicationIsPreferredAmongEquals() {
        var first = new Mapping("http://one.corp", "/", "https://a.example.com", "/");
        var second = new Mapping("http://one.corp", "/", "https://b.example.com", "/");
        var map = new UrlMap(List.of(first, second));

        assertEquals(
                "https://b.example.com/x", new FieldTranslation(map, second).outward("location", "http://one.corp/x"));
        assertEquals(
                "https://b.example.com",
                new FieldTranslation(map, second).outward("access-control-allow-origin", "http://one.corp"));
    }

    /// Whatever a backend or client writes: no exception, and nothing gets longer without bound.
    @Test
    void anyTextIsSurvived() {
        String[] pieces = {
            "http",
            "https",
            ":",
            "//",
            "/",
            "\\",
            "wiki.corp",
            "erp.corp",
            ":8080",
            "?",
            "#",
            "@",
            "[",
            "]",
            "<",
            ">",
            "\"",
            "'",
            ";",
            " ",
            "url",
            "=",
            "sales/",
            ",",
            "%",
            "\u0000",
            "\u00e9",
            "."
        };
        String[] names = {
            "location", "content-location", "refresh", "link", "access-control-allow-origin", "origin", "referer"
        };
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(10); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String name = names[random.nextInt(names.length)];
            wiki.inward(name, sales.outward(name, text.toString()));
        }
    }
}
