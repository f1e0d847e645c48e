package io.postern.identity.protocol;

import io.postern.domain.ServiceAddress;
import io.postern.domain.TenantId;
import io.postern.store.Store;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/// Which addresses that an administrator of a tenant chose may be asked: they must not open our own network to him.
/// Private and loopback addresses are asked only under names that are the tenant's own, or where the operator allows
/// it. The JDK keeps the result of a look-up for half a minute, so a request goes where the check looked.
public final class Destinations {
    private final Store store;
    private final ServiceAddress address;

    public Destinations(Store store, ServiceAddress address) {
        this.store = store;
        this.address = address;
    }

    /// Why the address may not be asked; empty when it may.
    ///
    /// @param plain a name of the tenant's own may be asked without TLS
    /// @param internal whatever its address
    public Optional<String> refusal(TenantId tenant, String url, boolean plain, boolean internal) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            return Optional.of("it is no URL");
        }
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        boolean own = address.isOurs(host)
                || store.read(s -> s.domains().list(tenant)).stream()
                        .anyMatch(domain -> domain.verified().isPresent() && domain.contains(host));
        if (!"https".equals(uri.getScheme()) && !(own && plain && "http".equals(uri.getScheme()))) {
            return Optional.of("it must begin with https://");
        }
        try {
            for (InetAddress one : InetAddress.getAllByName(host)) {
                if (!own && !internal && isInside(one)) {
                    return Optional.of("its name leads to the private address " + one.getHostAddress()
                            + "; add the name to the tenant's domains to allow that");
                }
            }
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("its name has no address");
        }
    }

    private static boolean isInside(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc; // RFC 4193
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || uniqueLocal
                || shared;
    }
}
