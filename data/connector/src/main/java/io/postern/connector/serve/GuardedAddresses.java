package io.postern.connector.serve;

import io.postern.base.AddressBlock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Addresses that no application is published from: link-local and multicast ones, "no address at
/// all", and the places where clouds keep the credentials of a machine. Reached only where the `allow`
/// list names them by address. Loopback is not among them: people publish what runs beside the
/// connector.
final class GuardedAddresses {
    private static final List<AddressBlock> BLOCKS = List.of(
            AddressBlock.of("0.0.0.0/8"), // "this network", RFC 6890; Linux takes 0.0.0.0 as loopback
            AddressBlock.of("169.254.0.0/16"), // link-local; metadata of AWS, Azure, Google, Oracle, ECS
            AddressBlock.of("100.100.100.200/32"), // metadata of Alibaba
            AddressBlock.of("192.0.0.192/32"), // metadata of Oracle, classic
            AddressBlock.of("168.63.129.16/32"), // Azure's wire server
            AddressBlock.of("224.0.0.0/4"), // multicast
            AddressBlock.of("255.255.255.255/32"), // broadcast
            AddressBlock.of("::/128"),
            AddressBlock.of("fe80::/10"), // link-local
            AddressBlock.of("fec0::/10"), // site-local, deprecated
            AddressBlock.of("ff00::/8"), // multicast
            AddressBlock.of("fd00:ec2::/32"), // metadata and DNS of AWS
            AddressBlock.of("fd20:ce::254/128")); // metadata of Google

    // addresses that carry an IPv4 address inside; the gateway of such a net would unwrap it
    private static final AddressBlock NAT64 = AddressBlock.of("64:ff9b::/96");
    private static final AddressBlock NAT64_LOCAL = AddressBlock.of("64:ff9b:1::/48");
    private static final AddressBlock COMPATIBLE = AddressBlock.of("::/96");
    private static final AddressBlock MAPPED = AddressBlock.of("::ffff:0:0/96");
    private static final AddressBlock SIX_TO_FOUR = AddressBlock.of("2002::/16");

    private GuardedAddresses() {}

    /// The guarded block that the address, or an IPv4 address inside it, belongs to.
    static Optional<AddressBlock> blockOf(InetAddress address) {
        for (AddressBlock block : BLOCKS) {
            if (block.contains(address)) {
                return Optional.of(block);
            }
        }
        if (address.isLoopbackAddress()) {
            return Optional.empty(); // ::1 is inside ::/96 but carries no IPv4 address
        }
        byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            if (NAT64.contains(address)
                    || NAT64_LOCAL.contains(address)
                    || COMPATIBLE.contains(address)
                    || MAPPED.contains(address)) {
                return blockOf(ipv4(bytes, 12));
            }
            if (SIX_TO_FOUR.contains(address)) {
                return blockOf(ipv4(bytes, 2));
            }
        }
        return Optional.empty();
    }

    private static InetAddress ipv4(byte[] bytes, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
