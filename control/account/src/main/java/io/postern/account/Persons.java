package io.postern.account;

import io.postern.domain.GroupId;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.Person;
import io.postern.domain.claims.Person.Membership;
import io.postern.domain.directory.AppRole;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.store.Assignment;
import io.postern.store.Assignment.PrincipalType;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Users as the rules of claims see them: facts of several tables at one instant.
public final class Persons {
    private Persons() {}

    /// @param policy groups are read only where it asks for some
    public static Person of(Stores stores, User user, ServicePrincipal resource, ClaimsPolicy policy, Instant now) {
        return of(stores, user, resource, policy.asksForGroups(), now);
    }

    /// @param groups are read only where somebody asks for some
    public static Person of(Stores stores, User user, ServicePrincipal resource, boolean groups, Instant now) {
        Map<String, List<String>> attributes = new TreeMap<>(user.attributes().values());
        attributes.put("displayName", List.of(user.displayName()));
        user.givenName().ifPresent(name -> attributes.put("givenName", List.of(name)));
        user.surname().ifPresent(name -> attributes.put("surname", List.of(name)));
        user.mail().ifPresent(mail -> attributes.put("mail", List.of(mail)));
        return new Person(
                user.tenant(),
                user.id().value(),
                user.userPrincipalName(),
                // nobody here is at home in another tenant of this service, so guests come from outside
                user.attributes().userType().equals(Attributes.GUEST) ? Person.Kind.EXTERNAL_GUEST : Person.Kind.MEMBER,
                attributes,
                groups ? groups(stores, user, resource, now) : List.of(),
                Set.copyOf(stores.roles().rolesOf(user.tenant(), user.id().value())),
                appRoles(stores, user, resource, now));
    }

    private static List<Membership> groups(Stores stores, User user, ServicePrincipal resource, Instant now) {
        Set<String> assigned = stores.assignments().ofResource(user.tenant(), resource.id()).stream()
                .filter(assignment -> assignment.principalType() == PrincipalType.GROUP && assignment.isInForce(now))
                .map(Assignment::principal)
                .collect(Collectors.toSet());
        var groups = new ArrayList<Membership>();
        for (GroupId id : stores.groups().groupsOf(user.tenant(), user.id())) {
            stores.groups()
                    .find(user.tenant(), id)
                    .ifPresent(group -> groups.add(new Membership(
                            id.value(), group.displayName(), true, assigned.contains(id.value()), Optional.empty())));
        }
        return groups;
    }

    private static List<String> appRoles(Stores stores, User user, ServicePrincipal resource, Instant now) {
        List<AppRole> known = stores.applications()
                .findByAppId(resource.appId())
                .map(Application::appRoles)
                .orElse(List.of());
        if (known.isEmpty()) {
            return List.of();
        }
        Set<String> held = new HashSet<>();
        stores.assignments()
                .inForce(user.tenant(), resource.id(), user.id(), now)
                .forEach(assignment -> held.add(assignment.appRoleId()));
        return known.stream()
                .filter(role ->
                        role.enabled() && role.memberTypes().contains(AppRole.Member.USER) && held.contains(role.id()))
                .flatMap(role -> role.value().stream())
                .toList();
    }
}
