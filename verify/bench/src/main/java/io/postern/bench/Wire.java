package io.postern.bench;

import io.postern.fixtures.DelayRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/// What lies between the two hops: nothing, or a long way.
sealed interface Wire {
    /// @return the port to dial in order to reach the loopback port `port` over this wire
    int to(int port);

    record Near() implements Wire {
        @Override
        public int to(int port) {
            return port;
        }
    }

    /// @param oneWay added in each direction
    record Far(Workbench bench, Duration oneWay) implements Wire {
        @Override
        public int to(int port) {
            var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            return bench.keep(DelayRelay.open(target, oneWay.multipliedBy(2))).port();
        }
    }
}
