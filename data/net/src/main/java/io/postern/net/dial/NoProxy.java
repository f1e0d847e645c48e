package io.postern.net.dial;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is reached without the proxy: the entries of `no-proxy` or `NO_PROXY`, in the form that curl and
/// Go agree on. `corp.example` names the host and everything below it, `.corp.example` and `*.corp.example`
/// only what is below, `10.0.0.0/8` and `fd00::/8` addresses, `*` everything; `:PORT` narrows to one port.
public final class NoProxy {
    private sealed interface Entry {
        record Everything() implements Entry {}

        /// @param itself the domain counts too, not only what is below
        record Domain(String name, boolean itself) implements Entry {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Block(byte[] network, int bits) implements Entry {}
    }

    /// @param port 0 is any
    private record Rule(Entry entry, int port) {}

    private static final NoProxy NOTHING = new NoProxy(List.of());

    private final List<Rule> rules;

    private NoProxy(List<Rule> rules) {
        this.rules = rules;
    }

    public static NoProxy nothing() {
        return NOTHING;
    }

    /// @throws IllegalArgumentException naming the entry that is not understood
    public static NoProxy of(List<String> entries) {
        return new NoProxy(entries.stream()
                .map(String::strip)
                .filter(e -> !e.isEmpty())
                .map(NoProxy::rule)
                .toList());
    }

    /// Reads the environment's form: entries apart by commas or spaces.
    public static NoProxy parse(String text) {
        return of(Arrays.asList(text.split("[,\\s]+", -1)));
    }

    public boolean names(String host, int port) {
        String plain = withoutDot(host.toLowerCase(Locale.ROOT));
        byte @Nullable [] literal = NetUtil.createByteArrayFromIpAddressString(plain);
        return names(plain, Optional.ofNullable(literal), port);
    }

    /// For a host whose address is known and counts too.
    public boolean names(String host, InetAddress address, int port) {
        return names(withoutDot(host.toLowerCase(Locale.ROOT)), Optional.of(address.getAddress()), port);
    }

    private boolean names(String host, Optional<byte[]> address, int port) {
        return rules.stream()
                .anyMatch(rule -> (rule.port == 0 || rule.port == port)
                        && switch (rule.entry) {
                            case Entry.Everything() -> true;
                            case Entry.Domain(var name, var itself) ->
                                (itself && host.equals(name)) || host.endsWith("." + name);
                            case Entry.Block(var network, var bits) ->
                                address.isPresent() && isInside(address.get(), network, bits);
                        });
    }

    private static Rule rule(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        int port = 0;
        int colon = host.lastIndexOf(':');
        boolean hasPort =
                colon > 0 && (host.indexOf(':') == colon || (host.indexOf(']') >= 0 && colon > host.lastIndexOf(']')));
        if (hasPort) {
            if (!host.substring(colon + 1).matches("[0-9]{1,5}")) {
                throw unclear(text);
            }
            port = Integer.parseInt(host.substring(colon + 1));
            host = host.substring(0, colon);
        }
        host = host.replace("[", "").replace("]", "");
        if (host.equals("*")) {
            return new Rule(new Entry.Everything(), port);
        }
        int slash = host.indexOf('/');
        byte @Nullable [] address =
                NetUtil.createByteArrayFromIpAddressString(slash < 0 ? host : host.substring(0, slash));
        if (address != null) {
            int all = address.length * 8;
            String bits = slash < 0 ? Integer.toString(all) : host.substring(slash + 1);
            if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > all) {
                throw unclear(text);
            }
            return new Rule(new Entry.Block(address, Integer.parseInt(bits)), port);
        }
        boolean below = host.startsWith(".") || host.startsWith("*.");
        String name = withoutDot(host.substring(!below ? 0 : host.indexOf('.') + 1));
        if (!name.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)*")) {
            throw unclear(text);
        }
        return new Rule(new Entry.Domain(name, !below), port);
    }

    private static boolean isInside(byte[] address, byte[] network, int bits) {
        if (address.length != network.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if (((address[i >> 3] ^ network[i >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static IllegalArgumentException unclear(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not understood; write a host, .domain, ADDRESS, ADDRESS/BITS or *, each with an"
                        + " optional :PORT");
    }
}
