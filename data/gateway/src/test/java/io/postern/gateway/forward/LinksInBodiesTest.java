package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.AppId;
import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.UrlMap;
import io.postern.translate.UrlMap.Mapping;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// 1.10: heads and bodies of answers whose links are translated.
class LinksInBodiesTest {
    private static final Mapping WIKI = new Mapping("http://wiki.corp", "/", "https://wiki.example", "/");
    private static final LinkRules RULES = new LinkRules(
            new UrlMap(List.of(WIKI)), WIKI, EnumSet.of(LinkPlace.ATTRIBUTE, LinkPlace.STYLE), Optional.empty());
    private static final String PAGE = "<p>words</p><a href='http://wiki.corp/x'>x</a>".repeat(2_000);
    private static final String TRANSLATED = PAGE.replace("http://wiki.corp", "https://wiki.example");

    private final List<String> findings = new ArrayList<>();
    private final LinkBook book = new LinkBook(InstantSource.system(), f -> findings.add(f.wireName()));

    private AnswerLinks links() {
        return new AnswerLinks(
                RULES, true, new AnswerLinks.Place(AppId.random(), "/page?secret"), book, Optional.empty());
    }

    private static Http2Headers head(String type) {
        return new DefaultHttp2Headers()
                .status("200")
                .add("content-type", type)
                .add("content-length", "10")
                .add("content-md5", "x")
                .add("digest", "x")
                .add("accept-ranges", "bytes")
                .add("etag", "\"v1\"");
    }

    @Test
    void headSaysWhatIsTrueOfTheTranslatedBody() {
        Http2Headers fields = head("text/html; charset=utf-8");
        assertTrue(links().body(fields, false).isPresent());
        assertEquals(
                new DefaultHttp2Headers()
                        .status("200")
                        .add("content-type", "text/html; charset=utf-8")
                        .add("etag", tag("v1~s")),
                fields);
    }

    private static String tag(String text) {
        return "W/\"" + text + HexFormat.of().toHexDigits((int) (RULES.version() ^ (RULES.version() >>> 32))) + '"';
    }

    /// The head is the same as for GET (RFC 9110 §9.3.2, §15.4.5).
    @Test
    void headsWithoutBodySayTheSame() {
        Http2Headers fields = head("text/css");
        assertFalse(links().body(fields, true).isPresent());
        assertFalse(fields.contains("content-length"));
    }

