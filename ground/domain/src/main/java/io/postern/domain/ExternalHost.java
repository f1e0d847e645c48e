package io.postern.domain;

import java.util.Locale;

/// The host name under which an application is reached from outside: lower case, no trailing dot, no
/// port, never an address literal (PUB-3); or a wildcard, `*.apps.example` (WILD-1).
public record ExternalHost(String value) {
    public ExternalHost {
        value = value.toLowerCase(Locale.ROOT);
        if (!HostNames.isDomainName(value) && !HostNames.isWildcard(value)) {
            throw new IllegalArgumentException(
                    "'" + value + "' is not a host name; an external URL needs a domain name, not an address (PUB-3)");
        }
    }

    public boolean isWildcard() {
        return value.startsWith("*");
    }

    /// The host itself, or one below this wildcard.
    public boolean covers(ExternalHost other) {
        return value.equals(other.value) || (isWildcard() && HostNames.isUnder(value, other.value));
    }

    @Override
    public String toString() {
        return value;
    }
}
