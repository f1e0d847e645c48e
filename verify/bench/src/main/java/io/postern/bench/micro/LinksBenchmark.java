package io.postern.bench.micro;

import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.UrlMap;
import io.postern.translate.UrlMap.Mapping;
import io.postern.translate.body.BodyCharset;
import io.postern.translate.body.BodyKind;
import io.postern.translate.body.BodyTranslation;
import io.postern.translate.body.Sink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// An HTML page of 100 MiB through link translation, in pieces of 16 KiB, for a tenant with a hundred applications:
/// 104,857,600 bytes by the time are GB/s. The garbage of one page shows that memory does not grow with it: links
/// make some, text makes none.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LinksBenchmark {
    private static final int PIECE = 16 * 1024;
    private static final int PIECES = 100 * 1024 * 1024 / PIECE;
    private static final String WORDS = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy. ";
    private static final String LINK =
            "<p class=\"note\"><a href=\"http://app7.corp/orders/2026?page=3&amp;sort=date\">more</a></p>\n";

    private static final String TAGS =
            "<tr class=\"row\"><td align='left'><b>7</b></td><td id=c><i>words</i>&nbsp;</td></tr>\n";

    @Param({"text", "tags", "link-per-KiB"})
    String page = "text";

    private byte[] piece = {};
    private LinkRules rules = rules();

    @Setup
    public void write() {
        var text = new StringBuilder("<div>");
        while (text.length() < PIECE) {
            if (page.equals("link-per-KiB") && text.length() % 1024 < WORDS.length()) {
                text.append(LINK);
            }
            text.append(page.equals("tags") ? TAGS : WORDS);
        }
        piece = text.substring(0, PIECE).getBytes(StandardCharsets.US_ASCII);
        rules = rules();
    }

    private static LinkRules rules() {
        List<Mapping> mappings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            mappings.add(new Mapping("http://app" + i + ".corp", "/", "https://app" + i + "-contoso.example.com", "/"));
        }
        return new LinkRules(
                new UrlMap(mappings),
                mappings.getFirst(),
                EnumSet.of(LinkPlace.ATTRIBUTE, LinkPlace.STYLE),
                Optional.empty());
    }

    @Benchmark
    public void hundredMebibytes(Blackhole out) {
        Sink sink = (bytes, from, to) -> out.consume(to);
        BodyTranslation translation =
                BodyKind.HTML.translation(rules, BodyCharset.ASCII_BASED).orElseThrow();
        for (int i = 0; i < PIECES; i++) {
            translation.push(piece, 0, piece.length, sink);
        }
        translation.end(sink);
    }
}
