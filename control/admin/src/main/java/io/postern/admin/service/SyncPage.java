package io.postern.admin.service;

import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject;
import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.domain.sync.DirectoryObject.Members;
import io.postern.domain.sync.SyncMapping;
import io.postern.store.SyncJob;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes one page of objects, in the transaction of the page. What needs all pages is left to [SyncEnd].
final class SyncPage {
    private final Change change;
    private final SyncStore sync;
    private final SyncSource source;
    private final SyncJob job;
    private final SyncPeople people;
    private final SyncGroups groups;
    private final SyncTally tally;
    private final SyncTouched touched;
    private boolean wantsFull;

    SyncPage(Change change, SyncSource source, SyncJob job, SyncTally tally) {
        SyncMapping mapping = SyncMapping.of(source.settings().mapping());
        this.change = change;
        this.sync = change.stores().sync();
        this.source = source;
        this.job = job;
        this.touched = new SyncTouched(change, source);
        this.people = new SyncPeople(change, source, mapping, tally, touched);
        this.groups = new SyncGroups(change, source, mapping, tally, touched);
        this.tally = tally;
    }

    void take(List<DirectoryObject> page) {
        Map<String, SyncObject> known = new HashMap<>();
        sync.objects(
                        change.tenant(),
                        source.id(),
                        page.stream().map(DirectoryObject::anchor).distinct().toList())
                .forEach(object -> known.put(object.anchor(), object));
        var seen = new ArrayList<String>();
        var written = new LinkedHashMap<String, SyncObject>();
        for (DirectoryObject entry : page) {
            Optional<SyncObject> old = Optional.ofNullable(known.get(entry.anchor()));
            Optional<SyncObject> now = take(entry, old);
            if (now.isEmpty()) {
                continue;
            }
            if (now.equals(old.map(o -> seenNow(o)))) {
                seen.add(entry.anchor());
            } else {
                written.put(entry.anchor(), now.get());
            }
            known.put(entry.anchor(), now.get());
            if (!old.flatMap(SyncObject::primaryGroup).equals(now.get().primaryGroup())) {
                old.ifPresent(touched::primaryGroup);
                touched.primaryGroup(now.get());
            }
        }
        sync.putAll(change.tenant(), source.id(), written.values());
        touched.mark();
        sync.seen(change.tenant(), source.id(), seen, job.id());
    }

    /// Something cannot be known from what the directory told; only reading everything helps.
    boolean wantsFull() {
        return wantsFull;
    }

    /// @return the object as it is to be kept; empty when nothing is
    private Optional<SyncObject> take(DirectoryObject entry, Optional<SyncObject> old) {
        boolean covered = !entry.deleted()
                && entry.name().filter(source.settings()::covers).isPresent();
        if ((!covered && entry.kind() != Kind.OTHER) || entry.deleted()) {
            // also what was moved away, or is excluded now
            return old.filter(object -> object.deleted().isEmpty() && object.kind() != Kind.OTHER)
                    .map(object -> object.withGone(true));
        }
        DirectoryName name = entry.name().orElseThrow();
        boolean moved = old.isPresent()
                && old.get().deleted().isEmpty()
                && !old.get().name().key().equals(name.key());
        if (moved) {
            SyncPlaces.moved(change, source.id(), old.get(), name);
        }
        if (entry.kind() == Kind.OTHER) {
            wantsFull |= job.kind() == SyncJob.Kind.DELTA && (moved || old.isEmpty());
            return Optional.of(object(entry, name, old, Map.of()));
        }
        boolean delta = job.kind() == SyncJob.Kind.DELTA;
        SyncObject object = object(
                entry,
                name,
                old,
                entry.after(delta ? old.map(SyncObject::attributes).orElse(Map.of()) : Map.of()));
        SyncObject merged = entry.kind() == Kind.USER ? user(object) : group(object, old, entry);
        wantsFull |= delta && old.isEmpty() && merged.fault().isPresent(); // perhaps it came in by a move
        return Optional.of(merged);
    }

    private SyncObject user(SyncObject object) {
        return people.apply(object, people.plan(object));
    }

    private SyncObject group(SyncObject object, Optional<SyncObject> old, DirectoryObject entry) {
        Optional<Members> members = entry.members();
        boolean first = isFirst(entry);
        SyncObject merged = first || old.isEmpty() || object.target().isEmpty()
                ? groups.apply(object, groups.plan(object))
                : object.withFault(old.get().fault());
        boolean news = members.isPresent() && groups.keep(merged, members.get());
        // what was wrong with its members is only found out by looking at them
        boolean again = first && old.flatMap(SyncObject::fault).isPresent();
        return news || again ? merged.withDirty(true) : merged;
    }

    /// Not the rest of a list of members.
    private static boolean isFirst(DirectoryObject entry) {
        return entry.members()
                .map(Members::piece)
                .filter(piece -> piece == Members.Piece.NEXT || piece == Members.Piece.LAST)
                .isEmpty();
    }

    private SyncObject object(
            DirectoryObject entry, DirectoryName name, Optional<SyncObject> old, Map<String, List<String>> attributes) {
        return new SyncObject(
                entry.anchor(),
                entry.kind(),
                name,
                attributes,
                old.filter(o -> o.kind() == entry.kind()).flatMap(SyncObject::target),
                job.id(),
                false,
                old.map(SyncObject::dirty).orElse(false),
                old.flatMap(SyncObject::due),
                old.flatMap(SyncObject::deleted),
                Optional.empty());
    }

    private SyncObject seenNow(SyncObject old) {
        return new SyncObject(
                old.anchor(),
                old.kind(),
                old.name(),
                old.attributes(),
                old.target(),
                job.id(),
                old.gone(),
                old.dirty(),
                old.due(),
                old.deleted(),
                old.fault());
    }

    // ---- preview

    /// Notes what a cycle would do, and does nothing.
    void preview(List<DirectoryObject> page) {
        Map<String, SyncObject> known = new HashMap<>();
        sync.objects(
                        change.tenant(),
                        source.id(),
                        page.stream().map(DirectoryObject::anchor).distinct().toList())
                .forEach(object -> known.put(object.anchor(), object));
        for (DirectoryObject entry : page) {
            if (entry.kind() == Kind.OTHER
                    || entry.deleted()
                    || !isFirst(entry)
                    || entry.name().filter(source.settings()::covers).isEmpty()) {
                continue;
            }
            SyncObject object = object(
                    entry,
                    entry.name().orElseThrow(),
                    Optional.ofNullable(known.get(entry.anchor())),
                    entry.after(Map.of()));
            SyncStore.Previewed line = entry.kind() == Kind.USER
                    ? SyncPreview.of(object, people.plan(object))
                    : SyncPreview.of(object, groups.plan(object));
            sync.preview(change.tenant(), source.id(), line);
            tally.add((entry.kind() == Kind.USER ? "users" : "groups") + SyncPreview.counted(line.outcome()));
        }
    }
}
