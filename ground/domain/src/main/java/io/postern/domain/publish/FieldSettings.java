package io.postern.domain.publish;

import java.util.Map;

/// What is done to header fields between user and backend (1.9).
///
/// @param translate true: the backend sees the internal host, and URLs in answers are translated back; false:
/// it sees the external host, and answers stay as they are (HDR-1)
/// @param forwarded what the backend is told of the way that a request came on
/// @param answersRobots `/robots.txt` is answered at the edge, disallowing all (HDR-5)
/// @param added to every answer of the application, in place of fields of that name; names in lower case
public record FieldSettings(boolean translate, Forwarded forwarded, boolean answersRobots, Map<String, String> added) {
    public static final FieldSettings DEFAULT = new FieldSettings(true, Forwarded.ALL, true, Map.of());

    public FieldSettings {
        added = Map.copyOf(added);
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
