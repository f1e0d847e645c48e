package io.postern.net;

import io.netty.resolver.InetNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The JDK's resolver, which blocks, called on virtual threads; loops get futures. Loops that ask for
/// the same name at the same time share one look-up. Answers live [#TTL_NANOS], failures are not kept:
/// a backend that appears in DNS is found by the next request.
///
/// The system is asked and not a DNS server: hosts file, search list, split DNS of a VPN and local caches
/// count as they do for every other program of the machine, and it is the system's cache that keeps the time
/// to live of records. Ours is shorter than any that is in use (docs/decisions/2026-11-21-ways-out.md).
final class DnsOnVirtualThreads {
    private static final long TTL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Names come from configuration, so there are few; the bound guards against a mistake.
    private static final int NAMES_MAX = 1_024;

    /// Look-ups under way: more means that DNS is down, and waiting threads would pile up.
    private static final int LOOKUPS_MAX = 256;

    static {
        // the JDK keeps answers for 30 s and failures for 10 s of its own, without a way to forget one
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    /// How a name becomes addresses; blocks.
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    private record Answer(List<InetAddress> addresses, long atNanos) {}

    private final Lookup lookup;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, List<Promise<List<InetAddress>>>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();

    /// Length of the address by which a name was reached last, when that was not the first choice.
    private final Map<String, Integer> families = new ConcurrentHashMap<>();

    DnsOnVirtualThreads() {
        this(InetAddress::getAllByName);
    }

    DnsOnVirtualThreads(Lookup lookup) {
        this.lookup = lookup;
    }

    Future<List<InetAddress>> resolve(String host, EventExecutor executor) {
        if (LocalNames.isLocal(host)) {
            return executor.newSucceededFuture(loopback(host));
        }
        byte @Nullable [] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            return executor.newSucceededFuture(List.of(address(host, literal)));
        }
        String name = host.toLowerCase(Locale.ROOT);
        Answer known = answers.get(name);
        if (known != null && executor.ticker().nanoTime() - known.atNanos < TTL_NANOS) {
            return executor.newSucceededFuture(ordered(name, known.addresses));
        }
        Promise<List<InetAddress>> promise = executor.newPromise();
        var first = new boolean[1];
        waiting.compute(name, (key, present) -> {
            first[0] = present == null;
            List<Promise<List<InetAddress>>> all = present == null ? new ArrayList<>() : present;
            all.add(promise);
            return all;
        });
        if (first[0]) {
            start(name, executor);
        }
        return promise;
    }

    private void start(String name, EventExecutor executor) {
        if (lookups.incrementAndGet() > LOOKUPS_MAX) {
            lookups.decrementAndGet();
            fail(name, new UnknownHostException(name + ": too many name look-ups are waiting for an answer"));
            return;
        }
        Thread.ofVirtual().name("dns-" + name).start(() -> {
            try {
                List<InetAddress> found = List.of(lookup.all(name));
                if (answers.size() >= NAMES_MAX) {
                    answers.clear();
                }
                answers.put(name, new Answer(found, executor.ticker().nanoTime()));
                take(name).forEach(promise -> promise.trySuccess(ordered(name, found)));
            } catch (UnknownHostException e) {
                fail(name, e);
            } catch (RuntimeException e) {
                var failure = new UnknownHostException(name + ": " + e.getMessage());
                failure.initCause(e);
                fail(name, failure);
            } finally {
                lookups.decrementAndGet();
            }
        });
    }

    private void fail(String name, UnknownHostException why) {
        take(name).forEach(promise -> promise.tryFailure(why));
    }

    private List<Promise<List<InetAddress>>> take(String name) {
        List<Promise<List<InetAddress>>> all = waiting.remove(name);
        return all == null ? List.of() : all;
    }

    /// Families take turns (RFC 8305 §4), so that one that leads nowhere delays by a single try. The first is
    /// the one that worked last, else the system's choice (RFC 6724); within a family the order of the answer
    /// stays, by which DNS spreads load.
    private List<InetAddress> ordered(String name, List<InetAddress> found) {
        if (found.size() < 2) {
            return found;
        }
        int first = families.getOrDefault(name, found.getFirst().getAddress().length);
        var ours = new ArrayDeque<InetAddress>();
        var others = new ArrayDeque<InetAddress>();
        found.forEach(address -> (address.getAddress().length == first ? ours : others).add(address));
        var result = new ArrayList<InetAddress>(found.size());
        while (!ours.isEmpty() || !others.isEmpty()) {
            if (!ours.isEmpty()) {
                result.add(ours.remove());
            }
            if (!others.isEmpty()) {
                result.add(others.remove());
            }
        }
        return List.copyOf(result);
    }

    void forget(String host) {
        answers.remove(host.toLowerCase(Locale.ROOT));
    }

    void reached(String host, InetAddress address) {
        String name = host.toLowerCase(Locale.ROOT);
        Answer known = answers.get(name);
        int length = address.getAddress().length;
        if (known == null || known.addresses.getFirst().getAddress().length == length) {
            families.remove(name);
            return;
        }
        if (families.size() >= NAMES_MAX) {
            families.clear();
        }
        families.put(name, length);
    }

    private static List<InetAddress> loopback(String host) {
        return List.of(
                address(host, new byte[] {127, 0, 0, 1}),
                address(host, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
    }

    private static InetAddress address(String host, byte[] bytes) {
        try {
            return InetAddress.getByAddress(host, bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    /// The same for Netty's bootstraps, one per loop.
    static final class Resolver extends InetNameResolver {
        private final DnsOnVirtualThreads dns;

        Resolver(DnsOnVirtualThreads dns, EventExecutor executor) {
            super(executor);
            this.dns = dns;
        }

        @Override
        protected void doResolve(String host, Promise<InetAddress> promise) {
            dns.resolve(host, executor()).addListener((Future<List<InetAddress>> all) -> {
                if (all.isSuccess()) {
                    promise.trySuccess(all.getNow().getFirst());
                } else {
                    promise.tryFailure(all.cause());
                }
            });
        }

        @Override
        protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
            dns.resolve(host, executor()).addListener((Future<List<InetAddress>> all) -> {
                if (all.isSuccess()) {
                    promise.trySuccess(all.getNow());
                } else {
                    promise.tryFailure(all.cause());
                }
            });
        }
    }
}
