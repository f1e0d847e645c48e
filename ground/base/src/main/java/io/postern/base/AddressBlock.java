package io.postern.base;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// A block of addresses in CIDR form (RFC 4632, RFC 4291); a single address is a block of one. Names are never
/// looked up. Immutable.
public final class AddressBlock {
    /// Four numbers, or hex groups: neither the short forms of IPv4 nor zones of IPv6.
    private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+");

    private static final int V6_BYTES = 16;

    /// 4 or 16 bytes; those after `bits` are zero.
    private final byte[] prefix;

    private final int bits;

    private AddressBlock(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /// Reads `10.0.0.0/8`, `fd00::/8`, `192.0.2.7` or `2001:db8::1`; empty when it is neither.
    public static Optional<AddressBlock> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> read = literal(literal);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        byte[] address = bytes(read.get(), literal.indexOf(':') >= 0);
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

    public static AddressBlock of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == prefix.length && Arrays.equals(masked(bytes, bits), prefix);
    }

    /// @param address a literal; what is none lies in no block
    public boolean contains(String address) {
        return literal(address).filter(this::contains).isPresent();
    }

    /// True when every address of this block lies in `other` too.
    public boolean liesIn(AddressBlock other) {
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

    private static Optional<InetAddress> literal(String text) {
        try {
            return LITERAL.matcher(text).matches() ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The JDK makes an IPv4 address of one that is mapped into IPv6; as a block it is what was written.
    private static byte[] bytes(InetAddress address, boolean asV6) {
        byte[] bytes = address.getAddress();
        if (!asV6 || bytes.length == V6_BYTES) {
            return bytes;
        }
        byte[] mapped = new byte[V6_BYTES];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, V6_BYTES - bytes.length, bytes.length);
        return mapped;
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
