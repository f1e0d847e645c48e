package io.postern.connector.serve;

import io.postern.base.AddressBlock;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/// One line of the connector's own `allow` list: hosts or addresses, and the ports there.
///
/// @param name host name or `*.suffix`, lower case; empty when the rule names addresses
/// @param block the addresses; absent when the rule names hosts
/// @param firstPort 1 to 65535
/// @param lastPort not below firstPort
record AllowRule(String name, Optional<AddressBlock> block, int firstPort, int lastPort) {

    /// Reads `wiki.corp`, `*.corp:443`, `10.0.0.0/8:8000-8999`, `192.0.2.7`, `[fd00::]/8:443`.
    ///
    /// @throws IllegalArgumentException with the forms that are understood
    static AllowRule parse(String text) {
        String host = text.strip().toLowerCase(Locale.ROOT);
        int first = 1;
        int last = 65_535;
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && (host.indexOf(':') == colon || (host.indexOf(']') >= 0 && colon > host.lastIndexOf(']')))) {
            String[] ports = host.substring(colon + 1).split("-", -1);
            if (ports.length > 2) {
                throw unclear(text);
            }
            first = port(text, ports[0]);
            last = port(text, ports[ports.length - 1]);
            host = host.substring(0, colon);
        }
        host = host.replace("[", "").replace("]", "");
        Optional<AddressBlock> block = AddressBlock.parse(host);
        boolean isName =
                host.matches("(\\*\\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\\.)*[a-z_]([a-z0-9_-]*[a-z0-9_])?\\.?");
        if (first > last || (block.isEmpty() && !isName)) {
            throw unclear(text);
        }
        return new AllowRule(block.isPresent() ? "" : withoutDot(host), block, first, last);
    }

    /// Whether this rule lets the backend's host, at whatever address it resolved to, be reached.
    boolean names(String host, int port) {
        if (block.isPresent() || port < firstPort || port > lastPort) {
            return false;
        }
        String plain = withoutDot(host.toLowerCase(Locale.ROOT));
        return name.startsWith("*.") ? plain.endsWith(name.substring(1)) : plain.equals(name);
    }

    /// Whether this rule names the very address.
    boolean names(InetAddress address, int port) {
        return block.isPresent() && block.get().contains(address) && port >= firstPort && port <= lastPort;
    }

    /// Whether this rule names the address on purpose: `0.0.0.0/0` does not name the metadata service.
    boolean namesGuarded(InetAddress address, int port, AddressBlock guarded) {
        return names(address, port) && block.isPresent() && block.get().liesIn(guarded);
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static int port(String text, String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw unclear(text);
        }
        return Integer.parseInt(port);
    }

    private static IllegalArgumentException unclear(String text) {
        return new IllegalArgumentException("'" + text + "' is no HOST, *.DOMAIN, ADDRESS or ADDRESS/BITS with an"
                + " optional :PORT or :FIRST-LAST, for example 'wiki.corp:443' or '10.0.0.0/8:8000-8999'");
    }
}
