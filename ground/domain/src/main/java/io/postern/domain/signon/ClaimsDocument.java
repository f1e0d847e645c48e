package io.postern.domain.signon;

import io.postern.domain.claims.Claim.NameFormat;
import io.postern.domain.claims.ClaimRule;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.Condition;
import io.postern.domain.claims.GroupClaim;
import io.postern.domain.claims.NameIdFormat;
import io.postern.domain.claims.NameIdRule;
import io.postern.domain.claims.RegexReplacement;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.TokenKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A claims policy as plain maps, with the names of the API (docs/api.md "Sign-on").
public final class ClaimsDocument {
    private static final Map<String, NameFormat> NAME_FORMATS = Map.of(
            "unspecified", NameFormat.UNSPECIFIED,
            "uri", NameFormat.URI,
            "basic", NameFormat.BASIC);
    private static final Map<String, Optional<NameIdFormat>> NAME_ID_FORMATS = Map.of(
            "default", Optional.empty(),
            "persistent", Optional.of(NameIdFormat.PERSISTENT),
            "emailAddress", Optional.of(NameIdFormat.EMAIL_ADDRESS),
            "unspecified", Optional.of(NameIdFormat.UNSPECIFIED),
            "windowsDomainQualifiedName", Optional.of(NameIdFormat.WINDOWS_DOMAIN_QUALIFIED_NAME));
    private static final Map<String, Condition.Users> USERS = Map.of(
            "any", Condition.Users.ANY,
            "members", Condition.Users.MEMBERS,
            "allGuests", Condition.Users.ALL_GUESTS,
            "entraGuests", Condition.Users.ENTRA_GUESTS,
            "externalGuests", Condition.Users.EXTERNAL_GUESTS);
    private static final Map<String, GroupClaim.Which> WHICH = Map.of(
            "none", GroupClaim.Which.NONE,
            "all", GroupClaim.Which.ALL,
            "security", GroupClaim.Which.SECURITY,
            "directoryRoles", GroupClaim.Which.DIRECTORY_ROLES,
            "assigned", GroupClaim.Which.ASSIGNED);
    private static final Map<String, GroupClaim.By> BY = Map.of(
            "id", GroupClaim.By.ID,
            "samAccountName", GroupClaim.By.SAM_ACCOUNT_NAME,
            "netBiosDomainAndSamAccountName", GroupClaim.By.NETBIOS_SAM,
            "dnsDomainAndSamAccountName", GroupClaim.By.DNS_SAM,
            "onPremisesSecurityIdentifier", GroupClaim.By.SECURITY_IDENTIFIER,
            "displayName", GroupClaim.By.DISPLAY_NAME);
    private static final Map<String, GroupClaim.Filter.Kind> KINDS = Map.of(
            "startsWith", GroupClaim.Filter.Kind.PREFIX,
            "endsWith", GroupClaim.Filter.Kind.SUFFIX,
            "contains", GroupClaim.Filter.Kind.CONTAINS);
    private static final Map<String, TokenKind> TOKENS = Map.of("saml", TokenKind.SAML, "jwt", TokenKind.JWT);

    private ClaimsDocument() {}

    /// @throws io.postern.domain.claims.ClaimsFault with the path of what is wrong
    public static ClaimsPolicy read(Map<String, ?> document) {
        return Tree.read(document, ClaimsDocument::policy);
    }

    static ClaimsPolicy policy(Tree tree) {
        return new ClaimsPolicy(
                tree.child("nameId", ClaimsDocument::nameId).orElse(NameIdRule.DEFAULT),
                tree.has("claims") ? tree.all("claims", ClaimsDocument::rule) : ClaimsPolicy.DEFAULT.rules(),
                tree.child("groupClaim", ClaimsDocument::groupClaim).orElse(GroupClaim.NONE),
                tree.flag("includeRoles", true),
                tree.flag("includeBasicClaimSet", true),
                tree.flag("includeApplicationIdInIssuer", false),
                tree.text("audienceOverride"));
    }

    private static NameIdRule nameId(Tree tree) {
        Optional<NameIdFormat> format = tree.word("format", Optional.empty(), NAME_ID_FORMATS);
        return new NameIdRule(format, tree.has("configurations") ? Optional.of(rows(tree)) : Optional.empty());
    }

    private static ClaimRule rule(Tree tree) {
        Set<TokenKind> tokens = EnumSet.noneOf(TokenKind.class);
        for (String token : tree.texts("tokenFormat")) {
            tokens.add(Words.of("tokenFormat", token, TOKENS));
        }
        return new ClaimRule(
                tree.need("name"),
                tree.text("namespace").filter(text -> !text.isEmpty()),
                tree.word("samlAttributeNameFormat", NameFormat.URI, NAME_FORMATS),
                tree.flag("multivalued", false),
                tokens.isEmpty() ? Set.of(TokenKind.SAML) : tokens,
                rows(tree));
    }

