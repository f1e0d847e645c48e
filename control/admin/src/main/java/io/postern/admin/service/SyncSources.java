package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.Attributes;
import io.postern.domain.sync.DeletionLimit;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.MemberSelection;
import io.postern.domain.sync.SyncSettings;
import io.postern.store.ConnectorGroup;
import io.postern.store.DuplicateKey;
import io.postern.store.Stores;
import io.postern.store.SyncJob;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncState;
import io.postern.store.SyncStore;
import io.postern.store.User;
import io.postern.store.UserStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Other directories that are synchronised, as administrators see and set them.
public final class SyncSources {
    private static final int NAME_MAX = 64;
    private static final int SHOWN_MAX = 1_000;

    /// @param users users and groups here that come from it
    /// @param waiting objects that are to be deleted but were not
    /// @param last the newest first
    /// @param checkers connectors that wait at this node for passwords to check
    public record Seen(
            SyncSource source,
            SyncState state,
            Optional<String> groupName,
            Optional<String> holder,
            long users,
            long waiting,
            List<SyncJob> last,
            List<String> checkers) {}

    private final Ledger ledger;
    private final PasswordDesk desk;

    public SyncSources(Ledger ledger, PasswordDesk desk) {
        this.ledger = ledger;
        this.desk = desk;
    }

    public List<Seen> list(TenantId tenant) {
        return ledger.read(stores -> stores.sync().list(tenant).stream()
                .map(source -> seen(stores, source, 1))
                .toList());
    }

    public Outcome<Seen> find(TenantId tenant, String id) {
        return ledger.look(stores ->
                seen(stores, stores.sync().find(tenant, id).orElseThrow(() -> Rejected.notFound("source", id)), 1));
    }

