package io.postern.identity.oidc;

import io.postern.account.Persons;
import io.postern.domain.AppId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.claims.Claim;
import io.postern.domain.claims.ClaimRule;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.GroupClaim;
import io.postern.domain.claims.Issue;
import io.postern.domain.claims.Issued;
import io.postern.domain.claims.PairwiseIds;
import io.postern.domain.claims.Person;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.TokenKind;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.directory.AppRole;
import io.postern.domain.directory.Attributes;
import io.postern.domain.signon.SamlSignOn;
import io.postern.identity.protocol.Opaque;
import io.postern.store.Assignment;
import io.postern.store.Store;
import io.postern.store.User;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What tokens say of a user because of the application that reads them: roles in it, groups, optional claims. The
/// application's claims policy decides, the one that its assertions go by too; what its registration asks for
/// (`optionalClaims`, `groupMembershipClaims`) stands in it as rules.
final class UserClaims {
    /// The profile, which a policy may say differently. Whom a token is about, by whom and for whom, it may not.
    private static final Set<String> PROFILE = Set.of("name", "given_name", "family_name", "email");

    /// Attributes behind the optional claims whose names differ from theirs.
    private static final Map<String, String> ATTRIBUTES = Map.of(
            "upn", "userPrincipalName",
            "email", "mail",
            "verified_primary_email", "mail",
            "given_name", "givenName",
            "family_name", "surname",
            "ctry", "country",
            "onprem_sid", "onPremisesSecurityIdentifier",
            "xms_pl", "preferredLanguage");

    private static final String GUEST = "acct"; // 1 for a guest: the one number among texts

    private final Store store;
    private final PairwiseIds pairwise;
    private final ServiceAddress address;

    UserClaims(Store store, PairwiseIds pairwise, ServiceAddress address) {
        this.store = store;
        this.pairwise = pairwise;
        this.address = address;
    }

    /// @param reader the application that the token is for
    /// @param optional which optional claims its registration wants in this kind of token
    void add(Map<String, Object> claims, User user, RelyingParty reader, List<OptionalClaim> optional, Instant now) {
        AppId app = reader.application().appId();
        ClaimsPolicy policy = policy(
                store.read(s -> s.samlSignOns().stored(user.tenant(), app))
                        .map(SamlSignOn::claims)
                        .orElse(ClaimsPolicy.DEFAULT),
                reader.settings().groupClaims(),
                optional);
        Person person = store.read(s -> Persons.of(s, user, reader.principal(), policy, now));
        Issued issued = policy.evaluate(
                person,
                new Issue(
                        TokenKind.JWT,
                        app,
                        address.issuer(user.tenant()),
                        pairwise,
                        Optional.empty(),
                        Optional.of(groupsLink(user)),
                        Opaque::random));
        Set<String> texts = policy.rules().stream()
                .filter(rule -> !rule.multivalued())
                .map(ClaimRule::name)
                .collect(Collectors.toUnmodifiableSet());
        for (Claim claim : issued.claims()) {
            Object value = texts.contains(claim.name()) ? claim.values().getFirst() : claim.values();
            if (PROFILE.contains(claim.name())) {
                claims.put(claim.name(), value);
            } else {
                claims.putIfAbsent(claim.name(), value);
            }
        }
        if (optional.contains(new OptionalClaim(GUEST))) {
            claims.putIfAbsent(GUEST, user.attributes().userType().equals(Attributes.GUEST) ? 1 : 0);
        }
        if (issued.groupsOverage()) {
            claims.put("_claim_names", Map.of("groups", "src1"));
            claims.put("_claim_sources", Map.of("src1", Map.of("endpoint", groupsLink(user))));
        }
    }

    /// What the registration asks for fills the gaps of the policy: its own rules and its own groups go first.
    private static ClaimsPolicy policy(ClaimsPolicy said, GroupClaims registered, List<OptionalClaim> optional) {
        List<ClaimRule> own = said.rules().stream()
                .filter(rule -> rule.tokens().contains(TokenKind.JWT))
                .toList();
        Set<String> named = own.stream().map(ClaimRule::name).collect(Collectors.toUnmodifiableSet());
        Stream<ClaimRule> more = optional.stream()
                .map(OptionalClaim::name)
                .filter(name -> !named.contains(name))
                .distinct()
                .flatMap(name -> rule(name).stream());
        ClaimsPolicy whole = said.withRules(
                Stream.concat(own.stream(), more).limit(ClaimsPolicy.RULES_MAX).toList());
        return said.groups().which() == GroupClaim.Which.NONE
                ? whole.withGroups(GroupClaim.of(
                        switch (registered) {
                            case NONE -> GroupClaim.Which.NONE;
                            case SECURITY_GROUP -> GroupClaim.Which.SECURITY;
                            case DIRECTORY_ROLE -> GroupClaim.Which.DIRECTORY_ROLES;
                            case APPLICATION_GROUP -> GroupClaim.Which.ASSIGNED;
                            case ALL -> GroupClaim.Which.ALL;
                        },
                        GroupClaim.By.ID))
                : whole;
    }

    /// Empty for what no stored user has, such as his address of the moment.
    private static Optional<ClaimRule> rule(String claim) {
        try {
            return Optional.of(new ClaimRule(
                    claim,
                    Optional.empty(),
                    Claim.NameFormat.UNSPECIFIED,
                    false,
                    Set.of(TokenKind.JWT),
                    Rows.of(Source.attribute(ATTRIBUTES.getOrDefault(claim, claim)))));
        } catch (ClaimsFault e) {
            return Optional.empty();
        }
    }

    private String groupsLink(User user) {
        return address.origin(OwnHost.API) + "/v1.0/users/" + user.id() + "/memberOf";
    }

    /// Values of the roles that a service principal has in an application (member type Application).
    Set<String> rolesOf(RelyingParty client, RelyingParty resource, Instant now) {
        return store.read(s -> roles(
                resource,
                s
                        .assignments()
                        .ofPrincipal(
                                client.principal().tenant(),
                                client.principal().id().value())
                        .stream()
                        .filter(a -> a.isInForce(now)
                                && a.resource().equals(resource.principal().id()))
                        .toList()));
    }

    private static Set<String> roles(RelyingParty resource, List<Assignment> held) {
        Map<String, AppRole> known = resource.application().appRoles().stream()
                .collect(Collectors.toUnmodifiableMap(AppRole::id, Function.identity()));
        return held.stream()
                .map(Assignment::appRoleId)
                .map(known::get)
                .filter(role ->
                        role != null && role.enabled() && role.memberTypes().contains(AppRole.Member.APPLICATION))
                .flatMap(role -> role.value().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
