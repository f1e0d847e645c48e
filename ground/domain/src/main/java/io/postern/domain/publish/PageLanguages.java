package io.postern.domain.publish;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How requests and settings name one of the languages that pages are written in ([TenantSettings#LANGUAGES]): the same
/// for the pages of the identity provider and the error pages of the gateway.
public final class PageLanguages {
    /// Holds what a user chose at the foot of a page, on the host of that page alone.
    public static final String COOKIE = "__Host-postern-language";

    /// Browsers send a tenth of it.
    private static final int FIELD_CHARACTERS_MAX = 1024;

    /// Group 1: the language; group 2: its weight, a `qvalue`.
    private static final Pattern RANGE = Pattern.compile(
            "(?i)\\s*([a-z]{2,8})(?:-[a-z0-9*-]{1,64})?\\s*(?:;\\s*q=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)\\s*)?");

    private PageLanguages() {}

    /// The language of ours that weighs most, the first of equal ones. Of what is no list of languages or longer than
    /// a kilobyte nothing is taken. One pass: the JDK's own parser takes time by the square of the number of
    /// ranges, which strangers choose.
    ///
    /// @param field `Accept-Language` (RFC 9110 §12.5.4), for example `fr, de-CH;q=0.7, en;q=0.5`
    public static Optional<String> accepted(String field) {
        if (field.length() > FIELD_CHARACTERS_MAX) {
            return Optional.empty();
        }
        Optional<String> best = Optional.empty();
        double most = 0;
        for (String part : field.split(",")) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                continue;
            }
            double weight = range.group(2) == null ? 1 : Double.parseDouble(range.group(2));
            if (weight > most) {
                Optional<String> ours = ours(range.group(1));
                if (ours.isPresent()) {
                    best = ours;
                    most = weight;
                }
            }
        }
        return best;
    }

    /// The first language of ours.
    ///
    /// @param tags language tags with spaces between them, as in `ui_locales` (OpenID Connect Core §3.1.2.1)
    public static Optional<String> named(String tags) {
        return Stream.of(tags.split(" "))
                .map(tag -> ours(Locale.forLanguageTag(tag).getLanguage()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> ours(String language) {
        return TenantSettings.LANGUAGES.stream()
                .filter(language::equalsIgnoreCase)
                .findFirst();
    }
}
