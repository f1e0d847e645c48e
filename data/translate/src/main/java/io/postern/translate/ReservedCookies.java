package io.postern.translate;

import java.util.Locale;
import java.util.Optional;

/// The cookie names that are ours alone: backends neither see nor set them (CK-4).
public final class ReservedCookies {
    private ReservedCookies() {}

    /// Whether text that begins a cookie pair would be taken for one of ours. Blind to case, since
    /// browsers are for prefixes, and to what leads in a nameless cookie: `=x=1` comes back as `x=1`
    /// (RFC 6265bis §5.7).
    static boolean begins(String pair) {
        int at = 0;
        while (at < pair.length() && (pair.charAt(at) <= ' ' || pair.charAt(at) == '=')) {
            at++;
        }
        String name = pair.substring(at).toLowerCase(Locale.ROOT);
        return name.startsWith("postern-")
                || name.startsWith("__host-postern-")
                || name.startsWith("__secure-postern-");
    }

    /// A request's Cookie field without ours; the same object where it holds none, empty where nothing
    /// is left.
    public static Optional<CharSequence> removed(CharSequence cookie) {
        String text = cookie.toString();
        String[] pairs = text.split(";", -1);
        var kept = new StringBuilder(text.length());
        boolean found = false;
        for (String pair : pairs) {
            if (begins(pair)) {
                found = true;
            } else if (kept.isEmpty()) {
                kept.append(pair.stripLeading());
            } else {
                kept.append(';').append(pair);
            }
        }
        if (!found) {
            return Optional.of(cookie);
        }
        return kept.toString().isBlank() ? Optional.empty() : Optional.of(kept);
    }
}
