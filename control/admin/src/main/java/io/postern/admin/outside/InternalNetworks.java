package io.postern.admin.outside;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Addresses that do not belong to the open internet (RFC 6890 and what clouds keep their secrets behind).
final class InternalNetworks {
    private static final int NAT64_PREFIX = 0x0064_ff9b;

    private InternalNetworks() {}

    static boolean contains(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || switch (address) {
                    case Inet4Address four -> isReserved(four.getAddress());
                    case Inet6Address six -> isReserved6(six.getAddress());
                    case InetAddress _ -> true;
                };
    }

    private static boolean isReserved(byte[] bytes) {
        int a = bytes[0] & 0xff;
        int b = bytes[1] & 0xff;
        int c = bytes[2] & 0xff;
        return a == 0 // this network
                || (a == 100 && b >= 64 && b < 128) // shared, carriers' and clouds'
                || (a == 192 && b == 0 && c == 0) // protocol assignments
                || (a == 198 && (b == 18 || b == 19)) // benchmarks
                || a >= 240; // reserved, broadcast
    }

    /// Unique local ones, and those that carry an address of IPv4 inside.
    private static boolean isReserved6(byte[] bytes) {
        boolean uniqueLocal = (bytes[0] & 0xfe) == 0xfc;
        int first =
                ((bytes[0] & 0xff) << 24) | ((bytes[1] & 0xff) << 16) | ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
        if (first == NAT64_PREFIX) {
            return inner(bytes, 12);
        }
        if ((first >>> 16) == 0x2002) { // 6to4
            return inner(bytes, 2);
        }
        boolean compatible = true;
        for (int i = 0; i < 12; i++) {
            compatible &= bytes[i] == 0;
        }
        return uniqueLocal || (compatible && inner(bytes, 12)) || first == 0x2001_0000; // Teredo
    }

    private static boolean inner(byte[] bytes, int from) {
        try {
            return contains(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
