package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.RequiredAccess;
import io.postern.identity.protocol.Fault;
import io.postern.store.Tenant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What tokens are asked for.
///
/// @param granted the words as they will stand in the answer
/// @param permissions values at the resource, for claim `scp`
/// @param audience `aud` of the access token
/// @param resource the application behind the audience; empty for our API and for ourselves
record Scopes(Set<String> granted, Set<String> permissions, String audience, Optional<RelyingParty> resource) {
    /// Audience of tokens that only open the userinfo endpoint: Microsoft Graph's id, as clients expect.
    static final String USER_INFO = "00000003-0000-0000-c000-000000000000";

    static final String ALL = ".default";
    static final String OFFLINE = "offline_access";
    /// The delegated permission of published applications (1.1) and of our API.
    static final String IMPERSONATION = "user_impersonation";

    static final Set<String> OPENID = Set.of("openid", "profile", "email", OFFLINE);

    Scopes {
        granted = Set.copyOf(granted);
        permissions = Set.copyOf(permissions);
    }

    sealed interface Reading {
        record Read(Scopes scopes) implements Reading {}

        record Refused(Fault fault) implements Reading {}
    }

    boolean openId() {
        return granted.contains("openid");
    }

    /// The token would open another application, or our API, in the user's name.
    boolean isForSomebodyElse(RelyingParty client) {
        return !audience.equals(USER_INFO) && !audience.equals(client.appId());
    }

    /// @param scope the parameter: words separated by blanks; at most one resource among them
    static Reading read(
            String scope, Tenant tenant, RelyingParty client, RelyingParties parties, ServiceAddress address) {
        var granted = new LinkedHashSet<String>();
        var permissions = new LinkedHashSet<String>();
        Optional<String> audience = Optional.empty();
        Optional<RelyingParty> resource = Optional.empty();
        for (String word : scope.split(" ", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            if (OPENID.contains(word)) {
                granted.add(word);
                continue;
            }
            int slash = word.lastIndexOf('/');
            if (slash <= 0) {
                return new Reading.Refused(Fault.scope(word));
            }
            String uri = word.substring(0, slash);
            boolean api = address.follow(address.apiAudience()).equals(uri)
                    || address.apiAudience().equals(uri);
            Optional<RelyingParty> found = api ? Optional.empty() : parties.resource(tenant, uri);
            if (!api && found.isEmpty()) {
                return new Reading.Refused(Fault.scope(word));
            }
            Set<String> meant = permissions(word.substring(slash + 1), client, found);
            if (meant.isEmpty()) {
                return new Reading.Refused(Fault.scope(word));
            }
            String wanted = found.map(RelyingParty::appId).orElse(address.apiAudience());
            if (audience.isPresent() && !audience.get().equals(wanted)) {
                return new Reading.Refused(Fault.scope(scope)); // one token, one audience
            }
            audience = Optional.of(wanted);
            resource = found;
            granted.add(word);
            permissions.addAll(meant);
        }
        if (granted.isEmpty()) {
            return new Reading.Refused(Fault.missing("scope"));
        }
        if (audience.isEmpty()) {
            permissions.addAll(granted); // for the userinfo endpoint
            permissions.remove(OFFLINE);
        }
        return new Reading.Read(new Scopes(granted, permissions, audience.orElse(USER_INFO), resource));
    }

    /// What one word asks of a resource; nothing when it offers no such thing.
    ///
    /// @param resource empty for our API
    private static Set<String> permissions(String value, RelyingParty client, Optional<RelyingParty> resource) {
        Set<String> offered = offered(resource);
        if (!value.equals(ALL)) {
            return offered.contains(value) ? Set.of(value) : Set.of();
        }
        Set<String> declared = resource.map(r -> declared(client, r)).orElse(Set.of());
        return declared.isEmpty() ? offered.isEmpty() ? Set.of(ALL) : offered : declared;
    }

    private static Set<String> offered(Optional<RelyingParty> resource) {
        if (resource.isEmpty()) {
            return Set.of(IMPERSONATION);
        }
        Set<String> values = resource.get().settings().scopes().stream()
                .filter(ExposedScope::enabled)
                .map(ExposedScope::value)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (resource.get().isServedByGateway()) {
            values.add(IMPERSONATION);
        }
        return values;
    }

    /// What the client's registration says that it needs there.
    private static Set<String> declared(RelyingParty client, RelyingParty resource) {
        Set<String> ids = client.settings().requiredAccess().stream()
                .filter(access -> access.resourceAppId().equals(resource.appId()))
                .map(RequiredAccess::scopes)
                .flatMap(java.util.List::stream)
                .collect(Collectors.toUnmodifiableSet());
        return resource.settings().scopes().stream()
                .filter(scope -> scope.enabled() && ids.contains(scope.id()))
                .map(ExposedScope::value)
                .collect(Collectors.toUnmodifiableSet());
    }
}
