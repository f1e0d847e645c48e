package io.postern.domain.snapshot;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate that the edge can present.
///
/// @param hosts lower-case names it is good for; `*.example.com` covers one label
/// @param chain leaf first
public record EdgeCertificate(List<String> hosts, List<X509Certificate> chain, PrivateKey key) {
    public EdgeCertificate {
        hosts = List.copyOf(hosts);
        chain = List.copyOf(chain);
    }

    /// RFC 9525 §6.3: a wildcard stands for exactly one leftmost label.
    public boolean covers(String host) {
        int dot = host.indexOf('.');
        String wildcard = dot > 0 ? "*" + host.substring(dot) : "";
        return hosts.contains(host) || hosts.contains(wildcard);
    }

    @Override
    public String toString() {
        return "EdgeCertificate" + hosts;
    }
}
