package io.postern.domain.signon;

import io.postern.domain.claims.AttributeNames;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.Operand;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.Transformation;
import io.postern.domain.signon.MappingDocument.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The transformations of a claims mapping policy, which name lines of its schema as their inputs, and those lines
/// again transformations.
final class MappingSteps {
    private static final String SOURCE_CLAIM = "sourceclaim";
    private static final Set<String> LISTS = Set.of("otherMails", "proxyAddresses", AttributeNames.ASSIGNED_ROLES);

    /// One transformation.
    ///
    /// @param claims which line of the schema goes in as what; names in lower case
    /// @param parameters constants that go in
    record Step(
            String id,
            String method,
            Map<String, String> claims,
            Map<String, String> parameters,
            List<String> outputs,
            boolean multivalued) {}

    private record Input(String reference, String as, boolean multivalued) {}

    private record Parameter(String id, String value) {}

    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Step> steps = new HashMap<>();

    MappingSteps(List<Entry> schema, List<Step> transformations) {
        for (Entry entry : schema) {
            if (!entry.reference().isEmpty()) {
                entries.putIfAbsent(entry.reference(), entry);
            }
        }
        for (Step step : transformations) {
            if (steps.put(step.id(), step) != null) {
                throw new ClaimsFault("ClaimsTransformations", "transformation '" + step.id() + "' is there twice");
            }
            for (String output : step.outputs()) {
                if (!entries.containsKey(output)) {
                    throw unknown(step, output);
                }
            }
        }
    }

    static Step step(Tree tree) {
        var claims = new LinkedHashMap<String, String>();
        List<Input> inputs = tree.all("InputClaims", MappingSteps::input);
        for (Input input : inputs) {
            if (claims.put(input.as(), input.reference()) != null) {
                throw new ClaimsFault("InputClaims", "two inputs are '" + input.as() + "'");
            }
        }
        var parameters = new LinkedHashMap<String, String>();
        for (Parameter parameter : tree.all("InputParameters", MappingSteps::parameter)) {
            if (parameters.put(parameter.id(), parameter.value()) != null || claims.containsKey(parameter.id())) {
                throw new ClaimsFault("InputParameters", "two inputs are '" + parameter.id() + "'");
            }
        }
        return new Step(
                MappingDocument.folded(tree.need("ID")),
                MappingDocument.folded(tree.need("TransformationMethod")).replace("()", ""),
                claims,
                parameters,
                tree.all("OutputClaims", MappingSteps::output),
                inputs.stream().anyMatch(Input::multivalued));
    }

    private static Input input(Tree tree) {
        return new Input(
                MappingDocument.folded(tree.need("ClaimTypeReferenceId")),
                MappingDocument.folded(tree.need("TransformationClaimType")),
                MappingDocument.flag(tree, "TreatAsMultiValue"));
    }

    private static Parameter parameter(Tree tree) {
        return new Parameter(MappingDocument.folded(tree.need("ID")), tree.need("Value"));
    }

    private static String output(Tree tree) {
        tree.text("TransformationClaimType"); // each has one outcome
        return MappingDocument.folded(tree.need("ClaimTypeReferenceId"));
    }

    Source source(Entry entry) {
        return source(entry, List.of());
    }

    boolean isMultivalued(Entry entry) {
        return entry.transformation()
                .map(id -> named(id).multivalued())
                .orElseGet(() -> entry.operand()
                        .filter(operand -> operand instanceof Operand.Attribute(String name) && LISTS.contains(name))
                        .isPresent());
    }

