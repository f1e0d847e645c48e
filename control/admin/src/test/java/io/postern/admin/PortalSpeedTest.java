package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.postern.admin.Installation.Response;
import io.postern.domain.DoorFields;
import io.postern.domain.GroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.fixtures.PostgresServer;
import io.postern.store.AccessOffer;
import io.postern.store.AppArrangement;
import io.postern.store.AppCollection;
import io.postern.store.Assignment;
import io.postern.store.Group;
import io.postern.store.ProfileStore.Logo;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// My Apps of somebody with very many tiles in a large tenant. `-Dpostern.portal.users=50000
/// -Dpostern.portal.loads=300` prints what a page takes; no time is asserted.
class PortalSpeedTest {
    private static final int USERS = Integer.getInteger("postern.portal.users", 500);
    private static final int LOADS = Integer.getInteger("postern.portal.loads", 5);
    private static final int APPS = 200;
    private static final int COLLECTIONS = 50;
    private static final String PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGM4UVGBFTEM"
            + "LYkTFRUAiQtjwVcTuFIAAAAASUVORK5CYII=";

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
    void showsEveryTileHoweverMany(Kind kind) {
        try (var service = new Installation(folder, Clock.systemUTC(), OutsideSettings.DEFAULTS, address(kind))) {
            List<User> users = people(service);
            User one = users.get(USERS / 2);
            List<ServicePrincipal> apps = applications(service);
            service.store.write(stores -> furnish(stores, users, one, apps));

            Response page = page(service, one, "/");
            assertEquals(APPS, count(page, "<a class=\"tile\""));
            assertEquals(APPS / 2, count(page, "src=\"/logos/"), "half of them have a logo");
            assertEquals(COLLECTIONS + 1, count(page, "href=\"/?collection=") + 1, "and all");
            Response collection = page(service, one, "/?collection=c7");
            assertEquals(20, count(collection, "<a class=\"tile\""));
            assertTrue(page.raw().body().indexOf("App 199<") < page.raw().body().indexOf("App 0<"), "his own order");

            told(kind, service, one, "/");
            told(kind, service, one, "/?collection=c7");
            told(kind, service, one, "/requests");
            told(kind, service, one, "/arrange");
            told(kind, service, one, "/logos/" + apps.getFirst().appId());
        }
    }

    private static Response page(Installation service, User user, String path) {
        Response page = service.myApps(path, Map.of(DoorFields.SUBJECT, user.tenant() + "/" + user.id() + "/"));
        assertEquals(200, page.status(), page.raw().body());
        return page;
    }

    private static int count(Response page, String what) {
        return page.raw().body().split(java.util.regex.Pattern.quote(what), -1).length - 1;
    }

    private static void told(Kind kind, Installation service, User user, String path) {
        for (int i = 0; i < LOADS; i++) {
            page(service, user, path);
        }
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = machine.getProcessCpuTime();
        var times = new ArrayList<Duration>();
        for (int i = 0; i < LOADS; i++) {
            Instant begin = Instant.now();
            page(service, user, path);
            times.add(Duration.between(begin, Instant.now()));
        }
        long processor = (machine.getProcessCpuTime() - before) / LOADS;
        times.sort(Duration::compareTo);
        System.out.printf(
                Locale.ROOT,
                "%s %d users, %s: median %.2f ms, p99 %.2f ms, processor %.2f ms%n",
                kind,
                USERS,
                path.replaceAll("[0-9a-f-]{36}", "ID"),
                times.get(LOADS / 2).toNanos() / 1e6,
                times.get((LOADS - 1) * 99 / 100).toNanos() / 1e6,
                processor / 1e6);
    }

    private static List<ServicePrincipal> applications(Installation service) {
        return IntStream.range(0, APPS)
                .mapToObj(i -> {
                    String appId = service.post(
                                    "/applications",
                                    "{\"displayName\":\"App " + i + "\",\"onPremisesPublishing\":{\"internalUrl\":"
                                            + "\"http://app" + i + ".corp/\"}}")
                            .text("/appId");
                    return service.store
                            .read(stores -> stores.servicePrincipals()
                                    .findByAppId(service.tenant.id(), new io.postern.domain.AppId(appId)))
                            .orElseThrow();
                })
                .toList();
    }

    /// Half of the applications by a group, half directly; fifty collections; twenty offers; an order of his own.
    private static boolean furnish(Stores stores, List<User> users, User one, List<ServicePrincipal> apps) {
        var group = new Group(one.tenant(), GroupId.random(), "Everybody", Optional.empty(), Instant.now());
        stores.groups().insert(group);
        users.forEach(user -> stores.groups().addMember(one.tenant(), group.id(), user.id()));
        for (int i = 0; i < APPS; i++) {
            boolean byGroup = i % 2 == 0;
            ServicePrincipalId app = apps.get(i).id();
            stores.assignments()
                    .insert(new Assignment(
                            one.tenant(),
                            UUID.randomUUID().toString(),
                            byGroup ? Assignment.PrincipalType.GROUP : Assignment.PrincipalType.USER,
                            byGroup ? group.id().value() : one.id().value(),
                            app,
                            Assignment.DEFAULT_ACCESS,
                            Instant.now(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
            if (byGroup) {
                ObjectId registration = stores.applications()
                        .findByAppId(apps.get(i).appId())
                        .orElseThrow()
                        .id();
                stores.profiles().setLogo(one.tenant(), registration, Optional.of(new Logo("image/png", PIXEL)));
            }
        }
        List<String> ids = apps.stream().map(app -> app.id().value()).toList();
        for (int i = 0; i < COLLECTIONS; i++) {
            stores.portal()
                    .put(new AppCollection(
                            one.tenant(),
                            "c" + i,
                            i % 2 == 0 ? Optional.empty() : Optional.of(one.id()),
                            "Collection " + i,
                            Optional.empty(),
                            ids.subList(i, i + 20),
                            List.of(),
                            Instant.now()));
        }
        stores.portal().arrange(one.tenant(), one.id(), new AppArrangement(ids.reversed(), List.of()));
        for (int i = 0; i < 20; i++) {
            var choir = new Group(one.tenant(), GroupId.random(), "Choir " + i, Optional.empty(), Instant.now());
            stores.groups().insert(choir);
            stores.access()
                    .offer(new AccessOffer(
                            one.tenant(),
                            Optional.empty(),
                            choir.id(),
                            true,
                            Optional.empty(),
                            List.of(users.getFirst().id())));
        }
        return true;
    }

    private static List<User> people(Installation service) {
        List<User> users = IntStream.range(0, USERS)
                .mapToObj(i -> new User(
                        service.tenant.id(),
                        UserId.random(),
                        "u" + i + "@contoso.example",
                        "User " + i,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        false,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        new Attributes(Map.of("department", List.of("D" + i % 20)))))
                .toList();
        for (int from = 0; from < USERS; from += 1_000) {
            List<User> some = users.subList(from, Math.min(USERS, from + 1_000));
            service.store.write(stores -> {
                some.forEach(stores.users()::insert);
                return true;
            });
        }
        return users;
    }
}
