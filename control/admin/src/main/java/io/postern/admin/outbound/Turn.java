package io.postern.admin.outbound;

import io.postern.admin.outbound.DeliveryFault.Kind;
import io.postern.domain.outbound.OutboundMapping;
import io.postern.domain.outbound.OutboundSettings;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.domain.outbound.OutboundUser.Plan;
import io.postern.store.Assignment.PrincipalType;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore;
import io.postern.store.OutboundStore.Link;
import io.postern.store.OutboundStore.Note;
import io.postern.store.Store;
import io.postern.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// One turn of work for one application: looks at everybody where that is due, then brings whoever has a note. A
/// fault of the application ends the turn; a fault of one user or group lets the others go on (OUT-4).
final class Turn {
    /// Everybody is looked at so often, whatever the notes say.
    private static final Duration CHECK = Duration.ofMinutes(40);

    private static final int PAGE = 500;
    private static final int BATCH = 100;

    /// So many in a row that fail with 500 and the like are the application's fault.
    private static final int FAILING_MAX = 3;

    private static final int QUARANTINE = 5;
    private static final Duration PAUSE_MAX = Duration.ofHours(1);
    private static final Duration AGAIN_MAX = Duration.ofDays(1);

    /// Told of what somebody should know.
    interface Alarm {
        /// The application fails for so long that it is left alone for an hour at a time.
        void quarantined(OutboundJob job, String fault);

        /// Removals wait for somebody to allow them.
        void held(OutboundJob job, int removals, String objection);
    }

    private final Store store;
    private final OutboundJob job;
    private final String application;
    private final UserDelivery users;
    private final GroupDelivery groups;
    private final OutboundMapping mapping;
    private final InstantSource clock;
    private final Alarm alarm;
    private final String cycle = UUID.randomUUID().toString();
    private boolean well;
    private int failing;
    private int brought;

    Turn(Store store, OutboundJob job, String application, ScimTarget target, InstantSource clock, Alarm alarm) {
        this.store = store;
        this.job = job;
        this.application = application;
        this.users = new UserDelivery(store, job, target, clock);
        this.groups = new GroupDelivery(store, job, target, clock);
        this.mapping = OutboundMapping.of(job.settings().mapping());
        this.clock = clock;
        this.alarm = alarm;
        this.well = job.state().failures() == 0 && job.state().paused().isEmpty();
    }

    /// Blocking, as long as there is something to do.
    ///
    /// @param on asked now and then; false ends the turn
    /// @return how many users and groups were brought
    int work(BooleanSupplier on) {
        Instant begun = clock.instant();
        if (!job.state().due().isAfter(begun)) {
            check(begun);
        }
        Set<String> held = removals(begun);
        while (on.getAsBoolean()) {
            List<Note> notes =
                    store.read(stores -> stores.outbound().notes(job, clock.instant(), BATCH + held.size())).stream()
                            .filter(note -> !held.contains(note.subject()))
                            .toList();
            if (notes.isEmpty()) {
                return brought;
            }
            for (Note note : notes) {
                if (!on.getAsBoolean() || !bring(note)) {
                    return brought;
                }
            }
        }
        return brought;
    }

    /// Leaves a note for everybody of whom the application does not know what it should.
    private void check(Instant now) {
        Instant next = store.read(stores -> stores.assignments().nextChange(now))
                .filter(turn -> turn.isBefore(now.plus(CHECK)))
                .orElse(now.plus(CHECK));
        change(stores -> stores.outbound().due(job.tenant(), job.resource(), next));
        TreeSet<String> subjects = store.read(stores -> new TreeSet<String>(scope(stores, now)));
        linked(OutboundStore.Kind.USER, subjects);
        for (List<String> page : pages(subjects)) {
            List<String> differing = store.read(stores -> page.stream()
                    .filter(subject -> isOther(stores, subject, now))
                    .toList());
            change(stores -> stores.outbound().note(job, OutboundStore.Kind.USER, differing));
        }
        if (job.settings().groups()) {
            TreeSet<String> all = store.read(stores -> new TreeSet<String>(assignedGroups(stores, now)));
            linked(OutboundStore.Kind.GROUP, all);
            for (List<String> page : pages(all)) {
                List<String> differing = store.read(stores -> page.stream()
                        .filter(subject -> GroupDelivery.differs(stores, job, subject, now))
                        .toList());
                change(stores -> stores.outbound().note(job, OutboundStore.Kind.GROUP, differing));
            }
        }
        change(stores -> stores.outbound().checked(job, now));
    }

    private boolean isOther(Stores stores, String subject, Instant now) {
        return !(UserDelivery.plan(stores, job, mapping, subject, now) instanceof Plan.Nothing);
    }

    private Set<String> scope(Stores stores, Instant now) {
        var ids = new HashSet<String>();
        stores.assignments().assignedUsers(job.tenant(), job.resource(), now).forEach(user -> ids.add(user.value()));
        return ids;
    }

    private Set<String> assignedGroups(Stores stores, Instant now) {
        var ids = new HashSet<String>();
        stores.assignments().ofResource(job.tenant(), job.resource()).stream()
                .filter(a -> a.principalType() == PrincipalType.GROUP && a.isInForce(now))
                .forEach(a -> ids.add(a.principal()));
        return ids;
    }

    private void linked(OutboundStore.Kind kind, Set<String> into) {
        String after = "";
        while (true) {
            String from = after;
            List<Link> page = store.read(stores -> stores.outbound().links(job, kind, from, PAGE));
            page.forEach(link -> into.add(link.subject()));
            if (page.size() < PAGE) {
                return;
            }
            after = page.getLast().subject();
        }
    }

