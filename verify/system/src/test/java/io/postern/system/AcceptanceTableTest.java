package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/acceptance.md` says which test proves which rule of publishing. Here it is held to that: no rule is
/// left out, no test it names is missing, and no test that is named after a rule stands outside of it.
class AcceptanceTableTest {
    private static final Map<String, Integer> RULES = Map.ofEntries(
            Map.entry("APP", 8),
            Map.entry("PUB", 16),
            Map.entry("DOM", 13),
            Map.entry("PRE", 6),
            Map.entry("WILD", 9),
            Map.entry("CPX", 7),
            Map.entry("CK", 6),
            Map.entry("HDR", 6),
            Map.entry("BODY", 8),
            Map.entry("BTLS", 4),
            Map.entry("FE", 4),
            Map.entry("ASG", 7),
            Map.entry("SSO", 1),
            Map.entry("BRR", 4),
            Map.entry("IDT", 3),
            Map.entry("OBO", 1),
            Map.entry("PWD", 4),
            Map.entry("ERR", 3));
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z]+-\\d+) \\| (.+) \\|");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final Pattern AFTER_A_RULE = Pattern.compile("void (([a-z]+)(\\d+)_\\w+)\\(");

    private static Map<String, String> rows() throws IOException {
        var rows = new LinkedHashMap<String, String>();
        for (String line : Files.readAllLines(Checkout.ROOT.resolve("docs/acceptance.md"))) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                assertTrue(rows.put(row.group(1), row.group(2)) == null, row.group(1) + " stands twice");
            }
        }
        return rows;
    }

    private static Map<String, String> tests() throws IOException {
        var sources = new LinkedHashMap<String, String>();
        try (Stream<Path> files = Files.walk(Checkout.ROOT)) {
            for (Path file : files.filter(f -> f.toString().contains("/src/test/java/")
                            && f.toString().endsWith("Test.java"))
                    .toList()) {
                sources.merge(
                        file.getFileName().toString().replace(".java", ""),
                        Files.readString(file, StandardCharsets.UTF_8),
                        String::concat);
            }
        }
        return sources;
    }

    @Test
    void everyRuleHasARow() throws IOException {
        var wanted = new TreeSet<String>();
        RULES.forEach((name, count) -> IntStream.rangeClosed(1, count).forEach(i -> wanted.add(name + "-" + i)));

        var present = new TreeSet<>(rows().keySet());
        assertEquals(wanted, present);
    }

    @Test
    void everyTestNamedIsThere() throws IOException {
        Map<String, String> sources = tests();
        var missing = new ArrayList<String>();
        rows().forEach((rule, text) -> NAMED.matcher(text).results().forEach(named -> {
            if (!sources.getOrDefault(named.group(1), "").contains("void " + named.group(2) + "(")) {
                missing.add(rule + ": " + named.group());
            }
        }));

        assertEquals(List.of(), missing);
    }

    @Test
    void everyTestNamedAfterARuleStandsInItsRow() throws IOException {
        Map<String, String> rows = rows();
        var missing = new ArrayList<String>();
        tests().forEach((name, source) -> AFTER_A_RULE.matcher(source).results().forEach(found -> {
            String rule = found.group(2).toUpperCase(java.util.Locale.ROOT) + "-" + found.group(3);
            String test = "`" + name + "." + found.group(1) + "`";
            if (rows.containsKey(rule) && !rows.get(rule).contains(test)) {
                missing.add(rule + " lacks " + test);
            }
        }));

        assertEquals(List.of(), missing);
    }
}
