package io.postern.connector.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.postern.connector.directory.DirectoryFault.Code;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Looks up accounts of Active Directory by their names. Keeps a few connections, since one costs more than a
/// question. Any thread; calls wait.
public final class AccountSearch implements AutoCloseable {
    private static final int KEPT_MAX = 8;
    private static final int MILLIS_MIN = 100;
    private static final Set<Integer> GLOBAL_CATALOG = Set.of(3268, 3269);
    private static final String[] ATTRIBUTES = {
        "sAMAccountName",
        "userPrincipalName",
        "userAccountControl",
        "memberOf",
        "servicePrincipalName",
        "msDS-AllowedToDelegateTo"
    };

    /// An account as the directory has it.
    ///
    /// @param domain in DNS' form, of its DN
    /// @param control userAccountControl
    public record Account(
            String name,
            String domain,
            int control,
            List<String> groups,
            List<String> services,
            List<String> delegatesTo) {
        private static final int DISABLED = 2;
        private static final int NOT_DELEGATED = 0x100000;
        private static final int TRUSTED_TO_AUTHENTICATE = 0x1000000;

        public Account {
            groups = List.copyOf(groups);
            services = List.copyOf(services);
            delegatesTo = List.copyOf(delegatesTo);
        }

        /// 'Account is sensitive and cannot be delegated', or of the group that means the same.
        public boolean isSensitive() {
            return (control & NOT_DELEGATED) != 0
                    || groups.stream().anyMatch(dn -> dn.regionMatches(true, 0, "CN=Protected Users,", 0, 19));
        }

        public boolean isDisabled() {
            return (control & DISABLED) != 0;
        }

        /// 'Use any authentication protocol'.
        public boolean mayChangeProtocol() {
            return (control & TRUSTED_TO_AUTHENTICATE) != 0;
        }
    }

    private final DirectorySettings settings;
    private final Deque<DirectoryConnection> kept = new ArrayDeque<>();
    private boolean isClosed;

    public AccountSearch(DirectorySettings settings) {
        this.settings = settings;
    }

    /// @throws DirectoryFault when the directory cannot be asked
    public List<Account> byPrincipalName(String name, Duration limit) {
        return find("the user '" + name + "'", equality("userPrincipalName", name), limit);
    }

    /// @throws DirectoryFault when the directory cannot be asked
    public List<Account> byAccountName(String name, Duration limit) {
        return find("the account '" + name + "'", equality("sAMAccountName", name), limit);
    }

    /// @param name `SERVICE/HOST`; its case means nothing
    /// @throws DirectoryFault when the directory cannot be asked
    public List<Account> byServicePrincipal(String name, Duration limit) {
        return find("the account of '" + name + "'", equality("servicePrincipalName", name), limit);
    }

    private static Filter equality(String attribute, String value) {
        return Filter.createANDFilter(
                Filter.createEqualityFilter("objectClass", "user"), Filter.createEqualityFilter(attribute, value));
    }

    private List<Account> find(String what, Filter filter, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        Optional<DirectoryConnection> idle = take();
        if (idle.isPresent()) {
            try {
                return ask(idle.get(), what, filter);
            } catch (DirectoryFault e) {
                if (e.code() != Code.UNREACHABLE && e.code() != Code.TIMEOUT) {
                    throw e;
                } // it had ended meanwhile
            }
        }
        DirectoryFault last = new DirectoryFault(
                Code.UNREACHABLE, "directory '" + settings.name() + "' has no server", "name one in 'urls'");
        for (URI url : settings.urls()) {
            int left = (int) ((end - System.nanoTime()) / 1_000_000);
            if (left < MILLIS_MIN) {
                break;
            }
            try {
                return ask(DirectoryConnection.open(settings, url, left, left), what, filter);
            } catch (DirectoryFault e) {
                last = e;
                if (e.code() != Code.UNREACHABLE && e.code() != Code.TIMEOUT) {
                    break;
                }
            }
        }
        throw last;
    }

    private List<Account> ask(DirectoryConnection connection, String what, Filter filter) {
        boolean isWell = false;
        try {
            String base = GLOBAL_CATALOG.contains(DirectorySettings.port(connection.url()))
                    ? "" // the whole forest
                    : connection.root().home().orElse("");
            List<Account> found = connection.some(what, base, filter, ATTRIBUTES).stream()
                    .map(AccountSearch::account)
                    .toList();
            isWell = true;
            return found;
        } finally {
            if (isWell) {
                keep(connection);
            } else {
                connection.close();
            }
        }
    }

    private static Account account(SearchResultEntry entry) {
        Integer control = entry.getAttributeValueAsInteger("userAccountControl");
        return new Account(
                Optional.ofNullable(entry.getAttributeValue("sAMAccountName")).orElse(""),
                domain(entry.getDN()),
                control == null ? 0 : control,
                values(entry, "memberOf"),
                values(entry, "servicePrincipalName"),
                values(entry, "msDS-AllowedToDelegateTo"));
    }

    private static List<String> values(SearchResultEntry entry, String attribute) {
        String[] values = entry.getAttributeValues(attribute);
        return values == null ? List.of() : Arrays.asList(values);
    }

    private static String domain(String dn) {
        try {
            var labels = new ArrayList<String>();
            for (RDN part : new DN(dn).getRDNs()) {
                if (part.getAttributeNames()[0].toLowerCase(Locale.ROOT).equals("dc")) {
                    labels.add(part.getAttributeValues()[0]);
                }
            }
            return String.join(".", labels);
        } catch (LDAPException e) {
            throw new DirectoryFault(
                    Code.OTHER, "the directory names an account '" + dn + "', which is no DN", "look at the entry", e);
        }
    }

    private synchronized Optional<DirectoryConnection> take() {
        return Optional.ofNullable(kept.pollLast());
    }

    private synchronized void keep(DirectoryConnection connection) {
        if (isClosed || kept.size() >= KEPT_MAX) {
            connection.close();
        } else {
            kept.addLast(connection);
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        kept.forEach(DirectoryConnection::close);
        kept.clear();
    }
}
