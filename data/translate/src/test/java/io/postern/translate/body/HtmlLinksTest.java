package io.postern.translate.body;

import static io.postern.translate.body.Translated.BENEFITS;
import static io.postern.translate.body.Translated.ORIGINAL;
import static io.postern.translate.body.Translated.TRAVEL;
import static io.postern.translate.body.Translated.html;
import static io.postern.translate.body.Translated.rules;
import static io.postern.translate.body.Translated.translated;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.translate.LinkRules;
import io.postern.translate.UrlMap;
import io.postern.translate.UrlMap.Mapping;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// 1.10: which links in HTML are translated, and that everything else stays as it is.
class HtmlLinksTest {
    private static final String IN = "http://expenses.corp:8080/x";
    private static final String OUT = "https://expenses.example.com/x";

    /// BODY-4, the table, and what Apache's mod_proxy_html has beside it
    @ParameterizedTest
    @CsvSource({
        "a, href",
        "audio, src",
        "base, href",
        "button, formaction",
        "div, data-background",
        "div, data-src",
        "embed, src",
        "form, action",
        "frame, src",
        "head, profile",
        "html, manifest",
        "iframe, longdesc",
        "iframe, src",
        "img, longdesc",
        "img, src",
        "input, formaction",
        "input, src",
        "input, value",
        "link, href",
        "menuitem, icon",
        "meta, content",
        "object, archive",
        "object, data",
        "object, codebase",
        "script, src",
        "source, src",
        "track, src",
        "video, src",
        "video, poster",
        "area, href",
        "blockquote, cite",
        "del, cite",
        "img, usemap",
        "input, usemap",
        "ins, cite",
        "object, classid",
        "object, usemap",
        "q, cite",
        "script, for"
    })
    void attributesOfTheTableAreTranslated(String element, String attribute) {
        for (String quote : List.of("\"", "'", "")) {
            String tag = "<" + element + " id=1 " + attribute + " = " + quote + "%s" + quote + " class=x>";
            assertEquals(tag.formatted(OUT), html(tag.formatted(IN)));
            String upper = "<" + element.toUpperCase(java.util.Locale.ROOT) + "\n"
                    + attribute.toUpperCase(java.util.Locale.ROOT) + "=" + quote + "%s" + quote + ">";
            assertEquals(upper.formatted(OUT), html(upper.formatted(IN)));
        }
    }

