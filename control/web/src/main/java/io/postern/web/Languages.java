package io.postern.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Chooses the language of each request: what the application asked for (`ui_locales`) or the user was found to prefer,
/// kept in a cookie for the pages that follow, else what the browser accepts, else English.
public final class Languages implements Filter {
    static final String COOKIE = "__Host-postern-language";

    private static final ScopedValue<Texts> NOW = ScopedValue.newInstance();
    private static final Texts ENGLISH = Texts.english();
    private static final List<Texts> ALL = List.of(ENGLISH, Texts.of(Locale.GERMAN));

    Languages() {}

    /// Of the request that this thread answers.
    static Texts now() {
        return NOW.isBound() ? NOW.get() : ENGLISH;
    }

    /// Runs `work`, which shows a page, in the language that a user is known to prefer; in that of the request when we
    /// do not have it.
    ///
    /// @param preferred as in the directory, for example `de-CH`
    public static <T> T in(Optional<String> preferred, Supplier<T> work) {
        Texts texts = preferred.flatMap(p -> ranges(p)).orElseGet(Languages::now);
        return ScopedValue.where(NOW, texts).call(work::get);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        ScopedValue.where(NOW, chosen(request, response)).run(chain::proceed);
    }

    private static Texts chosen(RoutingRequest request, ServerResponse response) {
        Optional<Texts> asked = Optional.ofNullable(
                        request.query().first("ui_locales").orElse(null))
                .flatMap(Languages::tags);
        asked.ifPresent(texts -> Cookies.set(response, COOKIE, texts.language()));
        return asked.or(() -> Cookies.read(request, COOKIE).flatMap(Languages::tags))
                .or(() -> Optional.ofNullable(request.headers()
                                .first(HeaderNames.ACCEPT_LANGUAGE)
                                .orElse(null))
                        .flatMap(Languages::ranges))
                .orElse(ENGLISH);
    }

    /// OpenID Connect Core §3.1.2.1: language tags in order, with spaces between them.
    private static Optional<Texts> tags(String tags) {
        return Stream.of(tags.split(" "))
                .flatMap(tag -> ALL.stream().filter(t -> t.language().equals(language(tag))))
                .findFirst();
    }

    private static Optional<Texts> ranges(String field) {
        try {
            return Locale.LanguageRange.parse(field).stream() // by weight
                    .filter(range -> range.getWeight() > 0)
                    .flatMap(range -> ALL.stream().filter(t -> t.language().equals(language(range.getRange()))))
                    .findFirst();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // what is no list of languages asks for none
        }
    }

    private static String language(String tag) {
        return Locale.forLanguageTag(tag).getLanguage();
    }
}
