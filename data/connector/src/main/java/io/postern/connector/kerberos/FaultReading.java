package io.postern.connector.kerberos;

import io.postern.connector.kerberos.KerberosFault.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.kerberos.KerberosPrincipal;

/// What a failure of the JDK's Kerberos means. It has the KDC's code only in the text of a nested exception.
final class FaultReading {
    /// What was going on.
    enum Stage {
        /// the connector signs in
        LOGIN,
        /// S4U2Self: a ticket of the user for the connector
        SELF,
        /// S4U2Proxy: with that, a ticket of the user for the service
        PROXY
    }

    private static final Pattern CODE = Pattern.compile("\\((\\d{1,3})\\)");
    private static final String FORWARDABLE = "must be FORWARDABLE";
    private static final String OF_SOMEBODY_ELSE = "not honored by KDC";
    private static final String NO_WAY = "No service creds";
    private static final String NO_KEY = "Unable to obtain password from user";

    private final KerberosSettings settings;

    FaultReading(KerberosSettings settings) {
        this.settings = settings;
    }

    /// @param user `NAME@REALM`
    /// @param service `SERVICE/HOST@REALM`
    KerberosFault of(Throwable failure, Stage stage, String user, String service) {
        if (failure instanceof KerberosFault known) {
            return known;
        }
        String said = said(failure);
        if (has(failure, SocketTimeoutException.class)) {
            return silent(failure);
        }
        if (has(failure, IOException.class)) {
            return new KerberosFault(
                    Kind.KDC_UNREACHABLE,
                    "no KDC can be reached (" + said + ")",
                    "check the 'kdc' lines of " + settings.krb5Conf() + ", the firewall (TCP 88) and whether the domain"
                            + " controllers run",
                    failure);
        }
        if (said.contains("Cannot locate KDC") || said.contains("Cannot locate default realm")) {
            return new KerberosFault(
                    Kind.NO_KDC,
                    "no KDC is known (" + said + ")",
                    "write the realm with its 'kdc' into " + settings.krb5Conf(),
                    failure);
        }
        int code = code(failure);
        if (code == 37) {
            return new KerberosFault(
                    Kind.CLOCK,
                    "this machine's clock and the KDC's are more than five minutes apart",
                    "set both by NTP; 'chronyc tracking' tells how far this machine's is off",
                    failure);
        }
        return switch (stage) {
            case LOGIN -> login(failure, said, code);
            case SELF -> self(failure, said, code, user);
            case PROXY -> proxy(failure, said, code, user, service);
        };
    }

    KerberosFault silent(Throwable cause) {
        return new KerberosFault(
                Kind.KDC_SILENT,
                "no KDC answered within " + settings.deadline().toMillis() + " ms",
                "look at the domain controllers' load, and at the firewall (TCP 88) between them and this connector",
                cause);
    }

    private KerberosFault login(Throwable failure, String said, int code) {
        String who = "the connector's account '" + settings.principal() + "'";
        if (said.contains(NO_KEY)) {
            return new KerberosFault(
                    Kind.KEYTAB,
                    settings.keytab() + " holds no key of '" + settings.principal() + "'",
                    "export it for that account: ktpass on Windows, 'samba-tool domain exportkeytab' with Samba;"
                            + " 'klist -ke' shows what a keytab holds",
                    failure);
        }
        return switch (code) {
            case 6 ->
                new KerberosFault(
                        Kind.PRINCIPAL,
                        who + " does not exist",
                        "name the account itself in 'kerberos.principal', not an SPN of its",
                        failure);
            case 12, 18 ->
                new KerberosFault(Kind.PRINCIPAL, who + " is disabled", "enable it in the directory", failure);
            case 1, 23 ->
                new KerberosFault(
                        Kind.PRINCIPAL,
                        who + " has expired, or its password has",
                        "let neither expire, or export a new keytab",
                        failure);
            case 24 ->
                new KerberosFault(
                        Kind.KEYTAB_OLD,
                        settings.keytab() + " is of another password of '" + settings.principal() + "'",
                        "export the keytab again",
                        failure);
            case 14 -> encryption("the KDC has no key of '" + settings.principal() + "' that is of use", failure);
            default -> other("signing in as '" + settings.principal() + "'", said, failure);
        };
    }

    private KerberosFault self(Throwable failure, String said, int code, String user) {
        if (isAbroad(user) && (code == 6 || code == 7 || said.contains(OF_SOMEBODY_ELSE) || said.contains(NO_WAY))) {
            return abroad(failure, said, code, user);
        }
        if (said.contains(FORWARDABLE)) {
            return new KerberosFault(
                    Kind.NOT_FORWARDABLE,
                    "'" + user + "' may not be delegated: the account is sensitive or a protected user, or '"
                            + settings.principal() + "' may not be trusted for any protocol",
                    "look at both accounts: NOT_DELEGATED and Protected Users at the user's; at the connector's"
                            + " 'Use any authentication protocol' (samba-tool delegation for-any-protocol); with"
                            + " 'kerberos.ldap' the connector tells which",
                    failure);
        }
        return switch (code) {
            case 6 ->
                new KerberosFault(
                        Kind.USER_UNKNOWN,
                        "the domain has no account '" + user + "'",
                        "check the application's sign-on identity against the account's name; where user names are not"
                                + " account names, configure 'kerberos.ldap'",
                        failure);
            case 7 ->
                new KerberosFault(
                        Kind.CONNECTOR_WITHOUT_SPN,
                        "'" + settings.principal() + "' has no service principal name, so nobody can be impersonated",
                        "give it one: setspn -S postern/THIS-HOST ACCOUNT (samba-tool spn add postern/THIS-HOST"
                                + " ACCOUNT)",
                        failure);
            case 12, 18 ->
                new KerberosFault(
                        Kind.USER_DISABLED,
                        "the account '" + user + "' is disabled, locked or restricted",
                        "enable it in the directory, or take the application from the user",
                        failure);
            case 1 ->
                new KerberosFault(
                        Kind.USER_EXPIRED,
                        "the account '" + user + "' has expired",
                        "lengthen its life in the directory, or take the application from the user",
                        failure);
            case 23 -> passwordExpired(user, failure);
            case 14 -> encryption("the KDC and this connector share no encryption type for '" + user + "'", failure);
            default -> other("impersonating '" + user + "'", said, failure);
        };
    }

