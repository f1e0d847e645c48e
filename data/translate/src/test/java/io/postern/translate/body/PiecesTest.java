package io.postern.translate.body;

import static io.postern.translate.body.Translated.ALL;
import static io.postern.translate.body.Translated.BENEFITS;
import static io.postern.translate.body.Translated.TRAVEL;
import static io.postern.translate.body.Translated.rules;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.translate.UrlMap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Properties of every translation, over bodies thrown together with a fixed seed: the pieces make no
/// difference, what is no link is untouched, and nothing takes more than linear time and constant memory.
///
/// For longer: `mvn test -pl data/translate -am -Dtest=PiecesTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dpostern.fuzz.minutes=1`, a minute for each property, from seeds nobody has tried; a failure names its seed.
class PiecesTest {
    private static final String[] SCRAPS = {
        "<a href=",
        "<img src='",
        "<div style=\"",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<svg>",
        "</svg>",
        "<title>",
        "</title>",
        "<meta content=\"0;url=",
        "<input value=",
        ">",
        "'",
        "\"",
        "`",
        "=",
        " ",
        "\n",
        "/",
        "/>",
        "<",
        "</",
        "&",
        "&amp;",
        "&#x2F;",
        "&#47",
        "&quot;",
        ";",
        "url(",
        "@import ",
        ")",
        "http://benefits.corp/",
        "http://expenses.corp:8080",
        "//travel.corp/trips/",
        "http:\\/\\/benefits.corp\\/",
        "http%3A%2F%2Fbenefits.corp%2F",
        "/trips/x",
        "http://benefits",
        "http://",
        "h",
        "?",
        "#",
        "x=",
        "\\",
        "/*",
        "*/",
        "\0",
        "\u00ff",
        "\u00e9",
        "<object archive='",
        "<img srcset=\"",
        " 2x, ",
        "<use xlink:href=",
        "text",
        "{",
        "}"
    };

    /// The same seeds each time, or new ones for as long as was asked for.
    private static void forSeeds(LongConsumer check) {
        long minutes = Long.getLong("postern.fuzz.minutes", 0);
        if (minutes == 0) {
            LongStream.range(0, 1_500).forEach(check);
            return;
        }
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        for (long seed = System.nanoTime(); System.nanoTime() - until < 0; seed++) {
            check.accept(seed);
        }
    }

