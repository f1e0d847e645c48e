package io.postern.translate.body;

import io.postern.translate.LinkObserver;
import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.UrlMap;
import io.postern.translate.UrlMap.Mapping;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Bodies as they come out, for a tenant with some applications (BODY-8 and more).
final class Translated {
    static final Mapping BENEFITS = new Mapping("http://benefits.corp", "/", "https://benefits.example.com", "/");
    static final Mapping EXPENSES = new Mapping("http://expenses.corp:8080", "/", "https://expenses.example.com", "/");
    static final Mapping TRAVEL = new Mapping("http://travel.corp", "/trips/", "https://travel.example.com", "/t/");
    static final Mapping TRAVEL_MAPS =
            new Mapping("http://travel.corp", "/trips/maps/", "https://maps.example.com", "/");
    static final Mapping STAR = new Mapping("http://*.shops.corp", "/", "https://*.shops.example", "/");
    static final UrlMap MAP = new UrlMap(List.of(BENEFITS, EXPENSES, TRAVEL, TRAVEL_MAPS, STAR));

    static final Set<LinkPlace> ORIGINAL = EnumSet.of(LinkPlace.ATTRIBUTE, LinkPlace.STYLE);
    static final Set<LinkPlace> ALL = EnumSet.allOf(LinkPlace.class);

    private Translated() {}

    static LinkRules rules(Mapping own, Set<LinkPlace> places) {
        return new LinkRules(MAP, own, places, Optional.empty());
    }

    static LinkRules watched(LinkObserver observer) {
        return new LinkRules(MAP, BENEFITS, ORIGINAL, Optional.of(observer));
    }

    static String html(String body) {
        return translated(BodyKind.HTML, rules(BENEFITS, ORIGINAL), body);
    }

    static String css(String body) {
        return translated(BodyKind.CSS, rules(BENEFITS, ORIGINAL), body);
    }

    static String with(LinkPlace place, BodyKind kind, String body) {
        return translated(kind, rules(BENEFITS, EnumSet.of(LinkPlace.ATTRIBUTE, LinkPlace.STYLE, place)), body);
    }

    static String translated(BodyKind kind, LinkRules rules, String body) {
        byte[] in = body.getBytes(StandardCharsets.ISO_8859_1);
        return new String(whole(kind, rules, in), StandardCharsets.ISO_8859_1);
    }

    static byte[] whole(BodyKind kind, LinkRules rules, byte[] in) {
        var out = new ByteArrayOutputStream();
        Sink sink = (bytes, from, to) -> out.write(bytes, from, to - from);
        BodyTranslation translation =
                kind.translation(rules, BodyCharset.ASCII_BASED).orElseThrow();
        translation.push(in, 0, in.length, sink);
        translation.end(sink);
        return out.toByteArray();
    }

    /// @param random how long each piece is: mostly short
    static byte[] inPieces(BodyKind kind, LinkRules rules, byte[] in, Random random) {
        return inPieces(kind, BodyCharset.ASCII_BASED, rules, in, random);
    }

    static byte[] inPieces(BodyKind kind, BodyCharset charset, LinkRules rules, byte[] in, Random random) {
        var out = new ByteArrayOutputStream();
        Sink sink = (bytes, from, to) -> out.write(bytes, from, to - from);
        BodyTranslation translation = kind.translation(rules, charset).orElseThrow();
        for (int at = 0; at < in.length; ) {
            int to = Math.min(in.length, at + (random.nextInt(4) == 0 ? random.nextInt(200) : random.nextInt(3)));
            translation.push(in, at, to, sink);
            at = to;
        }
        translation.end(sink);
        return out.toByteArray();
    }
}
