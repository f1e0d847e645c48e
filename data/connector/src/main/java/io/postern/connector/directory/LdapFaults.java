package io.postern.connector.directory;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.postern.connector.directory.DirectoryFault.Code;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// What a server's refusal means for whoever keeps the directory.
final class LdapFaults {
    /// Active Directory says more behind its 49 (invalidCredentials): a code in hexadecimal.
    private static final Pattern SUB_CODE = Pattern.compile("\\bdata ([0-9a-fA-F]{3,8})\\b");

    /// The library wraps reasons in reasons; the innermost says it.
    private static final Pattern INNERMOST = Pattern.compile("(?:.*?)\\b\\w+Exception\\((?!.*Exception\\()(.*)");

    private static final Pattern NOISE = Pattern.compile(
            "(, )?(ldapSDKVersion=[0-9.]+|revision=[0-9a-f]+)|LDAPException\\(resultCode=[^,]*, errorMessage=");

    private static final int SAID_MAX = 300;

    private LdapFaults() {}

    /// Nobody was reached, or not believed.
    static DirectoryFault ofConnecting(URI url, LDAPException e) {
        String at = "the directory server " + url;
        if (isTls(e)) {
            return new DirectoryFault(
                    Code.TLS,
                    at + " is not believed (" + said(e) + ")",
                    "name the authority of its certificate in 'trust', and the server in 'urls' as the certificate"
                            + " names it",
                    e);
        }
        if (e.getResultCode().equals(ResultCode.TIMEOUT)
                || String.valueOf(e.getMessage()).contains(ProvenServer.SILENT)) {
            return new DirectoryFault(
                    Code.TIMEOUT,
                    at + " does not answer (" + said(e) + ")",
                    "check 'urls', and the firewall between this connector and the server",
                    e);
        }
        return new DirectoryFault(
                Code.UNREACHABLE,
                at + " cannot be reached (" + said(e) + ")",
                "check 'urls', this machine's DNS, the firewall, and whether the server runs",
                e);
    }

    static DirectoryFault ofBinding(URI url, DirectorySettings settings, LDAPException e) {
        String who = "'" + settings.bindDn() + "' at " + url;
        ResultCode code = e.getResultCode();
        if (code.equals(ResultCode.INVALID_CREDENTIALS)
                || code.equals(ResultCode.INAPPROPRIATE_AUTHENTICATION)
                || code.equals(ResultCode.NO_SUCH_OBJECT)
                || code.equals(ResultCode.INVALID_DN_SYNTAX)) {
            return new DirectoryFault(
                    Code.BIND_REFUSED,
                    who + " is refused: " + why(e),
                    "correct 'bind-dn' or the password in " + settings.passwordFile()
                            + ", or set the account right in the directory",
                    e);
        }
        if (code.equals(ResultCode.STRONG_AUTH_REQUIRED) || code.equals(ResultCode.CONFIDENTIALITY_REQUIRED)) {
            return new DirectoryFault(
                    Code.TLS,
                    url + " wants TLS before a password (" + said(e) + ")",
                    "use ldaps://, or ldap:// with 'start-tls: true'",
                    e);
        }
        return isGone(e) ? ofConnecting(url, e) : ofReading(url, "signing in as " + who, e);
    }

