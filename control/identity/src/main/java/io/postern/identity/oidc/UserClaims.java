package io.postern.identity.oidc;

import io.postern.domain.GroupId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.directory.AppRole;
import io.postern.domain.directory.Attributes;
import io.postern.store.Assignment;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What tokens say of a user because of the application that reads them: roles in it, groups, optional claims.
final class UserClaims {
    /// More than this many are named by a link instead (0.2).
    static final int GROUPS_MAX = 200;

    private final Store store;
    private final ServiceAddress address;

    UserClaims(Store store, ServiceAddress address) {
        this.store = store;
        this.address = address;
    }

    /// @param reader the application that the token is for
    /// @param optional which optional claims its registration wants in this kind of token
    void add(Map<String, Object> claims, User user, RelyingParty reader, List<OptionalClaim> optional, Instant now) {
        store.read(s -> {
            List<GroupId> groups = s.groups().groupsOf(user.tenant(), user.id());
            List<Assignment> held = assignments(s, user, groups, now).stream()
                    .filter(a -> a.resource().equals(reader.principal().id()))
                    .toList();
            Set<String> roles = roles(reader, held, AppRole.Member.USER);
            if (!roles.isEmpty()) {
                claims.put("roles", List.copyOf(roles));
            }
            addGroups(claims, user, groups, held, reader.settings().groupClaims());
            if (wantsDirectoryRoles(reader.settings().groupClaims())) {
                List<String> wids = s.roles().rolesOf(user.tenant(), user.id().value());
                if (!wids.isEmpty()) {
                    claims.put("wids", wids);
                }
            }
            return claims;
        });
        for (OptionalClaim claim : optional) {
            value(claim.name(), user).ifPresent(value -> claims.putIfAbsent(claim.name(), value));
        }
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
                        .toList(),
                AppRole.Member.APPLICATION));
    }

    private static List<Assignment> assignments(Stores s, User user, List<GroupId> groups, Instant now) {
        return Stream.concat(Stream.of(user.id().value()), groups.stream().map(GroupId::value))
                .flatMap(principal -> s.assignments().ofPrincipal(user.tenant(), principal).stream())
                .filter(a -> a.isInForce(now))
                .toList();
    }

    private static Set<String> roles(RelyingParty resource, List<Assignment> held, AppRole.Member member) {
        Map<String, AppRole> known = resource.application().appRoles().stream()
                .collect(Collectors.toUnmodifiableMap(AppRole::id, Function.identity()));
        return held.stream()
                .map(Assignment::appRoleId)
                .map(known::get)
                .filter(role ->
                        role != null && role.enabled() && role.memberTypes().contains(member))
                .flatMap(role -> role.value().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void addGroups(
            Map<String, Object> claims, User user, List<GroupId> groups, List<Assignment> held, GroupClaims which) {
        Set<String> assigned = held.stream().map(Assignment::principal).collect(Collectors.toCollection(HashSet::new));
        List<String> said = groups.stream()
                .map(GroupId::value)
                .filter(id -> switch (which) {
                    case SECURITY_GROUP, ALL -> true;
                    case APPLICATION_GROUP -> assigned.contains(id);
                    case NONE, DIRECTORY_ROLE -> false;
                })
                .sorted()
                .toList();
        if (said.size() > GROUPS_MAX) {
            claims.put("_claim_names", Map.of("groups", "src1"));
            claims.put(
                    "_claim_sources",
                    Map.of(
                            "src1",
                            Map.of(
                                    "endpoint",
                                    address.origin(OwnHost.API) + "/v1.0/users/" + user.id() + "/memberOf")));
        } else if (!said.isEmpty()) {
            claims.put("groups", said);
        }
    }

    private static boolean wantsDirectoryRoles(GroupClaims which) {
        return which == GroupClaims.ALL || which == GroupClaims.DIRECTORY_ROLE;
    }

    private static Optional<? extends Object> value(String claim, User user) {
        Attributes known = user.attributes();
        return switch (claim) {
            case "upn" -> Optional.of(user.userPrincipalName());
            case "email", "verified_primary_email" -> user.mail();
            case "given_name" -> user.givenName();
            case "family_name" -> user.surname();
            case "acct" -> Optional.of(known.userType().equals(Attributes.GUEST) ? 1 : 0);
            case "ctry" -> known.first("country");
            case "onprem_sid" -> known.first("onPremisesSecurityIdentifier");
            case "in_corp", "ipaddr", "idp" -> Optional.empty(); // not known of a stored user
            case "xms_pl" -> known.first(Attributes.PREFERRED_LANGUAGE);
            default -> known.first(claim);
        };
    }
}
