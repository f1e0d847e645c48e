package io.postern.connector.directory;

import com.unboundid.ldap.sdk.BindResult;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10RequestControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import io.postern.base.PasswordVerdict;
import io.postern.connector.directory.DirectoryFault.Code;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks a directory whether a password is an account's, by signing in with it (PWC-1). The account is
/// looked up by what
/// never changes of it, so it may have been renamed or moved, and no name is put into a filter or a DN.
/// Calls wait.
public final class PasswordBind {
    private static final String[] NAME_ONLY = {SearchRequest.NO_ATTRIBUTES};
    private static final int MILLIS_MIN = 100;

    /// @param message why the directory could not be asked, for whoever keeps it; empty where it was
    public record Answer(PasswordVerdict verdict, String message) {
        static Answer of(PasswordVerdict verdict) {
            return new Answer(verdict, "");
        }
    }

    private PasswordBind() {}

    /// @param object objectGUID or entryUUID, as [DirectoryEntry#id()] tells it
    /// @param password UTF-8; to be wiped by the caller
    /// @param limit for everything
    public static Answer check(DirectorySettings settings, String object, byte[] password, Duration limit) {
        if (!isPassword(password)) {
            return Answer.of(PasswordVerdict.WRONG);
        }
        long end = System.nanoTime() + limit.toNanos();
        Answer last = new Answer(PasswordVerdict.UNREACHABLE, "directory '" + settings.name() + "' has no server");
        for (URI url : settings.urls()) {
            int left = (int) ((end - System.nanoTime()) / 1_000_000);
            if (left < MILLIS_MIN) {
                return last.verdict() == PasswordVerdict.UNREACHABLE
                        ? new Answer(PasswordVerdict.TIMEOUT, last.message())
                        : last;
            }
            try {
                return check(settings, url, object, password, left, end);
            } catch (DirectoryFault e) {
                last = new Answer(verdict(e.code()), e.message() + "; " + e.remedy());
                if (last.verdict() == PasswordVerdict.FAILED) {
                    return last; // the next one would say the same
                }
            }
        }
        return last;
    }

    /// A sign-in with a name and without a password succeeds at many servers, as nobody (RFC 4513 §5.1.2);
    /// some end a
    /// password at a zero byte.
    private static boolean isPassword(byte[] password) {
        for (byte each : password) {
            if (each == 0) {
                return false;
            }
        }
        return password.length > 0;
    }

    private static PasswordVerdict verdict(Code code) {
        return switch (code) {
            case UNREACHABLE, TLS -> PasswordVerdict.UNREACHABLE;
            case TIMEOUT -> PasswordVerdict.TIMEOUT;
            case BIND_REFUSED, NO_RIGHT, BAD_BASE, CURSOR_EXPIRED, OTHER -> PasswordVerdict.FAILED;
        };
    }

    private static Answer check(
            DirectorySettings settings, URI url, String object, byte[] password, int left, long end) {
        try (DirectoryConnection connection = DirectoryConnection.open(settings, url, left, left)) {
            Optional<String> dn = find(connection, object);
            if (dn.isEmpty() || dn.get().isEmpty()) {
                return Answer.of(PasswordVerdict.WRONG);
            }
            boolean isActive = connection.root().isActive();
            var request = isActive
                    ? new SimpleBindRequest(dn.get(), password)
                    : new SimpleBindRequest(dn.get(), password, new DraftBeheraLDAPPasswordPolicy10RequestControl());
            request.setResponseTimeoutMillis(Math.max(MILLIS_MIN, (end - System.nanoTime()) / 1_000_000));
            return signIn(connection, request, isActive);
        }
    }

    private static Optional<String> find(DirectoryConnection connection, String object) {
        String what = "looking up object " + object;
        if (connection.root().isActive()) {
            return connection.entry(what, "<GUID=" + object + ">", NAME_ONLY).map(SearchResultEntry::getDN);
        }
        Filter filter = Filter.createEqualityFilter("entryUUID", object);
        return connection.root().contexts().stream()
                .flatMap(base -> connection.some(what, base, filter, NAME_ONLY).stream())
                .map(SearchResultEntry::getDN)
                .findFirst();
    }

