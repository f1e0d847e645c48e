package io.postern.translate.body;

import static io.postern.translate.body.Translated.css;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// 1.10: `url()` and `@import` of style sheets.
class CssLinksTest {
    private static final String IN = "http://expenses.corp:8080/x.png";
    private static final String OUT = "https://expenses.example.com/x.png";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{b:url(%s)}",
                "a{b:URL( '%s' )}",
                "url(\"%s\")",
                "@import \"%s\";",
                "@IMPORT'%s' screen;",
                "@import /* url( */ url(%s);",
                "@import\n\turl(\"%s\")",
                "/* ' */ url(%s)",
                "'\\'' url(%s)",
                "x:url(a),url(%s),url(%s)",
                "a:b;/**/url(%s",
                "//url(%s)",
                "@import %s; @import \"%s\""
            })
    void linksAreTranslated(String sheet) {
        String in = sheet.replace("%s; ", "x; ");
        assertEquals(in.replace("%s", OUT), css(in.replace("%s", IN)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/* url(%s) */",
                "'url(%s)'",
                "\"\\\"url(%s)\"",
                "myurl(%s)",
                "-url(%s)",
                "@important \"%s\"",
                "x: \"%s\"",
                "u\\rl(%s)",
                "@namespace \"%s\"",
                "url (%s)",
                "@import x \"%s\"",
                "url(\\68ttp://expenses.corp:8080/)"
            })
    void whatIsNoLinkStays(String sheet) {
        String text = sheet.replace("%s", IN);
        assertEquals(text, css(text));
    }
}
