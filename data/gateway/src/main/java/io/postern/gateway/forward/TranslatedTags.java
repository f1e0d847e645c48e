package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Entity tags of answers whose links are translated. `"v1"` of the backend is `W/"v1~s1a2b3c4d"` outside: weak,
/// since the bytes differ, and with a hash of the rules, so that nobody keeps a page that was translated by older
/// ones. In requests the backend's own tag takes its place again. A page that has a date only gets a tag too.
///
/// One per exchange; confined to its loop.
final class TranslatedTags {
    private static final AsciiString FETCH_DEST = AsciiString.cached("sec-fetch-dest");
    /// What a browser loads to show: of these it may hold copies from before translation was switched on.
    private static final Set<String> SHOWN = Set.of("document", "iframe", "frame", "embed", "object", "style");

    private static final char STRONG = 's';
    private static final char WEAK = 'w';
    private static final char DATE = 'd';
    private static final int MARK_LENGTH = 10; // ~s1a2b3c4d

    private record Tag(String text, boolean weak, String opaque) {}

    private record Marked(String original, char kind, boolean current) {}

    private final String hash;
    private final Set<String> asked = new HashSet<>(2); // tags of the backend that stood for ours in the request

    /// @param version of the rules
    TranslatedTags(long version) {
        this.hash = HexFormat.of().toHexDigits((int) (version ^ (version >>> 32)));
    }

    /// A request's conditions, in place.
    void inward(Http2Headers head) {
        Optional<List<Tag>> held = tags(head, HttpHeaderNames.IF_NONE_MATCH);
        if (held.isPresent()) {
            ifNoneMatch(head, held.get());
        } else if (isForShowing(head) && !head.contains(HttpHeaderNames.IF_NONE_MATCH)) {
            head.remove(HttpHeaderNames.IF_MODIFIED_SINCE);
        }
        tags(head, HttpHeaderNames.IF_MATCH).ifPresent(tags -> ifMatch(head, tags));
        CharSequence range = head.get(HttpHeaderNames.IF_RANGE);
        if (range != null && range.toString().startsWith("W/")) {
            head.remove(HttpHeaderNames.IF_RANGE); // the rest of another body than the backend has
            head.remove(HttpHeaderNames.RANGE);
        }
    }

    private void ifNoneMatch(Http2Headers head, List<Tag> held) {
        var kept = new ArrayList<String>();
        boolean byDate = false;
        for (Tag tag : held) {
            Optional<Marked> marked = marked(tag);
            if (marked.isEmpty()) {
                if (!isForShowing(head)) {
                    kept.add(tag.text());
                }
            } else if (marked.get().current()) {
                if (marked.get().kind() == DATE) {
                    byDate = true;
                } else {
                    kept.add(marked.get().original());
                    asked.add(marked.get().original());
                }
            }
        }
        if (!kept.isEmpty()) {
            head.set(HttpHeaderNames.IF_NONE_MATCH, String.join(", ", kept));
            return;
        }
        head.remove(HttpHeaderNames.IF_NONE_MATCH);
        if (!byDate) {
            head.remove(HttpHeaderNames.IF_MODIFIED_SINCE); // it counts where no tag does
        }
    }

    /// Whoever changes what he has read says which state of it he knows, by whatever rules it was translated.
    private static void ifMatch(Http2Headers head, List<Tag> tags) {
        List<String> originals = tags.stream()
                .map(tag -> marked(tag, "")
                        .filter(m -> m.kind() != DATE)
                        .map(Marked::original)
                        .orElse(tag.text()))
                .toList();
        head.set(HttpHeaderNames.IF_MATCH, String.join(", ", originals));
    }

    private static boolean isForShowing(Http2Headers head) {
        CharSequence dest = head.get(FETCH_DEST);
        return dest != null && SHOWN.contains(dest.toString());
    }

    /// An answer that is translated, in place.
    void mark(Http2Headers fields) {
        CharSequence tag = fields.get(HttpHeaderNames.ETAG);
        CharSequence date = fields.get(HttpHeaderNames.LAST_MODIFIED);
        if (tag != null) {
            outward(tag.toString()).ifPresent(t -> fields.set(HttpHeaderNames.ETAG, t));
        } else if (date != null) {
            String opaque = Integer.toHexString(date.toString().hashCode());
            fields.set(HttpHeaderNames.ETAG, "W/\"" + opaque + '~' + DATE + hash + '"');
        }
    }

    /// An answer that says the client's copy is good (RFC 9110 §15.4.5): with the tag that the copy has.
    void confirm(Http2Headers fields) {
        CharSequence tag = fields.get(HttpHeaderNames.ETAG);
        if (tag != null && asked.stream().anyMatch(a -> opaque(a).equals(opaque(tag.toString())))) {
            outward(tag.toString()).ifPresent(t -> fields.set(HttpHeaderNames.ETAG, t));
        }
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /// Empty for what is no tag; such a field stays.
    private Optional<String> outward(String tag) {
        boolean weak = tag.startsWith("W/");
        String quoted = opaque(tag);
        if (quoted.length() < 2 || !quoted.startsWith("\"") || !quoted.endsWith("\"")) {
            return Optional.empty();
        }
        return Optional.of("W/" + quoted.substring(0, quoted.length() - 1) + '~' + (weak ? WEAK : STRONG) + hash + '"');
    }

    private Optional<Marked> marked(Tag tag) {
        return marked(tag, hash);
    }

    /// @param hash empty: any is current
    private static Optional<Marked> marked(Tag tag, String hash) {
        int mark = tag.opaque().length() - MARK_LENGTH;
        if (!tag.weak() || mark < 0 || tag.opaque().charAt(mark) != '~') {
            return Optional.empty();
        }
        char kind = tag.opaque().charAt(mark + 1);
        if (kind != STRONG && kind != WEAK && kind != DATE) {
            return Optional.empty();
        }
        String quoted = '"' + tag.opaque().substring(0, mark) + '"';
        return Optional.of(new Marked(
                kind == WEAK ? "W/" + quoted : quoted, kind, tag.opaque().endsWith(hash)));
    }

    /// Empty where the field is not there, is `*`, or is no list of tags: it stays then.
    private static Optional<List<Tag>> tags(Http2Headers head, AsciiString name) {
        List<CharSequence> values = head.getAll(name);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String text = String.join(",", values);
        var tags = new ArrayList<Tag>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = text.startsWith("W/\"", at);
            int open = weak ? at + 2 : at;
            int close = text.charAt(open) == '"' ? text.indexOf('"', open + 1) : -1;
            if (close < 0) {
                return Optional.empty();
            }
            tags.add(new Tag(text.substring(at, close + 1), weak, text.substring(open + 1, close)));
            at = close + 1;
        }
        return Optional.of(tags);
    }
}
