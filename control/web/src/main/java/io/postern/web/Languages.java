package io.postern.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRequest;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.publish.PageLanguages;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Chooses the language of each request, the first of these that names one of ours: what the user chose at the foot of
/// a page, what the application asked for (`ui_locales`), what the browser accepts, what the directory says that the
/// user prefers, what the tenant prefers. Else English.
public final class Languages implements Filter {
    private static final Duration KEPT = Duration.ofDays(365);
    private static final ScopedValue<Wishes> NOW = ScopedValue.newInstance();
    private static final ScopedValue<HttpRequest> REQUEST = ScopedValue.newInstance();
    private static final Texts ENGLISH = Texts.english();
    private static final List<Texts> ALL = List.of(ENGLISH, Texts.of(Locale.GERMAN));
    private static final Wishes NONE =
            new Wishes(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional::empty);

    /// In their order.
    private record Wishes(
            Optional<Texts> chosen,
            Optional<Texts> asked,
            Optional<Texts> accepted,
            Optional<Texts> preferred,
            Supplier<Optional<Texts>> tenant) {
        Texts first() {
            return chosen.or(() -> asked)
                    .or(() -> accepted)
                    .or(() -> preferred)
                    .or(tenant)
                    .orElse(ENGLISH);
        }
    }

    Languages() {}

    /// Every language that we speak.
    static List<Texts> all() {
        return ALL;
    }

    /// For mail, which no browser says a language for.
    ///
    /// @param preferred of the user, as in the directory
    /// @param tenant what the tenant prefers
    public static Texts ofMail(Optional<String> preferred, Optional<String> tenant) {
        return preferred
                .flatMap(Languages::accepted)
                .or(() -> tenant.flatMap(Languages::named))
                .orElse(ENGLISH);
    }

    /// That this thread answers.
    static Optional<HttpRequest> request() {
        return REQUEST.isBound() ? Optional.of(REQUEST.get()) : Optional.empty();
    }

    /// Of the request that this thread answers.
    static Texts now() {
        return wishes().first();
    }

    /// @param locales that the application asked for when the request came that this one goes on with
    public static void asked(Optional<String> locales, Runnable work) {
        Wishes w = wishes();
        Optional<Texts> asked = w.asked().or(() -> locales.flatMap(Languages::named));
        with(new Wishes(w.chosen(), asked, w.accepted(), w.preferred(), w.tenant()), work);
    }

    /// @param preferred of the user who is known now, as in the directory, for example `de-CH`
    public static void preferred(Optional<String> preferred, Runnable work) {
        Wishes w = wishes();
        with(new Wishes(w.chosen(), w.asked(), w.accepted(), preferred.flatMap(Languages::accepted), w.tenant()), work);
    }

    /// @param language of the tenant whose page it is; asked for at most once, and only where nothing else says one
    public static void ofTenant(Supplier<Optional<String>> language, Runnable work) {
        Wishes w = wishes();
        var once = new Supplier<Optional<Texts>>() {
            private Optional<Texts> found = Optional.empty();
            private boolean known;

            @Override
            public Optional<Texts> get() {
                if (!known) {
                    known = true;
                    found = language.get().flatMap(Languages::named);
                }
                return found;
            }
        };
        with(new Wishes(w.chosen(), w.asked(), w.accepted(), w.preferred(), once), work);
    }

    /// Keeps what the user chose with the form at the foot of a page, and answers in it. A form of another site chooses
    /// nothing.
    public static void choose(ServerRequest request, ServerResponse response, Parameters form, Runnable work) {
        Optional<Texts> chosen =
                Csrf.isFromOurselves(request) ? form.one("language").flatMap(Languages::named) : Optional.empty();
        chosen.ifPresent(texts -> Cookies.set(response, PageLanguages.COOKIE, texts.language(), KEPT));
        Wishes w = wishes();
        with(new Wishes(chosen.or(w::chosen), w.asked(), w.accepted(), w.preferred(), w.tenant()), work);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Optional<Texts> accepted = Optional.ofNullable(
                        request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse(null))
                .flatMap(Languages::accepted);
        Optional<Texts> asked = Optional.ofNullable(
                        request.query().first("ui_locales").orElse(null))
                .flatMap(Languages::named);
        Optional<Texts> chosen = Cookies.read(request, PageLanguages.COOKIE).flatMap(Languages::named);
        ScopedValue.where(NOW, new Wishes(chosen, asked, accepted, Optional.empty(), Optional::empty))
                .where(REQUEST, request)
                .run(() -> Said.listen(chain::proceed));
    }

    private static Wishes wishes() {
        return NOW.isBound() ? NOW.get() : NONE;
    }

    private static void with(Wishes wishes, Runnable work) {
        ScopedValue.where(NOW, wishes).run(work);
    }

    private static Optional<Texts> named(String tags) {
        return PageLanguages.named(tags).map(Languages::texts);
    }

    private static Optional<Texts> accepted(String field) {
        return PageLanguages.accepted(field).map(Languages::texts);
    }

    private static Texts texts(String language) {
        return ALL.stream()
                .filter(texts -> texts.language().equals(language))
                .findFirst()
                .orElse(ENGLISH);
    }
}
