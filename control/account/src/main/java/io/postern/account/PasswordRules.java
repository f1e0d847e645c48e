package io.postern.account;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a new password must be: length and not guessable, no rules of composition (NIST SP 800-63B §3.1.1).
public final class PasswordRules {
    public static final int CHARACTERS_MIN = 8;
    public static final int CHARACTERS_MAX = 256;

    // the most frequent of published leaks that pass the length rule
    private static final Set<String> FREQUENT = Set.of(
            "password",
            "password1",
            "password12",
            "password123",
            "passw0rd",
            "p@ssw0rd",
            "12345678",
            "123456789",
            "1234567890",
            "0123456789",
            "87654321",
            "11111111",
            "00000000",
            "qwertyui",
            "qwertyuiop",
            "qwerty123",
            "qwertz123",
            "1q2w3e4r",
            "1qaz2wsx",
            "abcd1234",
            "abc12345",
            "iloveyou",
            "sunshine",
            "princess",
            "football",
            "baseball",
            "superman",
            "trustno1",
            "welcome1",
            "welcome123",
            "letmein1",
            "admin123",
            "administrator",
            "changeme",
            "changeme1",
            "changeit",
            "passwort",
            "passwort1",
            "passwort123",
            "geheim123",
            "hallo123",
            "schatz123",
            "starwars",
            "computer",
            "internet",
            "whatever",
            "asdfghjk",
            "asdfasdf",
            "zaq12wsx",
            "monkey123",
            "dragon123",
            "master123",
            "secret123",
            "test1234",
            "postern1");

    private PasswordRules() {}

    /// Empty when the password may be used; else one sentence for the user.
    public static Optional<String> fault(String password, String userPrincipalName) {
        int characters = password.codePointCount(0, password.length());
        if (characters < CHARACTERS_MIN) {
            return Optional.of("The password is too short. Use at least " + CHARACTERS_MIN + " characters.");
        }
        if (characters > CHARACTERS_MAX) {
            return Optional.of("The password is too long. Use at most " + CHARACTERS_MAX + " characters.");
        }
        String folded = password.toLowerCase(Locale.ROOT);
        String localPart = userPrincipalName.split("@", 2)[0].toLowerCase(Locale.ROOT);
        if (FREQUENT.contains(folded) || password.codePoints().distinct().count() < 4) {
            return Optional.of("This password is among the first that attackers try. Choose another.");
        }
        if (folded.equals(userPrincipalName.toLowerCase(Locale.ROOT))
                || (localPart.length() >= 4 && folded.contains(localPart))) {
            return Optional.of("The password contains your user name. Choose another.");
        }
        return Optional.empty();
    }
}
