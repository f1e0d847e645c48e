package io.postern.identity.oidc;

import io.postern.domain.client.ExposedScope;
import io.postern.store.AuditEntry;
import io.postern.store.PermissionGrant;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/// Who agreed that a client acts for a user elsewhere, or stays signed in for him. What a client learns by signing a
/// user in to itself needs nobody's word: an administrator registered it.
final class Consents {
    private final Store store;
    private final Clock clock;

    Consents(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// What was asked for and nobody has allowed yet; empty when all is well.
    ///
    /// @param byResource permissions by the audience that offers them; [Scopes#USER_INFO] for staying signed in
    /// @param administratorOnly one of them only an administrator can allow
    record Missing(Map<String, Set<String>> byResource, boolean administratorOnly) {
        boolean isNothing() {
            return byResource.isEmpty();
        }
    }

    Missing missing(RelyingParty client, User user, Scopes scopes) {
        Map<String, Set<String>> needed = needed(client, scopes);
        if (!needed.isEmpty()) {
            List<PermissionGrant> grants = store.read(s ->
                    s.permissionGrants().of(user.tenant(), client.principal().id(), user.id()));
            for (PermissionGrant grant : grants) {
                Optional.ofNullable(needed.get(grant.resource())).ifPresent(set -> set.removeAll(grant.scopes()));
            }
            needed.values().removeIf(Set::isEmpty);
        }
        return new Missing(needed, needsAdministrator(scopes, needed));
    }

    /// All that the scopes need, allowed or not: for a page that asks again.
    Missing all(RelyingParty client, Scopes scopes) {
        Map<String, Set<String>> needed = needed(client, scopes);
        return new Missing(needed, needsAdministrator(scopes, needed));
    }

    private static Map<String, Set<String>> needed(RelyingParty client, Scopes scopes) {
        var needed = new java.util.TreeMap<String, Set<String>>();
        if (client.application().system()) {
            return needed; // our own programs
        }
        if (scopes.granted().contains(Scopes.OFFLINE)) {
            needed.computeIfAbsent(Scopes.USER_INFO, _ -> new TreeSet<>()).add(Scopes.OFFLINE);
        }
        if (scopes.isForSomebodyElse(client)) {
            needed.computeIfAbsent(scopes.audience(), _ -> new TreeSet<>()).addAll(scopes.permissions());
        }
        return needed;
    }

    /// Our API changes the service itself, by its URL and by its application id; of other resources each scope says it.
    private static boolean needsAdministrator(Scopes scopes, Map<String, Set<String>> needed) {
        Set<String> there = needed.getOrDefault(scopes.audience(), Set.of());
        if (scopes.audience().equals(Scopes.USER_INFO) || there.isEmpty()) {
            return false;
        }
        if (scopes.resource()
                .filter(resource -> !resource.application().system())
                .isEmpty()) {
            return true;
        }
        Set<String> closed = scopes.resource().get().settings().scopes().stream()
                .filter(scope -> !scope.userMayConsent())
                .map(ExposedScope::value)
                .collect(Collectors.toUnmodifiableSet());
        return there.stream().anyMatch(closed::contains);
    }

    /// @param forEverybody by an administrator, for all users of the tenant
    void allow(RelyingParty client, User by, boolean forEverybody, Missing missing, Optional<String> address) {
        Instant now = clock.instant();
        Optional<io.postern.domain.UserId> principal = forEverybody ? Optional.empty() : Optional.of(by.id());
        store.write(s -> {
            missing.byResource().forEach((resource, scopes) -> {
                Optional<PermissionGrant> known =
                        s.permissionGrants().of(by.tenant(), client.principal().id(), by.id()).stream()
                                .filter(g -> g.resource().equals(resource)
                                        && g.principal().equals(principal))
                                .findFirst();
                var all = new TreeSet<>(scopes);
                known.ifPresent(grant -> all.addAll(grant.scopes()));
                s.permissionGrants()
                        .put(new PermissionGrant(
                                by.tenant(),
                                known.map(PermissionGrant::id)
                                        .orElseGet(() -> UUID.randomUUID().toString()),
                                client.principal().id(),
                                principal,
                                resource,
                                all,
                                now));
            });
            audit(s, client, by, forEverybody, missing, address, now);
            return missing;
        });
    }

    private static void audit(
            Stores stores,
            RelyingParty client,
            User by,
            boolean forEverybody,
            Missing missing,
            Optional<String> address,
            Instant now) {
        String scopes = missing.byResource().values().stream()
                .flatMap(Set::stream)
                .sorted()
                .collect(Collectors.joining(" "));
        stores.audit()
                .append(AuditEntry.of(
                                by.tenant(),
                                now,
                                "Consent to application",
                                "ApplicationManagement",
                                AuditEntry.Initiator.of(by.id().value(), by.userPrincipalName(), address),
                                new AuditEntry.Target(
                                        "ServicePrincipal",
                                        client.principal().id().value(),
                                        client.application().displayName()))
                        .with(Map.of("consentType", forEverybody ? "AllPrincipals" : "Principal", "scopes", scopes)));
    }
}
