package io.postern.domain.guest;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A mail address at which somebody is invited, in its one form: lower-case ASCII. Only what mail systems agree about
/// (RFC 5322 §3.4.1 without quotes and comments), so that no two forms are one mailbox or the other way about.
public record GuestAddress(String value) {
    private static final int CHARACTERS_MAX = 254; // RFC 5321 §4.5.3.1.3 without the brackets

    private static final Pattern FORM = Pattern.compile("[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
            + "@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+");

    /// @throws IllegalArgumentException with a sentence, when it is none
    public GuestAddress {
        if (!isCanonical(value)) {
            throw new IllegalArgumentException(
                    "'" + value + "' is no mail address such as alice@partner.example, in letters of ASCII");
        }
    }

    /// What somebody typed: case and blanks around it do not matter. Empty when it is no address.
    public static Optional<GuestAddress> read(String typed) {
        String stripped = typed.strip();
        if (!stripped.chars().allMatch(c -> c < 0x80)) {
            return Optional.empty(); // before lower-casing, which would fold some of them into ASCII
        }
        String lower = stripped.toLowerCase(Locale.ROOT);
        return isCanonical(lower) ? Optional.of(new GuestAddress(lower)) : Optional.empty();
    }

    public String domain() {
        return value.substring(value.lastIndexOf('@') + 1);
    }

    private static boolean isCanonical(String text) {
        return text.length() <= CHARACTERS_MAX
                && text.indexOf('@') <= 64
                && FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