    /// @param within transformations that wait for this one
    private Source source(Entry entry, List<String> within) {
        if (entry.operand().isPresent()) {
            return new Source(entry.operand().get(), List.of());
        }
        Step step = named(entry.transformation().orElseThrow());
        if (within.contains(step.id())) {
            throw new ClaimsFault("TransformationId", "transformation '" + step.id() + "' takes its own outcome");
        }
        List<String> deeper =
                Stream.concat(within.stream(), Stream.of(step.id())).toList();
        return switch (step.method()) {
            case "join" -> {
                allow(step, Set.of("string1", "string2"), Set.of("string1", "string2", "separator"));
                String separator = step.parameters().getOrDefault("separator", "");
                yield then(
                        input(step, "string1", deeper),
                        new Transformation.Join(separator, plain(step, input(step, "string2", deeper))));
            }
            case "extractmailprefix" -> then(only(step, deeper), new Transformation.ExtractMailPrefix());
            case "tolowercase" -> then(only(step, deeper), new Transformation.ToLowercase());
            case "touppercase" -> then(only(step, deeper), new Transformation.ToUppercase());
            case "regexreplace" -> then(input(step, SOURCE_CLAIM, deeper), replace(step, deeper));
            default ->
                throw new ClaimsFault(
                        "TransformationId",
                        "transformation '" + step.id() + "' has the method '" + step.method()
                                + "', which is none here; use Join, ExtractMailPrefix, ToLowercase, ToUppercase or"
                                + " RegexReplace");
        };
    }

    private static Source then(Source source, Transformation step) {
        return new Source(
                source.input(),
                Stream.concat(source.steps().stream(), Stream.of(step)).toList());
    }

    /// The replacement names inputs by what they go in as; ours by the attribute.
    private Transformation replace(Step step, List<String> deeper) {
        allow(step, step.claims().keySet(), Set.of("regex", "replacement", SOURCE_CLAIM));
        String replacement = parameter(step, "replacement");
        var added = new ArrayList<Operand.Attribute>();
        for (String as : step.claims().keySet()) {
            if (!as.equals(SOURCE_CLAIM)) {
                if (!(plain(step, input(step, as, deeper)) instanceof Operand.Attribute attribute)) {
                    throw fault(step, "'" + as + "' must be an attribute of the user");
                }
                added.add(attribute);
                replacement = replacement.replaceAll("(?i)\\{" + Pattern.quote(as) + "}", "{" + attribute.name() + "}");
            }
        }
        return Transformation.RegexReplace.of(parameter(step, "regex"), replacement, added, Optional.empty());
    }

    private static String parameter(Step step, String id) {
        String value = step.parameters().get(id);
        if (value == null) {
            throw fault(step, "it needs '" + id + "' among its InputParameters");
        }
        return value;
    }

    private Source only(Step step, List<String> deeper) {
        if (step.claims().size() != 1 || !step.parameters().isEmpty()) {
            throw fault(step, "it takes one claim and no parameter");
        }
        return input(step, step.claims().keySet().iterator().next(), deeper);
    }

    private Source input(Step step, String as, List<String> deeper) {
        String constant = step.parameters().get(as);
        if (constant != null) {
            return Source.constant(constant);
        }
        String reference = step.claims().get(as);
        if (reference == null) {
            throw fault(step, "it needs '" + as + "' among its InputClaims");
        }
        Entry entry = entries.get(reference);
        if (entry == null) {
            throw unknown(step, reference);
        }
        return source(entry, deeper);
    }

    private static Operand plain(Step step, Source source) {
        if (!source.steps().isEmpty()) {
            throw fault(step, "only its first input may be the outcome of another transformation");
        }
        return source.input();
    }

    private static void allow(Step step, Set<String> claims, Set<String> parameters) {
        Stream.concat(
                        step.claims().keySet().stream().filter(name -> !claims.contains(name)),
                        step.parameters().keySet().stream().filter(name -> !parameters.contains(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw fault(step, "'" + name + "' is no input of it");
                });
    }

    private Step named(String id) {
        Step step = steps.get(id);
        if (step == null) {
            throw new ClaimsFault(
                    "TransformationId", "there is no transformation '" + id + "' among ClaimsTransformations");
        }
        return step;
    }

    private static ClaimsFault unknown(Step step, String reference) {
        return fault(
                step,
                "'" + reference + "' is the ID of no line of ClaimsSchema; add {\"Source\":\"user\",\"ID\":\""
                        + reference + "\"} there");
    }

    private static ClaimsFault fault(Step step, String what) {
        return new ClaimsFault("ClaimsTransformations", "transformation '" + step.id() + "': " + what);
    }
}