    /// BODY-5
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a title='%s'>",
                "<p href=%s>",
                "<img href=%s>",
                "<a src=%s>",
                "</a href=%s>",
                "%s",
                "<!-- <a href=%s> -->",
                "<!--><a title=%s>",
                "<![CDATA[ %s",
                "<? a href=%s ?>",
                "<script>x = '%s'</script>",
                "<textarea><a href=%s></textarea>",
                "<title><a href=%s></title>",
                "<plaintext><a href=%s>",
                "<a data-href=%s>",
                "<a hrefx=%s>",
                "<a href = javascript:go('%s')>",
                "<a href='/login?to=%s'>",
                "<a href='x%s'>",
                "<img srcset='%s 2x'>",
                "<a href=' mailto:%s'>",
                "<xmp><a href=%s></xmp>",
                "<script><!-- <script> </script> <a href=%s> --></script>",
                "< a href=%s>",
                "<a href='%s",
                "<input name=%s>"
            })
    void whatIsNoLinkStays(String page) {
        String text = page.replace("%s", IN);
        assertEquals(text, html(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://benefits.corp|https://benefits.example.com",
                "http://benefits.corp/|https://benefits.example.com/",
                "HTTP://Benefits.Corp./A?b=c#d|https://benefits.example.com/A?b=c#d",
                "http://benefits.corp:80?x|https://benefits.example.com/?x",
                "//benefits.corp/a|https://benefits.example.com/a",
                "//expenses.corp:8080/a|https://expenses.example.com/a",
                "http://travel.corp/trips/7|https://travel.example.com/t/7",
                "http://travel.corp/trips|https://travel.example.com/t",
                "http://travel.corp/trips/maps/1|https://maps.example.com/1",
                "http://travel.corp/trips/maps|https://maps.example.com/",
                "http://a.shops.corp/x|https://a.shops.example/x",
                "http://benefits/x|https://benefits.example.com/x",
                "http://expenses:8080/x|https://expenses.example.com/x",
                "//travel/trips/1|https://travel.example.com/t/1",
                "http&#58;&#x2f;&sol;benefits.corp/a?b=c&amp;d=e&copy;|https://benefits.example.com/a?b=c&amp;d=e&copy;",
            })
    void publishedUrlsBecomeExternal(String inside, String outside) {
        assertEquals("<a href=\"" + outside + "\">", html("<a href=\"" + inside + "\">"));
    }

    /// Whatever an external URL held, it never ends the value it stands in, nor its quotes.
    @Test
    void whatIsWrittenCannotBecomeMarkup() {
        var odd = new Mapping("http://odd.corp", "/", "https://odd.example", "/a\"b'c>d<e`f\\g h&i(j)/");
        var rules = new LinkRules(new UrlMap(List.of(odd)), odd, Translated.ALL, Optional.empty());
        String out = "https://odd.example/a%22b&#39;c%3Ed%3Ce%60f%5Cg%20h&amp;i(j)/";
        assertEquals(
                "<a href=" + out + "><a href='" + out + "'><a href=\"" + out + "\">",
                translated(
                        BodyKind.HTML,
                        rules,
                        "<a href=http://odd.corp/><a href='http://odd.corp/'><a href=\"http://odd.corp/\">"));
        String bare = "https://odd.example/a%22b%27c%3Ed%3Ce%60f%5Cg%20h&i%28j%29/";
        assertEquals(
                "<style>a{b:url(" + bare + ")}</style><script>'" + bare + "'</script>",
                translated(
                        BodyKind.HTML,
                        rules,
                        "<style>a{b:url(http://odd.corp/)}</style><script>'http://odd.corp/'</script>"));
    }

    /// BODY-3, BODY-6
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://feedback.corp/",
                "http://travel.corp/",
                "http://travel.corp/tripsy",
                "https://benefits.corp/",
                "http://benefits.corp:81/",
                "http://benefits.corp.evil.example/",
                "http://xbenefits.corp/",
                "http://u@benefits.corp/",
                "a/b",
                "/a",
                "?x",
                "#y",
                "",
                "h",
                "http:",
                "http://",
                "//",
                "/",
                "http://feedback/",
                "http://shops.corp/",
                "ftp://benefits.corp/",
                "http:/benefits.corp/"
            })
    void otherUrlsStay(String url) {
        String page = "<p>\0<a href='" + url + "'>x</a><img src=\"" + url + "\">";
        assertEquals(page, html(page));
    }

    @Test
    void pathsMoveWithAnApplicationThatLiesElsewhereOutside() {
        assertEquals(
                "<a href=/t/1?x><a href='/t'><a href=/other><a href=/t/maps/1>",
                translated(
                        BodyKind.HTML,
                        rules(TRAVEL, ORIGINAL),
                        "<a href=/trips/1?x><a href='/trips'><a href=/other><a href=/trips/maps/1>"));
    }

    /// `http://files/` is the one in the page's own domain, where several have the name.
    @Test
    void shortNameIsReadInTheOwnDomain() {
        var here = new Mapping("http://files.a.corp", "/", "https://files-a.example", "/");
        var there = new Mapping("http://files.b.corp", "/", "https://files-b.example", "/");
        var wiki = new Mapping("http://wiki.b.corp", "/", "https://wiki.example", "/");
        var map = new UrlMap(List.of(here, there, wiki, BENEFITS));
        assertEquals(
                "<a href=https://files-b.example/>",
                translated(
                        BodyKind.HTML, new LinkRules(map, wiki, ORIGINAL, Optional.empty()), "<a href=http://files/>"));
        assertEquals(
                "<a href=http://files/>",
                translated(
                        BodyKind.HTML,
                        new LinkRules(map, BENEFITS, ORIGINAL, Optional.empty()),
                        "<a href=http://files/>"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"5; url=%s", "0;URL = '%s'", "0;%s", " 3 , url=\"%s", "0; url=%s", "%s"})
    void refreshOfMetaIsTranslated(String content) {
        String page = "<meta http-equiv=refresh content=\"" + content.replace("\"", "&quot;") + "\">";
        assertEquals(page.replace("%s", OUT), html(page.replace("%s", IN)));
    }

    @Test
    void stylesInElementsAndAttributesAreTranslated() {
        String page = "<style>a{background:url(%s)} @import \"%s\";</style><div style=\"x:url(&quot;%s&quot;)\">"
                + "<p style='background: url( %s )'><style></style><a href=%s>";
        assertEquals(page.replace("%s", OUT), html(page.replace("%s", IN)));
    }

    @Test
    void linksInSvgOutsideOfExtrasAreThoseOfTheTable() {
        String page = "<svg><style/><a href=%s /><![CDATA[<a href=" + IN + ">]]></svg><a href=%s>";
        assertEquals(page.replace("%s", OUT), html(page.replace("%s", IN)));
    }

    @Test
    void utf16IsLeftAlone() {
        String page = "\u00FF\u00FE<a href=" + IN + ">";
        assertEquals(page, html(page));
        assertEquals("\u00FF<a href=" + OUT + ">", html("\u00FF<a href=" + IN + ">"));
    }
}
