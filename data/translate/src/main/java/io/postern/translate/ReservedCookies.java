package io.postern.translate;

import java.util.Optional;

/// The cookie names that are ours alone: backends neither see nor set them (CK-4).
public final class ReservedCookies {
    private static final String[] PREFIXES = {"postern-", "__host-postern-", "__secure-postern-"};

    private ReservedCookies() {}

    /// Whether text that begins a cookie pair would be taken for one of ours. Blind to case, since
    /// browsers are for prefixes, and to what leads in a nameless cookie: `=x=1` comes back as `x=1`
    /// (RFC 6265bis §5.7).
    static boolean begins(CharSequence pair) {
        return begins(pair, 0, pair.length());
    }

    private static boolean begins(CharSequence text, int from, int to) {
        int at = from;
        while (at < to && (text.charAt(at) <= ' ' || text.charAt(at) == '=')) {
            at++;
        }
        for (String prefix : PREFIXES) {
            if (startsWith(text, at, to, prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(CharSequence text, int at, int to, String lowerCase) {
        if (to - at < lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if (Character.toLowerCase(text.charAt(at + i)) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// A request's Cookie field without ours; the same object where it holds none, empty where nothing
    /// is left.
    public static Optional<CharSequence> removed(CharSequence cookie) {
        int length = cookie.length();
        StringBuilder kept = null; // only made once one of ours was found
        int clean = 0; // where what is kept unchanged ends
        boolean found = false;
        for (int from = 0; from <= length; ) {
            int to = end(cookie, from, length);
            if (begins(cookie, from, to)) {
                if (!found) {
                    found = true;
                    clean = from;
                }
            } else if (found) {
                kept = kept == null ? new StringBuilder(length).append(cookie, 0, Math.max(0, clean - 1)) : kept;
                append(kept, cookie, from, to);
            }
            from = to + 1;
        }
        if (!found) {
            return Optional.of(cookie);
        }
        CharSequence left = kept != null ? kept : cookie.subSequence(0, Math.max(0, clean - 1));
        return isBlank(left) ? Optional.empty() : Optional.of(left);
    }

    private static void append(StringBuilder kept, CharSequence cookie, int from, int to) {
        int start = from;
        if (kept.isEmpty()) {
            while (start < to && Character.isWhitespace(cookie.charAt(start))) {
                start++;
            }
        } else {
            kept.append(';');
        }
        kept.append(cookie, start, to);
    }

    private static int end(CharSequence text, int from, int length) {
        int at = from;
        while (at < length && text.charAt(at) != ';') {
            at++;
        }
        return at;
    }

    private static boolean isBlank(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
