package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.store.Tenant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an access token is asked for.
///
/// @param granted as they will stand in the answer
/// @param audience `aud` of the access token
/// @param resource the application behind the audience; empty for ourselves
record Scopes(Set<String> granted, String audience, Optional<RelyingParty> resource) {
    /// Audience of tokens that only open the userinfo endpoint: Microsoft Graph's id, as clients expect.
    static final String USER_INFO = "00000003-0000-0000-c000-000000000000";

    static final String ALL = ".default";
    private static final Set<String> OPENID = Set.of("openid", "profile", "email", "offline_access");
    private static final Set<String> PERMISSIONS = Set.of(ALL, "user_impersonation");

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

    /// Names of permissions without their resource, for claim `scp`.
    List<String> permissions() {
        return granted.stream()
                .map(s -> s.contains("/") ? s.substring(s.lastIndexOf('/') + 1) : s)
                .map(s -> s.equals(ALL) ? "user_impersonation" : s)
                .filter(s -> resource.isEmpty() || !OPENID.contains(s))
                .distinct()
                .toList();
    }

    /// @param scope the parameter: words separated by blanks; at most one resource among them
    static Reading read(String scope, Tenant tenant, RelyingParties parties, ServiceAddress address) {
        var granted = new LinkedHashSet<String>();
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
            if (slash <= 0 || !PERMISSIONS.contains(word.substring(slash + 1))) {
                return new Reading.Refused(Fault.scope(word));
            }
            String uri = word.substring(0, slash);
            Optional<RelyingParty> found = Optional.empty();
            String wanted;
            if (address.follow(address.apiAudience()).equals(uri)
                    || address.apiAudience().equals(uri)) {
                wanted = address.apiAudience();
            } else {
                found = parties.resource(tenant, uri);
                if (found.isEmpty()) {
                    return new Reading.Refused(Fault.scope(word));
                }
                wanted = found.get().appId();
            }
            if (audience.isPresent() && !audience.get().equals(wanted)) {
                return new Reading.Refused(Fault.scope(scope)); // one token, one audience
            }
            audience = Optional.of(wanted);
            resource = found;
            granted.add(word);
        }
        granted.remove("offline_access"); // no refresh tokens yet: not granted, and the answer says so
        return granted.isEmpty()
                ? new Reading.Refused(Fault.missing("scope"))
                : new Reading.Read(new Scopes(Set.copyOf(granted), audience.orElse(USER_INFO), resource));
    }
}
