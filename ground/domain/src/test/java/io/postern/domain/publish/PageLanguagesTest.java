package io.postern.domain.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageLanguagesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "de | de",
                "DE-de | de",
                "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7 | de",
                "en-US,en;q=0.9,de;q=0.8 | en",
                "fr, de-CH;q=0.7, en;q=0.5 | de",
                "en;q=0.5, de;q=0.7 | de",
                "en;q=0.5, de;q=0.500 | en",
                "de;q=0, en;q=0.1 | en",
                "de;q=0.000 | none",
                "de ; q=0.2 , fr | de",
                "de-*;q=0.1 | de",
                "de;Q=1.000 | de",
                "zh-Hans-CN, sr-Latn-RS;q=0.9, de-1996;q=0.1 | de",
                "fr | none",
                "* | none",
                "den | none",
                "de;q=2 | none",
                "de;q=NaN | none",
                "de;q= | none",
                "de_DE | none",
                "-, de-;;, en;q=0.1 | en",
                "'' | none",
                "',,,' | none",
                "- | none"
            })
    void theHeaviestOfOursIsTaken(String field, String language) {
        assertEquals(Optional.ofNullable(language), PageLanguages.accepted(field));
    }

    @Test
    void aFieldThatNoBrowserSendsAsksForNothing() {
        assertEquals(Optional.of("de"), PageLanguages.accepted("fr,".repeat(340) + "de"));
        assertEquals(Optional.empty(), PageLanguages.accepted("fr,".repeat(341) + "de"));
        assertEquals(Optional.empty(), PageLanguages.accepted("de," + "a-".repeat(32 * 1024)));
        assertEquals(Optional.empty(), PageLanguages.accepted(" ".repeat(1000) + ";" + " ".repeat(23)));
        assertEquals(Optional.empty(), PageLanguages.accepted("d".repeat(1024)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {"de | de", "fr de-AT en | de", "fr | none", "'' | none", "xx-- en | en"})
    void theFirstNamedOfOursIsTaken(String tags, String language) {
        assertEquals(Optional.ofNullable(language), PageLanguages.named(tags));
    }
}
