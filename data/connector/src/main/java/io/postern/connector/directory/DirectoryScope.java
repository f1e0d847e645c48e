package io.postern.connector.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import io.postern.connector.directory.DirectoryFault.Code;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which objects of a directory, and what of them.
///
/// @param bases empty: all of the server's own domain
/// @param excluded below the bases, and not wanted
public record DirectoryScope(
        List<String> bases,
        List<String> excluded,
        Optional<String> userFilter,
        Optional<String> groupFilter,
        List<String> userAttributes,
        List<String> groupAttributes) {
    /// A link that the directory keeps at its other end: nothing at the object itself tells of a change.
    private static final String BACK_LINK = "memberof";

    /// LDAP_MATCHING_RULE_IN_CHAIN.
    private static final String IN_CHAIN = ":1.2.840.113556.1.4.1941:=";

    private static final int DIGEST_HEX = 16;

    public DirectoryScope {
        bases = List.copyOf(bases);
        excluded = List.copyOf(excluded);
        userAttributes = List.copyOf(userAttributes);
        groupAttributes = List.copyOf(groupAttributes);
    }

    /// @throws DirectoryFault when a filter is none
    Filter users(Filter kind) {
        return both(kind, userFilter, "userFilter");
    }

    /// @throws DirectoryFault when a filter is none
    Filter groups(Filter kind) {
        return both(kind, groupFilter, "groupFilter");
    }

    /// The bases without those that lie below another one.
    ///
    /// @param home where there are none
    List<DN> roots(List<String> home) {
        List<DN> all = dns(bases.isEmpty() ? home : bases, "base");
        var roots = new ArrayList<DN>();
        for (DN each : all) {
            if (all.stream().noneMatch(other -> each.isDescendantOf(other, false)) && !roots.contains(each)) {
                roots.add(each);
            }
        }
        return roots;
    }

    List<DN> holes() {
        return dns(excluded, "excluded");
    }

    /// Whether a filter looks at what a change of the object itself does not show.
    boolean looksBack() {
        return filterAttributes().stream().anyMatch(name -> name.equals(BACK_LINK));
    }

    /// Whether a filter asks for members by groups within groups, which Active Directory alone can tell; others
    /// find nobody.
    boolean looksAlongChains() {
        return userFilter.filter(text -> text.contains(IN_CHAIN)).isPresent()
                || groupFilter.filter(text -> text.contains(IN_CHAIN)).isPresent();
    }

    /// Names of attributes in the filters, in lower case.
    SortedSet<String> filterAttributes() {
        var names = new TreeSet<String>();
        userFilter.ifPresent(text -> collect(parse(text, "userFilter"), names));
        groupFilter.ifPresent(text -> collect(parse(text, "groupFilter"), names));
        return names;
    }

    /// Another scope, another digest: what a cursor was made for.
    String digest() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (Object part : List.of(bases, excluded, userFilter, groupFilter, userAttributes, groupAttributes)) {
                digest.update((part + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_HEX);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Filter both(Filter kind, Optional<String> wanted, String name) {
        return wanted.map(text -> Filter.createANDFilter(kind, parse(text, name)))
                .orElse(kind);
    }

    private static Filter parse(String text, String name) {
        try {
            return Filter.create(text);
        } catch (LDAPException e) {
            throw new DirectoryFault(
                    Code.OTHER,
                    name + " '" + text + "' is no LDAP filter (" + e.getMessage() + ")",
                    "correct it in the synchronisation's settings, for example to (department=Sales)",
                    e);
        }
    }

    private static void collect(Filter filter, SortedSet<String> into) {
        if (filter.getAttributeName() != null) {
            into.add(filter.getAttributeName().toLowerCase(Locale.ROOT));
        }
        for (Filter part : filter.getComponents()) {
            collect(part, into);
        }
        if (filter.getNOTComponent() != null) {
            collect(filter.getNOTComponent(), into);
        }
    }

    private static List<DN> dns(List<String> texts, String what) {
        var all = new ArrayList<DN>();
        for (String text : texts) {
            try {
                all.add(new DN(text));
            } catch (LDAPException e) {
                throw new DirectoryFault(
                        Code.BAD_BASE,
                        what + " '" + text + "' is no DN",
                        "write it as OU=Staff,DC=corp,DC=example in the synchronisation's settings",
                        e);
            }
        }
        return all;
    }
}
