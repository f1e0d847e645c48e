package io.postern.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNamesTest {
    private final EventExecutor loop = new DefaultEventExecutor();
    private final AtomicInteger lookups = new AtomicInteger();

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "wiki.postern.localhost", "a.localhost."})
    void namesUnderLocalhostAreLoopbackAndNeverLookedUp(String name) throws Exception {
        List<InetAddress> found = await(names(host -> {
                    throw new UnknownHostException(host);
                })
                .resolve(name, loop));

        assertEquals("127.0.0.1", found.getFirst().getHostAddress());
        assertTrue(found.stream().allMatch(InetAddress::isLoopbackAddress));
    }

    @ParameterizedTest
    @CsvSource({"notlocalhost,false", "localhost.example,false", "localhost,true"})
    void onlyTheLastLabelCounts(String name, boolean expected) {
        assertEquals(expected, LocalNames.isLocal(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "::1"})
    void addressesAreThemselves(String literal) throws Exception {
        List<InetAddress> found = await(names(host -> {
                    throw new UnknownHostException(host);
                })
                .resolve(literal, loop));

        assertEquals(List.of(InetAddress.getByName(literal)), found);
    }

    @Test
    void asksOnceForManyThatWaitAndRemembers() throws Exception {
        var go = new CountDownLatch(1);
        LocalNames names = names(host -> {
            lookups.incrementAndGet();
            awaitQuietly(go);
            return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})};
        });

        Future<List<InetAddress>> first = names.resolve("wiki.corp", loop);
        Future<List<InetAddress>> second = names.resolve("WIKI.corp", loop);
        assertFalse(first.isDone());
        go.countDown();

        assertEquals(await(first), await(second));
        await(names.resolve("wiki.corp", loop));
        assertEquals(1, lookups.get());
    }

    @Test
    void doesNotRememberFailures() throws Exception {
        LocalNames names = names(host -> {
            if (lookups.incrementAndGet() == 1) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})};
        });

        Future<List<InetAddress>> first = names.resolve("wiki.corp", loop);
        assertTrue(first.await(20, TimeUnit.SECONDS));
        assertInstanceOf(UnknownHostException.class, first.cause());

        assertEquals(1, await(names.resolve("wiki.corp", loop)).size());
    }

    @Test
    void familiesTakeTurnsAndTheOneThatWorkedGoesFirst() throws Exception {
        InetAddress four1 = InetAddress.ofLiteral("10.0.0.1");
        InetAddress four2 = InetAddress.ofLiteral("10.0.0.2");
        InetAddress six = InetAddress.ofLiteral("fd00::1");
        LocalNames names = names(host -> new InetAddress[] {four1, four2, six});

        assertEquals(List.of(four1, six, four2), await(names.resolve("wiki.corp", loop)));
        names.reached("wiki.corp", six);
        assertEquals(List.of(six, four1, four2), await(names.resolve("wiki.corp", loop)));
        names.reached("wiki.corp", four2);
        assertEquals(List.of(four1, six, four2), await(names.resolve("wiki.corp", loop)));
    }

    @Test
    void asksAnewAfterAFailure() throws Exception {
        LocalNames names = names(host -> new InetAddress[] {
            InetAddress.getByAddress(host, new byte[] {10, 0, 0, (byte) lookups.incrementAndGet()})
        });

        assertEquals(
                "10.0.0.1", await(names.resolve("wiki.corp", loop)).getFirst().getHostAddress());
        names.forget("Wiki.corp");
        assertEquals(
                "10.0.0.2", await(names.resolve("wiki.corp", loop)).getFirst().getHostAddress());
    }

    @Test
    void servesNettysBootstraps() throws Exception {
        LocalNames names = names(host -> new InetAddress[] {InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})});

        InetSocketAddress found =
                await(names.getResolver(loop).resolve(InetSocketAddress.createUnresolved("wiki.corp", 80)));

        assertEquals(80, found.getPort());
        assertEquals("10.0.0.1", found.getAddress().getHostAddress());
        names.close();
    }

    private static LocalNames names(DnsOnVirtualThreads.Lookup lookup) {
        return new LocalNames(new DnsOnVirtualThreads(lookup));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        assertTrue(future.await(20, TimeUnit.SECONDS));
        assertTrue(future.isSuccess(), () -> String.valueOf(future.cause()));
        return future.getNow();
    }
}
