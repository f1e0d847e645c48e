package io.postern.admin;

import io.postern.domain.UserId;
import io.postern.fixtures.PostgresServer;
import io.postern.fixtures.TempFolder;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// How many operations of SCIM a second: find by name, create, change, join a group, leave it, delete, by several
/// clients at once, in a tenant with many users. No test; run its main with `sqlite` or `postgresql`, how many users
/// there are, how many clients and how many rounds each makes.
final class ScimRate {
    private static final int OPERATIONS = 6; // of one round

    private static final Map<String, LongAdder> TIMES = new ConcurrentHashMap<>();

    private ScimRate() {}

    public static void main(String[] arguments) throws Exception {
        int users = Integer.parseInt(arguments[1]);
        int clients = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        try (TempFolder folder = TempFolder.create("scim");
                var service = new Installation(
                        folder.file("."),
                        Clock.systemUTC(),
                        OutsideSettings.DEFAULTS,
                        DatabaseAddress.parse(
                                arguments[0].equals("sqlite")
                                        ? "sqlite:" + folder.file("postern.db")
                                        : PostgresServer.shared().createDatabase()))) {
            fill(service, users);
            ScimInstallation scim = ScimInstallation.of(service, "load");
            var groups = new ArrayList<String>();
            for (int i = 0; i < 20; i++) {
                groups.add(scim.group("Group " + i));
            }
            run(scim, groups, clients, rounds / 4, "warm");
            TIMES.clear();
            Instant begun = Instant.now();
            run(scim, groups, clients, rounds, "run");
            double seconds = (Instant.now().toEpochMilli() - begun.toEpochMilli()) / 1000.0;
            int operations = clients * rounds * OPERATIONS;
            System.out.printf(
                    "%s, %d users, %d clients: %d operations in %.1f s, %.0f a second%n",
                    arguments[0], users, clients, operations, seconds, operations / seconds);
            TIMES.forEach(
                    (name, sum) -> System.out.printf("  %s %.1f ms%n", name, sum.sum() / 1e6 / (clients * rounds)));
        }
        System.exit(0); // the shared database ends with the process
    }

    private static void fill(Installation service, int count) {
        service.store.write(stores -> {
            for (int i = 0; i < count; i++) {
                stores.users()
                        .insert(new User(
                                service.tenant.id(),
                                UserId.random(),
                                "filled" + i + "@contoso.example",
                                "Filled " + i,
                                Optional.of("F"),
                                Optional.of("Illed"),
                                Optional.empty(),
                                true,
                                Optional.empty(),
                                false,
                                Instant.now(),
                                Instant.now()));
            }
            return count;
        });
    }

    private static void run(ScimInstallation scim, List<String> groups, int clients, int rounds, String prefix)
            throws Exception {
        var next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Integer>>();
            for (int c = 0; c < clients; c++) {
                Callable<Integer> one = () -> {
                    for (int i = 0; i < rounds; i++) {
                        int number = next.incrementAndGet();
                        round(scim, prefix + number, groups.get(number % groups.size()));
                    }
                    return rounds;
                };
                running.add(threads.submit(one));
            }
            for (Future<Integer> each : running) {
                each.get();
            }
        }
    }

    private static void round(ScimInstallation scim, String name, String group) {
        timed("find", () -> expect(200, scim.find("Users", "userName eq \"" + name + "@contoso.example\"")));
        var id = new AtomicReference<String>();
        timed("create", () -> id.set(scim.user(name)));
        String user = "/Users/" + id.get();
        timed(
                "change",
                () -> expect(200, scim.patch(user, "{\"op\":\"Replace\",\"path\":\"title\",\"value\":\"Guide\"}")));
        timed(
                "join",
                () -> expect(
                        204,
                        scim.patch(
                                "/Groups/" + group,
                                "{\"op\":\"Add\",\"path\":\"members\",\"value\":[{\"value\":\"" + id.get() + "\"}]}")));
        timed(
                "disable",
                () -> expect(200, scim.patch(user, "{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}")));
        timed("delete", () -> expect(204, scim.delete(user)));
    }

    private static void timed(String name, Runnable operation) {
        long begun = System.nanoTime();
        operation.run();
        TIMES.computeIfAbsent(name, _ -> new LongAdder()).add(System.nanoTime() - begun);
    }

    private static void expect(int status, Installation.Response response) {
        if (response.status() != status) {
            throw new IllegalStateException(
                    response.status() + " " + response.raw().body());
        }
    }
}