    /// @param what was asked for, a few words with the name of the thing
    static DirectoryFault ofReading(URI url, String what, LDAPException e) {
        ResultCode code = e.getResultCode();
        String text = what + " failed at " + url + " (" + said(e) + ")";
        if (code.equals(ResultCode.INSUFFICIENT_ACCESS_RIGHTS) || code.equals(ResultCode.AUTHORIZATION_DENIED)) {
            return new DirectoryFault(Code.NO_RIGHT, text, "let the account of 'bind-dn' read what is synchronised", e);
        }
        if (code.equals(ResultCode.NO_SUCH_OBJECT)
                || code.equals(ResultCode.INVALID_DN_SYNTAX)
                || code.equals(ResultCode.REFERRAL)) {
            return new DirectoryFault(
                    Code.BAD_BASE,
                    text,
                    code.equals(ResultCode.REFERRAL)
                            ? "another server has this base: name a directory of its own for it, with that server"
                            : "correct the base in the synchronisation's settings; it may have been renamed or deleted,"
                                    + " or the account may not see it",
                    e);
        }
        if (code.equals(ResultCode.TIMEOUT) || code.equals(ResultCode.TIME_LIMIT_EXCEEDED)) {
            return new DirectoryFault(
                    Code.TIMEOUT, text, "look at the server's load; a smaller 'page-size' asks for less at once", e);
        }
        if (code.equals(ResultCode.SIZE_LIMIT_EXCEEDED) || code.equals(ResultCode.ADMIN_LIMIT_EXCEEDED)) {
            return new DirectoryFault(
                    Code.OTHER,
                    text,
                    "lift the server's limit for the account of 'bind-dn' (OpenLDAP: olcLimits ... size=unlimited), or"
                            + " synchronise smaller bases",
                    e);
        }
        if (code.equals(ResultCode.FILTER_ERROR)) {
            return new DirectoryFault(Code.OTHER, text, "correct the filter in the synchronisation's settings", e);
        }
        if (isTls(e)) {
            return ofConnecting(url, e);
        }
        if (isGone(e)) {
            return new DirectoryFault(
                    Code.UNREACHABLE, text, "the connection broke off; the next cycle tries again", e);
        }
        return new DirectoryFault(Code.OTHER, text, "look at the directory server's log", e);
    }

    static boolean isGone(LDAPException e) {
        return e.getResultCode().equals(ResultCode.CONNECT_ERROR)
                || e.getResultCode().equals(ResultCode.SERVER_DOWN)
                || e.getResultCode().equals(ResultCode.TIMEOUT);
    }

    private static boolean isTls(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        // the library keeps some causes as text alone
        String text = String.valueOf(e.getMessage());
        return text.contains("SSLHandshakeException")
                || text.contains("Hostname verification failed")
                || text.contains("SSLException");
    }

    private static String why(LDAPException e) {
        String said = said(e);
        return subCode(e)
                .map(LdapFaults::meaning)
                .map(m -> m + " (" + said + ")")
                .orElse(said);
    }

    /// Of Active Directory, in lower case.
    static Optional<String> subCode(LDAPException e) {
        Matcher found = SUB_CODE.matcher(String.valueOf(e.getDiagnosticMessage()));
        return found.find() ? Optional.of(found.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static String meaning(String subCode) {
        return switch (subCode) {
            case "525", "52e" -> "wrong password, or no such account";
            case "530" -> "the account may not sign in at this time";
            case "531" -> "the account may not sign in from this machine";
            case "52f" -> "the account is restricted, for example as a protected user";
            case "532" -> "the password has expired";
            case "533" -> "the account is disabled";
            case "701" -> "the account has expired";
            case "773" -> "the password must be changed first";
            case "775" -> "the account is locked";
            default -> "refused with code " + subCode;
        };
    }

    /// What the server or the library said, in one line.
    static String said(LDAPException e) {
        String text = e.getDiagnosticMessage() == null ? String.valueOf(e.getMessage()) : e.getDiagnosticMessage();
        String line = NOISE.matcher(text.replaceAll("\\p{Cntrl}+", " ")).replaceAll("");
        int named = line.indexOf("Hostname verification failed");
        Matcher innermost = INNERMOST.matcher(line);
        line = named >= 0 ? line.substring(named) : innermost.matches() ? innermost.group(1) : line;
        line = line.replaceAll("[)' ]+$", "");
        String cut = line.length() > SAID_MAX ? line.substring(0, SAID_MAX) + "..." : line;
        return e.getResultCode().getName() + (cut.isEmpty() ? "" : ": " + cut);
    }
}
