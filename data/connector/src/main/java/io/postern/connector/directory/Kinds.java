package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Filter;
import io.postern.connector.directory.DirectoryEntry.Kind;

/// Which objects are people and which are groups.
///
/// @param idAttribute what never changes of an object
record Kinds(Filter users, Filter groups, String idAttribute) {
    private static final Filter NOT_CRITICAL =
            Filter.createNOTFilter(Filter.createEqualityFilter("isCriticalSystemObject", "TRUE"));

    /// No computers, contacts, or what the domain itself needs, such as krbtgt and Domain Users.
    private static final Kinds ACTIVE = new Kinds(
            Filter.createANDFilter(
                    Filter.createEqualityFilter("objectCategory", "person"),
                    Filter.createEqualityFilter("objectClass", "user"),
                    NOT_CRITICAL),
            Filter.createANDFilter(Filter.createEqualityFilter("objectCategory", "group"), NOT_CRITICAL),
            "objectGUID");

    private static final Kinds PLAIN = new Kinds(
            Filter.createEqualityFilter("objectClass", "person"),
            Filter.createORFilter(
                    Filter.createEqualityFilter("objectClass", "groupOfNames"),
                    Filter.createEqualityFilter("objectClass", "groupOfUniqueNames")),
            "entryUUID");

    static Kinds of(RootEntry root) {
        return root.isActive() ? ACTIVE : PLAIN;
    }

    Filter of(Kind kind, DirectoryScope scope) {
        return kind == Kind.GROUP ? scope.groups(groups) : scope.users(users);
    }
}
