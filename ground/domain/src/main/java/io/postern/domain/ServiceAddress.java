package io.postern.domain;

import java.net.URI;
import java.util.Locale;

/// Where the service is reached: base domain and public port, and the names that follow from them.
///
/// @param baseDomain lower case, for example `postern.localhost`
/// @param publicPort the port that user agents use; 443 is left out of URLs
public record ServiceAddress(String baseDomain, int publicPort) {
    public ServiceAddress {
        baseDomain = baseDomain.toLowerCase(Locale.ROOT);
        if (!HostNames.isDomainName(baseDomain)) {
            throw new IllegalArgumentException("base domain '" + baseDomain + "' is not a domain name");
        }
        if (publicPort < 1 || publicPort > 65_535) {
            throw new IllegalArgumentException("public port " + publicPort + " is outside 1 to 65535");
        }
    }

    /// The base domain, or a host below.
    public boolean isOurs(String host) {
        return host.equals(baseDomain) || host.endsWith("." + baseDomain);
    }

    /// For example `https://login.postern.localhost:8443`.
    public String origin(OwnHost host) {
        return origin(host.label());
    }

    /// @param label of a host of ours below the base domain
    public String origin(String label) {
        return "https://" + label + "." + baseDomain + (publicPort == 443 ? "" : ":" + publicPort);
    }

    /// The `iss` of tokens of the tenant.
    public String issuer(TenantId tenant) {
        return origin(OwnHost.LOGIN) + "/" + tenant + "/v2.0";
    }

    /// The `iss` of tokens that prove a user to a backend: another one than [#issuer(TenantId)], so that they open
    /// nothing else.
    public String identityIssuer(TenantId tenant) {
        return origin(OwnHost.LOGIN) + "/" + tenant + "/identity";
    }

    /// The `aud` of tokens for our own API: without the port, so that it survives a move.
    public String apiAudience() {
        return "https://api." + baseDomain;
    }

    /// A stored URL as user agents see it: under the base domain an https URL without a port gets ours.
    public String follow(String stored) {
        if (publicPort == 443 || !stored.startsWith("https://")) {
            return stored;
        }
        URI uri;
        try {
            uri = URI.create(stored);
        } catch (IllegalArgumentException e) {
            return stored;
        }
        String host = uri.getHost();
        if (host == null
                || uri.getPort() != -1
                || uri.getRawUserInfo() != null
                || !host.toLowerCase(Locale.ROOT).endsWith("." + baseDomain)) {
            return stored;
        }
        int end = "https://".length() + host.length();
        return stored.substring(0, end) + ":" + publicPort + stored.substring(end);
    }
}
