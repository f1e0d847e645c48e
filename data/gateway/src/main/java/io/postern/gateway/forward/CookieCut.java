package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/// Cuts our own cookies out of the Cookie field; every other byte stays as it was sent, because
/// backends differ in what they take for a cookie.
final class CookieCut {
    private CookieCut() {}

    /// @param prefixes lower-case beginnings of names that must not travel on
    static void from(Http2Headers fields, List<String> prefixes) {
        List<CharSequence> values = fields.getAll(HttpHeaderNames.COOKIE);
        if (values.isEmpty()) {
            return;
        }
        String all = values.size() == 1 ? values.getFirst().toString() : String.join("; ", values);
        String kept = without(all, prefixes);
        if (kept.isBlank()) {
            fields.remove(HttpHeaderNames.COOKIE);
        } else if (values.size() > 1 || kept.length() != all.length()) {
            fields.set(HttpHeaderNames.COOKIE, kept);
        }
    }

    static String without(String all, List<String> prefixes) {
        StringBuilder kept = null;
        int keptTo = 0;
        for (int from = 0; from < all.length(); ) {
            int semicolon = all.indexOf(';', from);
            int end = semicolon < 0 ? all.length() : semicolon;
            int name = from;
            while (name < end && (all.charAt(name) <= ' ' || all.charAt(name) == '"')) {
                name++;
            }
            if (startsWithAny(all, name, prefixes)) {
                kept = kept == null ? new StringBuilder(all.length()) : kept;
                kept.append(all, keptTo, from);
                keptTo = Math.min(end + 1, all.length());
                if (semicolon < 0) { // the last one goes with the separator before it
                    trimSeparator(kept);
                } else if (kept.isEmpty()) {
                    while (keptTo < all.length() && all.charAt(keptTo) == ' ') {
                        keptTo++;
                    }
                }
            }
            from = end + 1;
        }
        return kept == null ? all : kept.append(all, keptTo, all.length()).toString();
    }

    private static void trimSeparator(StringBuilder text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == ';')) {
            end--;
        }
        text.setLength(end);
    }

    private static boolean startsWithAny(String text, int at, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (text.regionMatches(true, at, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }
}
