package io.postern.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/// What pages say, in one language: `texts_<language>.properties`, the only place for words that users
/// read. `{0}` stands for the first argument; a single quote is written twice.
public final class Texts {
    private final Locale locale;
    private final Properties texts = new Properties();

    private Texts(Locale locale) {
        this.locale = locale;
        String resource = "texts_" + locale.getLanguage() + ".properties";
        try (InputStream in = Texts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Texts english() {
        return new Texts(Locale.ENGLISH);
    }

    static Texts of(Locale locale) {
        return new Texts(locale);
    }

    /// For the page's `lang`.
    public String language() {
        return locale.getLanguage();
    }

    /// Every key with its pattern, for the test that compares the languages.
    Map<String, String> patterns() {
        return texts.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, texts::getProperty));
    }

    public boolean has(String key) {
        return texts.containsKey(key);
    }

    public String of(String key, Object... arguments) {
        String text = texts.getProperty(key);
        if (text == null) {
            throw new IllegalArgumentException("no text '" + key + "' in " + locale.getLanguage());
        }
        String words = new MessageFormat(text, locale).format(arguments);
        Said.note(key, arguments, words);
        return words;
    }
}
