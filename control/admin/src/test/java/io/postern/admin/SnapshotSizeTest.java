package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.AppId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.GroupId;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.PreAuthentication;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.store.Assignment;
import io.postern.store.Group;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A large tenant whose applications are all assigned to one group of everybody. `-Dpostern.snapshot.users=50000
/// -Dpostern.snapshot.apps=200` prints what the picture weighs and how long a build takes; neither is asserted.
class SnapshotSizeTest {
    private static final int USERS = Integer.getInteger("postern.snapshot.users", 500);
    private static final int APPS = Integer.getInteger("postern.snapshot.apps", 20);

    @TempDir
    Path folder;

    @Test
    void growsWithUsersAndApplicationsAndNotWithTheirProduct() {
        try (var service = new Installation(folder)) {
            long before = used();
            service.store.write(stores -> fill(service, stores));
            service.administration.refresh();
            long after = used();

            List<PublishedApplication> many = service.administration.snapshots().current().applications().stream()
                    .filter(a -> a.displayName().startsWith("many "))
                    .toList();
            var sets = new IdentityHashMap<Set<UserId>, Boolean>();
            many.forEach(a -> a.assigned().sets().forEach(set -> sets.put(set, true)));
            assertEquals(APPS, many.size());
            assertEquals(USERS + 1, sets.keySet().stream().mapToInt(Set::size).sum(), "everybody, an administrator");
            System.out.printf(
                    Locale.ROOT,
                    "%d users, %d applications: picture %.1f MB, build %.0f ms%n",
                    USERS,
                    APPS,
                    (after - before) / 1e6,
                    buildMillis(service));
        }
    }

    private static double buildMillis(Installation service) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long started = System.nanoTime();
            service.administration.refresh();
            best = Math.min(best, System.nanoTime() - started);
        }
        return best / 1e6;
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static boolean fill(Installation service, Stores stores) {
        var everybody = new Group(service.tenant.id(), GroupId.random(), "Everybody", Optional.empty(), Instant.now());
        stores.groups().insert(everybody);
        for (int i = 0; i < USERS; i++) {
            var user = new User(
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
                    new Attributes(Map.of()));
            stores.users().insert(user);
            stores.groups().addMember(service.tenant.id(), everybody.id(), user.id());
        }
        for (int i = 0; i < APPS; i++) {
            application(service, stores, everybody, "many " + i);
        }
        stores.changes().bump();
        return true;
    }

    private static void application(Installation service, Stores stores, Group everybody, String name) {
        AppId id = AppId.random();
        String host = name.replace(' ', '-');
        var publishing = Publishing.of(
                ExternalUrl.parse("https://" + host + ".postern.localhost/"),
                InternalUrl.parse("http://" + host + ".corp/"),
                PreAuthentication.POSTERN);
        stores.applications()
                .insert(new Application(
                        service.tenant.id(),
                        ObjectId.random(),
                        id,
                        name,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(publishing),
                        Optional.empty(),
                        false,
                        false,
                        Instant.now()));
        ServicePrincipalId principal = ServicePrincipalId.random();
        stores.servicePrincipals()
                .insert(new ServicePrincipal(
                        service.tenant.id(), principal, id, name, true, true, List.of(), Instant.now()));
        stores.assignments()
                .insert(new Assignment(
                        service.tenant.id(),
                        UUID.randomUUID().toString(),
                        Assignment.PrincipalType.GROUP,
                        everybody.id().value(),
                        principal,
                        Assignment.DEFAULT_ACCESS,
                        Instant.now()));
    }
}
