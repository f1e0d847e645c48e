package io.postern.net;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/// Names as our processes see them: `localhost` and everything under it is loopback whatever the
/// system's resolver says (RFC 6761 §6.3), address literals are themselves, other names are looked up on
/// virtual threads and remembered for a short time. Never blocks a loop.
///
/// One per process; use it as a bootstrap's resolver, or ask [#resolve(String, EventExecutor)] to check
/// addresses before dialling them.
public final class LocalNames extends AddressResolverGroup<InetSocketAddress> {
    private final DnsOnVirtualThreads dns;

    public LocalNames() {
        this(new DnsOnVirtualThreads());
    }

    LocalNames(DnsOnVirtualThreads dns) {
        this.dns = dns;
    }

    /// All addresses of a name, in the order in which they should be tried.
    ///
    /// @return completed on `executor`; fails with [UnknownHostException]
    public Future<List<InetAddress>> resolve(String host, EventExecutor executor) {
        return dns.resolve(host, executor);
    }

    /// A connection to the name failed or ended: the next look-up asks anew.
    public void forget(String host) {
        dns.forget(host);
    }

    /// A connection to the name stands: addresses of this family are tried first from now on.
    public void reached(String host, InetAddress address) {
        dns.reached(host, address);
    }

    /// `localhost`, `x.localhost`, with or without the final dot, in any case.
    public static boolean isLocal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new DnsOnVirtualThreads.Resolver(dns, executor).asAddressResolver();
    }
}
