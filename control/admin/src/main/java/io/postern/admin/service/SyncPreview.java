package io.postern.admin.service;

import io.postern.domain.sync.DirectoryObject;
import io.postern.domain.sync.SyncFault;
import io.postern.store.AuditEntry;
import io.postern.store.Group;
import io.postern.store.SyncObject;
import io.postern.store.SyncStore.Previewed;
import io.postern.store.User;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a cycle would do with an object, in words.
final class SyncPreview {
    private SyncPreview() {}

    static Previewed of(SyncObject object, SyncPeople.Plan plan) {
        return switch (plan) {
            case SyncPeople.Plan.Create(User user, Optional<SyncFault> fault) ->
                line(object, "create", user.userPrincipalName(), said(user.displayName(), fault));
            case SyncPeople.Plan.Link(User before, User after, Optional<SyncFault> fault) ->
                line(
                        object,
                        "link",
                        after.userPrincipalName(),
                        said("takes over " + before.userPrincipalName() + "; " + changes(before, after), fault));
            case SyncPeople.Plan.Update(User before, User after, Optional<SyncFault> fault) ->
                line(
                        object,
                        before.equals(after) ? "unchanged" : "update",
                        after.userPrincipalName(),
                        said(changes(before, after), fault));
            case SyncPeople.Plan.Restore(User before, User after, Optional<SyncFault> fault) ->
                line(object, "restore", after.userPrincipalName(), said(changes(before, after), fault));
            case SyncPeople.Plan.Refuse(SyncFault fault) ->
                line(object, "refuse", object.name().text(), fault.message() + ": " + fault.remedy());
        };
    }

    static Previewed of(SyncObject object, SyncGroups.Plan plan) {
        return switch (plan) {
            case SyncGroups.Plan.Create(Group group) -> line(object, "create", group.displayName(), "group");
            case SyncGroups.Plan.Update(Group before, Group after) ->
                line(
                        object,
                        before.equals(after) ? "unchanged" : "update",
                        after.displayName(),
                        "group; " + changes(before, after));
            case SyncGroups.Plan.Restore(Group after) -> line(object, "restore", after.displayName(), "group");
            case SyncGroups.Plan.Refuse(SyncFault fault) ->
                line(object, "refuse", object.name().text(), fault.message() + ": " + fault.remedy());
        };
    }

    static Previewed deleted(SyncObject object) {
        return line(
                object, "delete", object.name().text(), object.kind() == DirectoryObject.Kind.USER ? "user" : "group");
    }

    /// As the end of a name of a count.
    static String counted(String outcome) {
        return switch (outcome) {
            case "create" -> "Created";
            case "link" -> "Linked";
            case "update" -> "Updated";
            case "restore" -> "Restored";
            case "unchanged" -> "Unchanged";
            case "delete" -> "Deleted";
            default -> "Refused";
        };
    }

    private static Previewed line(SyncObject object, String outcome, String name, String detail) {
        return new Previewed(object.anchor(), outcome, name, detail);
    }

    private static String said(String what, Optional<SyncFault> fault) {
        return fault.map(f -> what + "; left out: " + f.message()).orElse(what);
    }

    private static String changes(Record before, Record after) {
        List<AuditEntry.Modified> modified = Differences.between(before, after).stream()
                .filter(m -> !m.property().startsWith("onPremisesLastSync"))
                .toList();
        return modified.stream()
                .map(m -> m.property() + " '" + m.before() + "' to '" + m.after() + "'")
                .collect(Collectors.joining(", "));
    }
}
