package io.postern.domain.signon;

import io.postern.domain.claims.ClaimsFault;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// Checks of URLs to which browsers carry assertions.
final class Addresses {
    private static final int LENGTH_MAX = 2048;

    private Addresses() {}

    /// An absolute https URL without fragment and user; plain http on this machine only, for trying things out.
    static String secure(String field, String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw bad(field, text, "it is no URL (" + e.getReason() + ")");
        }
        String host = uri.getHost();
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (text.length() > LENGTH_MAX) {
            throw bad(field, text.substring(0, 60) + "...", "it has more than " + LENGTH_MAX + " characters");
        }
        if (host == null || (!scheme.equals("https") && !scheme.equals("http"))) {
            throw bad(field, text, "write it whole, as https://host/path");
        }
        if (scheme.equals("http") && !isThisMachine(host)) {
            throw bad(
                    field, text, "what is sent there could be read on the way; use https (http is for localhost only)");
        }
        if (uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw bad(field, text, "leave out '#...' and 'user@'");
        }
        return text;
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("127.0.0.1")
                || host.equals("[::1]");
    }

    private static ClaimsFault bad(String field, String text, String why) {
        return new ClaimsFault(field, "'" + text + "' cannot be used: " + why);
    }
}
