package io.postern.admin.scim;

import io.postern.admin.service.Actor;
import io.postern.domain.scim.ScimFault;
import io.postern.store.ProvisioningStore.Client;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// One call of a client whose token was good; an operation of a bulk is one too.
///
/// @param query of the URL, or of the body of a search
/// @param ifMatch versions of which the resource must be one; empty: whatever it is
/// @param ifNoneMatch versions that the client has already
/// @param body reads what was sent
record ScimCall(
        Client client,
        Actor actor,
        ListQuery query,
        Optional<String> ifMatch,
        Optional<String> ifNoneMatch,
        Supplier<Map<String, Object>> body) {

    /// @throws ScimFault 412 when the client knows another version than there is (RFC 7644 §3.14)
    boolean expects(String version) {
        if (ifMatch.isPresent() && !isOneOf(ifMatch.get(), version)) {
            throw ScimFault.of(
                    412, "the resource is now of version " + version + ", not of " + ifMatch.get() + "; read it again");
        }
        return true;
    }

    boolean knows(String version) {
        return ifNoneMatch.filter(known -> isOneOf(known, version)).isPresent();
    }

    /// Weak comparison: a gateway before us may have weakened what we said.
    private static boolean isOneOf(String field, String version) {
        return Arrays.stream(field.split(",", -1))
                .map(String::strip)
                .anyMatch(each ->
                        each.equals("*") || each.replaceFirst("^W/", "").equals(version.replaceFirst("^W/", "")));
    }
}
