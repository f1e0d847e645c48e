package io.postern.admin.service;

import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.domain.sync.SyncMapping;
import io.postern.store.SyncJob;
import io.postern.store.SyncJob.Phase;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncState;
import io.postern.store.SyncStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a cycle leaves to its end: objects that were refused, members, managers, deletions. One step is one
/// transaction;
/// what is left to do stands in the rows, so a step that never came is made by whoever comes next.
final class SyncEnd {
    private static final int STEP = 100;
    private static final int RETRIED_MAX = 1_000;
    private static final int JOBS_KEPT = 50;
    private static final String REFUSALS_DONE = "refusalsTriedAgain";

    /// After a failure, unless the next cycle is due before.
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final Change change;
    private final SyncStore sync;
    private final SyncSource source;
    private final SyncJob job;
    private final SyncTally tally = new SyncTally();
    private final SyncPeople people;
    private final SyncGroups groups;
    private final SyncTouched touched;
    private final SyncAlerts alerts;

    SyncEnd(Change change, SyncSource source, SyncJob job, SyncAlerts alerts) {
        SyncMapping mapping = SyncMapping.of(source.settings().mapping());
        this.change = change;
        this.sync = change.stores().sync();
        this.source = source;
        this.job = job;
        this.alerts = alerts;
        this.touched = new SyncTouched(change, source);
        this.people = new SyncPeople(change, source, mapping, tally, touched);
        this.groups = new SyncGroups(change, source, mapping, tally, touched);
    }

    /// @return whether more is to be done
    boolean step() {
        if (job.kind() == SyncJob.Kind.PREVIEW) {
            preview();
            return false;
        }
        if (!job.counts().containsKey(REFUSALS_DONE)) {
            tryRefusedAgain();
            sync.put(job.counting(tally.counts()).counting(Map.of(REFUSALS_DONE, 1L)));
            return true;
        }
        List<SyncObject> dirty = sync.dirty(change.tenant(), source.id(), STEP);
        if (!dirty.isEmpty()) {
            for (SyncObject object : dirty) {
                keep(object.kind() == Kind.GROUP ? groups.lookUp(object) : people.lookUp(object));
            }
            sync.put(job.counting(tally.counts()));
            return true;
        }
        return delete();
    }

    private void tryRefusedAgain() {
        for (SyncObject object : sync.faults(change.tenant(), source.id(), "", RETRIED_MAX)) {
            if (!object.gone()) {
                keep(
                        object.kind() == Kind.GROUP
                                ? groups.apply(object, groups.plan(object)).withDirty(true)
                                : people.apply(object, people.plan(object)));
            }
        }
        touched.mark();
    }

    private boolean delete() {
        List<SyncObject> gone = sync.gone(change.tenant(), source.id(), STEP);
        SyncState state = sync.state(change.tenant(), source.id());
        Optional<String> objection = source.settings()
                .deletions()
                .objection(
                        sync.gone(change.tenant(), source.id()),
                        sync.live(change.tenant(), source.id()),
                        state.allowedDeletions());
        if (objection.isPresent()) {
            long count = sync.gone(change.tenant(), source.id());
            end(
                    Phase.STOPPED,
                    "too-many-deletions",
                    objection.get() + "; everything else was done",
                    "look at the filters and the directory; if the deletions are right: postern sync now "
                            + source.name() + " --allow-deletions " + count);
            return false;
        }
        if (gone.isEmpty()) {
            end(Phase.DONE, job.code(), job.message(), job.remedy()); // what its connector warned of
            return false;
        }
        for (SyncObject object : gone) {
            if (object.target().isEmpty()) {
                sync.forget(change.tenant(), source.id(), object.anchor());
            } else {
                keep(object.kind() == Kind.GROUP ? groups.delete(object) : people.delete(object));
            }
        }
        sync.put(job.counting(tally.counts()));
        return true;
    }

    private void preview() {
        for (SyncObject object : sync.notPreviewed(change.tenant(), source.id(), Integer.MAX_VALUE)) {
            sync.preview(change.tenant(), source.id(), SyncPreview.deleted(object));
            tally.add((object.kind() == Kind.GROUP ? "groups" : "users") + "Deleted");
        }
        sync.put(job.counting(tally.counts()).ended(Phase.DONE, change.now(), job.code(), job.message(), job.remedy()));
    }

    private void end(Phase phase, String code, String message, String remedy) {
        var counts = new HashMap<>(job.counts());
        counts.putAll(job.counting(tally.counts()).counts());
        counts.remove(REFUSALS_DONE);
        counts.remove("faults"); // counted anew: each may have been met more than once
        long faults = sync.faults(change.tenant(), source.id());
        if (faults > 0) {
            counts.put("faults", faults);
        }
        SyncJob ended = new SyncJob(
                        job.tenant(),
                        job.id(),
                        job.source(),
                        job.connector(),
                        job.kind(),
                        job.phase(),
                        job.nextPage(),
                        job.started(),
                        job.ended(),
                        job.cursor(),
                        counts,
                        "",
                        "",
                        "")
                .ended(phase, change.now(), code, message, remedy);
        sync.put(ended);
        SyncState state = sync.state(change.tenant(), source.id());
        boolean full = job.kind() == SyncJob.Kind.FULL;
        sync.put(
                change.tenant(),
                source.id(),
                state.withCursor(job.cursor(), full ? Optional.of(job.started()) : state.lastFull())
                        .withFull(job.cursor().isEmpty() || state.wantsFull())
                        .withAllowed(Optional.empty()));
        sync.forgetJobs(change.tenant(), source.id(), JOBS_KEPT);
        note(change, source, ended);
        alerts.ended(change, source, ended);
    }

    /// The connector could not read.
    static void failed(Change change, SyncSource source, SyncJob job, SyncJob ended, SyncAlerts alerts) {
        SyncStore sync = change.stores().sync();
        sync.put(ended);
        SyncState state = sync.state(change.tenant(), source.id());
        boolean expired = ended.code().equals("cursor-expired");
        Duration pause = source.settings().interval().compareTo(AGAIN) < 0
                ? source.settings().interval()
                : AGAIN;
        sync.put(
                change.tenant(),
                source.id(),
                state.withFull(state.wantsFull() || expired || job.kind() == SyncJob.Kind.FULL)
                        .withPreview(false)
                        .withDue(
                                expired
                                        ? change.now()
                                        : job.kind() == SyncJob.Kind.PREVIEW
                                                ? state.due()
                                                : change.now().plus(pause)));
        sync.forgetJobs(change.tenant(), source.id(), JOBS_KEPT);
        note(change, source, ended);
        alerts.ended(change, source, ended);
    }

    private static void note(Change change, SyncSource source, SyncJob ended) {
        var details = new HashMap<String, String>();
        ended.counts().forEach((name, count) -> details.put(name, count.toString()));
        details.put("kind", ended.kind().name());
        if (ended.phase() == Phase.DONE) {
            change.note(Activity.FINISH_SYNC, source.id(), source.name(), details);
        } else {
            details.put("code", ended.code());
            details.put("message", ended.message());
            change.note(
                    ended.phase() == Phase.STOPPED ? Activity.STOP_SYNC : Activity.FAIL_SYNC,
                    source.id(),
                    source.name(),
                    details);
        }
    }

    private void keep(SyncObject object) {
        sync.put(change.tenant(), source.id(), object);
    }
}
