package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.service.Ledger;
import io.postern.admin.service.Synchronisation;
import io.postern.fixtures.FakeClock;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import io.postern.store.Stores;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A cycle that is cut anywhere leaves a directory without halves, and the next one ends right (SYN-6): the
/// connector stops after each page in turn, the database refuses each transaction of the end in turn.
class SyncCutTest {
    private static final String STAFF = "OU=Staff," + ScriptedDirectory.ROOT;
    private static final int PAGE = 5;
    private static final int USERS = 23;

    @TempDir
    Path folder;

    private Installation service;
    private FakeClock clock;
    private ScriptedDirectory directory;

    @BeforeEach
    void open() {
        clock = new FakeClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        service = new Installation(folder, clock);
        directory = new ScriptedDirectory(service, "dc-reader");
        service.post(
                "/sync/sources",
                "{\"name\":\"corp\",\"bases\":[\"DC=corp,DC=test\"],\"deletionsMax\":1000,"
                        + "\"deletionsPercentMax\":100}");
        fill();
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void theConnectorStopsAfterAnyPage() {
        int pages = (USERS + 3 + PAGE - 1) / PAGE;
        for (int stop = 0; stop <= pages; stop++) {
            JsonNode job = directory.ask().json().path("job");
            String id = job.path("id").asString();
            List<ObjectNode> all = directory.told(job);
            for (int page = 0; page < stop; page++) {
                List<ObjectNode> part = all.subList(page * PAGE, Math.min(all.size(), (page + 1) * PAGE));
                assertEquals(200, directory.page(id, page, part).status());
                assertEquals(
                        page + 1,
                        directory.page(id, page, part).json().path("next").asInt(),
                        "sent again");
            }
            assertEquals(Math.min(USERS + 3, stop * PAGE), here() + groupsHere(), "after " + stop + " pages");
            clock.advance(Duration.ofSeconds(61)); // it does not come back; a new start asks
        }
        directory.cycle();
        assertRight();
    }

    @Test
    void theDatabaseRefusesAnyStepOfTheEnd() {
        directory.cycle();
        changeMuch();
        clock.advance(Duration.ofMinutes(30));
        JsonNode job = directory.ask().json().path("job");
        directory.page(job.path("id").asString(), 0, directory.told(job));
        directory.end(job.path("id").asString());

        int refused = 0;
        while (true) { // one transaction more each time, until it is all
            var failing = new FailingStore(service.store, 1);
            try {
                new Synchronisation(new Ledger(failing, clock), service.site).work();
                break;
            } catch (StoreUnavailable e) {
                refused++;
                assertTrue(refused < 50, "it never ends");
            }
        }
        assertTrue(refused >= 3, "refusals, members, deletions: " + refused);
        assertEquals("done", service.get("/sync/sources").text("/value/0/status/lastCycle/state"));
        assertEquals(USERS - 2, here());
        assertRightMembers(USERS - 2);
    }

    @Test
    void theDatabaseRefusesAnyPage() {
        JsonNode job = directory.ask().json().path("job");
        String id = job.path("id").asString();
        List<ObjectNode> all = directory.told(job);
        var entries = new ArrayList<>(all);
        int page = 0;
        for (int from = 0; from < entries.size(); from += PAGE) {
            List<ObjectNode> part = entries.subList(from, Math.min(entries.size(), from + PAGE));
            long before = here() + groupsHere();
            var failing = new Synchronisation(new Ledger(new FailingStore(service.store, 0), clock), service.site);
            int number = page;
            assertThrows(
                    StoreUnavailable.class,
                    () -> failing.page(
                            directory.connector.certificateFingerprint(), Optional.empty(), id, number, List.of()));
            assertEquals(before, here() + groupsHere());
            assertEquals(200, directory.page(id, page, part).status());
            page++;
        }
        directory.end(id);
        service.administration.services().synchronisation().work();
        assertRight();
    }

    @Test
    void theServiceDiesBetweenEndAndItsWork() {
        JsonNode job = directory.ask().json().path("job");
        directory.page(job.path("id").asString(), 0, directory.told(job));
        assertEquals(200, directory.end(job.path("id").asString()).status());
        assertEquals(2, directory.ask().json().path("wait").asInt()); // no new cycle meanwhile
        assertEquals(200, directory.end(job.path("id").asString()).status());

        try (Administration other = service.node("srv-b:8443")) {
            other.services().synchronisation().work();
        }
        assertRight();
    }

    private void fill() {
        String[] members = new String[USERS];
        for (int i = 1; i <= USERS; i++) {
            members[i - 1] = ScriptedDirectory.dn(directory.user(i, "user" + i, STAFF));
        }
        directory.group(100, "All", members);
        directory.group(101, "One", members[0]);
        directory.group(102, "None");
    }

    private void changeMuch() {
        for (int i = 1; i <= 2; i++) {
            ObjectNode gone = directory.user(i, "user" + i, STAFF);
            directory.remove(gone);
        }
        directory.replaceMembers(ScriptedDirectory.id(100));
        ObjectNode all = directory.group(100, "All");
        directory.changeMembers(
                all,
                IntStream.rangeClosed(1, USERS)
                        .mapToObj(i -> "CN=user" + i + "," + STAFF)
                        .toList(),
                List.of());
    }

    private void assertRight() {
        assertEquals(USERS, here());
        assertEquals(3, groupsHere());
        assertRightMembers(USERS);
        Map<String, Long> names = new TreeMap<>(
                users().stream().collect(Collectors.groupingBy(User::userPrincipalName, Collectors.counting())));
        assertTrue(names.values().stream().allMatch(count -> count == 1), names.toString());
    }

    private void assertRightMembers(int all) {
        for (JsonNode group : service.get("/groups").json().path("value")) {
            int members = service.get("/groups/" + group.path("id").asString() + "/members")
                    .json()
                    .path("value")
                    .size();
            String name = group.path("displayName").asString();
            int wanted = name.equals("All") ? all : name.equals("One") && all == USERS ? 1 : 0;
            assertEquals(wanted, members, name);
        }
    }

    private long here() {
        return users().stream().filter(u -> u.attributes().isSynchronised()).count();
    }

    private long groupsHere() {
        return service.get("/groups").json().path("value").size();
    }

    private List<User> users() {
        return service.store.read(s -> s.users().list(service.tenant.id(), "", 500));
    }

    /// Rolls the transaction after so many back, with everything in it done but the commit.
    private record FailingStore(Store store, AtomicInteger left) implements Store {
        FailingStore(Store store, int good) {
            this(store, new AtomicInteger(good));
        }

        @Override
        public <T> T read(Function<Stores, T> work) {
            return store.read(work);
        }

        @Override
        public <T> T write(Function<Stores, T> work) {
            return store.write(stores -> {
                T result = work.apply(stores);
                if (left.getAndDecrement() <= 0) {
                    throw new StoreUnavailable("the test cuts here", new IllegalStateException("cut"));
                }
                return result;
            });
        }

        @Override
        public void onChange(Consumer<Long> listener) {
            store.onChange(listener);
        }

        @Override
        public long version() {
            return store.version();
        }

        @Override
        public void close() {
            // the store is the installation's
        }
    }
}
