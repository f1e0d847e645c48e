package io.postern.domain.publish;

import java.util.Map;
import java.util.Set;

/// What is done to header fields between user and backend (1.9).
///
/// @param translate true: the backend sees the internal host, and URLs in answers are translated back; false:
/// it sees the external host, and answers stay as they are (HDR-1)
/// @param forwarded what the backend is told of the way that a request came on
/// @param answersRobots `/robots.txt` is answered at the edge, disallowing all (HDR-5)
/// @param added to every answer of the application, in place of fields of that name; names in lower case
public record FieldSettings(boolean translate, Forwarded forwarded, boolean answersRobots, Map<String, String> added) {
    private static final int ADDED_MAX = 32;
    private static final int VALUE_MAX = 4096;

    /// What an answer's length, coding and connection hang on, and cookies, which may not be the same for all.
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "date",
            "keep-alive",
            "set-cookie",
            "status",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    public static final FieldSettings DEFAULT = new FieldSettings(true, Forwarded.ALL, true, Map.of());

    public FieldSettings {
        added = Map.copyOf(added);
        if (added.size() > ADDED_MAX) {
            throw new IllegalArgumentException(
                    "responseHeaders holds " + added.size() + " headers; " + ADDED_MAX + " are possible");
        }
        added.forEach(FieldSettings::check);
    }

    private static void check(String name, String value) {
        if (!name.matches("[a-z0-9!#$%&'*+.^_`|~-]{1,100}")) {
            throw new IllegalArgumentException("responseHeaders name '" + name
                    + "' is none; use letters, digits and hyphens, such as content-security-policy");
        }
        if (OURS.contains(name) || name.startsWith("proxy-") || name.startsWith("postern-")) {
            throw new IllegalArgumentException("responseHeaders may not set '" + name
                    + "': it frames the answer, belongs to one hop, or is a cookie; leave it out");
        }
        if (value.length() > VALUE_MAX || !value.chars().allMatch(c -> c == 9 || (c >= 32 && c < 127))) {
            throw new IllegalArgumentException("responseHeaders value of '" + name
                    + "' must be one line of ASCII text, " + VALUE_MAX + " characters at most");
        }
    }

    /// Which fields tell the backend where a request came from. None of the client's own survive but what it
    /// said in `X-Forwarded-For`, which stays as the untrusted left part.
    public enum Forwarded {
        /// `X-Forwarded-For` only, as the original does.
        FOR_ONLY,
        /// `X-Forwarded-For`, `-Host`, `-Proto`, `-Port`.
        X_FORWARDED,
        /// Those, and `Forwarded` (RFC 7239).
        ALL,
        /// Nothing: the backend does not learn the client's address.
        NONE
    }
}
