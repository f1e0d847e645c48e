package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The floors of the house: who may see whom. Module descriptors keep most of it; between automatic modules
/// and inside a module only this does.
class WallsTest {
    private static final List<String> DATABASE = List.of(
            "java.sql.", "javax.sql.", "org.jdbi.", "com.zaxxer.", "org.flywaydb.", "org.sqlite.", "org.postgresql.");

    /// What the first word of each room may import of ours. A room that is missing here is a fault too.
    private static final Map<String, List<String>> FLOORS = Map.ofEntries(
            Map.entry("base", List.of()),
            Map.entry("domain", List.of("base")),
            Map.entry("token", List.of("base")),
            Map.entry("saml", List.of("base")),
            Map.entry("translate", List.of("base")),
            Map.entry("net", List.of("base")),
            Map.entry("tunnel", List.of("net", "base")),
            Map.entry("gateway", List.of("tunnel", "net", "translate", "token", "domain", "base")),
            Map.entry("connector", List.of("tunnel", "net", "base")),
            Map.entry("sense", List.of("net", "base")),
            Map.entry("store", List.of("domain", "base")),
            Map.entry("pki", List.of("store", "token", "domain", "base")),
            Map.entry("account", List.of("store", "domain", "base")),
            Map.entry("web", List.of("domain", "token", "base")),
            Map.entry("identity", List.of("store", "account", "web", "token", "saml", "domain", "base")),
            Map.entry("admin", List.of("store", "account", "web", "pki", "token", "saml", "domain", "base")),
            Map.entry("run", List.of("*")));

    /// Calls that hold an event loop, with what to do instead. An owner that begins with `*` is a suffix.
    private static final Map<String, String> BLOCKING = Map.ofEntries(
            Map.entry("java.lang.Thread.sleep", "schedule on the loop"),
            Map.entry("java.lang.Thread.join", "react to the end"),
            Map.entry("java.util.concurrent.Future.get", "add a listener"),
            Map.entry("java.util.concurrent.CompletableFuture.get", "whenComplete"),
            Map.entry("java.util.concurrent.CompletableFuture.join", "whenComplete"),
            Map.entry("java.util.concurrent.CountDownLatch.await", "a future and a listener"),
            Map.entry("java.util.concurrent.Semaphore.acquire", "tryAcquire, and queue what must wait"),
            Map.entry("java.util.concurrent.BlockingQueue.take", "poll on the loop"),
            Map.entry("java.util.concurrent.BlockingQueue.put", "offer, and count what is dropped"),
            Map.entry("java.net.InetAddress.getByName", "resolve on a virtual thread"),
            Map.entry("java.net.InetAddress.getAllByName", "resolve on a virtual thread"),
            Map.entry("java.net.InetAddress.getLocalHost", "resolve on a virtual thread"),
            Map.entry(
                    "java.net.InetSocketAddress.<init>(Ljava/lang/String;I)V",
                    "createUnresolved, and resolve on a virtual thread"),
            Map.entry("*Future.sync", "add a listener"),
            Map.entry("*Future.syncUninterruptibly", "add a listener"),
            Map.entry("*Future.await", "add a listener"),
            Map.entry("*Future.awaitUninterruptibly", "add a listener"));

    /// What may block all the same, class and call, each with its reason.
    private static final Map<String, String> MAY_BLOCK = Map.ofEntries(
            Map.entry(
                    "io.postern.gateway.Gateway *Future.awaitUninterruptibly",
                    "binding the listener, on the thread that starts the service"),
            Map.entry(
                    "io.postern.gateway.Gateway java.net.InetSocketAddress.<init>(Ljava/lang/String;I)V",
                    "the listener's own address, on the thread that starts the service"),
            Map.entry(
                    "io.postern.connector.enroll.Enrollment java.lang.Thread.sleep",
                    "between attempts, on the thread that starts the connector, before there is a tunnel"),
            Map.entry(
                    "io.postern.connector.enroll.ServiceCall java.util.concurrent.CompletableFuture.get",
                    "on the thread that starts the connector, before there is a tunnel, or on one of the updater"),
            Map.entry(
                    "io.postern.connector.form.BasicCheck java.util.concurrent.CompletableFuture.join",
                    "on the virtual thread of a question that the service has put"),
            Map.entry(
                    "io.postern.connector.form.DialledBackend java.util.concurrent.CompletableFuture.join",
                    "on the virtual thread of one sign-in at a form"),
            Map.entry(
                    "io.postern.connector.form.LoginSessions java.util.concurrent.Semaphore.acquire",
                    "on the virtual thread of one sign-in at a form, before it begins"),
            Map.entry(
                    "io.postern.connector.kerberos.KerberosCheck"
                            + " java.net.InetSocketAddress.<init>(Ljava/lang/String;I)V",
                    "on the thread of a check that an administrator asked for"),
            Map.entry(
                    "io.postern.net.DnsOnVirtualThreads java.net.InetAddress.getAllByName",
                    "this is the virtual thread on which names are resolved"));

