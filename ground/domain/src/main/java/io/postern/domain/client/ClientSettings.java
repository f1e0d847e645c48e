package io.postern.domain.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a registration says beside its name and its web redirect URIs. All of it has a default, so most
/// applications have none stored.
///
/// @param spaRedirectUris of pages that redeem codes themselves: no secret, refresh tokens for a day
/// @param publicRedirectUris of programs on devices: no secret; a loopback address may have any port
/// @param idTokenClaims optional claims of ID tokens
/// @param accessTokenClaims optional claims of access tokens that are for this application
/// @param frontChannelLogoutUrl loaded in a frame when a user signs out
/// @param backChannelLogoutUrl gets a logout token when a user signs out
/// @param accessTokenLifetime of access tokens for this application; empty: 60 to 90 minutes at random
public record ClientSettings(
        List<String> spaRedirectUris,
        List<String> publicRedirectUris,
        List<ExposedScope> scopes,
        List<RequiredAccess> requiredAccess,
        List<OptionalClaim> idTokenClaims,
        List<OptionalClaim> accessTokenClaims,
        GroupClaims groupClaims,
        Optional<String> frontChannelLogoutUrl,
        Optional<String> backChannelLogoutUrl,
        Optional<Duration> accessTokenLifetime) {
    /// What native clients use that have no address of their own (3.7).
    public static final String NATIVE_CLIENT = "https://login.microsoftonline.com/common/oauth2/nativeclient";

    public static final Duration ACCESS_TOKEN_MIN = Duration.ofMinutes(10);
    public static final Duration ACCESS_TOKEN_MAX = Duration.ofHours(24);

    public static final ClientSettings DEFAULT = new ClientSettings(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            GroupClaims.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public ClientSettings {
        spaRedirectUris = List.copyOf(spaRedirectUris);
        publicRedirectUris = List.copyOf(publicRedirectUris);
        scopes = List.copyOf(scopes);
        requiredAccess = List.copyOf(requiredAccess);
        idTokenClaims = List.copyOf(idTokenClaims);
        accessTokenClaims = List.copyOf(accessTokenClaims);
        accessTokenLifetime.ifPresent(lifetime -> {
            if (lifetime.compareTo(ACCESS_TOKEN_MIN) < 0 || lifetime.compareTo(ACCESS_TOKEN_MAX) > 0) {
                throw new IllegalArgumentException("access tokens of " + lifetime.toMinutes()
                        + " minutes are not possible: 10 minutes to 24 hours are");
            }
        });
    }
}
