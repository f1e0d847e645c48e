package io.postern.domain.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A distinguished name (RFC 4514) as the directory wrote it, and one form for every way to write it.
///
/// @param key lower case, without blanks around separators
public record DirectoryName(String text, String key) {
    private static final int CHARACTERS_MAX = 4_096;

    /// @throws IllegalArgumentException when it cannot be a distinguished name
    public static DirectoryName of(String text) {
        if (text.isBlank() || text.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException("a distinguished name has 1 to " + CHARACTERS_MAX
                    + " characters, such as OU=Staff,DC=corp,DC=test");
        }
        var parts = new ArrayList<String>();
        for (String part : parts(text)) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("'" + text + "' is no distinguished name such as"
                        + " OU=Staff,DC=corp,DC=test: '" + part.strip() + "' has no attribute before an equals sign");
            }
            parts.add(part.substring(0, equals).strip() + "="
                    + part.substring(equals + 1).strip());
        }
        return new DirectoryName(text, String.join(",", parts).toLowerCase(Locale.ROOT));
    }

    /// Whether it is this place or lies below it.
    public boolean isWithin(DirectoryName place) {
        return key.equals(place.key) || key.endsWith("," + place.key);
    }

    /// The DNS name that the DC parts spell; empty where there are none.
    public Optional<String> dnsDomain() {
        List<String> labels = parts(key).stream()
                .filter(part -> part.startsWith("dc="))
                .map(part -> part.substring(3))
                .toList();
        return labels.isEmpty() ? Optional.empty() : Optional.of(String.join(".", labels));
    }

    /// At the commas that no backslash stands before.
    private static List<String> parts(String text) {
        var parts = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    @Override
    public String toString() {
        return text;
    }
}
