package io.postern.base;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.Locale;
import java.util.stream.Stream;

/// Lets every name under `localhost` mean loopback for this process, whatever the system's resolver says
/// (RFC 6761 §6.3; many resolvers know `localhost` itself only). Found by the JDK as a service, so it
/// holds for everything that resolves through [InetAddress]. Other names go to the system's resolver.
public final class LocalhostNames extends InetAddressResolverProvider {
    /// For the JDK, which makes one.
    public LocalhostNames() {}

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return new Resolver(configuration.builtinResolver());
    }

    @Override
    public String name() {
        return "localhost-names";
    }

    /// True for `localhost` and every name below it, with or without the dot at the end.
    public static boolean isLocalhost(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    private record Resolver(InetAddressResolver system) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            if (!isLocalhost(host)) {
                return system.lookupByName(host, policy);
            }
            boolean six = (policy.characteristics() & LookupPolicy.IPV4) == 0;
            byte[] loopback = six ? new byte[16] : new byte[] {127, 0, 0, 1};
            if (six) {
                loopback[15] = 1;
            }
            return Stream.of(InetAddress.getByAddress(host, loopback));
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return system.lookupByAddress(address);
        }
    }
}
