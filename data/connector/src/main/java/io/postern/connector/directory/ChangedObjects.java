package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.postern.connector.directory.DirectoryEntry.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/// Reads changed objects of Active Directory again, since a change tells neither whether the object is in the
/// scope nor what it was before, and tells them; what is not of the scope any more is told as gone.
final class ChangedObjects {
    /// Asked for at once.
    private static final int BATCH = 100;

    private static final Set<String> PLACES = Set.of("organizationalunit", "container", "domaindns");

    private final DirectoryConnection connection;
    private final String home;
    private final DirectoryScope scope;
    private final WholeReading whole;
    private final DirectorySink sink;

    ChangedObjects(
            DirectoryConnection connection, String home, DirectoryScope scope, WholeReading whole, DirectorySink sink) {
        this.connection = connection;
        this.home = home;
        this.scope = scope;
        this.whole = whole;
        this.sink = sink;
    }

    /// @return false when a place was renamed or moved: then objects below it have other names, and no change
    /// tells
    boolean tell(List<Change> changes) {
        for (int i = 0; i < changes.size(); i += BATCH) {
            if (!tellBatch(changes.subList(i, Math.min(i + BATCH, changes.size())))) {
                return false;
            }
        }
        return true;
    }

    private boolean tellBatch(List<Change> changes) {
        List<Change> living = changes.stream().filter(c -> !c.isDeleted()).toList();
        var told = new HashSet<String>();
        if (!living.isEmpty()) {
            for (SearchResultEntry found : again(living, Kind.USER, whole.attributes(Kind.USER))) {
                if (whole.tell(found, Kind.USER, true)) {
                    told.add(whole.form().id(found));
                }
            }
            groups(living, told);
        }
        List<Change> moved = living.stream()
                .filter(c -> c.isMoved() && !told.contains(c.id()))
                .toList();
        if (!moved.isEmpty() && isAnyAPlace(moved)) {
            return false;
        }
        changes.stream()
                .filter(c -> !told.contains(c.id()))
                .forEach(c -> sink.take(DirectoryEntry.gone(c.id(), Kind.OTHER, c.dn())));
        return true;
    }

    /// Those of whom only members have changed are told with just these, however many they have.
    private void groups(List<Change> living, Set<String> told) {
        List<Change> whoseMembersChanged =
                living.stream().filter(c -> c.members().isPresent()).toList();
        List<Change> others = living.stream()
                .filter(c -> c.members().isEmpty() && !told.contains(c.id()))
                .toList();
        if (!others.isEmpty()) {
            for (SearchResultEntry found : again(others, Kind.GROUP, whole.attributes(Kind.GROUP))) {
                if (whole.tell(found, Kind.GROUP, true)) {
                    told.add(whole.form().id(found));
                }
            }
        }
        if (whoseMembersChanged.isEmpty()) {
            return;
        }
        String[] plain = whole.form().asked(scope.groupAttributes());
        for (SearchResultEntry found : again(whoseMembersChanged, Kind.GROUP, plain)) {
            String id = whole.form().id(found);
            if (!whole.holds(found)) {
                continue;
            }
            told.add(id);
            DirectoryEntry entry = whole.form().entry(found, Kind.GROUP, scope.groupAttributes(), true);
            whoseMembersChanged.stream()
                    .filter(c -> c.id().equals(id))
                    .flatMap(c -> c.members().stream())
                    .forEach(members -> sink.take(entry.with(members)));
        }
    }

    private List<SearchResultEntry> again(List<Change> changes, Kind kind, String[] attributes) {
        return connection.some(
                "reading what changed",
                home,
                Filter.createANDFilter(whole.kinds().of(kind, scope), ids(changes)),
                attributes);
    }

    private boolean isAnyAPlace(List<Change> moved) {
        return connection.some("reading what moved", home, ids(moved), new String[] {"objectClass"}).stream()
                .anyMatch(ChangedObjects::isPlace);
    }

    static boolean isPlace(SearchResultEntry found) {
        for (String each : found.getObjectClassValues()) {
            if (PLACES.contains(each.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static Filter ids(List<Change> changes) {
        var each = new ArrayList<Filter>();
        changes.forEach(
                c -> each.add(Filter.createEqualityFilter("objectGUID", EntryForm.bytes(UUID.fromString(c.id())))));
        return Filter.createORFilter(each);
    }
}
