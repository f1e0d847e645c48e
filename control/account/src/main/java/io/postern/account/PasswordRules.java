package io.postern.account;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a new password must be: length and not guessable, no rules of composition (NIST SP 800-63B §3.1.1). A name
/// within a long password does no harm; what stands around it must suffice alone.
public final class PasswordRules {
    public static final int CHARACTERS_MIN = 8;
    public static final int CHARACTERS_MAX = 256;

    /// Why a password may not be used.
    public enum Weakness {
        SHORT,
        LONG,
        COMMON,
        NAME
    }

    private static final int DISTINCT_MIN = 4;
    private static final int WORD_MIN = 4; // shorter parts of names stand in too many good passwords
    private static final Set<String> COMMON = WeakPasswords.read();

    private PasswordRules() {}

    /// Empty when the password may be used; else one sentence for the user.
    public static Optional<String> fault(String password, String userPrincipalName) {
        return fault(password, List.of(userPrincipalName));
    }

    /// @param names of the user and of the organisation
    public static Optional<String> fault(String password, List<String> names) {
        return weakness(password, names).map(weakness -> switch (weakness) {
            case SHORT -> "The password is too short. Use at least " + CHARACTERS_MIN + " characters.";
            case LONG -> "The password is too long. Use at most " + CHARACTERS_MAX + " characters.";
            case COMMON -> "This password is among the first that attackers try. Choose another.";
            case NAME -> "The password contains your name or the name of your organisation. Choose another.";
        });
    }

    public static Optional<Weakness> weakness(String password, List<String> names) {
        int characters = password.codePointCount(0, password.length());
        if (characters < CHARACTERS_MIN) {
            return Optional.of(Weakness.SHORT);
        }
        if (characters > CHARACTERS_MAX) {
            return Optional.of(Weakness.LONG);
        }
        String folded = password.toLowerCase(Locale.ROOT);
        if (password.codePoints().distinct().count() < DISTINCT_MIN
                || COMMON.contains(folded)
                || COMMON.contains(WeakPasswords.plain(folded))) {
            return Optional.of(Weakness.COMMON);
        }
        boolean named = names.stream()
                .flatMap(PasswordRules::words)
                .anyMatch(word -> folded.contains(word) && characters - word.length() < CHARACTERS_MIN);
        return named ? Optional.of(Weakness.NAME) : Optional.empty();
    }

    /// The words of a name, and the name before the at sign as a whole.
    private static Stream<String> words(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return Stream.concat(Stream.of(folded.split("@", 2)[0]), Stream.of(folded.split("[^\\p{L}\\p{N}]+")))
                .filter(word -> word.length() >= WORD_MIN);
    }
}