    /// KCD-13. What a domain answers is the same whether it knows no such user, or gives none away.
    private KerberosFault abroad(Throwable failure, String said, int code, String user) {
        String home = realm(settings.principal());
        String there = realm(user);
        if (code == 6) {
            return new KerberosFault(
                    Kind.USER_UNKNOWN,
                    "the domain " + there + " has no account '" + user + "', or the KDC of " + home
                            + " gives no tickets of other domains' users",
                    "check the account's name; Samba's KDC never does: publish the application with a connector of "
                            + there + " for these users",
                    failure);
        }
        return new KerberosFault(
                Kind.USER_ABROAD,
                "the domain " + there + " does not let '" + settings.principal() + "' act for '" + user + "' (" + said
                        + ")",
                "let " + home + " and " + there + " trust each other; and give the connector's account a user principal"
                        + " name like SERVICE/HOST@" + home + " that is its service principal name too, in"
                        + " 'kerberos.principal' as well, for only such a name leads " + there + " back to " + home,
                failure);
    }

    private boolean isAbroad(String name) {
        return !realm(name).equals(realm(settings.principal()));
    }

    private static String realm(String name) {
        int at = name.lastIndexOf('@');
        return at < 0 ? new KerberosPrincipal("any").getRealm() : name.substring(at + 1);
    }

    private KerberosFault proxy(Throwable failure, String said, int code, String user, String target) {
        String service = target.substring(0, target.lastIndexOf('@'));
        if (isAbroad(target) && (code == 7 || code == 12 || code == 13)) {
            return new KerberosFault(
                    Kind.SPN_NOT_LISTED,
                    "'" + settings.principal() + "' may not delegate to '" + target + "', a service of another domain",
                    "constrained delegation ends at the domain's edge: publish the application with a connector group"
                            + " that has an account of " + realm(target),
                    failure);
        }
        return switch (code) {
            case 13 ->
                new KerberosFault(
                        Kind.SPN_NOT_LISTED,
                        "'" + settings.principal() + "' may not delegate to '" + service + "'",
                        "add just that spelling to the account's delegation list: Set-ADUser ACCOUNT -Add"
                                + " @{'msDS-AllowedToDelegateTo'='" + service + "'} (samba-tool delegation add-service"
                                + " ACCOUNT " + service + ")",
                        failure);
            case 7 ->
                new KerberosFault(
                        Kind.SPN_UNKNOWN,
                        "no account has the service principal name '" + service + "', or several have",
                        "setspn -Q " + service + " tells who has it; register it on the application's service account:"
                                + " setspn -S " + service + " ACCOUNT (samba-tool spn add " + service + " ACCOUNT)",
                        failure);
            case 14 ->
                encryption("the account of '" + service + "' has no key of an encryption type that is of use", failure);
            case 23 -> passwordExpired(user, failure);
            default ->
                said.contains(FORWARDABLE)
                        ? self(failure, said, code, user)
                        : other("getting a ticket of '" + user + "' for '" + service + "'", said, failure);
        };
    }

    private static KerberosFault passwordExpired(String user, Throwable failure) {
        return new KerberosFault(
                Kind.PASSWORD_EXPIRED,
                "the password of '" + user + "' has expired, or must be changed first",
                "let the user change it, or clear 'User must change password at next logon'",
                failure);
    }

    private static KerberosFault encryption(String what, Throwable failure) {
        return new KerberosFault(
                Kind.ENCRYPTION,
                what,
                "give the account AES: Set-ADUser ACCOUNT -KerberosEncryptionType AES128,AES256"
                        + " (msDS-SupportedEncryptionTypes: 24), set its password again, export its keytab again",
                failure);
    }

    private static KerberosFault other(String what, String said, Throwable failure) {
        return new KerberosFault(
                Kind.OTHER, what + " failed (" + said + ")", "look at the domain controller's log", failure);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKerberos(Throwable each) {
        return each.getClass().getName().startsWith("sun.security.krb5.");
    }

    /// The KDC's; 60 and above are the library's own.
    private static int code(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (isKerberos(each)) {
                Matcher code = CODE.matcher(String.valueOf(each.getMessage()));
                if (code.find()) {
                    return Integer.parseInt(code.group(1));
                }
            }
        }
        return -1;
    }

    /// The innermost words, in one line.
    private static String said(Throwable failure) {
        String words = String.valueOf(failure.getMessage());
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                words = each.getMessage();
            }
            if (isKerberos(each)) {
                break;
            }
        }
        return words.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
