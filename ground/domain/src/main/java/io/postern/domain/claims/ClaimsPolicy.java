package io.postern.domain.claims;

import io.postern.domain.claims.Claim.NameFormat;
import io.postern.domain.claims.Operand.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything that an application is told about its user (3.4.1).
///
/// @param basicSet assertions also say object id, tenant and identity provider
/// @param roles roles of the application are said
/// @param applicationIdInIssuer the issuer of an assertion ends with the application's id
/// @param audience in place of the identifier
public record ClaimsPolicy(
        NameIdRule nameId,
        List<ClaimRule> rules,
        GroupClaim groups,
        boolean roles,
        boolean basicSet,
        boolean applicationIdInIssuer,
        Optional<String> audience) {
    /// Claims of one application at most.
    public static final int RULES_MAX = 100;

    public static final String SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
    public static final String IDENTITY = "http://schemas.microsoft.com/identity/claims";
    /// Stands in place of too many groups.
    public static final String GROUPS_LINK = "groups.link";

    private static final String LINK_SPACE = "http://schemas.microsoft.com/claims";
    private static final int AUDIENCE_MAX = 1024;

    /// Of an application that nobody has adapted.
    public static final ClaimsPolicy DEFAULT = new ClaimsPolicy(
            NameIdRule.DEFAULT,
            List.of(
                    ClaimRule.saml(SOAP, "name", AttributeNames.USER_PRINCIPAL_NAME),
                    ClaimRule.saml(SOAP, "givenname", "givenName"),
                    ClaimRule.saml(SOAP, "surname", "surname"),
                    ClaimRule.saml(SOAP, "emailaddress", "mail")),
            GroupClaim.NONE,
            true,
            true,
            false,
            Optional.empty());

    public ClaimsPolicy {
        rules = List.copyOf(rules);
        if (rules.size() > RULES_MAX) {
            throw new ClaimsFault("claims", rules.size() + " claims; " + RULES_MAX + " are possible");
        }
        Set<String> names = new HashSet<>();
        for (ClaimRule rule : rules) {
            String name = rule.fullName();
            if (!names.add(name)) {
                throw new ClaimsFault(
                        "claims", "claim '" + name + "' is there twice; join the two by conditions or rename one");
            }
        }
        audience.filter(a -> a.isBlank() || a.length() > AUDIENCE_MAX).ifPresent(a -> {
            throw new ClaimsFault(
                    "audienceOverride",
                    "the audience has " + a.length() + " characters; it may have 1 to " + AUDIENCE_MAX);
        });
    }

    /// Without, nobody needs to look up in which groups somebody is.
    public boolean asksForGroups() {
        return groups.which() != GroupClaim.Which.NONE
                || nameId.rows().filter(Rows::asksForGroups).isPresent()
                || rules.stream().anyMatch(rule -> rule.rows().asksForGroups());
    }

    /// What is said about the person in the token. Pure but for `issue.random()`.
    public Issued evaluate(Person person, Issue issue) {
        String pairwise = issue.pairwise().of(person.tenant(), issue.application(), person.id());
        NameId name = nameId.evaluate(
                new Scope(person, pairwise, true),
                issue.requested(),
                issue.random().get());
        var scope = new Scope(person, pairwise, false);
        var claims = new ArrayList<Claim>();
        for (ClaimRule rule : rules) {
            if (rule.tokens().contains(issue.token())) {
                List<String> values = rule.rows()
                        .choose(person)
                        .map(source -> source.values(scope, rule.multivalued()))
                        .orElse(List.of());
                add(claims, rule.name(), namespace(rule, issue.token()), rule.nameFormat(), values);
            }
        }
        if (basicSet && issue.token() == TokenKind.SAML) {
            basic(claims, person, issue);
        }
        return new Issued(name, claims, addGroups(claims, person, issue));
    }

    private static Optional<String> namespace(ClaimRule rule, TokenKind token) {
        return token == TokenKind.SAML ? rule.namespace() : Optional.empty();
    }

    private static void basic(List<Claim> claims, Person person, Issue issue) {
        Optional<String> space = Optional.of(IDENTITY);
        add(claims, "tenantid", space, NameFormat.URI, List.of(person.tenant().value()));
        add(claims, "objectidentifier", space, NameFormat.URI, List.of(person.id()));
        add(claims, "identityprovider", space, NameFormat.URI, List.of(issue.issuer()));
    }

    /// @return whether the groups were too many
    private boolean addGroups(List<Claim> claims, Person person, Issue issue) {
        TokenKind token = issue.token();
        Optional<String> space = token.namespace();
        List<String> names = groups.names(person);
        boolean overage = names.size() > token.groupsMax();
        if (overage) {
            issue.groupsLink()
                    .filter(_ -> token == TokenKind.SAML)
                    .ifPresent(
                            link -> add(claims, GROUPS_LINK, Optional.of(LINK_SPACE), NameFormat.URI, List.of(link)));
        } else if (!groups.asRoles()) {
            boolean renamed = groups.name().isPresent();
            Optional<String> own = renamed && token == TokenKind.JWT ? Optional.empty() : groups.namespace();
            add(claims, groups.name().orElse("groups"), renamed ? own : own.or(() -> space), NameFormat.URI, names);
        }
        List<String> said = groups.asRoles() && groups.which() != GroupClaim.Which.NONE
                ? (overage ? List.of() : names)
                : roles ? person.appRoles() : List.of();
        add(claims, token == TokenKind.SAML ? "role" : "roles", space, NameFormat.URI, said);
        add(
                claims,
                "wids",
                space,
                NameFormat.URI,
                groups.directoryRoles(person).stream().sorted().toList());
        return overage;
    }

    /// A name that is there already stays as it is: rules come first, and no attribute is said twice.
    private static void add(
            List<Claim> claims, String name, Optional<String> namespace, NameFormat format, List<String> values) {
        var claim =
                new Claim(name, namespace, format, values.stream().distinct().toList());
        if (!values.isEmpty()
                && claims.stream().noneMatch(known -> known.fullName().equals(claim.fullName()))) {
            claims.add(claim);
        }
    }

    public ClaimsPolicy withNameId(NameIdRule rule) {
        return new ClaimsPolicy(rule, rules, groups, roles, basicSet, applicationIdInIssuer, audience);
    }

    public ClaimsPolicy withRules(List<ClaimRule> others) {
        return new ClaimsPolicy(nameId, others, groups, roles, basicSet, applicationIdInIssuer, audience);
    }

    public ClaimsPolicy withGroups(GroupClaim claim) {
        return new ClaimsPolicy(nameId, rules, claim, roles, basicSet, applicationIdInIssuer, audience);
    }
}
