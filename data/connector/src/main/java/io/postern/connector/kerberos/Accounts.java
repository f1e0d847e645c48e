package io.postern.connector.kerberos;

import io.postern.connector.directory.AccountSearch;
import io.postern.connector.directory.AccountSearch.Account;
import io.postern.connector.directory.DirectoryFault;
import io.postern.connector.kerberos.KerberosFault.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whom the service means: from the login identity that it sends to the account's name and realm, as Kerberos wants
/// them (KCD-7). A name is never guessed: one that leads to nobody for sure leads to a fault. Calls wait.
final class Accounts implements AutoCloseable {
    /// What no account's name has (MS-SAMR §3.1.1.6), some of which mean something in a Kerberos name.
    private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}/\\\\\\[\\]:;|=,+*?<>\"@]");

    private static final int NAME_MAX = 256;

    private final KerberosConfiguration configuration;
    private final Optional<AccountSearch> directory;

    Accounts(KerberosConfiguration configuration, Optional<AccountSearch> directory) {
        this.configuration = configuration;
        this.directory = directory;
    }

    /// - `alice`: the account of that name in the default realm, as it is written.
    /// - `alice@CORP.EXAMPLE`, where that is a realm, in capitals: the account of that name there.
    /// - `CORP\alice`: the same, where `realms` says which realm CORP is, or it is the first label of the
    /// default one.
    /// - anything else with an @: by the directory; without one, where the suffix is a realm's.
    ///
    /// @return `NAME@REALM`
    String of(String identity, Duration limit) {
        if (identity.isBlank() || identity.length() > NAME_MAX) {
            throw new KerberosFault(
                    Kind.NO_IDENTITY,
                    identity.isBlank() ? "the service named no user" : "the user's name is too long",
                    "choose another login identity for the application, or give the user that attribute");
        }
        int backslash = identity.indexOf('\\');
        if (backslash > 0) {
            String domain = identity.substring(0, backslash);
            return checked(identity.substring(backslash + 1)) + "@" + realmOfDomain(domain, identity);
        }
        int at = identity.lastIndexOf('@');
        if (at < 0) {
            return checked(identity) + "@" + configuration.defaultRealm();
        }
        String suffix = identity.substring(at + 1);
        Optional<String> realm = configuration.realmOfSuffix(suffix);
        if (realm.filter(suffix::equals).isPresent()) {
            return checked(identity.substring(0, at)) + "@" + suffix;
        }
        if (directory.isPresent()) {
            return looked(directory.get(), identity, at, realm, limit);
        }
        return checked(identity.substring(0, at)) + "@"
                + realm.orElseThrow(() -> new KerberosFault(
                        Kind.USER_REALM,
                        "the suffix of '" + identity + "' is no realm",
                        "configure 'kerberos.ldap', by which the account is found; or say in 'kerberos.realms' which"
                                + " realm '" + suffix + "' means"));
    }

    private String realmOfDomain(String domain, String identity) {
        String home = configuration.defaultRealm();
        int dot = home.indexOf('.');
        return configuration
                .realmOfSuffix(domain)
                .or(() -> Optional.of(home)
                        .filter(realm -> domain.equalsIgnoreCase(dot < 0 ? realm : realm.substring(0, dot))))
                .orElseThrow(() -> new KerberosFault(
                        Kind.USER_REALM,
                        "the domain of '" + identity + "' is not known",
                        "say in 'kerberos.realms' which realm '" + domain + "' means"));
    }

    private String looked(AccountSearch directory, String identity, int at, Optional<String> realm, Duration limit) {
        List<Account> found = ask(() -> directory.byPrincipalName(identity, limit));
        if (found.isEmpty() && realm.isPresent()) { // the name that each account has besides
            String home = realm.get();
            found = ask(() -> directory.byAccountName(checked(identity.substring(0, at)), limit)).stream()
                    .filter(account -> account.domain().equalsIgnoreCase(home))
                    .toList();
        }
        if (found.size() > 1) {
            throw new KerberosFault(
                    Kind.USER_AMBIGUOUS,
                    "the directory has " + found.size() + " accounts with the user principal name '" + identity + "'",
                    "correct userPrincipalName of all but one");
        }
        if (found.isEmpty()
                && realm.filter(other -> !other.equals(configuration.defaultRealm()))
                        .isPresent()) {
            return checked(identity.substring(0, at)) + "@" + realm.get(); // beyond what this directory has
        }
        if (found.isEmpty()) {
            throw new KerberosFault(
                    Kind.USER_UNKNOWN,
                    "the directory has no account with the user principal name '" + identity + "'",
                    "check the application's login identity, and that the account of 'kerberos.ldap.bind-dn' may see"
                            + " the user's");
        }
        Account account = found.getFirst();
        return checked(account.name()) + "@" + account.domain().toUpperCase(Locale.ROOT);
    }

    private static String checked(String name) {
        if (name.isEmpty() || FORBIDDEN.matcher(name).find()) {
            throw new KerberosFault(
                    Kind.USER_UNKNOWN,
                    "'" + name.replaceAll("\\p{Cntrl}", "?") + "' is no account's name",
                    "check the application's login identity against the account's name");
        }
        return name;
    }

    /// Whose matter it is that a ticket may not be forwarded; only a directory tells.
    KerberosFault explained(KerberosFault fault, String account, String connector, Duration limit) {
        if (fault.kind() != Kind.NOT_FORWARDABLE || directory.isEmpty()) {
            return fault;
        }
        try {
            Optional<Account> user = one(directory.get().byAccountName(name(account), limit), account);
            if (user.filter(Account::isSensitive).isPresent()) {
                return new KerberosFault(
                        Kind.USER_SENSITIVE,
                        "the account '" + account + "' is sensitive and cannot be delegated, or a protected user",
                        "that is a protection; take the application from the user, or clear 'Account is sensitive and"
                                + " cannot be delegated' (samba-tool user sensitive NAME off) and membership of"
                                + " Protected Users",
                        fault);
            }
            Optional<Account> own = connector(directory.get(), connector, limit);
            if (own.isPresent() && !own.get().mayChangeProtocol()) {
                return new KerberosFault(
                        Kind.NO_TRANSITION,
                        "the connector's account '" + connector + "' may not be trusted for any protocol",
                        "choose 'Trust this user for delegation to specified services only' and 'Use any authentication"
                                + " protocol' (Set-ADAccountControl ACCOUNT -TrustedToAuthForDelegation $true;"
                                + " samba-tool delegation for-any-protocol ACCOUNT on)",
                        fault);
            }
            return fault;
        } catch (DirectoryFault e) { // then nobody can tell
            return fault;
        }
    }

    /// @param principal its account's name, or a user principal name in the form of an SPN (KCD-13)
    static Optional<Account> connector(AccountSearch directory, String principal, Duration limit) {
        String name = name(principal);
        return one(
                name.contains("/") ? directory.byServicePrincipal(name, limit) : directory.byAccountName(name, limit),
                principal);
    }

    private static Optional<Account> one(List<Account> found, String wanted) {
        int at = wanted.lastIndexOf('@');
        return found.stream()
                .filter(account -> at < 0 || account.domain().equalsIgnoreCase(wanted.substring(at + 1)))
                .findFirst();
    }

    private static String name(String account) {
        int at = account.lastIndexOf('@');
        return at < 0 ? account : account.substring(0, at);
    }

    private interface Question {
        List<Account> ask();
    }

    private static List<Account> ask(Question question) {
        try {
            return question.ask();
        } catch (DirectoryFault e) {
            throw new KerberosFault(
                    switch (e.code()) {
                        case UNREACHABLE, TIMEOUT -> Kind.DIRECTORY_UNREACHABLE;
                        case BIND_REFUSED, TLS, NO_RIGHT, BAD_BASE, CURSOR_EXPIRED, OTHER -> Kind.DIRECTORY;
                    },
                    e.message(),
                    e.remedy(),
                    e);
        }
    }

    @Override
    public void close() {
        directory.ifPresent(AccountSearch::close);
    }
}
