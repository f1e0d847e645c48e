package io.postern.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TextsTest {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[0-9]");

    private final Map<String, String> english = Texts.english().patterns();
    private final Map<String, String> german = Texts.of(Locale.GERMAN).patterns();

    @Test
    void aTenantCanChooseWhatPagesAreWrittenInAndNothingElse() {
        assertEquals(
                io.postern.domain.publish.TenantSettings.LANGUAGES,
                Languages.all().stream().map(Texts::language).toList());
    }

    @Test
    void bothLanguagesSayTheSameThings() {
        assertEquals(new TreeSet<>(english.keySet()), new TreeSet<>(german.keySet()));
    }

    @Test
    void bothLanguagesNameTheSamePlaceholders() {
        english.forEach(
                (key, text) -> assertEquals(placeholders(text), placeholders(german.getOrDefault(key, "")), key));
    }

    @Test
    void everyTextIsFormatted() {
        for (Texts texts : new Texts[] {Texts.english(), Texts.of(Locale.GERMAN)}) {
            texts.patterns()
                    .keySet()
                    .forEach(key -> assertFalse(texts.of(key, 2, 3).isBlank(), key));
        }
    }

    private static Set<String> placeholders(String text) {
        var found = new TreeSet<String>();
        PLACEHOLDER.matcher(text).results().map(MatchResult::group).forEach(found::add);
        return found;
    }
}