    static Stream<Arguments> walls() {
        Predicate<String> control = in("store", "pki", "account", "web", "identity", "admin");
        Predicate<String> pure = in("base", "domain", "token", "translate");
        return Stream.of(
                Arguments.of("the control plane sees no Netty", control, List.of("io.netty.")),
                Arguments.of(
                        "pure rooms see no Netty and no HTTP",
                        pure,
                        List.of("io.netty.", "io.helidon.", "java.net.http.")),
                Arguments.of("only store.sql sees the database", in("store.sql").negate(), DATABASE),
                Arguments.of(
                        "the data plane sees no control plane library",
                        in("net", "tunnel", "gateway", "connector"),
                        List.of("io.helidon.", "gg.jte.", "org.bouncycastle.")),
                Arguments.of(
                        "only token speaks JOSE",
                        in("token").negate(),
                        List.of("com.nimbusds.jose.", "com.nimbusds.jwt.")),
                Arguments.of(
                        "only connector.directory speaks LDAP",
                        in("connector.directory").negate(),
                        List.of("com.unboundid.")),
                Arguments.of("only web knows the templates", in("web").negate(), List.of("gg.jte.")),
                Arguments.of(
                        "only run knows the command line and the log's backend",
                        in("run").negate(),
                        List.of("picocli.", "ch.qos.logback.")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("walls")
    void holds(String wall, Predicate<String> rooms, List<String> forbidden) {
        var broken = new TreeSet<String>();
        for (Rooms.Used used : Rooms.classes()) {
            if (rooms.test(used.room())) {
                used.types().stream()
                        .filter(type -> forbidden.stream().anyMatch(type::startsWith))
                        .forEach(type -> broken.add(used.name() + " uses " + type));
            }
        }

        assertEquals(new TreeSet<String>(), broken, wall);
    }

    @Test
    void roomsImportDownwardsOnly() {
        var broken = new TreeSet<String>();
        Rooms.typesByRoom().forEach((room, types) -> {
            List<String> allowed = FLOORS.getOrDefault(firstWord(room), List.of());
            for (String used : roomsOf(types)) {
                if (!used.equals(firstWord(room)) && !allowed.contains(used) && !allowed.contains("*")) {
                    broken.add(room + " uses " + used);
                }
            }
        });

        assertEquals(new TreeSet<String>(), broken);
    }

    @Test
    void everyRoomHasAFloor() {
        var rooms = new TreeSet<String>();
        Rooms.typesByRoom().keySet().forEach(room -> rooms.add(firstWord(room)));

        assertEquals(new TreeSet<>(FLOORS.keySet()), rooms);
    }

    @Test
    void theDataPlaneNeverWaits() {
        var waits = new TreeSet<String>();
        for (Rooms.Used used : Rooms.classes()) {
            if (in("net", "tunnel", "gateway", "connector").test(used.room())) {
                used.calls()
                        .forEach(call -> BLOCKING.keySet().stream()
                                .filter(forbidden -> matches(call, forbidden))
                                .forEach(forbidden -> waits.add(outer(used.name()) + " " + forbidden)));
            }
        }
        var broken = waits.stream()
                .filter(wait -> !MAY_BLOCK.containsKey(wait))
                .map(wait -> wait + "; instead: " + BLOCKING.get(wait.substring(wait.indexOf(' ') + 1)))
                .toList();
        var dead = MAY_BLOCK.keySet().stream()
                .filter(wait -> !waits.contains(wait))
                .toList();

        assertEquals(List.of(), broken, "calls that hold an event loop; else name them in MAY_BLOCK with the reason");
        assertEquals(List.of(), dead, "exceptions that nobody needs any more");
    }

    private static boolean matches(String call, String forbidden) {
        String exact = forbidden.contains("(") ? call : call.substring(0, call.indexOf('('));
        return forbidden.startsWith("*")
                ? exact.startsWith("io.netty.") && exact.endsWith(forbidden.substring(1))
                : exact.equals(forbidden);
    }

    private static SortedSet<String> roomsOf(SortedSet<String> types) {
        var rooms = new TreeSet<String>();
        types.stream().filter(type -> type.startsWith(Rooms.OURS)).forEach(type -> rooms.add(firstWord(type)));
        return rooms;
    }

    private static String firstWord(String name) {
        String rest = name.substring(Rooms.OURS.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static String outer(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static Predicate<String> in(String... rooms) {
        return room -> Stream.of(rooms)
                .anyMatch(each -> room.equals(Rooms.OURS + each) || room.startsWith(Rooms.OURS + each + "."));
    }
}
