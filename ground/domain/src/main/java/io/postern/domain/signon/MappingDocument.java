package io.postern.domain.signon;

import io.postern.domain.claims.Claim.NameFormat;
import io.postern.domain.claims.ClaimRule;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.ClaimsMapping;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.Operand;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.TokenKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The definition of a claims mapping policy (7.2) as plain maps: the JSON that scripts written for the original send,
/// with its names, whose case does not matter, and numbers and booleans as such or as texts. What it asks for and
/// cannot be had here is a fault that names the place; nothing is dropped.
public final class MappingDocument {
    private static final String NAME_ID = ClaimsPolicy.SOAP + "/nameidentifier";
    private static final Map<String, NameFormat> NAME_FORMATS =
            Stream.of(NameFormat.values()).collect(Collectors.toMap(NameFormat::urn, Function.identity()));
    private static final Map<String, Boolean> FLAGS = Map.of("true", true, "false", false);
    private static final Map<String, String> SPELLINGS = Stream.of(
                    "ClaimsMappingPolicy",
                    "Version",
                    "IncludeBasicClaimSet",
                    "ClaimsSchema",
                    "ClaimsTransformation",
                    "ClaimsTransformations",
                    "Source",
                    "ID",
                    "ExtensionID",
                    "Value",
                    "TransformationId",
                    "SamlClaimType",
                    "JwtClaimType",
                    "SamlNameFormat",
                    "TransformationMethod",
                    "InputClaims",
                    "InputParameters",
                    "OutputClaims",
                    "ClaimTypeReferenceId",
                    "TransformationClaimType",
                    "TreatAsMultiValue")
            .collect(Collectors.toMap(MappingDocument::folded, Function.identity()));

    private MappingDocument() {}

    /// @throws ClaimsFault with the path of what is wrong
    public static ClaimsMapping read(Map<String, ? extends @Nullable Object> definition) {
        return Tree.read(
                spelled(definition),
                tree -> tree.child("ClaimsMappingPolicy", MappingDocument::mapping)
                        .orElseThrow(() -> new ClaimsFault("ClaimsMappingPolicy", "ClaimsMappingPolicy is missing")));
    }

    private static ClaimsMapping mapping(Tree tree) {
        tree.word("Version", 1, Map.of("1", 1));
        boolean basicSet = tree.word("IncludeBasicClaimSet", false, FLAGS);
        List<Entry> schema = tree.all("ClaimsSchema", MappingDocument::entry);
        var steps = new MappingSteps(
                schema,
                Stream.of("ClaimsTransformations", "ClaimsTransformation")
                        .flatMap(name -> tree.all(name, MappingSteps::step).stream())
                        .toList());
        var rules = new ArrayList<ClaimRule>();
        var nameIds = new ArrayList<Rows>();
        for (int i = 0; i < schema.size(); i++) {
            Entry entry = schema.get(i);
            Tree.within("ClaimsSchema[" + i + "]", () -> {
                add(entry, steps, rules, nameIds);
                return entry;
            });
        }
        if (nameIds.size() > 1) {
            throw new ClaimsFault("ClaimsSchema", "the NameID (" + NAME_ID + ") is there twice; keep one");
        }
        return new ClaimsMapping(nameIds.stream().findFirst(), rules, basicSet);
    }

    /// A line of the schema.
    ///
    /// @param reference by which transformations name it; empty: none can
    /// @param operand empty for what a transformation makes
    /// @param transformation its id; empty for the others
    /// @param saml name in assertions, with its namespace
    /// @param jwt name in tokens
    record Entry(
            String reference,
            Optional<Operand> operand,
            Optional<String> transformation,
            Optional<String> saml,
            Optional<String> jwt,
            NameFormat format) {}

