package io.postern.domain.signon;

import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.Operand;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.Transformation;
import io.postern.domain.claims.Transformation.Extract;
import io.postern.domain.claims.Transformation.ExtractMailPrefix;
import io.postern.domain.claims.Transformation.ExtractRun;
import io.postern.domain.claims.Transformation.IfEmpty;
import io.postern.domain.claims.Transformation.Join;
import io.postern.domain.claims.Transformation.Matches;
import io.postern.domain.claims.Transformation.RegexReplace;
import io.postern.domain.claims.Transformation.Substring;
import io.postern.domain.claims.Transformation.ToLowercase;
import io.postern.domain.claims.Transformation.ToUppercase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Sources of claims as plain maps: `attribute`, `value` or `pairwiseId`, then `transformations`.
final class SourceDocument {
    private static final Map<String, Matches.Where> MATCHES = Map.of(
            "contains", Matches.Where.CONTAINS,
            "startsWith", Matches.Where.STARTS,
            "endsWith", Matches.Where.ENDS);
    private static final Map<String, Extract.Part> EXTRACTS = Map.of(
            "extractAfter", Extract.Part.AFTER,
            "extractBefore", Extract.Part.BEFORE,
            "extractBetween", Extract.Part.BETWEEN);
    private static final Map<String, ExtractRun> RUNS = Map.of(
            "extractAlphaPrefix", new ExtractRun(false, true),
            "extractAlphaSuffix", new ExtractRun(false, false),
            "extractNumericPrefix", new ExtractRun(true, true),
            "extractNumericSuffix", new ExtractRun(true, false));

    private SourceDocument() {}

    static Source source(Tree tree) {
        return new Source(operand(tree), tree.all("transformations", SourceDocument::transformation));
    }

    private static Operand operand(Tree tree) {
        Optional<String> attribute = tree.text("attribute");
        Optional<String> value = tree.text("value");
        boolean pairwise = tree.flag("pairwiseId", false);
        long given = attribute.stream().count() + value.stream().count() + (pairwise ? 1 : 0);
        if (given != 1) {
            throw new ClaimsFault("", "give one of attribute, value and pairwiseId, not " + given);
        }
        return pairwise
                ? new Operand.Pairwise()
                : attribute
                        .<Operand>map(Operand.Attribute::new)
                        .orElseGet(() -> new Operand.Constant(value.orElseThrow()));
    }

    private static Transformation transformation(Tree tree) {
        String type = tree.need("type");
        if (MATCHES.containsKey(type)) {
            return new Matches(Words.of("type", type, MATCHES), tree.need("value"), output(tree), otherwise(tree));
        }
        if (EXTRACTS.containsKey(type)) {
            return new Extract(
                    Words.of("type", type, EXTRACTS),
                    tree.need("value"),
                    tree.text("secondValue").orElse(""));
        }
        if (RUNS.containsKey(type)) {
            return Words.of("type", type, RUNS);
        }
        return switch (type) {
            case "extractMailPrefix" -> new ExtractMailPrefix();
            case "join" ->
                new Join(
                        tree.text("separator").orElse(""),
                        tree.child("second", SourceDocument::operand)
                                .orElseThrow(() -> new ClaimsFault("second", "second is missing")));
            case "toLowercase" -> new ToLowercase();
            case "toUppercase" -> new ToUppercase();
            case "ifEmpty" -> new IfEmpty(true, output(tree), otherwise(tree));
            case "ifNotEmpty" -> new IfEmpty(false, output(tree), otherwise(tree));
            case "substring" ->
                new Substring(
                        tree.number("start")
                                .orElseThrow(() -> new ClaimsFault("start", "start is missing; the first is 0")),
                        tree.number("length"));
            case "regexReplace" ->
                RegexReplace.of(
                        tree.need("pattern"),
                        tree.need("replacement"),
                        tree.texts("attributes").stream()
                                .map(Operand.Attribute::new)
                                .toList(),
                        otherwise(tree));
            default ->
                throw new ClaimsFault(
                        "type",
                        "'" + type + "' is no transformation; use extractMailPrefix, join, toLowercase, toUppercase,"
                                + " contains, startsWith, endsWith, extractAfter, extractBefore, extractBetween,"
                                + " extractAlphaPrefix, extractAlphaSuffix, extractNumericPrefix,"
                                + " extractNumericSuffix, ifEmpty, ifNotEmpty, substring or regexReplace");
        };
    }

    private static Operand output(Tree tree) {
        return tree.child("output", SourceDocument::operand)
                .orElseThrow(() -> new ClaimsFault("output", "output is missing"));
    }

    private static Optional<Operand> otherwise(Tree tree) {
        return tree.child("otherwise", SourceDocument::operand);
    }

    static Map<String, Object> write(Source source) {
        var map = new LinkedHashMap<>(operand(source.input()));
        if (!source.steps().isEmpty()) {
            map.put(
                    "transformations",
                    source.steps().stream().map(SourceDocument::step).toList());
        }
        return map;
    }

    private static Map<String, Object> operand(Operand operand) {
        return switch (operand) {
            case Operand.Attribute(String name) -> Map.of("attribute", name);
            case Operand.Constant(String text) -> Map.of("value", text);
            case Operand.Pairwise() -> Map.of("pairwiseId", true);
        };
    }

    private static Map<String, Object> step(Transformation step) {
        var map = new LinkedHashMap<String, Object>();
        switch (step) {
            case ExtractMailPrefix() -> map.put("type", "extractMailPrefix");
            case Join(String separator, Operand second) -> {
                map.put("type", "join");
                map.put("separator", separator);
                map.put("second", operand(second));
            }
            case ToLowercase() -> map.put("type", "toLowercase");
            case ToUppercase() -> map.put("type", "toUppercase");
            case Matches(Matches.Where where, String text, Operand output, Optional<Operand> otherwise) -> {
                map.put("type", Words.text(where, MATCHES));
                map.put("value", text);
                results(map, output, otherwise);
            }
            case Extract(Extract.Part part, String first, String second) -> {
                map.put("type", Words.text(part, EXTRACTS));
                map.put("value", first);
                if (part == Extract.Part.BETWEEN) {
                    map.put("secondValue", second);
                }
            }
            case ExtractRun run -> map.put("type", Words.text(run, RUNS));
            case IfEmpty(boolean empty, Operand output, Optional<Operand> otherwise) -> {
                map.put("type", empty ? "ifEmpty" : "ifNotEmpty");
                results(map, output, otherwise);
            }
            case Substring(int start, OptionalInt length) -> {
                map.put("type", "substring");
                map.put("start", start);
                length.ifPresent(l -> map.put("length", l));
            }
            case RegexReplace(var regex, List<Operand.Attribute> added, Optional<Operand> otherwise) -> {
                map.put("type", "regexReplace");
                map.put("pattern", regex.pattern());
                map.put("replacement", regex.replacement());
                if (!added.isEmpty()) {
                    map.put(
                            "attributes",
                            added.stream().map(Operand.Attribute::name).toList());
                }
                otherwise.ifPresent(o -> map.put("otherwise", operand(o)));
            }
        }
        return map;
    }

    private static void results(Map<String, Object> map, Operand output, Optional<Operand> otherwise) {
        map.put("output", operand(output));
        otherwise.ifPresent(o -> map.put("otherwise", operand(o)));
    }
}
