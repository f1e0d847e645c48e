package io.postern.domain.publish;

/// Attributes of our own cookies at an application (1.8).
///
/// @param httpOnly default yes: safer than the original's
/// @param secure stored for the API's sake; the access cookie is `__Host-` and so always Secure
/// @param persistent the access cookie survives the browser's end until its expiry (CK-5)
/// @param sameSiteNone SameSite=None instead of Lax (CK-1), for applications in frames of other sites
public record OwnCookies(boolean httpOnly, boolean secure, boolean persistent, boolean sameSiteNone) {
    public static final OwnCookies DEFAULT = new OwnCookies(true, true, false, false);
}
