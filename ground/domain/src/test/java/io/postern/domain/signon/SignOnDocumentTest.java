package io.postern.domain.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.claims.ClaimsFault;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SignOnDocumentTest {
    private static final TenantId TENANT = TenantId.random();
    private static final AppId APP = AppId.random();

    private static SamlSignOn read(Map<String, ?> document) {
        return SignOnDocument.read(TENANT, APP, document);
    }

    @Test
    void anEmptyDocumentIsTheDefaultAndComesBackWhole() {
        SamlSignOn empty = read(Map.of());

        assertEquals(SamlSignOn.of(TENANT, APP), empty);
        assertEquals(empty, read(SignOnDocument.write(empty)));
    }

    @Test
    void everythingThatCanBeSaidComesBackAsItWas() {
        Map<String, Object> claims = Map.of(
                "nameId",
                Map.of("format", "persistent", "configurations", List.of(Map.of("attribute", "user.employeeid"))),
                "claims",
                List.of(
                        claim("a", step("type", "join", "separator", ".", "second", Map.of("attribute", "surname"))),
                        claim("b", step("type", "toLowercase"), step("type", "toUppercase")),
                        claim(
                                "c",
                                step(
                                        "type",
                                        "contains",
                                        "value",
                                        "x",
                                        "output",
                                        Map.of("value", "y"),
                                        "otherwise",
                                        Map.of("pairwiseId", true))),
                        claim("d", step("type", "startsWith", "value", "x", "output", Map.of("value", "y"))),
                        claim("e", step("type", "endsWith", "value", "x", "output", Map.of("value", "y"))),
                        claim("f", step("type", "extractAfter", "value", "_")),
                        claim("g", step("type", "extractBefore", "value", "_")),
                        claim("h", step("type", "extractBetween", "value", "_", "secondValue", "-")),
                        claim("i", step("type", "extractAlphaPrefix"), step("type", "extractAlphaSuffix")),
                        claim("j", step("type", "extractNumericPrefix"), step("type", "extractNumericSuffix")),
                        claim("k", step("type", "ifEmpty", "output", Map.of("attribute", "mail"))),
                        claim("l", step("type", "ifNotEmpty", "output", Map.of("attribute", "mail"))),
                        claim(
                                "m",
                                step("type", "substring", "start", 1),
                                step("type", "substring", "start", 0, "length", 2)),
                        claim(
                                "n",
                                step(
                                        "type",
                                        "regexReplace",
                                        "pattern",
                                        "^(?<n>.*)$",
                                        "replacement",
                                        "{n}{country}",
                                        "attributes",
                                        List.of("country"))),
                        claim("o", step("type", "extractMailPrefix"))),
                "groupClaim",
                Map.of(
                        "groups",
                        "assigned",
                        "sourceAttribute",
                        "displayName",
                        "filter",
                        Map.of("attribute", "displayName", "type", "startsWith", "value", "S"),
                        "regexReplace",
                        Map.of("pattern", "a", "replacement", "b"),
                        "name",
                        "memberOf",
                        "namespace",
                        "urn:x"),
                "includeBasicClaimSet",
                false,
                "audienceOverride",
                "urn:other");
        SamlSignOn signOn = read(Map.of(
                "preferredSingleSignOnMode",
                "saml",
                "identifierUris",
                List.of("urn:a"),
                "replyUrls",
                List.of(Map.of("url", "https://a.example/acs", "index", 1, "isDefault", true)),
                "signing",
                Map.of("option", "both", "algorithm", "sha1", "roleDescriptors", false),
                "claimsPolicy",
                claims));

        assertEquals(signOn, read(SignOnDocument.write(signOn)));
        assertEquals(15, signOn.claims().rules().size());
    }

    private static Map<String, Object> step(Object... pairs) {
        var map = new java.util.LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static Map<String, Object> claim(String name, Map<?, ?>... steps) {
        return Map.of(
                "name",
                name,
                "tokenFormat",
                List.of("saml", "jwt"),
                "configurations",
                List.of(
                        Map.of("attribute", "mail", "transformations", List.of(steps)),
                        Map.of("condition", Map.of("userType", "allGuests", "memberOf", List.of("g")), "value", "z")));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments(Map.of("replyURLs", List.of()), "replyURLs"),
                arguments(Map.of("replyUrls", "https://a.example"), "replyUrls"),
                arguments(reply("http://a.example/acs"), "replyUrls[0].url"),
                arguments(Map.of("claimsPolicy", "x"), "claimsPolicy"),
                arguments(Map.of("replyUrls", List.of("x")), "replyUrls[0]"),
                arguments(reply("/acs"), "replyUrls[0].url"),
                arguments(reply("javascript:alert(1)"), "replyUrls[0].url"),
                arguments(reply("https://user@a.example/"), "replyUrls[0].url"),
                arguments(reply("https://a.example/#x"), "replyUrls[0].url"),
                arguments(Map.of("loginUrl", "javascript:alert(1)"), "loginUrl"),
                arguments(Map.of("preferredSingleSignOnMode", "SAML"), "preferredSingleSignOnMode"),
                arguments(Map.of("requests", Map.of("requireSigned", true)), "requests.certificates"),
                arguments(Map.of("encryption", Map.of("activeKeyId", "x")), "encryption.activeKeyId"),
                arguments(
                        Map.of("encryption", Map.of("certificates", List.of(Map.of("key", "AAAA")))),
                        "encryption.certificates[0].key"),
                arguments(Map.of("notificationEmailAddresses", List.of("nobody")), "notificationEmailAddresses"),
                arguments(
                        Map.of("claimsPolicy", Map.of("claims", List.of(claim("a", step("type", "magic"))))),
                        "claimsPolicy.claims[0].configurations[0].transformations[0].type"),
                arguments(
                        Map.of(
                                "claimsPolicy",
                                Map.of(
                                        "claims",
                                        List.of(claim(
                                                "a",
                                                step("type", "regexReplace", "pattern", "(", "replacement", ""))))),
                        "claimsPolicy.claims[0].configurations[0].transformations[0].pattern"));
    }

    private static Map<String, Object> reply(String url) {
        return Map.of("replyUrls", List.of(Map.of("url", url)));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsPath(Map<String, Object> document, String path) {
        assertEquals(path, assertThrows(ClaimsFault.class, () -> read(document)).field());
    }
}
