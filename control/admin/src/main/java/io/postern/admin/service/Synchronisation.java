package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.sync.DirectoryObject;
import io.postern.domain.sync.SyncFault;
import io.postern.domain.sync.SyncMapping;
import io.postern.store.Connector;
import io.postern.store.SyncJob;
import io.postern.store.SyncJob.Kind;
import io.postern.store.SyncJob.Phase;
import io.postern.store.SyncSource;
import io.postern.store.SyncState;
import io.postern.store.SyncState.Holder;
import io.postern.store.SyncStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What connectors ask and tell about directories that they can read. One of a group reads a directory: it holds a
/// lease
/// that runs out unless it is kept, so another takes over from one that dies. A page is one transaction, and is
/// taken once.
public final class Synchronisation {
    /// Kept by every question and every page.
    public static final Duration LEASE_LIFE = Duration.ofSeconds(60);

    public static final int PAGE_ENTRIES = 200;

    private static final int WAIT = 10;
    private static final int WAIT_FINISHING = 2;

    /// What a directory remembers of deleted objects ends some day; long before, everything is read.
    private static final Duration FULL_EVERY = Duration.ofDays(7);

    /// A filter hides what it does not select any more, also from deltas.
    private static final Duration FULL_EVERY_FILTERED = Duration.ofDays(1);

    /// @param working the job that the connector is at; it asks only to keep its lease
    public record Question(List<String> directories, Optional<String> working) {}

    /// @param pause seconds until the next question
    /// @param standby another connector reads
    public record Answer(int pause, boolean standby, Optional<Task> task) {}

    /// @param cursor where the last cycle ended, for a delta
    public record Task(SyncJob job, SyncSource source, Optional<String> cursor, SyncMapping mapping) {}

    /// How the connector ended.
    public sealed interface End {
        /// @param warning what keeps the connector from doing better
        record Done(Optional<String> cursor, Optional<SyncFault> warning) implements End {}

        record Failed(SyncFault fault) implements End {}
    }

    private final Ledger ledger;
    private final SyncAlerts alerts;

    public Synchronisation(Ledger ledger, Site site) {
        this.ledger = ledger;
        this.alerts = new SyncAlerts(site);
    }

    /// @param certificate SHA-256 of the one that the caller proved
    /// @return not found for a certificate that is no connector's; forbidden for a connector that is disabled;
    ///     conflict for a job that is not the caller's any more
    public Outcome<Answer> ask(String certificate, Optional<String> address, Question question) {
        return asConnector(certificate, address, (change, connector) -> {
            if (question.working().isPresent()) {
                SyncJob job = own(change, connector, question.working().get());
                lease(change, connector, job.source());
                return new Answer(WAIT, false, Optional.empty());
            }
            boolean held = false;
            boolean finishing = false;
            boolean known = false;
            for (String directory : question.directories()) {
                Optional<SyncSource> source = change.stores()
                        .sync()
                        .find(connector.tenant(), connector.group(), directory)
                        .filter(SyncSource::enabled);
                if (source.isEmpty()) {
                    continue;
                }
                known = true;
                if (!lease(change, connector, source.get().id())) {
                    continue;
                }
                held = true;
                Optional<SyncJob> open = change.stores()
                        .sync()
                        .openJob(connector.tenant(), source.get().id());
                if (open.filter(job -> job.phase() == Phase.FINISHING).isPresent()) {
                    finishing = true;
                    continue;
                }
                open.ifPresent(job -> lose(change, job));
                Optional<Task> task = begin(change, connector, source.get(), open);
                if (task.isPresent()) {
                    return new Answer(WAIT, false, task);
                }
            }
            return new Answer(finishing ? WAIT_FINISHING : WAIT, known && !held, Optional.empty());
        });
    }

