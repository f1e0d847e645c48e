package io.postern.translate.body;

import static io.postern.translate.body.Translated.html;
import static io.postern.translate.body.Translated.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.translate.LinkPlace;
import io.postern.translate.LinkVerdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What goes beyond the original: each a switch of its own.
class ExtraLinksTest {
    @Test
    void textsInScripts() {
        String page = "<script>a='http://benefits.corp/x';b=\"http:\\/\\/benefits.corp\\/y\";c=`http://benefits.corp`"
                + ";d='see http://benefits.corp/';e=\"\\\"http://benefits.corp/\"</script>";
        assertEquals(page, html(page));
        assertEquals(
                "<script>a='https://benefits.example.com/x';b=\"https:\\/\\/benefits.example.com\\/y\""
                        + ";c=`https://benefits.example.com`"
                        + ";d='see http://benefits.corp/';e=\"\\\"http://benefits.corp/\"</script>",
                with(LinkPlace.SCRIPT, BodyKind.HTML, page));
    }

    @Test
    void textsInJson() {
        assertEquals(
                "{\"a\":\"https://benefits.example.com/x\",\"b\":\"https:\\/\\/benefits.example.com\\/\",\"c\":\"'http://benefits.corp\"}",
                with(
                        LinkPlace.JSON,
                        BodyKind.JSON,
                        "{\"a\":\"http://benefits.corp/x\",\"b\":\"http:\\/\\/benefits.corp\\/\",\"c\":\"'http://benefits.corp\"}"));
    }

    @Test
    void candidatesOfSrcset() {
        assertEquals(
                "<img srcset='https://benefits.example.com/a 1x, /b 2x,https://benefits.example.com/c'>",
                with(
                        LinkPlace.SRCSET,
                        BodyKind.HTML,
                        "<img srcset='http://benefits.corp/a 1x, /b 2x,http://benefits.corp/c'>"));
    }

    @Test
    void linksInXml() {
        assertEquals(
                "<svg><use xlink:href='https://benefits.example.com/#a'/><t>http://benefits.corp/</t></svg>",
                with(
                        LinkPlace.XML,
                        BodyKind.XML,
                        "<svg><use xlink:href='http://benefits.corp/#a'/><t>http://benefits.corp/</t></svg>"));
    }

    @Test
    void percentEncodedUrls() {
        String page = "<a href='/login?a=1&amp;to=http%3A%2F%2Fbenefits.corp%2Fx%3Fy&amp;b=http%3a//benefits.corp/'>";
        assertEquals(page, html(page));
        assertEquals(
                "<a href='/login?a=1&amp;to=https%3A%2F%2Fbenefits.example.com%2Fx%3Fy&amp;b=http%3a//benefits.corp/'>",
                with(LinkPlace.PERCENT_ENCODED, BodyKind.HTML, page));
    }

    /// The dry run sees what is not translated, and says why; the page is the same as without it.
    @Test
    void observerHearsOfEveryInternalLink() {
        List<String> seen = new ArrayList<>();
        String page = "<a href=http://expenses.corp:8080/?x><a href=http://feedback.corp/f><a href=http://travel.corp/>"
                + "<a href=https://www.example.org/><script>'http://benefits.corp/s'</script>"
                + "<a href=https://benefits.example.com/>";
        String out = Translated.translated(
                BodyKind.HTML,
                Translated.watched((place, url, verdict) -> seen.add(place + " " + url + " " + verdict)),
                page);
        assertEquals(html(page), out);
        assertEquals(
                List.of(
                        LinkPlace.ATTRIBUTE + " http://expenses.corp:8080/? " + LinkVerdict.TRANSLATED,
                        LinkPlace.ATTRIBUTE + " http://feedback.corp/f " + LinkVerdict.NOT_PUBLISHED,
                        LinkPlace.ATTRIBUTE + " http://travel.corp/ " + LinkVerdict.FOLDER_NOT_PUBLISHED,
                        LinkPlace.SCRIPT + " http://benefits.corp/s " + LinkVerdict.PLACE_SWITCHED_OFF),
                seen);
    }
}
