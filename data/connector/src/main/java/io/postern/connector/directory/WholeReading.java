package io.postern.connector.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.postern.connector.directory.DirectoryEntry.Kind;
import io.postern.connector.directory.DirectoryFault.Code;
import java.util.List;
import java.util.Locale;

/// Reads all that a scope holds: people first, then groups. Holds one page of the server's at a time.
final class WholeReading {
    private final DirectoryConnection connection;
    private final DirectoryScope scope;
    private final DirectorySink sink;
    private final Kinds kinds;
    private final EntryForm form;
    private final GroupMembers members;
    private final List<DN> roots;
    private final List<DN> holes;

    /// @throws DirectoryFault when the scope cannot be read here
    WholeReading(DirectoryConnection connection, DirectoryScope scope, DirectorySink sink) {
        this.connection = connection;
        this.scope = scope;
        this.sink = sink;
        RootEntry root = connection.root();
        if (!root.isActive() && scope.looksAlongChains()) {
            throw new DirectoryFault(
                    Code.OTHER,
                    connection.url() + " cannot tell who is in a group by other groups",
                    "count direct members alone ('postern sync change --nested off')");
        }
        this.kinds = Kinds.of(root);
        this.form = new EntryForm(kinds.idAttribute());
        this.members = new GroupMembers(connection);
        this.roots = scope.roots(root.home().map(List::of).orElse(root.contexts()));
        this.holes = scope.holes();
        root.home().ifPresent(this::requireHome);
    }

    /// Another domain's objects have another server, another name and another cursor.
    private void requireHome(String home) {
        for (DN root : roots) {
            if (!isBelow(root, List.of(dn(home)))) {
                throw new DirectoryFault(
                        Code.BAD_BASE,
                        "base '" + root + "' is not in the domain of " + connection.url() + ", which is " + home,
                        "correct the base, or name a directory of its own for the other domain");
            }
        }
    }

    void read() {
        for (Kind kind : List.of(Kind.USER, Kind.GROUP)) {
            for (DN root : roots) {
                connection.pages(
                        "reading " + (kind == Kind.USER ? "people" : "groups") + " below '" + root + "'",
                        root.toString(),
                        kinds.of(kind, scope),
                        attributes(kind),
                        List.of(),
                        page -> page.forEach(each -> tell(each, kind, false)));
            }
        }
    }

    String[] attributes(Kind kind) {
        return kind == Kind.GROUP
                ? form.asked(scope.groupAttributes(), members.attributes())
                : form.asked(scope.userAttributes());
    }

    /// @param sayNone name those attributes that the entry has not, too
    /// @return whether it is of the scope
    boolean tell(SearchResultEntry found, Kind kind, boolean sayNone) {
        if (!holds(found)) {
            return false;
        }
        DirectoryEntry entry = form.entry(found, kind, wanted(kind), sayNone);
        if (kind == Kind.GROUP) {
            members.tell(found, entry, sink);
        } else {
            sink.take(entry);
        }
        return true;
    }

    boolean holds(SearchResultEntry found) {
        // two controllers made it at once, and this one lost
        boolean lost = found.getDN().toLowerCase(Locale.ROOT).contains("\\0acnf:");
        DN dn = dn(found.getDN());
        return !lost && isBelow(dn, roots) && !isBelow(dn, holes);
    }

    List<String> wanted(Kind kind) {
        return kind == Kind.GROUP ? scope.groupAttributes() : scope.userAttributes();
    }

    EntryForm form() {
        return form;
    }

    Kinds kinds() {
        return kinds;
    }

    private static boolean isBelow(DN dn, List<DN> places) {
        return places.stream().anyMatch(place -> dn.isDescendantOf(place, true));
    }

    private static DN dn(String text) {
        try {
            return new DN(text);
        } catch (LDAPException e) {
            throw new DirectoryFault(
                    Code.OTHER, "the directory has an object with an unreadable name, '" + text + "'", "rename it", e);
        }
    }
}
