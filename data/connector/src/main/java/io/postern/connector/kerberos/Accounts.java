package io.postern.connector.kerberos;

import io.postern.connector.directory.AccountSearch;
import io.postern.connector.directory.DirectoryFault;
import io.postern.connector.kerberos.KerberosFault.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// From a user's name in the service to the account's name in the domain, as a KDC takes it. Java cannot ask a KDC for
/// a user principal name whose suffix is no realm, so the directory is asked first; an account's name is taken as it
/// is. Calls wait.
final class Accounts {
    /// What no account's name holds, and what would make another name of it.
    private static final Pattern NAME = Pattern.compile("[^\\x00-\\x1f\\x7f\"/\\\\\\[\\]:;|=,+*?<>@]{1,104}");

    private final KerberosSettings settings;
    private final KerberosConfiguration configuration;
    private final @Nullable AccountSearch directory;

    Accounts(KerberosSettings settings, KerberosConfiguration configuration) {
        this.settings = settings;
        this.configuration = configuration;
        this.directory = settings.ldap()
                .map(ldap -> new AccountSearch(ldap, settings.deadline()))
                .orElse(null);
    }

    /// @param identity the kind of name, as the API calls it (3.2)
    /// @return `NAME@REALM`
    /// @throws KerberosFault when there is none, or more than one
    String of(String name, String identity) {
        if (name.isEmpty()) {
            throw new KerberosFault(
                    Kind.NO_IDENTITY,
                    "the service gave no name of the user",
                    "give the user the attribute that is the application's login identity");
        }
        return isPrincipalName(identity) ? ofPrincipalName(name) : ofAccountName(name);
    }

    private static boolean isPrincipalName(String identity) {
        return identity.equals("userPrincipalName") || identity.equals("onPremisesUserPrincipalName");
    }

    private String ofAccountName(String name) {
        int domain = name.indexOf('\\');
        return domain < 0
                ? checked(name, name) + "@" + configuration.defaultRealm()
                : checked(name.substring(domain + 1), name) + "@" + realmOfDomain(name.substring(0, domain), name);
    }

    /// `CORP` of `CORP\alice`: what `realms` says, or the first label of the default realm. Another domain's alice is
    /// not ours.
    private String realmOfDomain(String domain, String name) {
        String home = configuration.defaultRealm();
        return configuration
                .realmOfSuffix(domain)
                .or(() -> Optional.of(home)
                        .filter(realm -> domain.equalsIgnoreCase(realm.split("\\.", -1)[0])))
                .orElseThrow(() -> new KerberosFault(
                        Kind.USER_REALM,
                        "the domain of '" + name + "' is not known",
                        "say in 'kerberos.realms' which realm it is: " + domain + "=REALM"));
    }

    private String ofPrincipalName(String name) {
        int at = name.lastIndexOf('@');
        if (at < 1 || at == name.length() - 1) {
            throw new KerberosFault(
                    Kind.USER_REALM,
                    "'" + name + "' is no user principal name",
                    "choose an identity for the application that is an account's name, or give the user one with @");
        }
        Optional<String> realm = configuration.realmOfSuffix(name.substring(at + 1));
        if (directory != null) {
            return ofDirectory(directory, name, realm);
        }
        return realm.map(r -> checked(name.substring(0, at), name) + "@" + r)
                .orElseThrow(() -> new KerberosFault(
                        Kind.USER_REALM,
                        "'" + name.substring(at + 1) + "' in '" + name + "' is no realm that this connector knows",
                        "add SUFFIX=REALM to 'kerberos.realms', configure 'kerberos.ldap' where names before the @"
                                + " differ from account names, or choose another login identity"));
    }

    private static String ofDirectory(AccountSearch directory, String name, Optional<String> realm) {
        try {
            List<AccountSearch.Account> found = directory.byUserPrincipalName(name);
            if (found.isEmpty() && realm.isPresent()) { // every account has ACCOUNT@DOMAIN too, without an attribute
                found = directory.byAccountName(name.substring(0, name.lastIndexOf('@'))).stream()
                        .filter(account -> account.realm().equals(realm.get().toUpperCase(Locale.ROOT)))
                        .toList();
            }
            if (found.isEmpty()) {
                throw new KerberosFault(
                        Kind.USER_UNKNOWN,
                        "the directory has no account with the user principal name '" + name + "'",
                        "compare it with the account's userPrincipalName, or choose another login identity");
            }
            if (found.size() > 1) {
                throw new KerberosFault(
                        Kind.USER_AMBIGUOUS,
                        "several accounts have the user principal name '" + name + "': "
                                + found.getFirst().dn() + ", " + found.get(1).dn(),
                        "make it unique in the directory");
            }
            AccountSearch.Account account = found.getFirst();
            return checked(account.name(), name) + "@" + account.realm();
        } catch (DirectoryFault e) {
            throw fault(e);
        }
    }

    /// Tells apart what a KDC does not.
    KerberosFault refined(KerberosFault fault, String account) {
        if (fault.kind() != Kind.NOT_FORWARDABLE || directory == null) {
            return fault;
        }
        try {
            String name = account.substring(0, account.lastIndexOf('@'));
            Optional<AccountSearch.Account> user =
                    directory.byAccountName(name).stream().findFirst();
            boolean isProtected = user.filter(directory::isProtected).isPresent();
            if (isProtected || user.filter(AccountSearch.Account::sensitive).isPresent()) {
                return new KerberosFault(
                        Kind.USER_SENSITIVE,
                        "'" + account + "' may not be delegated: the account is "
                                + (isProtected ? "in Protected Users" : "sensitive"),
                        isProtected
                                ? "such accounts are not for applications like this; take the user from the group, or"
                                        + " the application from the user"
                                : "clear 'Account is sensitive and cannot be delegated' (samba-tool user sensitive "
                                        + name + " off), or take the application from the user",
                        fault);
            }
            String own = settings.principal().replaceFirst("@.*", "");
            if (directory.byAccountName(own).stream().anyMatch(a -> !a.anyProtocol())) {
                return new KerberosFault(
                        Kind.NO_TRANSITION,
                        "'" + own + "' may not sign users in who did not come by Kerberos",
                        "choose 'Use any authentication protocol' in the account's delegation: Set-ADAccountControl "
                                + own + " -TrustedToAuthForDelegation $true (samba-tool delegation for-any-protocol "
                                + own + " on)",
                        fault);
            }
            return fault;
        } catch (DirectoryFault e) {
            return fault;
        }
    }

    private static KerberosFault fault(DirectoryFault e) {
        return new KerberosFault(
                switch (e.code()) {
                    case UNREACHABLE, TIMEOUT -> Kind.DIRECTORY_UNREACHABLE;
                    case BIND_REFUSED, TLS, NO_RIGHT, BAD_BASE, CURSOR_EXPIRED, OTHER -> Kind.DIRECTORY;
                },
                e.message(),
                e.remedy(),
                e);
    }

    private static String checked(String account, String given) {
        if (!NAME.matcher(account).matches()) {
            throw new KerberosFault(
                    Kind.USER_UNKNOWN,
                    "'" + given + "' gives no name that an account can have",
                    "choose another login identity for the application, or correct the user's attribute");
        }
        return account;
    }

    void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
