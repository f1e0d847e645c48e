package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Configuration texts beside this class, with `${name}` for what differs between runs.
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z0-9-]+)}");

    private Template() {}

    /// @throws IllegalArgumentException when a place of the text has no value
    static String fill(String resource, Map<String, ?> values) {
        try (var in = Template.class.getResourceAsStream(resource)) {
            String text = new String(
                    Objects.requireNonNull(in, () -> "no template " + resource).readAllBytes(), StandardCharsets.UTF_8);
            return PLACE.matcher(text)
                    .replaceAll(place -> Matcher.quoteReplacement(value(resource, place.group(1), values)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String value(String resource, String name, Map<String, ?> values) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    resource + " needs a value for ${" + name + "}, given: " + values.keySet());
        }
        return value.toString();
    }
}
