package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.postern.connector.directory.DirectoryFault.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What changed, by the numbers that one domain controller gives to its changes. Needs no right but to read.
/// A number means nothing at another controller, nor after that one was restored from a backup.
final class UsnChanges {
    /// Deleted objects come too.
    static final Control SHOW_DELETED = new Control("1.2.840.113556.1.4.417", true);

    private static final Filter PEOPLE_AND_GROUPS = Filter.createORFilter(
            Filter.createANDFilter(
                    Filter.createEqualityFilter("objectClass", "user"),
                    Filter.createNOTFilter(Filter.createEqualityFilter("objectClass", "computer"))),
            Filter.createEqualityFilter("objectClass", "group"));

    private static final Filter PLACES = Filter.createORFilter(
            Filter.createEqualityFilter("objectClass", "organizationalUnit"),
            Filter.createEqualityFilter("objectClass", "container"));

    private final DirectoryConnection connection;
    private final String home;

    UsnChanges(DirectoryConnection connection, String home) {
        this.connection = connection;
        this.home = home;
    }

    /// Where things stand now.
    DirectoryCursor.Usn now() {
        RootEntry root = connection.root();
        if (root.committedUsn() < 0) {
            throw new DirectoryFault(
                    Code.NO_RIGHT,
                    connection.url() + " does not tell its last change (highestCommittedUSN)",
                    "give the account of 'bind-dn' the right 'Replicating Directory Changes' at " + home);
        }
        return new DirectoryCursor.Usn(invocation(root.service()), root.committedUsn());
    }

    /// Tells what changed since.
    ///
    /// @return where things stand now; empty when only a whole read can tell what changed
    /// @throws DirectoryFault also when the number means nothing here
    Optional<DirectoryCursor> since(DirectoryCursor.Usn before, ChangedObjects changed) {
        DirectoryCursor.Usn now = now();
        if (!now.invocation().equals(before.invocation())) {
            throw DirectoryCursor.expired(
                    "the changes were counted by another domain controller than " + connection.url());
        }
        if (now.last() < before.last()) {
            throw DirectoryCursor.expired(connection.url() + " has gone back to an earlier state");
        }
        Filter later = Filter.createGreaterOrEqualFilter("uSNChanged", String.valueOf(before.last() + 1));
        if (isAnyPlaceOld(later, before.last())) {
            return Optional.empty();
        }
        connection.pages(
                "asking '" + home + "' for deletions",
                "CN=Deleted Objects," + home,
                Filter.createANDFilter(later, Filter.createEqualityFilter("isDeleted", "TRUE"), PEOPLE_AND_GROUPS),
                new String[] {"objectGUID"},
                List.of(SHOW_DELETED),
                page -> changed.tell(changes(page, true)));
        connection.pages(
                "asking '" + home + "' for changes",
                home,
                Filter.createANDFilter(later, PEOPLE_AND_GROUPS),
                new String[] {"objectGUID"},
                List.of(),
                page -> changed.tell(changes(page, false)));
        return Optional.of(now);
    }

    /// A place that changed and is not new may have another name, and then all that lies below has.
    private boolean isAnyPlaceOld(Filter later, long last) {
        String system = ",cn=system," + home.toLowerCase(Locale.ROOT);
        return connection
                .some(
                        "asking '" + home + "' for moved places",
                        home,
                        Filter.createANDFilter(later, PLACES),
                        new String[] {"uSNCreated"})
                .stream()
                .filter(place -> !place.getDN().toLowerCase(Locale.ROOT).endsWith(system))
                .anyMatch(place -> isOld(place, last));
    }

    private static boolean isOld(SearchResultEntry place, long last) {
        Long created = place.getAttributeValueAsLong("uSNCreated");
        return created == null || created <= last;
    }

    private static List<Change> changes(List<SearchResultEntry> page, boolean isDeleted) {
        var all = new ArrayList<Change>();
        for (SearchResultEntry each : page) {
            all.add(new Change(
                    EntryForm.guid(each.getAttributeValueBytes("objectGUID")).toString(),
                    each.getDN(),
                    isDeleted,
                    false,
                    Optional.empty()));
        }
        return all;
    }

    private String invocation(String service) {
        return connection
                .entry("reading '" + service + "'", service, new String[] {"invocationId"})
                .map(entry -> entry.getAttributeValueBytes("invocationId"))
                .map(raw -> EntryForm.guid(raw).toString())
                .orElseThrow(() -> new DirectoryFault(
                        Code.NO_RIGHT,
                        "'" + service + "' has no invocationId that the account may read",
                        "let the account of 'bind-dn' read it, or give it the right 'Replicating Directory Changes'"));
    }
}
