package io.postern.connector.serve;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the connector's own host says about TLS towards backends; none of it comes from the service.
///
/// @param authorities trusted instead of the system's; empty: the system's
/// @param moreAuthorities trusted besides those
/// @param clients certificates to show, by the names that applications are published with
public record BackendCredentials(
        List<X509Certificate> authorities,
        List<X509Certificate> moreAuthorities,
        Map<String, ClientCertificate> clients) {
    public static final BackendCredentials NONE = new BackendCredentials(List.of(), List.of(), Map.of());

    public BackendCredentials {
        authorities = List.copyOf(authorities);
        moreAuthorities = List.copyOf(moreAuthorities);
        clients = Map.copyOf(clients);
    }

    public BackendCredentials trustingToo(List<X509Certificate> more) {
        var all = new ArrayList<>(moreAuthorities);
        all.addAll(more);
        return new BackendCredentials(authorities, all, clients);
    }
}
