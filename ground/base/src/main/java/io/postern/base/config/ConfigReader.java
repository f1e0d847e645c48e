package io.postern.base.config;

import io.postern.base.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// One YAML mapping, read key by key. Keys are kebab-case. Faults are gathered; [#finish()] throws
/// them all at once, and treats a key that nobody asked for as a fault naming the keys that exist.
/// Not thread-safe; used once at start.
public final class ConfigReader {
    private final String file;
    private final String prefix;
    private final Map<String, Object> values;
    private final List<String> faults;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<ConfigReader> sections = new ArrayList<>();

    private ConfigReader(String file, String prefix, Map<String, Object> values, List<String> faults) {
        this.file = file;
        this.prefix = prefix;
        this.values = values;
        this.faults = faults;
    }

    /// @throws ConfigFault when the file cannot be read or is no YAML mapping
    public static ConfigReader open(Path path) {
        try {
            return of(path.toString(), Files.readString(path));
        } catch (NoSuchFileException e) {
            throw new ConfigFault(path.toString(), List.of("there is no such file"));
        } catch (IOException e) {
            throw new ConfigFault(path.toString(), List.of("cannot be read: " + e.getMessage()));
        }
    }

    public static ConfigReader of(String file, String yaml) {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(file).build()).loadFromString(yaml);
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(m -> ", line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1))
                    .orElse("");
            throw new ConfigFault(file, List.of("is not valid YAML" + place + ": " + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new ConfigFault(file, List.of("is not valid YAML: " + e.getMessage()));
        }
        var faults = new ArrayList<String>();
        return new ConfigReader(file, "", mapping("", root, faults), faults);
    }

    public Optional<String> text(String key) {
        return value(key).map(Object::toString);
    }

    public String text(String key, String fallback) {
        return text(key).orElse(fallback);
    }

    public boolean flag(String key, boolean fallback) {
        return read(key, fallback, "true or false", v -> v instanceof Boolean b ? b : null);
    }

    public long number(String key, long fallback, long min, long max) {
        return read(
                key,
                fallback,
                "a whole number from " + min + " to " + max,
                v -> v instanceof Number n && n.longValue() >= min && n.longValue() <= max ? n.longValue() : null);
    }

    /// Durations are written `500ms`, `30s`, `5m`, `2h` or `10d`.
    public Duration duration(String key, Duration fallback, Duration min, Duration max) {
        return read(key, fallback, "a duration such as 30s or 5m, from " + min + " to " + max, v -> {
            Duration d = parseDuration(v.toString());
            return d == null || d.compareTo(min) < 0 || d.compareTo(max) > 0 ? null : d;
        });
    }

    public HostPort address(String key, HostPort fallback) {
        return read(key, fallback, "HOST:PORT", v -> HostPort.parse(v.toString()));
    }

    public List<String> list(String key) {
        return read(
                key,
                List.of(),
                "a list",
                v -> v instanceof List<?> l ? l.stream().map(String::valueOf).toList() : null);
    }

    /// Any other form: `parse` answers null or throws IllegalArgumentException when the text is wrong.
    public <T> T parsed(String key, T fallback, String expected, Function<String, T> parse) {
        return read(key, fallback, expected, v -> parse.apply(v.toString()));
    }

    /// A nested mapping; empty when absent.
    public ConfigReader section(String key) {
        Object value = value(key).orElse(Map.of());
        var section = new ConfigReader(file, prefix + key + ".", mapping(prefix + key, value, faults), faults);
        sections.add(section);
        return section;
    }

    /// A list of mappings, for example the certificates; empty when absent. Paths in faults count from 0.
    public List<ConfigReader> sections(String key) {
        Object value = value(key).orElse(List.of());
        if (!(value instanceof List<?> items)) {
            faults.add("'" + prefix + key + "' must be a list of mappings");
            return List.of();
        }
        var result = new ArrayList<ConfigReader>();
        for (int i = 0; i < items.size(); i++) {
            String path = prefix + key + "[" + i + "]";
            result.add(new ConfigReader(file, path + ".", mapping(path, items.get(i), faults), faults));
        }
        sections.addAll(result);
        return List.copyOf(result);
    }

    public boolean has(String key) {
        asked.add(key);
        return values.containsKey(key);
    }

    /// Adds a fault of the caller's own, for example two keys that exclude each other.
    public void fault(String key, String message) {
        faults.add("'" + prefix + key + "' " + message);
    }

    /// @throws ConfigFault with every fault of this mapping and its sections
    public void finish() {
        gatherUnknown();
        if (!faults.isEmpty()) {
            throw new ConfigFault(file, faults);
        }
    }

    private void gatherUnknown() {
        for (String key : values.keySet()) {
            if (!asked.contains(key)) {
                faults.add("unknown key '" + prefix + key + "'; known here: " + String.join(", ", asked));
            }
        }
        sections.forEach(ConfigReader::gatherUnknown);
    }

    private Optional<Object> value(String key) {
        asked.add(key);
        return Optional.ofNullable(values.get(key));
    }

    private <T> T read(String key, T fallback, String expected, Function<Object, ? extends T> parse) {
        Object value = value(key).orElse(null);
        if (value == null) {
            return fallback;
        }
        String why = "";
        try {
            T parsed = parse.apply(value);
            if (parsed != null) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            why = " (" + e.getMessage() + ")";
        }
        faults.add("'" + prefix + key + "' is '" + value + "' but must be " + expected + why);
        return fallback;
    }

    private static Map<String, Object> mapping(
            String path, @org.jspecify.annotations.Nullable Object value, List<String> faults) {
        var result = new LinkedHashMap<String, Object>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((k, v) -> {
                if (v != null) {
                    result.put(String.valueOf(k), v);
                }
            });
        } else if (value != null) {
            faults.add((path.isEmpty() ? "the file" : "'" + path + "'") + " must be a mapping of keys to values");
        }
        return result;
    }

    private static @org.jspecify.annotations.Nullable Duration parseDuration(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits == 0 || digits > 12) {
            return null;
        }
        long n = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits).strip()) {
            case "ms" -> Duration.ofMillis(n);
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            case "d" -> Duration.ofDays(n);
            default -> null;
        };
    }
}
