package io.postern.admin.graph;

import java.time.DateTimeException;
import java.time.Instant;

/// Times as requests have them.
final class Times {
    private Times() {}

    /// @throws IllegalArgumentException that shows how a time is written
    static Instant parse(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is not a time such as 2027-01-31T00:00:00Z", e);
        }
    }
}
