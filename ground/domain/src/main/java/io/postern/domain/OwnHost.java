package io.postern.domain;

/// The reserved host labels under the base domain that the service answers itself.
public enum OwnHost {
    LOGIN,
    MYAPPS,
    API,
    CONNECT,
    ADMIN;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
