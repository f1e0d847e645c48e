package io.postern.identity.journal;

/// What the sign-in log calls the ways in which applications ask who somebody is (5.1).
public enum SignInProtocol {
    /// A page of our own, without an application.
    NONE("none"),
    OAUTH2("oAuth2"),
    DEVICE_CODE("deviceCode"),
    SAML("saml20"),
    WS_FEDERATION("wsFederation");

    private final String text;

    SignInProtocol(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
