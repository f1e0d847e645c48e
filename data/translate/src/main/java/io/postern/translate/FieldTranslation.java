package io.postern.translate;

import io.postern.translate.UrlMap.Mapping;
import java.util.Locale;
import java.util.Optional;

/// Translates the URLs in header fields of one application (HDR-3). For applications that translate
/// (`isTranslateHostHeaderEnabled`); for all others fields stay as they are, but for cookies
/// ([SetCookieField]). Immutable and thread-safe.
public final class FieldTranslation {
    private final UrlMap map;
    private final Mapping own;

    /// @param own the application that the exchange belongs to; relative references are read in it
    public FieldTranslation(UrlMap map, Mapping own) {
        this.map = map;
        this.own = own;
    }

    /// A response field's value as it is right outside; the same object where nothing changes.
    ///
    /// @param name lower case; fields other than those listed stay as they are
    public CharSequence outward(String name, CharSequence value) {
        String text = value.toString();
        String translated = switch (name) {
            case "location", "content-location" -> reference(text);
            case "refresh" -> refresh(text);
            case "link" -> link(text);
            case "access-control-allow-origin" -> outwardOrigin(text);
            default -> text;
        };
        return translated.equals(text) ? value : translated;
    }

    /// A request field's value as it is right inside; the same object where nothing changes.
    public CharSequence inward(String name, CharSequence value) {
        String text = value.toString();
        String translated = switch (name) {
            case "origin" -> inwardOrigin(text);
            case "referer", "destination" -> inwardReference(text);
            default -> text;
        };
        return translated.equals(text) ? value : translated;
    }

    private String reference(String text) {
        String url = text.strip();
        if (isPathOnly(url)) {
            return moved(url, own.internalPath(), own.externalPath());
        }
        return WebUrl.parse(url, schemeOf(own.internalOrigin()))
                .flatMap(u -> map.ofInternal(u, own)
                        .map(m -> m.externalOrigin()
                                + Folders.move(u.path(), m.internalPath(), m.externalPath())
                                + u.rest()))
                .orElse(text);
    }

    private String inwardReference(String text) {
        String url = text.strip();
        if (isPathOnly(url)) {
            return moved(url, own.externalPath(), own.internalPath());
        }
        return WebUrl.parse(url, schemeOf(own.externalOrigin()))
                .flatMap(u -> map.ofExternal(u, own)
                        .map(m -> m.internalOrigin()
                                + Folders.move(u.path(), m.externalPath(), m.internalPath())
                                + u.rest()))
                .orElse(text);
    }

    // RFC 3986 §4.2: '//' begins an authority; browsers read '/\' alike
    private static boolean isPathOnly(String url) {
        return url.startsWith("/") && !url.startsWith("//") && !url.startsWith("/\\");
    }

    private static String moved(String url, String from, String to) {
        int end = 0;
        while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
            end++;
        }
        String path = url.substring(0, end);
        return Folders.holds(from, path) ? Folders.move(path, from, to) + url.substring(end) : url;
    }

    private static String schemeOf(String origin) {
        return origin.substring(0, origin.indexOf(':'));
    }

    /// `5; url=http://inside/`, with or without quotes (HTML, "shared declarative refresh steps").
    private String refresh(String text) {
        int url = text.toLowerCase(Locale.ROOT).indexOf("url");
        int equals = url < 0 ? -1 : text.indexOf('=', url);
        if (equals < 0 || !text.substring(url + 3, equals).isBlank()) {
            return text;
        }
        int from = equals + 1;
        while (from < text.length() && text.charAt(from) == ' ') {
            from++;
        }
        boolean quoted = from < text.length() && (text.charAt(from) == '"' || text.charAt(from) == '\'');
        int to = quoted ? text.indexOf(text.charAt(from), from + 1) : text.length();
        if (quoted) {
            from++;
        }
        return to < from ? text : text.substring(0, from) + reference(text.substring(from, to)) + text.substring(to);
    }

    /// `<http://inside/x>; rel="next", </y>; rel="up"` (RFC 8288 §3).
    private String link(String text) {
        var out = new StringBuilder(text.length() + 32);
        boolean quoted = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int close = c == '<' && !quoted ? text.indexOf('>', at) : -1;
            if (close > 0) {
                out.append('<').append(reference(text.substring(at + 1, close))).append('>');
                at = close + 1;
                continue;
            }
            if (c == '\\' && quoted && at + 1 < text.length()) {
                out.append(c);
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            }
            out.append(text.charAt(at));
            at++;
        }
        return out.toString();
    }

    private String outwardOrigin(String text) {
        return origin(text)
                .flatMap(o -> map.atInternalOrigin(o, own))
                .map(Mapping::externalOrigin)
                .orElse(text);
    }

    private String inwardOrigin(String text) {
        return origin(text)
                .flatMap(o -> map.atExternalOrigin(o, own))
                .map(Mapping::internalOrigin)
                .orElse(text);
    }

    // scheme, host and port only (RFC 6454 §6.2); '*' and 'null' are none
    private static Optional<String> origin(String text) {
        String origin = text.strip();
        return WebUrl.parse(origin, "")
                .filter(u -> u.rest().isEmpty() && origin.indexOf('/', origin.indexOf("//") + 2) < 0)
                .map(WebUrl::origin);
    }
}
