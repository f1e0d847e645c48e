package io.postern.identity.access;

/// How somebody comes to be let in. Every way is asked the same questions.
public enum Grant {
    /// A browser with a session, whatever the protocol.
    BROWSER,
    AUTHORIZATION_CODE,
    REFRESH_TOKEN,
    DEVICE_CODE,
    ON_BEHALF_OF
}
