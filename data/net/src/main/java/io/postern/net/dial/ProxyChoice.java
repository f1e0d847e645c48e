package io.postern.net.dial;

import io.netty.util.NetUtil;
import io.postern.net.LocalNames;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a connection goes through an HTTP proxy, and through which.
///
/// @param proxy absent: everything goes straight
/// @param except what goes straight all the same
/// @param loopbackToo false: this machine's own names and addresses go straight whatever the rules say; to a
///     proxy on another machine they would mean that machine
/// @param origin where this was said, for messages: `connector.yaml`, `--proxy`, `HTTPS_PROXY`
public record ProxyChoice(Optional<HttpProxy> proxy, NoProxy except, boolean loopbackToo, String origin) {
    public static ProxyChoice none() {
        return new ProxyChoice(Optional.empty(), NoProxy.nothing(), false, "");
    }

    /// For a target that is handed to the proxy by name.
    public Optional<HttpProxy> towards(String host, int port) {
        byte @Nullable [] literal = NetUtil.createByteArrayFromIpAddressString(host);
        boolean isOwn = literal == null ? LocalNames.isLocal(host) : isLoopback(literal);
        return proxy.filter(p -> (loopbackToo || !isOwn) && !except.names(host, port));
    }

    /// For a target whose address we have found and checked ourselves.
    public Optional<HttpProxy> towards(String host, InetAddress address, int port) {
        return proxy.filter(p -> (loopbackToo || !address.isLoopbackAddress()) && !except.names(host, address, port));
    }

    private static boolean isLoopback(byte[] address) {
        try {
            return InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a literal is an address", e);
        }
    }
}
