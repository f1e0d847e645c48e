package io.postern.gateway.edge;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Connections of one loop whose TLS handshake is not done, in the order they came. Where there are too many
/// the oldest gives way: an honest client is through within a round trip or two, so the oldest are those that
/// do not mean to be. Confined to its loop.
final class HalfOpen {
    /// Looked through for one that comes from a given address.
    private static final int SEARCHED_MAX = 64;

    private final int max;
    private final Map<Channel, InetAddress> inOrder = new LinkedHashMap<>();

    HalfOpen(int max) {
        this.max = max;
    }

    /// @return one that is to be closed in exchange
    Optional<Channel> entered(Channel channel, InetAddress from) {
        Optional<Channel> eldest = inOrder.size() < max ? Optional.empty() : eldest();
        inOrder.put(channel, from);
        return eldest;
    }

    /// Its handshake is done, or the connection is gone. Twice does no harm.
    void left(Channel channel) {
        inOrder.remove(channel);
    }

    Optional<Channel> eldest() {
        return inOrder.keySet().stream().findFirst();
    }

    Optional<Channel> eldestFrom(InetAddress address) {
        return inOrder.entrySet().stream()
                .limit(SEARCHED_MAX)
                .filter(e -> e.getValue().equals(address))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    int count() {
        return inOrder.size();
    }
}
