package io.postern.account;

import java.security.SecureRandom;
import java.util.Locale;

/// Random text that people read and type: without letters that look alike, in groups of four (Crockford's base 32).
final class OneTimeText {
    private static final String LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private OneTimeText() {}

    /// @param letters five bits each
    static String random(int letters) {
        var text = new StringBuilder();
        for (int i = 0; i < letters; i++) {
            if (i > 0 && i % 4 == 0) {
                text.append('-');
            }
            text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /// What was typed, in one form: no spaces and hyphens, and what people take for one another is one.
    static String folded(String typed) {
        return typed.toLowerCase(Locale.ROOT)
                .replaceAll("[\\s-]", "")
                .replace('o', '0')
                .replace('i', '1')
                .replace('l', '1');
    }
}
