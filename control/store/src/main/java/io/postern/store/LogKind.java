package io.postern.store;

/// The logs that each tenant has.
public enum LogKind {
    /// Every try to sign in (5.1).
    SIGN_IN,
    /// Every change (5.2).
    AUDIT
}
