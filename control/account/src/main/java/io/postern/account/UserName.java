package io.postern.account;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A user principal name in its one canonical form: lower-case ASCII, exactly one `@`.
///
/// Only ASCII, so that no two names that look or fold alike can be different accounts (the Kelvin sign
/// folds to `k`, the dotless i to `i`).
public record UserName(String value) {
    private static final int CHARACTERS_MAX = 113; // 64 + "@" + 48, the original's limits

    // the characters that the original allows left of the @
    private static final Pattern FORM = Pattern.compile("[a-z0-9'._!#^~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,46}[a-z0-9])?");

    public UserName {
        if (!isCanonical(value)) {
            throw new IllegalArgumentException("'" + value + "' is not a user principal name such as"
                    + " b.simon@contoso.example: letters, digits and ' . - _ ! # ^ ~ , one @, then the domain");
        }
    }

    /// Reads what somebody typed: case and surrounding blanks do not matter. Empty when it cannot be a name.
    public static Optional<UserName> read(String typed) {
        String stripped = typed.strip();
        if (!stripped.chars().allMatch(c -> c < 0x80)) {
            return Optional.empty(); // before lower-casing, which would fold some of them into ASCII
        }
        String lower = stripped.toLowerCase(Locale.ROOT);
        return isCanonical(lower) ? Optional.of(new UserName(lower)) : Optional.empty();
    }

    public String localPart() {
        return value.substring(0, value.indexOf('@'));
    }

    public String domain() {
        return value.substring(value.indexOf('@') + 1);
    }

    private static boolean isCanonical(String text) {
        return text.length() <= CHARACTERS_MAX
                && FORM.matcher(text).matches()
                && !text.startsWith(".")
                && !text.contains(".@")
                && !text.contains("..");
    }

    @Override
    public String toString() {
        return value;
    }
}
