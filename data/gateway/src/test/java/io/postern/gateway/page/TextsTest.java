package io.postern.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextsTest {
    /// Words that are the same in both languages.
    private static final Set<String> SAME = Set.of("page.status");

    private static final Pattern ENGLISH_WORD =
            Pattern.compile("\\b(the|is|are|and|or|not|this|it|you|your|of|for|with|to|be|app|site|sign)\\b");

    private final Map<String, String> english = Texts.ENGLISH.all();
    private final Map<String, String> german = Texts.of("de").all();

    @Test
    void bothLanguagesSayTheSameThings() {
        assertEquals(new TreeSet<>(english.keySet()), new TreeSet<>(german.keySet()));
    }

    @Test
    void noGermanTextIsEnglish() {
        german.forEach((key, text) -> {
            if (!SAME.contains(key)) {
                assertNotEquals(english.get(key), text, key);
            }
            assertFalse(ENGLISH_WORD.matcher(text).find(), () -> key + ": " + text);
        });
    }

    @Test
    void bothLanguagesNameTheSamePlaceholders() {
        english.forEach((key, text) ->
                assertEquals(text.contains("{0}"), german.getOrDefault(key, "").contains("{0}"), key));
    }

    /// A text that no page shows is found here.
    @Test
    void everyTextBelongsToAKind() {
        Set<String> known =
                Arrays.stream(ErrorKind.values()).map(ErrorKind::outcome).collect(Collectors.toSet());
        known.addAll(Set.of("page", "link"));
        english.keySet().forEach(key -> assertEquals(true, known.contains(key.substring(0, key.indexOf('.'))), key));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindIsSaidAlikeInBoth(ErrorKind kind) {
        Texts.Said one = Texts.ENGLISH.said(kind);
        Texts.Said other = Texts.of("de").said(kind);

        assertFalse(one.advice().isEmpty());
        assertEquals(one.advice().size(), other.advice().size());
        assertFalse(other.heading().endsWith("."), other.heading());
        other.advice().forEach(line -> assertEquals('.', line.charAt(line.length() - 1), line));
    }
}