    /// @return number of the page that is expected next
    public Outcome<Integer> page(
            String certificate, Optional<String> address, String id, int sequence, List<DirectoryObject> entries) {
        return asConnector(
                certificate,
                address,
                (asked, connector) -> asked.gathering(change -> {
                    SyncJob job = own(change, connector, id);
                    lease(change, connector, job.source());
                    if (sequence == job.nextPage() - 1) {
                        return job.nextPage(); // taken before, and the answer was lost
                    }
                    if (sequence != job.nextPage()) {
                        throw Rejected.conflict("page " + sequence + " of job " + id + " came, expected is "
                                + job.nextPage() + "; ask anew");
                    }
                    SyncSource source = source(change, job);
                    var tally = new SyncTally();
                    var page = new SyncPage(change, source, job, tally);
                    if (job.kind() == Kind.PREVIEW) {
                        page.preview(entries);
                    } else {
                        page.take(entries);
                    }
                    if (page.wantsFull()) {
                        SyncState state = change.stores().sync().state(job.tenant(), job.source());
                        change.stores().sync().put(job.tenant(), job.source(), state.withFull(true));
                    }
                    change.stores().sync().put(job.withPage(sequence + 1, tally.counts()));
                    return sequence + 1;
                }));
    }

    /// The rest is done by [#work()].
    public Outcome<Boolean> end(String certificate, Optional<String> address, String id, End end) {
        return asConnector(certificate, address, (change, connector) -> {
            Optional<SyncJob> ended = change.stores()
                    .sync()
                    .job(id)
                    .filter(job -> job.tenant().equals(connector.tenant())
                            && job.connector().equals(connector.id())
                            && job.phase() != Phase.RUNNING
                            && job.phase() != Phase.LOST);
            if (ended.isPresent()) {
                return false; // told before, and the answer was lost
            }
            SyncJob job = own(change, connector, id);
            SyncSource source = source(change, job);
            switch (end) {
                case End.Done(Optional<String> cursor, Optional<SyncFault> warning) -> {
                    if (job.kind() == Kind.FULL) {
                        change.stores().sync().unseenAreGone(job.tenant(), job.source(), job.id());
                    }
                    change.stores().sync().put(job.finishing(cursor, warning));
                }
                case End.Failed(SyncFault(String code, String message, String remedy)) ->
                    SyncEnd.failed(
                            change, source, job, job.ended(Phase.FAILED, change.now(), code, message, remedy), alerts);
            }
            return true;
        });
    }

    /// Finishes cycles whose connectors have told everything, and puts those out whose accounts have expired.
    /// Call it often; several nodes may.
    ///
    /// @return how many steps were done
    public int work() {
        int steps = expire();
        for (SyncJob job : ledger.read(stores -> stores.sync().finishing(100))) {
            boolean more = true;
            while (more) {
                more = ledger.write(job.tenant(), change -> change.gathering(each -> finish(each, job.id())));
                steps++;
            }
        }
        return steps;
    }

    private boolean finish(Change change, String id) {
        return change.stores()
                .sync()
                .job(id)
                .filter(job -> job.phase() == Phase.FINISHING)
                .filter(job -> new SyncEnd(change, source(change, job), job, alerts).step())
                .isPresent();
    }

    /// What is known of an account is enough: its directory need not be asked.
    private int expire() {
        int steps = 0;
        for (SyncStore.Due due :
                ledger.read(stores -> stores.sync().due(ledger.clock().instant(), 100))) {
            steps += ledger.write(due.tenant(), change -> SyncExpiry.expire(change, due)) ? 1 : 0;
        }
        return steps;
    }

    /// Tells administrators of directories that no connector has read for a while. @return how many there are
    public int tellLate() {
        return alerts.late(ledger);
    }

    // ---- who reads, and what

    /// @return false when another connector holds it
    private static boolean lease(Change change, Connector connector, String source) {
        SyncState state = change.stores().sync().state(connector.tenant(), source);
        boolean free = state.holder()
                .map(holder -> holder.connector().equals(connector.id())
                        || !holder.until().isAfter(change.now()))
                .orElse(true);
        if (free) {
            change.stores()
                    .sync()
                    .put(
                            connector.tenant(),
                            source,
                            state.withHolder(Optional.of(
                                    new Holder(connector.id(), change.now().plus(LEASE_LIFE)))));
        }
        return free;
    }

