package io.postern.domain;

import java.util.UUID;

/// Checks the one form that all our ids have.
final class Ids {
    private Ids() {}

    /// @throws IllegalArgumentException when the text is no canonical UUID
    static String uuid(String kind, String text) {
        try {
            String canonical = UUID.fromString(text).toString();
            if (canonical.equalsIgnoreCase(text)) {
                return canonical;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a " + kind + " (a UUID)", e);
        }
        throw new IllegalArgumentException("'" + text + "' is not a " + kind + " (a UUID)");
    }
}