    private static byte[] body(Random random) {
        return text(random).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(Random random) {
        var out = new StringBuilder();
        int scraps = 1 + random.nextInt(120);
        for (int i = 0; i < scraps; i++) {
            out.append(SCRAPS[random.nextInt(SCRAPS.length)]);
            if (random.nextInt(60) == 0) {
                out.append("y".repeat(random.nextInt(900)));
            }
        }
        return out.toString();
    }

    @ParameterizedTest
    @EnumSource(BodyKind.class)
    void piecesMakeNoDifference(BodyKind kind) {
        forSeeds(seed -> {
            var random = new Random(seed);
            byte[] in = body(random);
            var rules = rules(seed % 2 == 0 ? BENEFITS : TRAVEL, ALL);
            byte[] whole = Translated.whole(kind, rules, in);
            assertArrayEquals(whole, Translated.inPieces(kind, rules, in, random), "seed " + seed);
        });
    }

    /// In UTF-16, with or without a byte order mark, comes out what comes out in UTF-8.
    @ParameterizedTest
    @EnumSource(BodyKind.class)
    void utf16IsReadAsUtf8Is(BodyKind kind) {
        forSeeds(seed -> {
            var random = new Random(seed);
            String in = text(random) + "\u20ac\ud83d\ude00";
            var rules = rules(seed % 2 == 0 ? BENEFITS : TRAVEL, ALL);
            String out = new String(
                    Translated.whole(kind, rules, in.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
            boolean big = random.nextBoolean();
            var charset = big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
            var declared = big ? BodyCharset.UTF_16_BIG : BodyCharset.UTF_16_LITTLE;
            assertArrayEquals(
                    out.getBytes(charset),
                    Translated.inPieces(kind, declared, rules, in.getBytes(charset), random),
                    "seed " + seed);
            assertArrayEquals(
                    ("\ufeff" + out).getBytes(charset),
                    Translated.inPieces(
                            kind, BodyCharset.ASCII_BASED, rules, ("\ufeff" + in).getBytes(charset), random),
                    "marked, seed " + seed);
        });
    }

    /// Nothing is published: every byte stays.
    @ParameterizedTest
    @EnumSource(BodyKind.class)
    void withoutLinksEveryByteStays(BodyKind kind) {
        var nobody = new UrlMap.Mapping("http://nobody.invalid", "/", "https://nobody.example", "/");
        var rules = new io.postern.translate.LinkRules(new UrlMap(List.of(nobody)), nobody, ALL, Optional.empty());
        forSeeds(seed -> {
            byte[] in = body(new Random(seed));
            assertArrayEquals(in, Translated.inPieces(kind, rules, in, new Random(seed)), "seed " + seed);
            var noise = new byte[(int) Math.floorMod(seed, 300L)];
            new Random(seed).nextBytes(noise);
            for (BodyCharset charset :
                    List.of(BodyCharset.ASCII_BASED, BodyCharset.UTF_16_BIG, BodyCharset.UTF_16_LITTLE)) {
                assertArrayEquals(
                        noise, Translated.inPieces(kind, charset, rules, noise, new Random(seed)), "seed " + seed);
            }
        });
    }

    /// Taking the external origins back gives the input: nothing but those origins has changed.
    @Test
    void nothingButTheBeginningOfLinksChanges() {
        var rules = rules(BENEFITS, EnumSet.complementOf(EnumSet.of(io.postern.translate.LinkPlace.PERCENT_ENCODED)));
        String word = "http://benefits.corp/";
        forSeeds(seed -> {
            String in = new String(body(new Random(seed)), StandardCharsets.ISO_8859_1)
                    .replace("http://expenses.corp:8080", word)
                    .replace("//travel.corp/trips/", "x")
                    .replace("http://benefits", word)
                    .replace(word + ".corp/", word)
                    .replace("&", "+");
            String out = Translated.translated(BodyKind.HTML, rules, in);
            assertEquals(
                    in.replace("\\/", "/"),
                    out.replace("\\/", "/").replace("https://benefits.example.com/", word),
                    "seed " + seed);
        });
    }

    /// 1 MiB of what is worst: takes some milliseconds where time is linear, hours where it is not.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<",
                "<a ",
                "<a href=",
                "<!--",
                "</style",
                "<style>url(http://",
                "&",
                "&#",
                "<a href='&#x",
                "http://benefits.corp",
                "<a href=http://x",
                "<script><!--<script>",
                "\"http:\\/",
                "=http%3A%2F",
                "<![CDATA[",
                "<a href='//",
                "url(\\",
                "<style>@import",
                "<style>url(",
                "'",
                "<svg>",
                "<a x=",
                "<a\0",
                "<a href='http://benefits.corp/&amp;",
                "<a style='url(\"",
                "</script ",
                "<meta content='0;url=http://"
            })
    void hostileInputTakesLinearTime(String scrap) {
        byte[] in = scrap.repeat(1024 * 1024 / scrap.length()).getBytes(StandardCharsets.US_ASCII);
        for (BodyKind kind : List.of(BodyKind.HTML, BodyKind.CSS, BodyKind.JSON)) {
            assertTimeout(
                    Duration.ofMinutes(1),
                    () -> kind.translation(rules(BENEFITS, ALL), BodyCharset.ASCII_BASED)
                            .orElseThrow()
                            .push(in, 0, in.length, (b, f, t) -> {}));
        }
    }

    /// Nothing is held back but what may be a link: of a long value all but its beginning is out at once.
    @Test
    void holdsBackNextToNothing() {
        BodyTranslation translation = BodyKind.HTML
                .translation(rules(BENEFITS, ALL), BodyCharset.ASCII_BASED)
                .orElseThrow();
        var out = new ByteArrayOutputStream();
        int in = 0;
        for (String piece : List.of("<a href='http://", "expenses.corp:8080/", "a".repeat(10_000), "&", "amp")) {
            byte[] bytes = piece.getBytes(StandardCharsets.US_ASCII);
            in += bytes.length;
            translation.push(bytes, 0, bytes.length, (b, from, to) -> out.write(b, from, to - from));
            assertTrue(in - out.size() < 400, "held back: " + (in - out.size()));
        }
    }
}