    /// BODY-2, BODY-5
    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/png",
                "application/json",
                "text/plain",
                "text/javascript",
                "image/svg+xml",
                "text/html; charset=utf-32",
                "text/html;charset=\"ISO-2022-JP\""
            })
    void otherAnswersStayAsTheyAre(String type) {
        Http2Headers fields = head(type);
        assertFalse(links().body(fields, false).isPresent());
        assertEquals(head(type), fields);
    }

    @Test
    void partsAndUnknownEncodingsStayAsTheyAre() {
        Http2Headers part = head("text/html").status("206");
        assertFalse(links().body(part, false).isPresent());
        assertTrue(part.contains("content-length"));
        Http2Headers brotli = head("text/html").add("content-encoding", "br");
        assertFalse(links().body(brotli, false).isPresent());
        assertEquals(List.of("part", "unknown-coding"), findings);
        assertTrue(brotli.contains("content-length"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd|gzip, deflate",
                "br|identity",
                "br;q=1, gzip;q=0.5|gzip;q=0.5",
                "*|gzip",
                "*;q=0|gzip;q=0",
                "GZIP|GZIP"
            })
    void backendIsAskedForWhatCanBeRead(String offered, String asked) {
        Http2Headers fields = new DefaultHttp2Headers().add("accept-encoding", offered);
        BodyEncoding.narrow(fields);
        assertEquals(asked, fields.get("accept-encoding").toString());
    }

    private static byte[] all(AnswerBody body, byte[] in, int piece) throws DataFormatException {
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < in.length; at += piece) {
            body.add(Unpooled.copiedBuffer(in, at, Math.min(piece, in.length - at)));
            drain(body, out);
        }
        body.endInput();
        drain(body, out);
        assertTrue(body.isOver());
        body.close();
        return out.toByteArray();
    }

    private static void drain(AnswerBody body, ByteArrayOutputStream out) throws DataFormatException {
        while (!body.isIdle()) {
            ByteBuf step = body.step(ByteBufAllocator.DEFAULT);
            byte[] bytes = new byte[step.readableBytes()];
            step.readBytes(bytes).release();
            out.writeBytes(bytes);
        }
    }

    private AnswerBody body(BodyEncoding encoding) {
        Http2Headers fields = head("text/html");
        if (encoding != BodyEncoding.IDENTITY) {
            fields.add("content-encoding", encoding.name());
        }
        return links().body(fields, false).orElseThrow();
    }

    private static byte[] encoded(BodyEncoding encoding, byte[] plain) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var to = encoding == BodyEncoding.GZIP ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
            to.write(plain);
        }
        return encoding == BodyEncoding.IDENTITY ? plain : out.toByteArray();
    }

    private static byte[] decoded(BodyEncoding encoding, byte[] coded) throws IOException {
        var in = new ByteArrayInputStream(coded);
        return switch (encoding) {
            case IDENTITY -> coded;
            case GZIP -> new GZIPInputStream(in).readAllBytes();
            case DEFLATE -> new InflaterInputStream(in).readAllBytes();
        };
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, 100000", "IDENTITY, 7", "GZIP, 100000", "GZIP, 1", "DEFLATE, 100", "DEFLATE, 1"})
    void bodyIsTranslatedInItsEncoding(BodyEncoding encoding, int piece) throws Exception {
        byte[] out = all(body(encoding), encoded(encoding, PAGE.getBytes(StandardCharsets.UTF_8)), piece);
        assertEquals(TRANSLATED, new String(decoded(encoding, out), StandardCharsets.UTF_8));
    }

    /// 8 MiB of blanks in 8 KiB: no step makes more than its share of it.
    @Test
    void whatUnfoldsToMuchComesInSmallSteps() throws Exception {
        AnswerBody body = body(BodyEncoding.GZIP);
        byte[] blanks = new byte[8 * 1024 * 1024];
        byte[] coded = encoded(BodyEncoding.GZIP, blanks);
        body.add(Unpooled.wrappedBuffer(coded));
        body.endInput();
        int steps = 0;
        while (!body.isIdle()) {
            ByteBuf step = body.step(ByteBufAllocator.DEFAULT);
            assertTrue(step.readableBytes() <= AnswerBody.STEP_BYTES, "one step: " + step.readableBytes());
            step.release();
            steps++;
        }
        body.close();
        assertTrue(steps >= blanks.length / (AnswerBody.STEP_BYTES + 16 * 1024), "steps: " + steps);
    }

    /// What has come can be read by the client before the rest has.
    @Test
    void everyPieceIsFlushed() throws Exception {
        AnswerBody body = body(BodyEncoding.GZIP);
        var coded = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(coded, 512, true)) {
            gzip.write("<a href='http://wiki.corp/x'>first".getBytes(StandardCharsets.UTF_8));
            gzip.flush();
            body.add(Unpooled.wrappedBuffer(coded.toByteArray()));
            var out = new ByteArrayOutputStream();
            drain(body, out);
            String expected = "<a href='https://wiki.example/x'>first";
            byte[] first =
                    new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readNBytes(expected.length());
            assertEquals(expected, new String(first, StandardCharsets.UTF_8));
        }
        body.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"this is no gzip", "\u001f"})
    void brokenEncodingIsAFault(String body) {
        org.junit.jupiter.api.Assertions.assertThrows(
                DataFormatException.class,
                () -> all(body(BodyEncoding.GZIP), body.getBytes(StandardCharsets.UTF_8), 100));
    }
}
