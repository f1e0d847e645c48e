package io.postern.connector.serve;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/// A block of addresses in CIDR form; a single address is a block of one.
final class AddressBlock {
    /// 4 or 16 bytes; those after `bits` are zero.
    private final byte[] prefix;

    private final int bits;

    private AddressBlock(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /// Reads `10.0.0.0/8`, `fd00::/8`, `192.0.2.7` or `2001:db8::1`; empty when it is neither.
    static Optional<AddressBlock> parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return Optional.empty();
        }
        int bits = address.length * 8;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
                return Optional.empty();
            }
            bits = Integer.parseInt(length);
        }
        return Optional.of(new AddressBlock(masked(address, bits), bits));
    }

    static AddressBlock of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == prefix.length && Arrays.equals(masked(bytes, bits), prefix);
    }

    /// True when every address of this block lies in `other` too.
    boolean liesIn(AddressBlock other) {
        return prefix.length == other.prefix.length
                && bits >= other.bits
                && Arrays.equals(masked(prefix, other.bits), other.prefix);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressBlock that && bits == that.bits && Arrays.equals(prefix, that.prefix);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(prefix) + bits;
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a prefix has 4 or 16 bytes", e);
        }
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] result = address.clone();
        for (int i = 0; i < result.length; i++) {
            int keep = Math.clamp(bits - i * 8L, 0, 8);
            result[i] &= (byte) (0xff00 >> keep);
        }
        return result;
    }
}
