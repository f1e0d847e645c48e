package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.service.MembershipUpkeep;
import io.postern.domain.GroupId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.fixtures.PostgresServer;
import io.postern.store.Group;
import io.postern.store.Store;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Dynamic groups of a large tenant. `-Dpostern.membership.users=50000` prints what it takes; no time is asserted.
class MembershipScaleTest {
    private static final int USERS = Integer.getInteger("postern.membership.users", 2_000);
    private static final int DEPARTMENTS = 20;

    @TempDir
    Path folder;

    enum Kind {
        SQLITE,
        POSTGRESQL
    }

    private DatabaseAddress address(Kind kind) {
        return switch (kind) {
            case SQLITE -> new DatabaseAddress.Sqlite(folder.resolve("postern.db"));
            case POSTGRESQL -> DatabaseAddress.parse(PostgresServer.shared().createDatabase());
        };
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneChangeAmongManyIsOneUsersBusiness(Kind kind) {
        try (var service = new Installation(folder, Clock.systemUTC(), OutsideSettings.DEFAULTS, address(kind))) {
            MembershipUpkeep upkeep =
                    service.administration.services().memberships().upkeep();
            List<GroupId> groups = groups(service);
            List<User> users = people(service, USERS);
            upkeep.work();
            int before = size(service, groups.get(1));

            GroupId all = group(service, "user.objectId -ne null -and user.displayName -match \"^u[0-9]+$\"");
            told(kind, "a new rule, everybody joins", upkeep::work);
            assertEquals(USERS, size(service, all));

            User one = users.get(USERS / 2);
            var times = new ArrayList<Duration>();
            for (int i = 0; i < 20; i++) {
                write(service, moved(one, i % 2 == 0 ? 1 : 2));
                Instant begin = Instant.now();
                upkeep.work();
                times.add(Duration.between(begin, Instant.now()));
                assertEquals(i % 2 == 0, in(service, groups.get(1), one.id()));
                assertEquals(i % 2 != 0, in(service, groups.get(2), one.id()));
            }
            System.out.println(kind + " " + USERS + " users, " + (groups.size() + 1) + " rules, one change: median "
                    + times.stream().sorted().toList().get(times.size() / 2).toMillis() + " ms, worst "
                    + times.stream().max(Duration::compareTo).orElseThrow().toMillis() + " ms");
            assertTrue(size(service, groups.get(1)) >= before - 1);

            List<User> hundred =
                    users.subList(0, 100).stream().map(u -> moved(u, 3)).toList();
            hundred.forEach(user -> write(service, user));
            told(kind, "a hundred changes", upkeep::work);
            hundred.forEach(user -> assertTrue(in(service, groups.get(3), user.id())));
        }
    }

    /// Changes, another rule and two nodes all at once: at the end it is as if they had come one by one.
    @Test
    void twoNodesAndManyChangesAtOnceComeOutRight() {
        DatabaseAddress address = address(Kind.POSTGRESQL);
        try (var service = new Installation(folder, Clock.systemUTC(), OutsideSettings.DEFAULTS, address);
                Store own = SqlStore.open(address);
                var other = service.node("other", own)) {
            List<GroupId> groups = groups(service);
            List<User> users = people(service, 1_000);
            var done = new AtomicBoolean();
            List<CompletableFuture<Void>> workers = Stream.of(service.administration, other)
                    .map(node -> CompletableFuture.runAsync(
                            () -> {
                                while (!done.get()) {
                                    node.services().memberships().upkeep().work();
                                }
                            },
                            Thread::startVirtualThread))
                    .toList();
            var random = new Random(7);
            for (int i = 0; i < 300; i++) {
                write(service, moved(users.get(random.nextInt(users.size())), random.nextInt(DEPARTMENTS)));
                if (i == 150) {
                    assertEquals(
                            204,
                            service.patch(
                                            "/groups/" + groups.getFirst(),
                                            "{\"membershipRule\":\"user.department -in [\\\"D0\\\",\\\"D1\\\"]\"}")
                                    .status());
                }
            }
            done.set(true);
            workers.forEach(CompletableFuture::join);
            // what is left may be the other's by lease: both try until nothing is
            while (service.store.read(s -> s.memberships().pending(Instant.now()))) {
                service.administration.services().memberships().upkeep().work();
                other.services().memberships().upkeep().work();
            }

            for (int d = 0; d < DEPARTMENTS; d++) {
                Set<String> wanted = d == 0 ? Set.of("D0", "D1") : Set.of("D" + d);
                GroupId group = groups.get(d);
                assertEquals(
                        service.store.read(s -> s.users().list(service.tenant.id(), "", 10_000)).stream()
                                .filter(u -> u.attributes()
                                        .first("department")
                                        .filter(wanted::contains)
                                        .isPresent())
                                .map(User::id)
                                .collect(Collectors.toSet()),
                        new HashSet<>(service.store.read(s -> s.groups().members(service.tenant.id(), group))));
            }
        }
    }

    private static void told(Kind kind, String what, Supplier<Integer> work) {
        Instant begin = Instant.now();
        int changed = work.get();
        System.out.println(kind + " " + USERS + " users, " + what + ": " + changed + " memberships changed in "
                + Duration.between(begin, Instant.now()).toMillis() + " ms");
    }

    private static List<GroupId> groups(Installation service) {
        return IntStream.range(0, DEPARTMENTS)
                .mapToObj(d -> group(service, "user.department -eq \"D" + d + "\""))
                .toList();
    }

    private static GroupId group(Installation service, String rule) {
        var group = new Group(
                service.tenant.id(),
                GroupId.random(),
                rule,
                Optional.empty(),
                Instant.now(),
                Optional.of(new Group.Rule(rule, false)));
        service.store.write(s -> {
            s.groups().insert(group);
            s.memberships().ruleSet(service.tenant.id(), group.id(), List.of());
            return true;
        });
        return group.id();
    }

    private static List<User> people(Installation service, int count) {
        List<User> users =
                IntStream.range(0, count).mapToObj(i -> user(service, i)).toList();
        for (int from = 0; from < count; from += 1_000) {
            List<User> some = users.subList(from, Math.min(count, from + 1_000));
            service.store.write(s -> {
                some.forEach(s.users()::insert);
                return true;
            });
        }
        return users;
    }

    private static User user(Installation service, int i) {
        return new User(
                service.tenant.id(),
                UserId.random(),
                "u" + i + "@contoso.example",
                "u" + i,
                Optional.of("Given"),
                Optional.of("Surname"),
                Optional.of("u" + i + "@mail.example"),
                true,
                Optional.empty(),
                false,
                Instant.EPOCH,
                Instant.EPOCH,
                new Attributes(Map.of("department", List.of("D" + i % DEPARTMENTS), "usageLocation", List.of("DE"))));
    }

    private static User moved(User user, int department) {
        return new User(
                user.tenant(),
                user.id(),
                user.userPrincipalName(),
                user.displayName(),
                user.givenName(),
                user.surname(),
                user.mail(),
                true,
                Optional.empty(),
                false,
                Instant.EPOCH,
                Instant.EPOCH,
                user.attributes().with("department", Optional.of("D" + department)));
    }

    private static void write(Installation service, User user) {
        service.store.write(s -> s.users().update(user));
    }

    private static boolean in(Installation service, GroupId group, UserId user) {
        return service.store
                .read(s -> s.groups().groupsOf(service.tenant.id(), user))
                .contains(group);
    }

    private static int size(Installation service, GroupId group) {
        return service.store
                .read(s -> s.groups().members(service.tenant.id(), group))
                .size();
    }
}
