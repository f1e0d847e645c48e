package io.postern.web;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Parameters of a query or a form (`application/x-www-form-urlencoded`), in order, none lost: what
/// stands twice can be seen, so nobody picks one of two readings by accident.
public final class Parameters {
    private static final int COUNT_MAX = 200; // no request of ours has more; bounds the work

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /// @throws BadRequest when the text is no such encoding
    public static Parameters parse(String encoded) {
        var values = new LinkedHashMap<String, List<String>>();
        int count = 0;
        for (String pair : encoded.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > COUNT_MAX) {
                throw new BadRequest("more than " + COUNT_MAX + " parameters");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return new Parameters(values);
    }

    /// The value, when it stands exactly once and is not empty (RFC 6749 §3.1: an empty one counts as omitted).
    public Optional<String> one(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.size() == 1 && !all.getFirst().isEmpty() ? Optional.of(all.getFirst()) : Optional.empty();
    }

    public String oneOrEmpty(String name) {
        return one(name).orElse("");
    }

    /// Names that stand more than once.
    public Set<String> repeated() {
        return values.entrySet().stream()
                .filter(e -> e.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    public Set<String> names() {
        return values.keySet();
    }

    /// The same parameters without some of them.
    public Parameters without(Set<String> names) {
        var rest = new LinkedHashMap<>(values);
        rest.keySet().removeAll(names);
        return new Parameters(rest);
    }

    /// Encoded again; parsing it gives these parameters.
    public String encoded() {
        return values.entrySet().stream()
                .flatMap(e -> e.getValue().stream().map(v -> encode(e.getKey()) + "=" + encode(v)))
                .collect(Collectors.joining("&"));
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequest("a parameter is not percent-encoded as it should be");
        }
    }
}
