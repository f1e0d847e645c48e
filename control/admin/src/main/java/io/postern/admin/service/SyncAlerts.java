package io.postern.admin.service;

import io.postern.domain.sync.SyncFault;
import io.postern.store.ConnectorGroup;
import io.postern.store.Stores;
import io.postern.store.SyncJob;
import io.postern.store.SyncJob.Phase;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncState;
import io.postern.store.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Tells administrators of synchronisation that does not go well (SYN-13): once a day as long as it is so, and of
/// objects with errors when others have them than were told last.
final class SyncAlerts {
    static final String FAILED = "sync-failed";
    static final String STOPPED = "sync-stopped";
    static final String LATE = "sync-late";
    static final String ERRORS = "sync-errors";

    /// Objects in one digest.
    private static final int NAMED_MAX = 10;

    private static final int LOOKED_AT_MAX = 1_000;
    private static final int LATE_CYCLES = 3;

    private final Notices notices;

    SyncAlerts(Site site) {
        this.notices = new Notices(site);
    }

    /// In the transaction of a cycle's end.
    void ended(Change change, SyncSource source, SyncJob ended) {
        if (ended.phase() == Phase.FAILED && !ended.code().equals("cursor-expired")) { // that mends itself
            raise(change, source, FAILED, today(change), ended.code(), ended.message(), ended.remedy());
        }
        if (ended.phase() == Phase.STOPPED) {
            raise(change, source, STOPPED, today(change), ended.message(), ended.remedy());
        }
        if (ended.kind() != SyncJob.Kind.PREVIEW && ended.phase() != Phase.FAILED) {
            errors(change, source);
        }
    }

    private void errors(Change change, SyncSource source) {
        List<SyncObject> faulty = change.stores().sync().faults(change.tenant(), source.id(), "", LOOKED_AT_MAX);
        String now = faulty.stream()
                .map(object -> object.anchor() + " "
                        + object.fault().map(SyncFault::code).orElse(""))
                .collect(Collectors.joining("\n"));
        var news = new TreeSet<>(List.of(now.split("\n")));
        news.removeAll(List.of(
                change.stores().sync().toldFaults(change.tenant(), source.id()).split("\n")));
        // where errors have gone nobody is told, and they are news when they come again
        boolean told = !faulty.isEmpty()
                && !news.isEmpty()
                && raise(
                        change,
                        source,
                        ERRORS,
                        today(change),
                        Long.toString(change.stores().sync().faults(change.tenant(), source.id())),
                        faulty.stream().limit(NAMED_MAX).map(SyncAlerts::line).collect(Collectors.joining("\n")));
        if (told || news.isEmpty() || faulty.isEmpty()) {
            change.stores().sync().toldFaults(change.tenant(), source.id(), now);
        }
    }

    private static String line(SyncObject object) {
        return "- " + object.name() + ": "
                + object.fault()
                        .map(fault -> fault.message() + " (" + fault.remedy() + ")")
                        .orElse("");
    }

    /// Sources that nobody has read for three cycles, of every tenant. @return how many
    int late(Ledger ledger) {
        Instant now = ledger.clock().instant();
        var late = new ArrayList<SyncSource>();
        ledger.read(stores -> {
            for (Tenant tenant : stores.tenants().list()) {
                stores.sync().list(tenant.id()).stream()
                        .filter(source -> source.enabled() && isLate(stores, source, now))
                        .forEach(late::add);
            }
            return late.size();
        });
        for (SyncSource source : late) {
            ledger.change(Actor.service(source.tenant()), change -> late(change, source));
        }
        return late.size();
    }

    private static boolean isLate(Stores stores, SyncSource source, Instant now) {
        Duration grace = source.settings().interval().multipliedBy(LATE_CYCLES);
        SyncState state = stores.sync().state(source.tenant(), source.id());
        return state.due().plus(grace).isBefore(now);
    }

    /// Once for each absence: what is due stays so until a connector begins.
    private boolean late(Change change, SyncSource source) {
        SyncState state = change.stores().sync().state(change.tenant(), source.id());
        String since = state.due().toString();
        return raise(change, source, LATE, since, since, source.directory(), group(change, source));
    }

    private static String group(Change change, SyncSource source) {
        return change.stores()
                .connectorGroups()
                .find(change.tenant(), source.group())
                .map(ConnectorGroup::name)
                .orElse("-");
    }

    private boolean raise(Change change, SyncSource source, String kind, String when, String... arguments) {
        var all = new ArrayList<String>(List.of(source.name()));
        all.addAll(List.of(arguments));
        return Alerts.raise(change, notices, kind, kind + ":" + source.id() + "@" + when, all.toArray(String[]::new));
    }

    private static String today(Change change) {
        return change.now().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }
}
