package io.postern.admin.service;

import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.client.RequiredAccess;
import java.util.List;

/// What is to change of a registration as an OAuth client and resource.
///
/// @param accessTokenMinutes cleared: 60 to 90 minutes at random
public record ClientPatch(
        Edit<List<String>> spaRedirectUris,
        Edit<List<String>> publicRedirectUris,
        Edit<List<ExposedScope>> scopes,
        Edit<List<RequiredAccess>> requiredAccess,
        Edit<List<OptionalClaim>> idTokenClaims,
        Edit<List<OptionalClaim>> accessTokenClaims,
        Edit<GroupClaims> groupClaims,
        Edit<String> frontChannelLogoutUrl,
        Edit<String> backChannelLogoutUrl,
        Edit<Integer> accessTokenMinutes) {
    /// Nothing of it.
    public static final ClientPatch NONE = new ClientPatch(
            Edit.none(),
            Edit.none(),
            Edit.none(),
            Edit.none(),
            Edit.none(),
            Edit.none(),
            Edit.none(),
            Edit.none(),
            Edit.none(),
            Edit.none());

    ClientPatch withScopes(Edit<List<ExposedScope>> other) {
        return new ClientPatch(
                spaRedirectUris,
                publicRedirectUris,
                other,
                requiredAccess,
                idTokenClaims,
                accessTokenClaims,
                groupClaims,
                frontChannelLogoutUrl,
                backChannelLogoutUrl,
                accessTokenMinutes);
    }

    public boolean isNothing() {
        return !(spaRedirectUris.given()
                || publicRedirectUris.given()
                || scopes.given()
                || requiredAccess.given()
                || idTokenClaims.given()
                || accessTokenClaims.given()
                || groupClaims.given()
                || frontChannelLogoutUrl.given()
                || backChannelLogoutUrl.given()
                || accessTokenMinutes.given());
    }
}
