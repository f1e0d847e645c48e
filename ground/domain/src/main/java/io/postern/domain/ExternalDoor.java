package io.postern.domain;

/// The paths that belong to Postern on every published host: nothing below is ever forwarded.
public final class ExternalDoor {
    public static final String RESERVED = "/.postern/";
    /// Redirect URI of the authorization code flow (pre-authentication).
    public static final String CALLBACK = "/.postern/callback";
    /// Ends the application's session in this browser, then goes on to the identity provider's sign-out.
    public static final String SIGN_OUT = "/.postern/signout";

    /// Public keys (RFC 7517) for tokens that prove a user to the backend of an application on this host (IDT-1).
    public static final String IDENTITY_KEYS = "/.postern/identity/jwks.json";

    private ExternalDoor() {}
}
