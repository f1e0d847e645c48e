package io.postern.domain;

import java.util.Locale;

/// The host name under which an application is reached from outside: lower case, no trailing dot, no
/// port, never an address literal (PUB-3).
public record ExternalHost(String value) {
    public ExternalHost {
        value = value.toLowerCase(Locale.ROOT);
        if (!HostNames.isDomainName(value)) {
            throw new IllegalArgumentException(
                    "'" + value + "' is not a host name; an external URL needs a domain name, not an address (PUB-3)");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