    private static Optional<Task> begin(Change change, Connector connector, SyncSource source, Optional<SyncJob> lost) {
        SyncState state = change.stores().sync().state(source.tenant(), source.id());
        Instant now = change.now();
        boolean again = lost.filter(job -> job.kind() != Kind.PREVIEW).isPresent();
        boolean preview = state.wantsPreview()
                || lost.filter(job -> job.kind() == Kind.PREVIEW).isPresent();
        if (!preview && !again && state.due().isAfter(now)) {
            return Optional.empty();
        }
        Duration every = source.settings().filters() ? FULL_EVERY_FILTERED : FULL_EVERY;
        boolean full = state.wantsFull()
                || state.cursor().isEmpty()
                || state.lastFull().map(last -> !last.plus(every).isAfter(now)).orElse(true);
        Kind kind = preview ? Kind.PREVIEW : full ? Kind.FULL : Kind.DELTA;
        var job = new SyncJob(
                source.tenant(),
                UUID.randomUUID().toString(),
                source.id(),
                connector.id(),
                kind,
                Phase.RUNNING,
                0,
                now,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                "",
                "",
                "");
        change.stores().sync().put(job);
        if (preview) {
            change.stores().sync().clearPreview(source.tenant(), source.id());
            change.stores().sync().put(source.tenant(), source.id(), state.withPreview(false));
        } else {
            // a wish that comes while this one runs makes the next
            change.stores()
                    .sync()
                    .put(
                            source.tenant(),
                            source.id(),
                            state.withFull(false)
                                    .withDue(now.plus(source.settings().interval())));
        }
        return Optional.of(new Task(
                job,
                source,
                kind == Kind.DELTA ? state.cursor() : Optional.empty(),
                SyncMapping.of(source.settings().mapping())));
    }

    /// What it has told stays; the next one reads the same again.
    private static void lose(Change change, SyncJob job) {
        change.stores()
                .sync()
                .put(job.ended(
                        Phase.LOST,
                        change.now(),
                        "lost",
                        "the connector began anew, or another took over",
                        "nothing: the next cycle reads the same again"));
        SyncState state = change.stores().sync().state(job.tenant(), job.source());
        if (job.kind() == Kind.FULL && !state.wantsFull()) {
            change.stores().sync().put(job.tenant(), job.source(), state.withFull(true));
        }
    }

    private static SyncJob own(Change change, Connector connector, String id) {
        return change.stores()
                .sync()
                .job(id)
                .filter(job -> job.tenant().equals(connector.tenant())
                        && job.connector().equals(connector.id())
                        && job.phase() == Phase.RUNNING)
                .filter(job -> change.stores()
                        .sync()
                        .state(job.tenant(), job.source())
                        .holder()
                        .filter(holder -> holder.connector().equals(connector.id()))
                        .isPresent())
                .orElseThrow(() -> Rejected.conflict("job " + id + " is not that of connector '"
                        + connector.machineName() + "' any more; ask anew"));
    }

    private static SyncSource source(Change change, SyncJob job) {
        return change.found(change.stores().sync().find(job.tenant(), job.source()), "source", job.source());
    }

    private interface Work<T> {
        T run(Change change, Connector connector);
    }

    /// Who asks is known from his certificate alone.
    private <T> Outcome<T> asConnector(String certificate, Optional<String> address, Work<T> work) {
        return ledger.decide(now -> stores -> {
            Connector connector = stores.connectors()
                    .findByCertificate(certificate)
                    .orElseThrow(() -> Rejected.notFound("connector with certificate", certificate));
            if (!connector.enabled()) {
                throw Rejected.forbidden("connector '" + connector.machineName() + "' is disabled");
            }
            var actor = new Actor(connector.tenant(), connector.id().value(), connector.machineName(), address);
            return work.run(new Change(stores, actor, now), connector);
        });
    }
}
