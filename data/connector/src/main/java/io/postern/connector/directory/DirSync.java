package io.postern.connector.directory;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.experimental.ActiveDirectoryDirSyncControl;
import io.postern.connector.directory.DirectoryEntry.Members;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What changed, by Active Directory's DirSync control. It needs the right 'Replicating Directory Changes' at
/// the domain.
final class DirSync {
    /// Of a list only what was added and removed.
    private static final int INCREMENTAL_VALUES = 0x80000000;

    /// In one answer; servers count bytes or values, and none takes it to the letter.
    private static final int ANSWER_MAX = 1 << 20;

    /// Come with every entry, changed or not.
    private static final Set<String> ALWAYS = Set.of(
            "objectguid",
            "instancetype",
            "parentguid",
            "distinguishedname",
            "objectclass",
            "objectsid",
            "whenchanged",
            "usnchanged");

    private static final Filter OBJECTS = Filter.createORFilter(
            Filter.createANDFilter(
                    Filter.createEqualityFilter("objectClass", "user"),
                    Filter.createNOTFilter(Filter.createEqualityFilter("objectClass", "computer"))),
            Filter.createEqualityFilter("objectClass", "group"),
            Filter.createEqualityFilter("objectClass", "organizationalUnit"),
            Filter.createEqualityFilter("objectClass", "container"));

    /// No object has it: the server answers with its cookie alone.
    private static final Filter NOTHING = Filter.createEqualityFilter("objectGUID", new byte[16]);

    private final DirectoryConnection connection;
    private final String home;

    DirSync(DirectoryConnection connection, String home) {
        this.connection = connection;
        this.home = home;
    }

    /// Where things stand now.
    ///
    /// @return empty when the account has not the right
    Optional<DirectoryCursor> now() {
        try {
            ASN1OctetString cookie = null;
            while (true) {
                var answer = ask(cookie, NOTHING, "objectGUID");
                cookie = answer.control().getCookie();
                if (answer.control().getFlags() == 0 && cookie != null) {
                    return Optional.of(DirectoryCursor.DirSync.of(cookie.getValue()));
                }
            }
        } catch (LDAPException e) {
            if (e.getResultCode().equals(ResultCode.INSUFFICIENT_ACCESS_RIGHTS)) {
                return Optional.empty();
            }
            throw LdapFaults.ofReading(connection.url(), "asking '" + home + "' for changes (DirSync)", e);
        }
    }

    /// Tells what changed since.
    ///
    /// @return where things stand now; empty when only a whole read can tell what changed
    /// @throws DirectoryFault also when the server does not know the cursor
    Optional<DirectoryCursor> since(DirectoryCursor.DirSync before, DirectoryScope scope, ChangedObjects changed) {
        String[] attributes = attributes(scope);
        var cookie = new ASN1OctetString(before.bytes());
        boolean isFirst = true;
        while (true) {
            Answer answer;
            try {
                answer = ask(cookie, OBJECTS, attributes);
            } catch (LDAPException e) {
                throw isFirst && isAboutTheCookie(e)
                        ? DirectoryCursor.expired("the server does not take its cookie ("
                                + e.getResultCode().getName() + ")")
                        : LdapFaults.ofReading(connection.url(), "asking '" + home + "' for changes (DirSync)", e);
            }
            isFirst = false;
            var changes = new ArrayList<Change>();
            answer.entries().forEach(each -> changes.add(change(each)));
            if (!changed.tell(changes)) {
                return Optional.empty();
            }
            if (answer.control().getCookie() == null) {
                throw DirectoryCursor.expired("the server gave no cookie");
            }
            cookie = answer.control().getCookie();
            if (answer.control().getFlags() == 0) {
                return Optional.of(DirectoryCursor.DirSync.of(cookie.getValue()));
            }
        }
    }

    private record Answer(List<SearchResultEntry> entries, ActiveDirectoryDirSyncControl control) {}

    private Answer ask(@Nullable ASN1OctetString cookie, Filter filter, String... attributes) throws LDAPException {
        SearchRequest request = DirectoryConnection.request(home, SearchScope.SUB, filter, attributes);
        request.addControl(new ActiveDirectoryDirSyncControl(true, INCREMENTAL_VALUES, ANSWER_MAX, cookie));
        SearchResult found = connection.raw(request);
        ActiveDirectoryDirSyncControl control = ActiveDirectoryDirSyncControl.get(found);
        if (control == null) {
            throw new LDAPException(ResultCode.CONTROL_NOT_FOUND, "the server answered without the DirSync control");
        }
        return new Answer(found.getSearchEntries(), control);
    }

    private static String[] attributes(DirectoryScope scope) {
        var names = new LinkedHashSet<>(List.of("name", "whenCreated", "isDeleted", "objectClass", "member"));
        names.addAll(scope.filterAttributes());
        names.addAll(scope.userAttributes());
        names.addAll(scope.groupAttributes());
        return names.toArray(String[]::new);
    }

    private static Change change(SearchResultEntry entry) {
        var add = new ArrayList<String>();
        var remove = new ArrayList<String>();
        boolean onlyMembers = true;
        for (Attribute attribute : entry.getAttributes()) {
            String name = attribute.getBaseName().toLowerCase(Locale.ROOT);
            if (name.equals("member") && attribute.hasOptions()) {
                boolean isAdded = attribute.getOptions().stream().anyMatch(o -> o.equalsIgnoreCase("range=1-1"));
                (isAdded ? add : remove).addAll(Arrays.asList(attribute.getValues()));
            } else if (!ALWAYS.contains(name)) {
                onlyMembers = false;
            }
        }
        boolean hasMembers = !add.isEmpty() || !remove.isEmpty();
        return new Change(
                EntryForm.guid(entry.getAttributeValueBytes("objectGUID")).toString(),
                entry.getDN(),
                "TRUE".equalsIgnoreCase(entry.getAttributeValue("isDeleted")),
                entry.hasAttribute("name") && !entry.hasAttribute("whenCreated"),
                onlyMembers && hasMembers ? Optional.of(Members.change(add, remove)) : Optional.empty());
    }

    /// A server that has forgotten, or another domain's cookie. Lost connections and rights are no such
    /// thing.
    private static boolean isAboutTheCookie(LDAPException e) {
        ResultCode code = e.getResultCode();
        return code.equals(ResultCode.PROTOCOL_ERROR)
                || code.equals(ResultCode.UNWILLING_TO_PERFORM)
                || code.equals(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION)
                || code.equals(ResultCode.OPERATIONS_ERROR)
                || code.equals(ResultCode.CONSTRAINT_VIOLATION)
                || code.equals(ResultCode.OTHER);
    }
}