    public Outcome<List<SyncJob>> cycles(TenantId tenant, String id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.sync().find(tenant, id), "source", id);
            return stores.sync().jobs(tenant, id, SHOWN_MAX);
        });
    }

    /// Objects that are not as their directory says.
    public Outcome<List<SyncObject>> faults(TenantId tenant, String id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.sync().find(tenant, id), "source", id);
            return stores.sync().faults(tenant, id, "", SHOWN_MAX);
        });
    }

    /// What the last preview found.
    public Outcome<List<SyncStore.Previewed>> preview(TenantId tenant, String id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.sync().find(tenant, id), "source", id);
            return stores.sync().preview(tenant, id, SHOWN_MAX);
        });
    }

    public Outcome<Seen> create(Actor actor, SyncDraft draft) {
        return ledger.change(actor, change -> {
            var source = new SyncSource(
                    change.tenant(),
                    UUID.randomUUID().toString(),
                    name(draft.name().or("")),
                    directory(draft.directory().or(draft.name().or(""))),
                    group(change, draft.group().value()),
                    draft.enabled().or(true),
                    settings(Optional.empty(), draft),
                    change.now());
            change.stores().sync().insert(source, SyncState.at(change.now()));
            if (source.settings().passwordCheck().onPremises()) {
                SyncPasswords.keepWayIn(change);
            }
            change.note(Activity.ADD_SYNC_SOURCE, source.id(), source.name(), details(source));
            return seen(change.stores(), source, 1);
        });
    }

    /// What it reads or how may be another then: the next cycle reads everything.
    public Outcome<Seen> patch(Actor actor, String id, SyncDraft draft) {
        return ledger.change(actor, change -> {
            SyncSource old = found(change, id);
            var source = new SyncSource(
                    old.tenant(),
                    old.id(),
                    draft.name().map(SyncSources::name).or(old.name()),
                    draft.directory().map(SyncSources::directory).or(old.directory()),
                    draft.group().given() ? group(change, draft.group().value()) : old.group(),
                    draft.enabled().or(old.enabled()),
                    settings(Optional.of(old.settings()), draft),
                    old.created());
            change.stores().sync().update(source);
            if (source.settings().passwordCheck().onPremises()) {
                SyncPasswords.keepWayIn(change);
            }
            if (!source.settings().readsAs(old.settings())
                    || !source.group().equals(old.group())
                    || !source.directory().equals(old.directory())) {
                SyncState state = change.stores().sync().state(change.tenant(), id);
                change.stores().sync().put(change.tenant(), id, state.withFull(true));
            }
            change.note(Activity.UPDATE_SYNC_SOURCE, id, source.name(), Differences.between(old, source), Map.of());
            return seen(change.stores(), source, 1);
        });
    }

    /// Users and groups stay, and are ours from then on.
    public Outcome<SyncSource> delete(Actor actor, String id) {
        return ledger.change(actor, change -> {
            SyncSource source = found(change, id);
            long released = release(change, source);
            change.stores().sync().delete(change.tenant(), id);
            change.note(Activity.REMOVE_SYNC_SOURCE, id, source.name(), Map.of("released", Long.toString(released)));
            return source;
        });
    }

    /// The next cycle begins as soon as a connector asks.
    ///
    /// @param full reads everything
    /// @param allowed how many objects it may delete, in place of the limit
    public Outcome<Seen> request(Actor actor, String id, boolean full, boolean preview, Optional<Integer> allowed) {
        return ledger.change(actor, change -> {
            SyncSource source = found(change, id);
            if (!source.enabled()) {
                throw Rejected.conflict("source '" + source.name() + "' is disabled; enable it first");
            }
            if (allowed.filter(a -> a < 0).isPresent()) {
                throw Rejected.invalid("allowedDeletions", "allowedDeletions must be a number from 0");
            }
            SyncState state = change.stores().sync().state(change.tenant(), id);
            change.stores()
                    .sync()
                    .put(
                            change.tenant(),
                            id,
                            preview
                                    ? state.withPreview(true)
                                    : state.withDue(change.now())
                                            .withFull(full || state.wantsFull())
                                            .withAllowed(allowed.or(state::allowedDeletions)));
            change.note(
                    Activity.REQUEST_SYNC,
                    id,
                    source.name(),
                    Map.of(
                            "kind",
                            preview ? "preview" : full ? "full" : "delta",
                            "allowedDeletions",
                            allowed.map(Object::toString).orElse("")));
            return seen(change.stores(), source, 1);
        });
    }

    // ---- deleted users

    public List<UserStore.Deleted> deleted(TenantId tenant) {
        return ledger.read(stores -> stores.users().listDeleted(tenant));
    }

    /// A user whose object is gone comes back as one of ours: no directory brings him any more.
    public Outcome<User> restore(Actor actor, UserId id) {
        return ledger.change(actor, change -> {
            UserStore.Deleted deleted =
                    change.found(change.stores().users().findDeleted(change.tenant(), id), "deleted user", id);
            Authority.overUser(change, Action.USERS_WRITE, deleted.user());
            try {
                change.stores().users().bringBack(change.tenant(), id);
            } catch (DuplicateKey e) {
                throw Rejected.conflict("another user is named '"
                        + deleted.user().userPrincipalName() + "' by now; give him another user name first");
            }
            change.stores()
                    .sync()
                    .ofTarget(change.tenant(), id.value())
                    .ifPresent(of -> change.stores()
                            .sync()
                            .forget(change.tenant(), of.source(), of.object().anchor()));
            if (deleted.user().accountEnabled()) {
                Accounts.letIn(
                        change.stores(), change.tenant(), id, change.now().truncatedTo(ChronoUnit.SECONDS));
            }
            User back = change.found(change.stores().users().find(change.tenant(), id), "user", id);
            User ours = ours(back);
            change.stores().users().update(ours);
            change.note(Activity.RESTORE_USER, id, ours.userPrincipalName());
            return ours;
        });
    }

    // ---- parts

    private Seen seen(Stores stores, SyncSource source, int jobs) {
        SyncState state = stores.sync().state(source.tenant(), source.id());
        return new Seen(
                source,
                state,
                stores.connectorGroups().find(source.tenant(), source.group()).map(ConnectorGroup::name),
                state.holder()
                        .flatMap(holder -> stores.connectors().find(source.tenant(), holder.connector()))
                        .map(connector -> connector.machineName()),
                stores.sync().live(source.tenant(), source.id()),
                stores.sync().gone(source.tenant(), source.id()),
                stores.sync().jobs(source.tenant(), source.id(), jobs),
                desk.connectors(source.tenant(), source.group(), source.directory()));
    }

    private static long release(Change change, SyncSource source) {
        long released = 0;
        String after = "";
        while (true) {
            List<User> page = change.stores().users().list(change.tenant(), after, 500);
            for (User user : page) {
                boolean his = user.attributes().isSynchronised()
                        && change.stores()
                                .sync()
                                .ofTarget(change.tenant(), user.id().value())
                                .filter(of -> of.source().equals(source.id()))
                                .isPresent();
                if (his) {
                    change.stores().users().update(ours(user));
                    released++;
                }
            }
            if (page.size() < 500) {
                return released;
            }
            after = page.getLast().userPrincipalName();
        }
    }

    private static User ours(User user) {
        return user.withAttributes(user.attributes()
                .with(Attributes.SYNCHRONISED, Optional.empty())
                .with(Attributes.LAST_SYNCHRONISED, Optional.empty()));
    }

    private static SyncSettings settings(Optional<SyncSettings> old, SyncDraft draft) {
        var mapping = new TreeMap<>(old.map(SyncSettings::mapping).orElse(Map.of()));
        draft.mapping().value().ifPresent(mapping::putAll);
        mapping.values().removeIf(String::isEmpty);
        try {
            return new SyncSettings(
                    draft.bases()
                            .map(SyncSources::names)
                            .or(old.map(SyncSettings::bases).orElse(List.of())),
                    draft.excluded()
                            .map(SyncSources::names)
                            .or(old.map(SyncSettings::excluded).orElse(List.of())),
                    draft.userFilter().orKeep(old.flatMap(SyncSettings::userFilter)),
                    draft.groupFilter().orKeep(old.flatMap(SyncSettings::groupFilter)),
                    members(old.map(SyncSettings::members).orElse(MemberSelection.ALL), draft),
                    mapping,
                    draft.intervalMinutes()
                            .map(Duration::ofMinutes)
                            .or(old.map(SyncSettings::interval).orElse(SyncSettings.INTERVAL)),
                    new DeletionLimit(
                            draft.deletionsMax()
                                    .or(old.map(s -> s.deletions().count()).orElse(DeletionLimit.DEFAULT.count())),
                            draft.deletionsPercentMax()
                                    .or(old.map(s -> s.deletions().percent()).orElse(DeletionLimit.DEFAULT.percent()))),
                    draft.softMatch().or(old.map(SyncSettings::softMatch).orElse(true)),
                    SyncPasswords.of(old, draft));
        } catch (IllegalArgumentException e) {
            throw Rejected.invalid("settings", String.valueOf(e.getMessage()));
        }
    }

    private static MemberSelection members(MemberSelection old, SyncDraft draft) {
        return new MemberSelection(
                draft.membersOf().map(SyncSources::names).or(old.groups()),
                draft.nested().or(old.nested()));
    }

    private static List<DirectoryName> names(List<String> texts) {
        return texts.stream().map(DirectoryName::of).toList();
    }

    private static ConnectorGroupId group(Change change, Optional<String> id) {
        if (id.isEmpty()) {
            return change.stores().connectorGroups().list(change.tenant()).stream()
                    .filter(ConnectorGroup::isDefault)
                    .map(ConnectorGroup::id)
                    .findFirst()
                    .orElseThrow(() -> Rejected.invalid("connectorGroupId", "connectorGroupId is missing"));
        }
        try {
            var group = new ConnectorGroupId(id.get());
            if (change.stores().connectorGroups().find(change.tenant(), group).isPresent()) {
                return group;
            }
        } catch (IllegalArgumentException e) {
            throw Rejected.invalid("connectorGroupId", String.valueOf(e.getMessage()));
        }
        throw Rejected.invalid("connectorGroupId", "there is no connector group '" + id.get() + "'");
    }

    private static String name(String name) {
        return checked("name", name);
    }

    private static String directory(String name) {
        return checked("directory", name);
    }

    private static String checked(String property, String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0," + (NAME_MAX - 1) + "}")) {
            throw Rejected.invalid(
                    property,
                    property + " '" + name + "' must have 1 to " + NAME_MAX
                            + " letters, digits or . _ - , such as corp");
        }
        return name;
    }

    private static SyncSource found(Change change, String id) {
        return change.found(change.stores().sync().find(change.tenant(), id), "source", id);
    }

    private static Map<String, String> details(SyncSource source) {
        return Map.of(
                "directory",
                source.directory(),
                "bases",
                String.join(
                        "; ",
                        source.settings().bases().stream()
                                .map(DirectoryName::text)
                                .toList()));
    }
}
