package io.postern.gateway.edge;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts open connections, all and by address, and says when it is enough. Thread-safe.
final class ConnectionCount {
    private final int max;
    private final int perAddressMax;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    ConnectionCount(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    int open() {
        return open.get();
    }

    /// @return false: one too many, close it; then [#left()] must not be called
    boolean entered() {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    void left() {
        open.decrementAndGet();
    }

    /// @return false: one too many from there; then [#leftFrom] must not be called
    boolean enteredFrom(InetAddress address) {
        if (byAddress.merge(address, 1, Integer::sum) > perAddressMax) {
            leftFrom(address);
            return false;
        }
        return true;
    }

    void leftFrom(InetAddress address) {
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