    private static Entry entry(Tree tree) {
        Optional<String> id = tree.text("ID");
        Optional<String> extension = tree.text("ExtensionID");
        Optional<String> source = tree.text("Source").map(MappingDocument::folded);
        Optional<String> value = tree.text("Value");
        Optional<String> transformation = tree.text("TransformationId");
        if (source.isPresent() == value.isPresent()) {
            throw new ClaimsFault("Source", "give Source (user or transformation) or Value, one of them");
        }
        if (transformation.isPresent() != source.equals(Optional.of("transformation"))) {
            throw new ClaimsFault("TransformationId", "TransformationId goes with Source transformation, and only so");
        }
        return new Entry(
                folded(id.or(() -> extension).orElse("")),
                transformation.isPresent() ? Optional.empty() : Optional.of(operand(source, value, id, extension)),
                transformation.map(MappingDocument::folded),
                tree.text("SamlClaimType"),
                tree.text("JwtClaimType"),
                tree.word("SamlNameFormat", NameFormat.URI, NAME_FORMATS));
    }

    private static Operand operand(
            Optional<String> source, Optional<String> value, Optional<String> id, Optional<String> extension) {
        if (value.isPresent()) {
            return new Operand.Constant(value.get());
        }
        if (!source.equals(Optional.of("user"))) {
            throw new ClaimsFault(
                    "Source",
                    "'" + source.orElse("") + "' is no source here; use user, transformation or a constant Value");
        }
        if (id.isPresent() == extension.isPresent()) {
            throw new ClaimsFault("ID", "give ID or ExtensionID of the attribute, one of them");
        }
        String field = id.isPresent() ? "ID" : "ExtensionID";
        try {
            return new Operand.Attribute(id.or(() -> extension).orElseThrow());
        } catch (ClaimsFault e) {
            throw new ClaimsFault(field, String.valueOf(e.getMessage()));
        }
    }

    private static void add(Entry entry, MappingSteps steps, List<ClaimRule> rules, List<Rows> nameIds) {
        if (entry.saml().isEmpty() && entry.jwt().isEmpty()) {
            return; // there for transformations to take
        }
        Source source = steps.source(entry);
        boolean multivalued = steps.isMultivalued(entry);
        boolean nameId = entry.saml().equals(Optional.of(NAME_ID));
        boolean both = !nameId && entry.saml().equals(entry.jwt());
        if (nameId) {
            nameIds.add(Rows.of(source));
        } else if (entry.saml().isPresent()) {
            String name = entry.saml().get();
            // what stands before the last slash is the namespace, unless that slash is one of ://
            int slash = name.lastIndexOf('/');
            boolean split = !both && slash > name.indexOf("://") + 2 && slash < name.length() - 1;
            rules.add(new ClaimRule(
                    split ? name.substring(slash + 1) : name,
                    split ? Optional.of(name.substring(0, slash)) : Optional.empty(),
                    entry.format(),
                    multivalued,
                    both ? Set.of(TokenKind.SAML, TokenKind.JWT) : Set.of(TokenKind.SAML),
                    Rows.of(source)));
        }
        if (!both && entry.jwt().isPresent()) {
            rules.add(new ClaimRule(
                    entry.jwt().get(),
                    Optional.empty(),
                    NameFormat.UNSPECIFIED,
                    multivalued,
                    Set.of(TokenKind.JWT),
                    Rows.of(source)));
        }
    }

    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static boolean flag(Tree tree, String name) {
        return tree.word(name, false, FLAGS);
    }

    /// Every known name as this class writes it, every number and boolean as a text.
    private static Map<String, @Nullable Object> spelled(Map<?, ?> map) {
        var spelled = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> {
            String name = SPELLINGS.getOrDefault(folded(String.valueOf(key)), String.valueOf(key));
            if (spelled.containsKey(name)) {
                throw new ClaimsFault(name, name + " is there twice, in two spellings");
            }
            spelled.put(name, plain(value));
        });
        return spelled;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> spelled(map);
            case List<?> list -> list.stream().map(MappingDocument::plain).toList();
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case null -> null;
            default -> value;
        };
    }
}
