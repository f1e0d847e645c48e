package io.postern.domain.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.postern.domain.claims.Claim;
import io.postern.domain.claims.ClaimRule;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.ClaimsMapping;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.GroupClaim;
import io.postern.domain.claims.Operand;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.TokenKind;
import io.postern.domain.claims.Transformation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MappingDocumentTest {
    private static final String PLACE = "ClaimsMappingPolicy.";

    private static Map<String, ?> policy(Object... pairs) {
        return Map.of("ClaimsMappingPolicy", Words.map(pairs));
    }

    private static ClaimsMapping schema(Map<?, ?>... lines) {
        return MappingDocument.read(policy("Version", 1, "ClaimsSchema", List.of(lines)));
    }

    private static Map<String, ?> user(String id, String... types) {
        Map<String, Object> line = Words.map("Source", "user", "ID", id);
        for (int i = 0; i < types.length; i += 2) {
            line.put(types[i], types[i + 1]);
        }
        return line;
    }

    /// A claim `made` that a transformation yields, and lines it may take from.
    private static ClaimsMapping transformed(List<Map<String, Object>> steps) {
        var lines = new ArrayList<Map<String, ?>>(List.of(
                user("mail"),
                user("employeeId"),
                Words.map("Value", "x", "ID", "constant"),
                Words.map("Source", "transformation", "ID", "inner", "TransformationId", "two"),
                Words.map(
                        "Source", "Transformation", "ID", "made", "TransformationId", "one", "JwtClaimType", "made")));
        return MappingDocument.read(policy("ClaimsSchema", List.copyOf(lines), "ClaimsTransformations", steps));
    }

    private static Map<String, Object> step(String id, String method, Map<String, String> in, Map<String, String> set) {
        return Words.map(
                "ID",
                id,
                "TransformationMethod",
                method,
                "InputClaims",
                in.entrySet().stream()
                        .map(e ->
                                Words.map("ClaimTypeReferenceId", e.getValue(), "TransformationClaimType", e.getKey()))
                        .toList(),
                "InputParameters",
                set.entrySet().stream()
                        .map(e -> Words.map("ID", e.getKey(), "Value", e.getValue()))
                        .toList());
    }

    private static Source made(ClaimsMapping mapping) {
        return mapping.rules().getFirst().rows().otherwise().orElseThrow();
    }

    @Test
    void aLineIsAClaimOfAssertionsOfTokensOrOfBoth() {
        ClaimsMapping mapping = schema(
                user("employeeid", "SamlClaimType", "http://x.example/claims/number", "JwtClaimType", "number"),
                user("department", "SamlClaimType", "dep", "JwtClaimType", "dep"),
                user("mail", "SamlClaimType", "urn:oid:0.9.2342", "SamlNameFormat", Claim.NameFormat.BASIC.urn()),
                Words.map("Value", "CAE", "JwtClaimType", "region"),
                Words.map("Source", "user", "ExtensionID", "extension_1a_shoe", "JwtClaimType", "shoe"),
                user("otherMails", "JwtClaimType", "mails"));

        assertEquals(
                List.of(
                        "[SAML] http://x.example/claims number employeeId",
                        "[JWT]  number employeeId",
                        "[JWT, SAML]  dep department",
                        "[SAML]  urn:oid:0.9.2342 mail",
                        "[JWT]  region CAE",
                        "[JWT]  shoe extension_1a_shoe",
                        "[JWT]  mails otherMails"),
                mapping.rules().stream().map(MappingDocumentTest::shown).toList());
        assertEquals(Claim.NameFormat.BASIC, mapping.rules().get(3).nameFormat());
        assertTrue(mapping.rules().getLast().multivalued());
    }

    private static String shown(ClaimRule rule) {
        String from = switch (rule.rows().otherwise().orElseThrow().input()) {
            case Operand.Attribute(String name) -> name;
            case Operand.Constant(String text) -> text;
            case Operand.Pairwise() -> "pairwise";
        };
        return rule.tokens().stream().map(TokenKind::name).sorted().toList() + " "
                + rule.namespace().orElse("") + " " + rule.name() + " " + from;
    }

    @Test
    void namesOfPropertiesMayHaveAnyCaseAndFlagsAndNumbersBeTexts() {
        ClaimsMapping mapping = MappingDocument.read(Map.of(
                "claimsMappingPolicy",
                Map.of(
                        "version",
                        "1",
                        "includeBasicClaimSet",
                        "true",
                        "claimsSchema",
                        List.of(Map.of("source", "User", "id", "MAIL", "jwtClaimType", "m")))));

        assertEquals(List.of("m"), mapping.rules().stream().map(ClaimRule::name).toList());
        assertTrue(mapping.basicSet());
        assertTrue(MappingDocument.read(policy("IncludeBasicClaimSet", true)).basicSet());
    }

    @Test
    void theNameIdentifierIsNoClaimButTheNameId() {
        ClaimsMapping mapping =
                schema(user("employeeid", "SamlClaimType", ClaimsPolicy.SOAP + "/nameidentifier", "JwtClaimType", "n"));

        assertEquals(Optional.of(Rows.of(Source.attribute("employeeId"))), mapping.nameId());
        assertEquals(List.of("n"), mapping.rules().stream().map(ClaimRule::name).toList());
    }

    @Test
    void transformationsTakeLinesAndConstants() {
        assertEquals(
                new Source(
                        new Operand.Attribute("mail"),
                        List.of(new Transformation.Join(".", new Operand.Constant("sandbox")))),
                made(transformed(List.of(step(
                        "One", "Join", Map.of("string1", "mail"), Map.of("string2", "sandbox", "separator", "."))))));
        assertEquals(
                List.of(new Transformation.ExtractMailPrefix(), new Transformation.ToUppercase()),
                made(transformed(List.of(
                                step("one", "ToUppercase()", Map.of("string", "INNER"), Map.of()),
                                step("two", "ExtractMailPrefix", Map.of("mail", "mail"), Map.of()))))
                        .steps());
        assertEquals(
                List.of(Transformation.RegexReplace.of(
                        "^(?'user'.*)@",
                        "{user}-{employeeId}",
                        List.of(new Operand.Attribute("employeeId")),
                        Optional.empty())),
                made(transformed(List.of(step(
                                "one",
                                "RegexReplace",
                                Map.of("sourceClaim", "mail", "employeeid", "employeeId"),
                                Map.of("regex", "^(?'user'.*)@", "replacement", "{user}-{EmployeeID}")))))
                        .steps());
    }

    @ParameterizedTest
    @MethodSource
    void namesThePlaceOfWhatCannotBe(Map<String, ?> definition, String place, String word) {
        ClaimsFault fault = assertThrows(ClaimsFault.class, () -> MappingDocument.read(definition));

        assertEquals(place, fault.field());
        assertTrue(String.valueOf(fault.getMessage()).contains(word), fault.getMessage());
    }

    static Stream<Arguments> namesThePlaceOfWhatCannotBe() {
        return Stream.of(
                arguments(Map.of(), "ClaimsMappingPolicy", "missing"),
                arguments(Map.of("TokenLifetimePolicy", Map.of()), "ClaimsMappingPolicy", "missing"),
                arguments(policy("Version", 2), PLACE + "Version", "'2'"),
                arguments(policy("IncludeBasicClaimSet", "maybe"), PLACE + "IncludeBasicClaimSet", "'maybe'"),
                arguments(policy("GroupFilter", Map.of()), PLACE + "GroupFilter", "'GroupFilter'"),
                arguments(policy("Version", 1, "version", 1), "Version", "twice"),
                arguments(line(Words.map("JwtClaimType", "x")), PLACE + "ClaimsSchema[0].Source", "one of them"),
                arguments(
                        line(Words.map("Source", "user", "Value", "v")),
                        PLACE + "ClaimsSchema[0].Source",
                        "one of them"),
                arguments(
                        line(Words.map("Source", "company", "ID", "displayname", "JwtClaimType", "x")),
                        PLACE + "ClaimsSchema[0].Source",
                        "'company'"),
                arguments(line(Words.map("Source", "user")), PLACE + "ClaimsSchema[0].ID", "one of them"),
                arguments(line(user("shoe", "JwtClaimType", "x")), PLACE + "ClaimsSchema[0].ID", "'shoe'"),
                arguments(line(user("mail", "JwtClaimType", "sub")), PLACE + "ClaimsSchema[0].name", "'sub'"),
                arguments(line(user("mail", "Colour", "x")), PLACE + "ClaimsSchema[0].Colour", "'Colour'"),
                arguments(
                        line(Words.map("Source", "transformation", "JwtClaimType", "x")),
                        PLACE + "ClaimsSchema[0].TransformationId",
                        "goes with"),
                arguments(
                        line(Words.map("Source", "transformation", "TransformationId", "t", "JwtClaimType", "x")),
                        PLACE + "ClaimsSchema[0].TransformationId",
                        "'t'"),
                arguments(
                        line(user("mail", "JwtClaimType", "x"), user("surname", "JwtClaimType", "x")),
                        PLACE + "claims",
                        "'x'"),
                arguments(
                        line(
                                user("mail", "SamlClaimType", ClaimsPolicy.SOAP + "/nameidentifier"),
                                user("surname", "SamlClaimType", ClaimsPolicy.SOAP + "/nameidentifier")),
                        PLACE + "ClaimsSchema",
                        "twice"));
    }

    private static Map<String, ?> line(Map<?, ?>... lines) {
        return policy("ClaimsSchema", List.of(lines));
    }

    @ParameterizedTest
    @MethodSource
    void namesTheTransformationThatCannotBe(List<Map<String, Object>> steps, String word) {
        ClaimsFault fault = assertThrows(ClaimsFault.class, () -> transformed(steps));

        assertTrue(String.valueOf(fault.getMessage()).contains(word), fault.getMessage());
    }

    static Stream<Arguments> namesTheTransformationThatCannotBe() {
        Map<String, String> none = Map.of();
        return Stream.of(
                arguments(List.of(step("one", "IndexOf", none, none)), "'indexof'"),
                arguments(List.of(step("one", "Join", Map.of("string1", "mail"), none)), "'string2'"),
                arguments(
                        List.of(step("one", "Join", Map.of("string1", "mail", "string3", "mail"), none)), "'string3'"),
                arguments(List.of(step("one", "ToLowercase", Map.of("s", "nowhere"), none)), "'nowhere'"),
                arguments(List.of(step("one", "ToLowercase", none, none)), "one claim"),
                arguments(List.of(step("one", "ToLowercase", Map.of("s", "made"), none)), "its own outcome"),
                arguments(List.of(step("one", "RegexReplace", Map.of("sourceClaim", "mail"), none)), "'replacement'"),
                arguments(
                        List.of(step(
                                "one",
                                "RegexReplace",
                                Map.of("sourceClaim", "mail"),
                                Map.of("regex", "(?=x)", "replacement", ""))),
                        "(?=x)"),
                arguments(
                        List.of(
                                step("one", "Join", Map.of("string1", "mail", "string2", "inner"), none),
                                step("two", "ToLowercase", Map.of("s", "mail"), none)),
                        "only its first input"),
                arguments(
                        List.of(
                                step("one", "ToLowercase", Map.of("s", "mail"), none),
                                step("ONE", "ToLowercase", Map.of("s", "mail"), none)),
                        "twice"));
    }

    @Test
    void aPolicyStandsInPlaceOfTheClaimsButNotOfGroupsAudienceAndFormat() {
        ClaimsPolicy own = new ClaimsPolicy(
                ClaimsPolicy.DEFAULT.nameId(),
                List.of(ClaimRule.saml("urn:own", "own", "mail")),
                GroupClaim.of(GroupClaim.Which.SECURITY, GroupClaim.By.ID),
                true,
                true,
                true,
                Optional.of("urn:audience"));

        ClaimsPolicy told = MappingDocument.read(policy(
                        "IncludeBasicClaimSet",
                        "true",
                        "ClaimsSchema",
                        List.of(user("employeeid", "SamlClaimType", ClaimsPolicy.SOAP + "/name"))))
                .over(own);

        assertEquals(
                List.of("givenname", "surname", "emailaddress", "name"),
                told.rules().stream().map(ClaimRule::name).toList());
        assertEquals(own.groups(), told.groups());
        assertEquals(own.audience(), told.audience());
        assertEquals(List.of(), MappingDocument.read(policy()).over(own).rules());
    }

    @Test
    void aChangeThatAPolicyHidesIsRefused() {
        ClaimsMapping mapping = schema(user("employeeid", "SamlClaimType", "urn:number"));
        ClaimsPolicy own = ClaimsPolicy.DEFAULT;
        ClaimsPolicy told = mapping.over(own);

        assertEquals(Optional.of(own), mapping.kept(own, told), "what was read, sent back");
        assertEquals(Optional.of(own), mapping.kept(own, own));
        assertEquals(
                Optional.of(own.withGroups(GroupClaim.of(GroupClaim.Which.ALL, GroupClaim.By.ID))),
                mapping.kept(own, told.withGroups(GroupClaim.of(GroupClaim.Which.ALL, GroupClaim.By.ID))));
        assertEquals(Optional.empty(), mapping.kept(own, own.withRules(List.of())));
    }
}