    private static Answer signIn(DirectoryConnection connection, SimpleBindRequest request, boolean isActive) {
        try {
            BindResult result = connection.signIn(request);
            return Answer.of(
                    isActive
                            ? PasswordVerdict.RIGHT
                            : policy(DraftBeheraLDAPPasswordPolicy10ResponseControl.get(result))
                                    .orElse(PasswordVerdict.RIGHT));
        } catch (LDAPException e) {
            return refused(connection.url(), e, isActive);
        }
    }

    private static Answer refused(URI url, LDAPException e, boolean isActive) {
        ResultCode code = e.getResultCode();
        if (code.equals(ResultCode.TIMEOUT)) {
            return new Answer(PasswordVerdict.TIMEOUT, url + " did not answer in time");
        }
        if (LdapFaults.isGone(e)) {
            return new Answer(PasswordVerdict.UNREACHABLE, url + " broke off (" + LdapFaults.said(e) + ")");
        }
        if (code.equals(ResultCode.NO_SUCH_OBJECT) || code.equals(ResultCode.INAPPROPRIATE_AUTHENTICATION)) {
            return Answer.of(PasswordVerdict.WRONG); // no such account, or one without a password
        }
        if (!code.equals(ResultCode.INVALID_CREDENTIALS)) {
            return new Answer(
                    PasswordVerdict.FAILED, url + " refused to check a password (" + LdapFaults.said(e) + ")");
        }
        if (!isActive) {
            return Answer.of(policy(e).orElse(PasswordVerdict.WRONG));
        }
        String sub = LdapFaults.subCode(e).orElse("");
        return switch (sub) {
            case "", "525", "52e" -> Answer.of(PasswordVerdict.WRONG);
            case "530" -> Answer.of(PasswordVerdict.HOURS);
            case "531", "52f" -> Answer.of(PasswordVerdict.RESTRICTED);
            case "532" -> Answer.of(PasswordVerdict.EXPIRED);
            case "533" -> Answer.of(PasswordVerdict.DISABLED);
            case "701" -> Answer.of(PasswordVerdict.ACCOUNT_EXPIRED);
            case "773" -> Answer.of(PasswordVerdict.MUST_CHANGE);
            case "775" -> Answer.of(PasswordVerdict.LOCKED);
            default -> new Answer(PasswordVerdict.FAILED, url + " refused with code " + sub);
        };
    }

    private static Optional<PasswordVerdict> policy(LDAPException e) {
        try {
            return policy(DraftBeheraLDAPPasswordPolicy10ResponseControl.get(e.toLDAPResult()));
        } catch (LDAPException unread) {
            return Optional.empty(); // a control that cannot be read says nothing; the refusal stands
        }
    }

    /// What servers with a password policy say beside their answer (draft-behera-ldap-password-policy).
    private static Optional<PasswordVerdict> policy(@Nullable DraftBeheraLDAPPasswordPolicy10ResponseControl control) {
        if (control == null || control.getErrorType() == null) {
            return Optional.empty();
        }
        return switch (control.getErrorType()) {
            case PASSWORD_EXPIRED -> Optional.of(PasswordVerdict.EXPIRED);
            case ACCOUNT_LOCKED -> Optional.of(PasswordVerdict.LOCKED);
            case CHANGE_AFTER_RESET -> Optional.of(PasswordVerdict.MUST_CHANGE);
            case PASSWORD_MOD_NOT_ALLOWED,
                    MUST_SUPPLY_OLD_PASSWORD,
                    INSUFFICIENT_PASSWORD_QUALITY,
                    PASSWORD_TOO_SHORT,
                    PASSWORD_TOO_YOUNG,
                    PASSWORD_IN_HISTORY -> Optional.empty();
        };
    }
}
