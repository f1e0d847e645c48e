package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject.Kind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Other directories that are synchronised: sources, their cycles, and what is known of their objects. Nothing here
/// changes the configuration version.
public interface SyncStore {
    /// Nothing was read yet. @throws DuplicateKey when the name, or the directory of the group, is taken
    void insert(SyncSource source, SyncState state);

    /// @throws DuplicateKey as [#insert]
    boolean update(SyncSource source);

    /// With all that is known of its objects; users and groups stay.
    boolean delete(TenantId tenant, String source);

    Optional<SyncSource> find(TenantId tenant, String source);

    Optional<SyncSource> find(TenantId tenant, ConnectorGroupId group, String directory);

    /// By name.
    List<SyncSource> list(TenantId tenant);

    SyncState state(TenantId tenant, String source);

    void put(TenantId tenant, String source, SyncState state);

    /// Objects with errors that administrators were told of, one a line; empty: none.
    String toldFaults(TenantId tenant, String source);

    void toldFaults(TenantId tenant, String source, String told);

    // ---- cycles

    /// In place of what was there.
    void put(SyncJob job);

    Optional<SyncJob> job(String id);

    /// The one that runs or is being finished.
    Optional<SyncJob> openJob(TenantId tenant, String source);

    /// The newest first.
    List<SyncJob> jobs(TenantId tenant, String source, int limit);

    /// Those of all tenants that only the service has to finish.
    List<SyncJob> finishing(int limit);

    /// All but the newest, and those that have not ended, go.
    void forgetJobs(TenantId tenant, String source, int kept);

    // ---- objects

    List<SyncObject> objects(TenantId tenant, String source, Collection<String> anchors);

    /// Not deleted.
    Optional<SyncObject> named(TenantId tenant, String source, DirectoryName name);

    /// All that lie below, not deleted.
    List<SyncObject> below(TenantId tenant, String source, DirectoryName name);

    /// What is kept of a user or group; empty when no other directory brings it.
    Optional<OfSource> ofTarget(TenantId tenant, String target);

    record OfSource(String source, SyncObject object) {}

    /// In place of what was there.
    void put(TenantId tenant, String source, SyncObject object);

    /// Each in place of what was there; none twice.
    void putAll(TenantId tenant, String source, Collection<SyncObject> objects);

    void forget(TenantId tenant, String source, String anchor);

    void seen(TenantId tenant, String source, Collection<String> anchors, String job);

    /// What no page of this job had is to be deleted. Users and groups only.
    void unseenAreGone(TenantId tenant, String source, String job);

    /// Of all tenants, what is due by now.
    List<Due> due(Instant now, int limit);

    record Due(TenantId tenant, String source, SyncObject object) {}

    List<SyncObject> gone(TenantId tenant, String source, int limit);

    List<SyncObject> dirty(TenantId tenant, String source, int limit);

    /// After `after` (empty: from the beginning), by anchor.
    List<SyncObject> faults(TenantId tenant, String source, String after, int limit);

    long faults(TenantId tenant, String source);

    /// Users and groups here that come from this source.
    long live(TenantId tenant, String source);

    long gone(TenantId tenant, String source);

    /// Of all tenants; what is kept of objects deleted before `before` goes. @return how many
    int purge(Instant before);

    // ---- members of groups, by distinguished name

    Set<String> members(TenantId tenant, String source, String group);

    /// @param members keys of distinguished names
    void addMembers(TenantId tenant, String source, String group, Collection<String> members);

    void removeMembers(TenantId tenant, String source, String group, Collection<String> members);

    /// In place of what was there, and of the pieces of it. @return whether that is another
    boolean replaceMembers(TenantId tenant, String source, String group);

    /// A piece of a list of members that is too long for one transaction; nobody is a member by it yet.
    ///
    /// @param first in place of pieces that came before
    void addPiece(TenantId tenant, String source, String group, boolean first, Collection<String> members);

    /// Those of them that are users or groups here.
    List<Target> memberTargets(TenantId tenant, String source, String group);

    /// @param id of the user or group here
    record Target(Kind kind, String id) {}

    /// Users here whose primary group it is.
    ///
    /// @param identifier of the group's security
    List<String> primaryMembers(TenantId tenant, String source, String identifier);

    /// An object has another name, in whatever group it is.
    void renameMember(TenantId tenant, String source, DirectoryName before, DirectoryName after);

    /// Groups with one of these members are to be looked at.
    ///
    /// @param members keys of distinguished names
    void touchGroupsOf(TenantId tenant, String source, Collection<String> members);

    /// Groups that are the primary group of somebody are to be looked at.
    ///
    /// @param identifiers of their security
    void touchPrimaryGroups(TenantId tenant, String source, Collection<String> identifiers);

    // ---- preview

    /// @param outcome create, link, update, unchanged, delete, refuse
    record Previewed(String anchor, String outcome, String name, String detail) {}

    void clearPreview(TenantId tenant, String source);

    void preview(TenantId tenant, String source, Previewed line);

    /// What is here but in no line of the preview: it would be deleted.
    List<SyncObject> notPreviewed(TenantId tenant, String source, int limit);

    /// By outcome and name, without those that are unchanged.
    List<Previewed> preview(TenantId tenant, String source, int limit);
}
