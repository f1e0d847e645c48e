package io.postern.identity.saml;

import io.postern.domain.claims.Person;
import io.postern.domain.directory.AppRole;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.store.Assignment;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A user as the claims policy of one application sees him.
final class Persons {
    private Persons() {}

    static Person of(Stores s, User user, ServicePrincipal resource, Instant now) {
        List<Assignment> inForce = s.assignments().inForce(user.tenant(), resource.id(), user.id(), now);
        Set<String> assigned = s.assignments().ofResource(user.tenant(), resource.id()).stream()
                .filter(a -> a.principalType() == Assignment.PrincipalType.GROUP && a.isInForce(now))
                .map(Assignment::principal)
                .collect(Collectors.toUnmodifiableSet());
        List<Person.Membership> groups = s.groups().groupsOf(user.tenant(), user.id()).stream()
                .flatMap(id -> s.groups().find(user.tenant(), id).stream())
                .map(group -> new Person.Membership(
                        group.id().value(),
                        group.displayName(),
                        true,
                        assigned.contains(group.id().value()),
                        Optional.empty()))
                .toList();
        return new Person(
                user.tenant(),
                user.id().value(),
                user.userPrincipalName(),
                user.attributes().userType().equals(Attributes.GUEST) ? Person.Kind.EXTERNAL_GUEST : Person.Kind.MEMBER,
                attributes(user),
                groups,
                new HashSet<>(s.roles().rolesOf(user.tenant(), user.id().value())),
                appRoles(s, resource, inForce));
    }

    private static Map<String, List<String>> attributes(User user) {
        var attributes = new HashMap<>(user.attributes().values());
        attributes.put("displayName", List.of(user.displayName()));
        user.givenName().ifPresent(name -> attributes.put("givenName", List.of(name)));
        user.surname().ifPresent(name -> attributes.put("surname", List.of(name)));
        user.mail().ifPresent(mail -> attributes.put("mail", List.of(mail)));
        return attributes;
    }

    private static List<String> appRoles(Stores s, ServicePrincipal resource, List<Assignment> inForce) {
        Map<String, AppRole> roles = s.applications().findByAppId(resource.appId()).stream()
                .map(Application::appRoles)
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableMap(AppRole::id, role -> role));
        return inForce.stream()
                .map(Assignment::appRoleId)
                .flatMap(id -> Optional.ofNullable(roles.get(id)).stream())
                .filter(AppRole::enabled)
                .flatMap(role -> role.value().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
