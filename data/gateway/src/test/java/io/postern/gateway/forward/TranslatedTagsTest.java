package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Conditions of requests for pages that are translated (RFC 9110 §13): the backend decides about its own tags, and
/// no copy from other rules counts.
class TranslatedTagsTest {
    private static final long NOW = 0x1234;
    private static final long BEFORE = 0x9999;

    private static String marked(long version, String tag) {
        Http2Headers answer = new DefaultHttp2Headers().set("etag", tag);
        new TranslatedTags(version).mark(answer);
        return answer.get("etag").toString();
    }

    private static String dated(long version) {
        Http2Headers answer = new DefaultHttp2Headers().set("last-modified", "Sat, 21 Nov 2026 10:00:00 GMT");
        new TranslatedTags(version).mark(answer);
        return answer.get("etag").toString();
    }

    private static Http2Headers asked(String... fields) {
        Http2Headers request = new DefaultHttp2Headers();
        for (int i = 0; i < fields.length; i += 2) {
            request.add(fields[i], fields[i + 1]);
        }
        new TranslatedTags(NOW).inward(request);
        return request;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"v1\"", "W/\"v1\"", "\"\"", "\"a~b\"", "\"v1-gzip\""})
    void backendIsAskedForItsOwnTagAgain(String tag) {
        String outside = marked(NOW, tag);
        assertTrue(outside.startsWith("W/\"") && !outside.equals(tag), outside);
        assertEquals(tag, asked("if-none-match", outside).get("if-none-match").toString());
    }

    @Test
    void copyByOtherRulesCountsForNothing() {
        Http2Headers request =
                asked("if-none-match", marked(BEFORE, "\"v1\""), "if-modified-since", "Sat, 21 Nov 2026 10:00:00 GMT");
        assertTrue(request.isEmpty(), request.toString());
        assertEquals(
                "\"v2\", \"v3\"",
                asked("if-none-match", marked(BEFORE, "\"v1\"") + " , " + marked(NOW, "\"v2\"") + ",\"v3\"")
                        .get("if-none-match")
                        .toString());
    }

    /// A page with a date alone is asked for by its date, if its links are by these rules.
    @Test
    void pagesWithoutTagAreAskedForByTheirDate() {
        String date = "Sat, 21 Nov 2026 10:00:00 GMT";
        Http2Headers current = asked("if-none-match", dated(NOW), "if-modified-since", date);
        assertEquals(new DefaultHttp2Headers().add("if-modified-since", date), current);
        assertTrue(
                asked("if-none-match", dated(BEFORE), "if-modified-since", date).isEmpty());
    }

    /// Browsers may hold pages from before translation was switched on.
    @Test
    void untranslatedPagesAreLoadedAnewAndOtherThingsAreNot() {
        assertFalse(
                asked("if-none-match", "\"v1\"", "sec-fetch-dest", "document").contains("if-none-match"));
        assertFalse(asked("if-modified-since", "x", "sec-fetch-dest", "style").contains("if-modified-since"));
        assertTrue(asked("if-none-match", "\"v1\"", "sec-fetch-dest", "image").contains("if-none-match"));
        assertTrue(asked("if-none-match", "\"v1\"").contains("if-none-match"));
    }

    @ParameterizedTest
    @CsvSource({"*,*", "v1,v1", "'\"v1','\"v1'"})
    void whatIsNoListOfTagsStays(String value, String kept) {
        assertEquals(kept, asked("if-none-match", value).get("if-none-match").toString());
    }

    @Test
    void confirmationHasTheTagOfTheClientsCopy() {
        var tags = new TranslatedTags(NOW);
        tags.inward(new DefaultHttp2Headers().add("if-none-match", marked(NOW, "\"v1\"")));
        Http2Headers answer = new DefaultHttp2Headers().status("304").add("etag", "\"v1\"");
        tags.confirm(answer);
        assertEquals(marked(NOW, "\"v1\""), answer.get("etag").toString());
        Http2Headers picture = new DefaultHttp2Headers().status("304").add("etag", "\"p\"");
        tags.confirm(picture);
        assertEquals("\"p\"", picture.get("etag").toString());
    }

    @Test
    void whoeverChangesWhatHeReadNamesTheBackendsState() {
        assertEquals(
                "\"v1\", \"v2\"",
                asked("if-match", marked(BEFORE, "\"v1\"") + ", \"v2\"")
                        .get("if-match")
                        .toString());
    }

    /// No client may ask so (RFC 9110 §13.1.5); one that does gets the whole page and no foreign bytes.
    @Test
    void partsOfTranslatedPagesAreNotAskedFor() {
        assertTrue(asked("if-range", marked(NOW, "\"v1\""), "range", "bytes=5-").isEmpty());
        assertEquals(2, asked("if-range", "\"v1\"", "range", "bytes=5-").size());
    }
}