    private static List<List<String>> pages(SortedSet<String> subjects) {
        var all = List.copyOf(subjects);
        return IntStream.range(0, (all.size() + PAGE - 1) / PAGE)
                .mapToObj(page -> all.subList(page * PAGE, Math.min(all.size(), (page + 1) * PAGE)))
                .toList();
    }

    /// Who would be disabled or deleted now, where that is more than may be without somebody's word (OUT-5); empty
    /// where all may go.
    private Set<String> removals(Instant now) {
        OutboundSettings settings = job.settings();
        if (!settings.may(Step.DISABLE) && !settings.may(Step.DELETE)) {
            return Set.of();
        }
        Set<String> going = store.read(stores -> {
            Set<String> staying = scope(stores, now);
            staying.addAll(assignedGroups(stores, now));
            var gone = new HashSet<String>();
            stores.outbound().noted(job).stream()
                    .filter(link -> link.active() && !staying.contains(link.subject()))
                    .filter(link -> link.kind() == OutboundStore.Kind.USER || settings.may(Step.DELETE))
                    .forEach(link -> gone.add(link.subject()));
            return gone;
        });
        long known = store.read(stores -> stores.outbound().links(job, OutboundStore.Kind.USER)
                + stores.outbound().links(job, OutboundStore.Kind.GROUP));
        Optional<String> objection =
                settings.deletions().objection(going.size(), known, job.state().allowed());
        int holding = objection.isPresent() ? going.size() : 0;
        if (holding != job.state().held()
                || (holding == 0 && job.state().allowed().isPresent())) {
            change(stores -> stores.outbound().held(job, holding, Optional.empty()));
        }
        if (objection.isPresent() && job.state().held() == 0) {
            alarm.held(job, holding, objection.get());
        }
        if (objection.isEmpty()) {
            return Set.of();
        }
        change(stores -> stores.outbound().notes(job, now, Integer.MAX_VALUE).stream()
                .filter(note -> going.contains(note.subject()))
                .forEach(note -> stores.outbound()
                        .again(job, note, now.plus(CHECK), note.attempts(), "waits: " + objection.get())));
        return going;
    }

    /// @return false when the application is to be left alone for a while
    private boolean bring(Note note) {
        var report = new DeliveryReport();
        Instant begun = clock.instant();
        try {
            switch (note.kind()) {
                case USER -> users.deliver(note.subject(), report);
                case GROUP -> groups(note, report);
            }
        } catch (DeliveryFault e) {
            return failed(note, report, e, begun);
        }
        failing = 0;
        boolean said = report.result().equals("success");
        change(stores -> {
            if (said) {
                stores.outbound().log(entry(note, report, begun));
                if (!well || brought == 0) {
                    stores.outbound().wellAgain(job, clock.instant());
                }
            }
            stores.outbound().done(job, note);
        });
        well |= said;
        brought += said ? 1 : 0;
        return true;
    }

    private void groups(Note note, DeliveryReport report) throws DeliveryFault {
        if (job.settings().groups()) {
            groups.deliver(note.subject(), report);
        } else {
            report.skipped("groups are not provisioned");
        }
    }

    private boolean failed(Note note, DeliveryReport report, DeliveryFault fault, Instant begun) {
        if (fault.kind() == Kind.BUSY) {
            Instant until = clock.instant().plus(fault.waiting().orElse(Duration.ofSeconds(30)));
            change(stores -> stores.outbound()
                    .pause(job, until, job.state().failures(), job.state().quarantined(), fault.text()));
            return false;
        }
        failing = fault.kind() == Kind.FAILING ? failing + 1 : 0;
        boolean whole = fault.kind() == Kind.UNREACHABLE || fault.kind() == Kind.REFUSED || failing >= FAILING_MAX;
        report.failed(fault);
        if (whole) {
            pause(note, report, fault, begun);
            return false;
        }
        int attempts = note.attempts() + 1;
        boolean atOnce = fault.kind() == Kind.GONE && attempts == 1;
        Instant again = atOnce ? clock.instant() : clock.instant().plus(again(attempts));
        change(stores -> {
            stores.outbound().log(entry(note, report, begun));
            stores.outbound().again(job, note, again, attempts, fault.text());
        });
        return true;
    }

    /// The note stays as it is: the application fails, not the user.
    private void pause(Note note, DeliveryReport report, DeliveryFault fault, Instant begun) {
        int failures = well ? 1 : job.state().failures() + 1;
        boolean quarantine = failures >= QUARANTINE || fault.kind() == Kind.REFUSED;
        Optional<Instant> since = well ? Optional.empty() : job.state().quarantined();
        boolean first = quarantine && since.isEmpty();
        Optional<Instant> quarantined = quarantine ? since.or(() -> Optional.of(clock.instant())) : since;
        Duration pause = quarantine ? PAUSE_MAX : Duration.ofMinutes(1L << Math.min(failures - 1, 6));
        change(stores -> {
            stores.outbound().log(entry(note, report, begun));
            stores.outbound().pause(job, clock.instant().plus(pause), failures, quarantined, fault.text());
        });
        if (first) {
            alarm.quarantined(job, fault.text());
        }
    }

    private static Duration again(int attempts) {
        Duration next = Duration.ofMinutes(5L << Math.min(attempts - 1, 12));
        return next.compareTo(AGAIN_MAX) > 0 ? AGAIN_MAX : next;
    }

    private OutboundStore.Entry entry(Note note, DeliveryReport report, Instant begun) {
        Instant now = clock.instant();
        return ProvisioningEntry.of(
                job, application, cycle, note.kind(), note.subject(), report, now, Duration.between(begun, now));
    }

    private void change(Consumer<Stores> work) {
        store.write(stores -> {
            work.accept(stores);
            return true;
        });
    }
}
