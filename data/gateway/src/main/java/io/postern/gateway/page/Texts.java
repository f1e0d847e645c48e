package io.postern.gateway.page;

import io.postern.domain.publish.TenantSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What error pages say, in one language: `texts_<language>.properties`, the only place for words that users read, by
/// the outcome of the kind. Immutable; read once.
final class Texts {
    private static final Map<String, Texts> ALL =
            TenantSettings.LANGUAGES.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), Texts::new));

    static final Texts ENGLISH = of("en");

    private final String language;
    private final Properties texts = new Properties();
    private final Map<ErrorKind, Said> kinds = new EnumMap<>(ErrorKind.class);

    /// What is said of a kind.
    ///
    /// @param status in words, as users and support see it
    /// @param advice what to do, most promising first
    record Said(String status, String heading, String explanation, List<String> advice) {}

    private Texts(String language) {
        this.language = language;
        String resource = "texts_" + language + ".properties";
        try (InputStream in = Texts.class.getResourceAsStream(resource)) {
            texts.load(new InputStreamReader(Objects.requireNonNull(in, resource), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (ErrorKind kind : ErrorKind.values()) {
            String key = kind.outcome() + '.';
            var said = new Said(text(key + "status"), text(key + "heading"), text(key + "explanation"), advice(key));
            kinds.put(kind, said);
        }
    }

    private List<String> advice(String key) {
        var advice = new ArrayList<String>();
        while (texts.containsKey(key + "advice." + (advice.size() + 1))) {
            advice.add(text(key + "advice." + (advice.size() + 1)));
        }
        return List.copyOf(advice);
    }

    /// @param language one of [TenantSettings#LANGUAGES]
    static Texts of(String language) {
        return Objects.requireNonNull(ALL.get(language), language);
    }

    /// For the page's `lang`.
    String language() {
        return language;
    }

    Said said(ErrorKind kind) {
        return Objects.requireNonNull(kinds.get(kind), kind::name);
    }

    String text(String key) {
        return Objects.requireNonNull(
                texts.getProperty(key), () -> "no text '" + key + "' in texts_" + language + ".properties");
    }

    /// What is said beyond the kind; empty for nothing.
    String said(Remark remark) {
        return remark.application()
                .map(name -> text("maintenance.named").replace("{0}", name))
                .orElse(remark.text());
    }

    /// Every key with its text, for the test that compares the languages.
    Map<String, String> all() {
        return texts.stringPropertyNames().stream()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), this::text));
    }
}
