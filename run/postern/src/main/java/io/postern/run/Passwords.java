package io.postern.run;

import java.security.SecureRandom;

/// Makes passwords that can be read out and typed: four groups of five, no letter that looks like another,
/// with upper case, lower case and a digit in each. More than 90 bits.
public final class Passwords {
    private static final String UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijkmnpqrstuvwxyz";
    private static final String DIGITS = "23456789";
    private static final String ALL = UPPER + LOWER + DIGITS;

    private Passwords() {}

    public static String generate() {
        var random = new SecureRandom();
        var text = new StringBuilder();
        for (int group = 0; group < 4; group++) {
            text.append(group == 0 ? "" : "-").append(pick(UPPER, random));
            text.append(pick(ALL, random)).append(pick(ALL, random));
            text.append(pick(LOWER, random)).append(pick(DIGITS, random));
        }
        return text.toString();
    }

    private static char pick(String from, SecureRandom random) {
        return from.charAt(random.nextInt(from.length()));
    }
}
