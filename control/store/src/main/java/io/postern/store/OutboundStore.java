package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Provisioning to applications: one job for each, notes of whom to look at, and what each application knows of
/// whom. [UserStore], [GroupStore] and [AssignmentStore] leave notes in the transaction of each change, for
/// jobs that are enabled.
public interface OutboundStore {
    enum Kind {
        USER,
        GROUP
    }

    /// What an application knows.
    ///
    /// @param subject user or group here, who may be gone
    /// @param remote the application's own id
    /// @param name as people know the subject
    /// @param sent by path
    /// @param active not disabled there
    record Link(Kind kind, String subject, String remote, String name, Map<String, String> sent, boolean active) {}

    /// Who has to be looked at.
    ///
    /// @param stamp another one after each change
    /// @param attempts that failed
    /// @param fault why the last one did
    record Note(Kind kind, String subject, String stamp, Instant due, int attempts, Optional<String> fault) {}

    /// What was done.
    ///
    /// @param result success, failure or skipped
    /// @param text JSON as the API shows it
    record Entry(
            TenantId tenant,
            String id,
            Instant happened,
            ServicePrincipalId resource,
            String subject,
            String result,
            String text) {}

    /// Which entries.
    ///
    /// @param before those older than this one; empty: from the newest on
    record Query(
            Optional<ServicePrincipalId> resource,
            Optional<String> subject,
            Optional<String> result,
            Optional<Place> before,
            int limit) {}

    /// Of an entry in the log.
    record Place(Instant happened, String id) {}

    Optional<OutboundJob> find(TenantId tenant, ServicePrincipalId resource);

    List<OutboundJob> list(TenantId tenant);

    /// Inserts it, or changes settings, secret and whether it is enabled; where it stands stays.
    void put(OutboundJob job);

    boolean delete(TenantId tenant, ServicePrincipalId resource);

    /// Jobs with something to do that nobody works on.
    List<OutboundJob> ready(Instant now);

    /// Takes or keeps the right to work on a job. @return false while another holds it
    boolean lease(OutboundJob job, String holder, Instant now, Instant until);

    void release(OutboundJob job, String holder);

    /// Everything is looked at when this comes, or at once where it is over.
    void due(TenantId tenant, ServicePrincipalId resource, Instant when);

    void checked(OutboundJob job, Instant when);

    /// The application answers again.
    void wellAgain(OutboundJob job, Instant now);

    /// The application fails, or asks us to wait.
    ///
    /// @param failures one after the other
    void pause(OutboundJob job, Instant until, int failures, Optional<Instant> quarantined, String fault);

    /// Begins anew: no pause, no quarantine, everything is looked at.
    ///
    /// @param allowed removals, in place of the limit
    void restart(TenantId tenant, ServicePrincipalId resource, Instant now, Optional<Integer> allowed);

    /// What the application knows is forgotten, but for who is who: everything is sent again.
    void forgetSent(TenantId tenant, ServicePrincipalId resource);

    void held(OutboundJob job, int removals, Optional<Integer> allowed);

    Optional<Link> link(OutboundJob job, Kind kind, String subject);

    Optional<Link> linkOf(OutboundJob job, Kind kind, String remote);

    /// In the order of their subjects.
    List<Link> links(OutboundJob job, Kind kind, String after, int limit);

    long links(OutboundJob job, Kind kind);

    /// @throws DuplicateKey when the application's resource is another subject's already
    void put(OutboundJob job, Link link);

    void unlink(OutboundJob job, Kind kind, String subject);

    Set<String> members(OutboundJob job, String group);

    /// Direct members of a group here whom the application knows and has not disabled: our ids and its own.
    Map<String, String> knownMembers(OutboundJob job, String group);

    void addMembers(OutboundJob job, String group, Collection<String> users);

    void removeMembers(OutboundJob job, String group, Collection<String> users);

    void note(OutboundJob job, Kind kind, Collection<String> subjects);

    /// Notes for groups that are assigned and have the user as a member.
    void noteGroupsOf(OutboundJob job, String user);

    Optional<Note> note(OutboundJob job, Kind kind, String subject);

    /// Those that are due, users before groups.
    List<Note> notes(OutboundJob job, Instant now, int limit);

    /// Of those with a fault.
    List<Note> faults(OutboundJob job, int limit);

    long waiting(OutboundJob job);

    /// Known subjects that have notes, due or not.
    List<Link> noted(OutboundJob job);

    /// Takes the note away unless there was another change meanwhile.
    void done(OutboundJob job, Note note);

    /// It comes again, unless there was another change meanwhile.
    void again(OutboundJob job, Note note, Instant due, int attempts, String fault);

    void log(Entry entry);

    List<Entry> log(TenantId tenant, Query query);

    Optional<Entry> logged(TenantId tenant, String id);

    int purgeLog(Instant before);
}