    static Rows rows(Tree tree) {
        var conditional = new ArrayList<Rows.Row>();
        var otherwise = new ArrayList<Source>();
        for (Configuration configuration : tree.all("configurations", ClaimsDocument::configuration)) {
            configuration
                    .condition()
                    .ifPresentOrElse(
                            condition -> conditional.add(new Rows.Row(condition, configuration.source())),
                            () -> otherwise.add(configuration.source()));
        }
        if (otherwise.size() > 1) {
            throw new ClaimsFault(
                    "configurations", "two rows have no condition; the first could never count, so give it one");
        }
        return new Rows(otherwise.stream().findFirst(), conditional);
    }

    private record Configuration(Optional<Condition> condition, Source source) {}

    private static Configuration configuration(Tree tree) {
        return new Configuration(tree.child("condition", ClaimsDocument::condition), SourceDocument.source(tree));
    }

    private static Condition condition(Tree tree) {
        return new Condition(tree.word("userType", Condition.Users.ANY, USERS), new HashSet<>(tree.texts("memberOf")));
    }

    static GroupClaim groupClaim(Tree tree) {
        return new GroupClaim(
                tree.word("groups", GroupClaim.Which.NONE, WHICH),
                tree.word("sourceAttribute", GroupClaim.By.ID, BY),
                tree.child(
                        "filter",
                        filter -> new GroupClaim.Filter(
                                filter.word("attribute", GroupClaim.By.DISPLAY_NAME, BY),
                                filter.word("type", GroupClaim.Filter.Kind.PREFIX, KINDS),
                                filter.need("value"))),
                tree.child(
                        "regexReplace",
                        regex -> new RegexReplacement(regex.need("pattern"), regex.need("replacement"), Set.of())),
                tree.text("name"),
                tree.text("namespace"),
                tree.flag("emitAsRoles", false));
    }

    public static Map<String, Object> write(ClaimsPolicy policy) {
        var map = new LinkedHashMap<String, Object>();
        map.put("nameId", nameId(policy.nameId()));
        map.put("claims", policy.rules().stream().map(ClaimsDocument::rule).toList());
        map.put("groupClaim", groupClaim(policy.groups()));
        map.put("includeRoles", policy.roles());
        map.put("includeBasicClaimSet", policy.basicSet());
        map.put("includeApplicationIdInIssuer", policy.applicationIdInIssuer());
        policy.audience().ifPresent(audience -> map.put("audienceOverride", audience));
        return map;
    }

    private static Map<String, Object> nameId(NameIdRule rule) {
        var map = new LinkedHashMap<String, Object>();
        map.put("format", Words.text(rule.format(), NAME_ID_FORMATS));
        rule.rows().ifPresent(rows -> map.put("configurations", rows(rows)));
        return map;
    }

    private static Map<String, Object> rule(ClaimRule rule) {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", rule.name());
        rule.namespace().ifPresent(namespace -> map.put("namespace", namespace));
        map.put("samlAttributeNameFormat", Words.text(rule.nameFormat(), NAME_FORMATS));
        map.put("multivalued", rule.multivalued());
        map.put(
                "tokenFormat",
                rule.tokens().stream()
                        .sorted()
                        .map(token -> Words.text(token, TOKENS))
                        .toList());
        map.put("configurations", rows(rule.rows()));
        return map;
    }

    static List<Map<String, Object>> rows(Rows rows) {
        var list = new ArrayList<Map<String, Object>>();
        rows.otherwise().ifPresent(source -> list.add(SourceDocument.write(source)));
        for (Rows.Row row : rows.conditional()) {
            var map = new LinkedHashMap<String, Object>();
            map.put(
                    "condition",
                    Words.map(
                            "userType",
                            Words.text(row.condition().users(), USERS),
                            "memberOf",
                            row.condition().groups().stream().sorted().toList()));
            map.putAll(SourceDocument.write(row.source()));
            list.add(map);
        }
        return list;
    }

    static Map<String, Object> groupClaim(GroupClaim claim) {
        var map = new LinkedHashMap<String, Object>();
        map.put("groups", Words.text(claim.which(), WHICH));
        map.put("sourceAttribute", Words.text(claim.by(), BY));
        claim.filter()
                .ifPresent(filter -> map.put(
                        "filter",
                        Words.map(
                                "attribute", Words.text(filter.on(), BY),
                                "type", Words.text(filter.kind(), KINDS),
                                "value", filter.text())));
        claim.regex()
                .ifPresent(regex -> map.put(
                        "regexReplace", Words.map("pattern", regex.pattern(), "replacement", regex.replacement())));
        claim.name().ifPresent(name -> map.put("name", name));
        claim.namespace().ifPresent(namespace -> map.put("namespace", namespace));
        map.put("emitAsRoles", claim.asRoles());
        return map;
    }
}
