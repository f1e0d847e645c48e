package io.postern.domain;

/// The paths that belong to Postern on every published host: nothing below is ever forwarded.
public final class ExternalDoor {
    public static final String RESERVED = "/.postern/";
    /// Redirect URI of the authorization code flow (pre-authentication).
    public static final String CALLBACK = "/.postern/callback";
    /// Ends the application's session in this browser, then goes on to the identity provider's sign-out.
    public static final String SIGN_OUT = "/.postern/signout";

    private ExternalDoor() {}
}
