package io.postern.admin.service;

import io.postern.domain.InternalUrl;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/// Which internal hosts may be published. The connector checks again before it dials, names included;
/// here the administrator learns of it early.
final class InternalAddresses {
    // where clouds hand out credentials, beside 169.254.169.254 which is link-local
    private static final Set<String> METADATA = Set.of(
            "metadata.google.internal", "metadata", "instance-data", "fd00:ec2:0:0:0:0:0:254", "100.100.100.200");

    private InternalAddresses() {}

    /// @return why it is refused, or empty
    static Optional<String> refusal(InternalUrl url) {
        if (METADATA.contains(url.host())) {
            return Optional.of(metadata(url));
        }
        if (!url.isBareAddress()) {
            return Optional.empty();
        }
        InetAddress address;
        try {
            // a zone would be meaningless on another machine; odd spellings of IPv4 are read differently by
            // different resolvers, so only four decimal numbers are taken
            if (url.host().indexOf('%') >= 0 || isOddlySpelt(url.host())) {
                throw new IllegalArgumentException("odd spelling");
            }
            address = InetAddress.ofLiteral(url.host());
        } catch (IllegalArgumentException e) {
            return Optional.of(
                    "'" + url.host() + "' is not a plain address; write four decimal numbers, or better a name");
        }
        if (METADATA.contains(address.getHostAddress())) {
            return Optional.of(metadata(url));
        }
        if (address.isLinkLocalAddress()) {
            return Optional.of("'" + url.host() + "' is a link-local address, which is never published");
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return Optional.of("'" + url.host() + "' is not the address of one machine");
        }
        return Optional.empty();
    }

    private static boolean isOddlySpelt(String host) {
        return host.indexOf(':') < 0 && !host.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    }

    private static String metadata(InternalUrl url) {
        return "'" + url.host() + "' is where machines get credentials from, which is never published";
    }
}
