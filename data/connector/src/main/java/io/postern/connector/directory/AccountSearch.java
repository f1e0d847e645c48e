package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds accounts of an Active Directory by their names. Keeps one connection, and opens another when it has ended.
/// Calls wait, one at a time; any thread but an event loop.
public final class AccountSearch implements AutoCloseable {
    private static final String[] ATTRIBUTES = {
        "sAMAccountName", "userPrincipalName", "userAccountControl", "servicePrincipalName", "msDS-AllowedToDelegateTo"
    };

    /// Protected Users, whatever it is called in the domain's language.
    private static final String PROTECTED_USERS = "-525";

    private static final int DISABLED = 0x2;
    private static final int SENSITIVE = 0x100000;
    private static final int ANY_PROTOCOL = 0x1000000;

    private final DirectorySettings settings;
    private final int limitMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable DirectoryConnection connection;

    /// @param limit for a connection, and for each answer
    public AccountSearch(DirectorySettings settings, Duration limit) {
        this.settings = settings;
        this.limitMillis = (int) limit.toMillis();
    }

    /// @param name `sAMAccountName`, exactly as stored
    /// @param domain `corp.example`, of the place where it lies
    /// @param services that it has the names of
    /// @param targets services that it may delegate to
    public record Account(
            String dn,
            String name,
            String domain,
            boolean disabled,
            boolean sensitive,
            boolean anyProtocol,
            List<String> services,
            List<String> targets) {
        public Account {
            services = List.copyOf(services);
            targets = List.copyOf(targets);
        }

        /// As Kerberos calls it.
        public String realm() {
            return domain.toUpperCase(Locale.ROOT);
        }
    }

    /// Accounts with this user principal name: one, in a sound forest.
    ///
    /// @throws DirectoryFault when the directory cannot be asked
    public List<Account> byUserPrincipalName(String name) {
        return find("looking up '" + name + "'", Filter.createEqualityFilter("userPrincipalName", name));
    }

    /// @throws DirectoryFault when the directory cannot be asked
    public List<Account> byAccountName(String name) {
        return find("looking up account '" + name + "'", Filter.createEqualityFilter("sAMAccountName", name));
    }

    /// Accounts that have this service principal name; more than one is a fault of the domain (KCD-8).
    ///
    /// @throws DirectoryFault when the directory cannot be asked
    public List<Account> byService(String name) {
        return find("looking up service '" + name + "'", Filter.createEqualityFilter("servicePrincipalName", name));
    }

    /// Whether the account is in the group Protected Users, directly or through others.
    ///
    /// @throws DirectoryFault when the directory cannot be asked
    public boolean isProtected(Account account) {
        return asking(open -> open
                .entry("reading the groups of '" + account.name() + "'", account.dn(), new String[] {"tokenGroups"})
                .filter(entry -> entry.getAttributeValueByteArrays("tokenGroups") != null)
                .stream()
                .flatMap(entry -> List.of(entry.getAttributeValueByteArrays("tokenGroups")).stream())
                .map(AccountSearch::lastPart)
                .anyMatch(PROTECTED_USERS::equals));
    }

    /// Of a SID in binary: its relative identifier, the last four bytes, least significant first.
    private static String lastPart(byte[] sid) {
        if (sid.length < 12) {
            return "";
        }
        int at = sid.length - 4;
        long rid = (sid[at] & 0xffL)
                | (sid[at + 1] & 0xffL) << 8
                | (sid[at + 2] & 0xffL) << 16
                | (sid[at + 3] & 0xffL) << 24;
        return "-" + rid;
    }

    private List<Account> find(String what, Filter name) {
        Filter filter = Filter.createANDFilter(Filter.createEqualityFilter("objectClass", "user"), name);
        return asking(open -> {
            var found = new ArrayList<SearchResultEntry>();
            for (String base : bases(open.root())) {
                found.addAll(open.some(what, base, filter, ATTRIBUTES));
            }
            return found.stream().map(AccountSearch::account).flatMap(Optional::stream).toList();
        });
    }

    /// People lie in domains; configuration, schema and DNS have trees of their own.
    private static List<String> bases(RootEntry root) {
        return root.home().map(List::of).orElse(root.contexts());
    }

    private static Optional<Account> account(SearchResultEntry entry) {
        String name = entry.getAttributeValue("sAMAccountName");
        if (name == null) {
            return Optional.empty();
        }
        Integer flags = entry.getAttributeValueAsInteger("userAccountControl");
        int set = flags == null ? 0 : flags;
        return Optional.of(new Account(
                entry.getDN(),
                name,
                domain(entry.getDN()),
                (set & DISABLED) != 0,
                (set & SENSITIVE) != 0,
                (set & ANY_PROTOCOL) != 0,
                values(entry, "servicePrincipalName"),
                values(entry, "msDS-AllowedToDelegateTo")));
    }

    private static List<String> values(SearchResultEntry entry, String attribute) {
        String[] values = entry.getAttributeValues(attribute);
        return values == null ? List.of() : List.of(values);
    }

    private static String domain(String dn) {
        return List.of(dn.split(",", -1)).stream()
                .map(String::strip)
                .filter(part -> part.regionMatches(true, 0, "DC=", 0, 3))
                .map(part -> part.substring(3))
                .collect(Collectors.joining("."));
    }

    private interface Question<T> {
        T ask(DirectoryConnection open);
    }

    private <T> T asking(Question<T> question) {
        lock.lock();
        try {
            DirectoryConnection kept = connection;
            if (kept != null) {
                try {
                    return question.ask(kept);
                } catch (DirectoryFault e) { // servers end connections that were quiet
                    close();
                }
            }
            DirectoryConnection opened = open();
            connection = opened;
            return question.ask(opened);
        } catch (DirectoryFault e) {
            close();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private DirectoryConnection open() {
        DirectoryFault last = new DirectoryFault(
                DirectoryFault.Code.UNREACHABLE, "'" + settings.name() + "' has no server", "name one in 'urls'");
        for (URI url : settings.urls()) {
            try {
                return DirectoryConnection.open(settings, url, limitMillis, limitMillis);
            } catch (DirectoryFault e) {
                last = e;
            }
        }
        throw last;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            DirectoryConnection open = connection;
            connection = null;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
