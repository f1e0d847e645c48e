package io.postern.connector.form;

import io.postern.connector.serve.BackendCalls;
import io.postern.tunnel.TunnelFailure;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// Why a sign-in could not be made. Without a stack trace: it is an expected ending.
public final class LoginFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Who might mend it.
    public enum Kind {
        /// The application does not take the name and password. Not tried again for a while: accounts get locked.
        REFUSED,
        /// The page is no sign-on page as it was described.
        NO_FORM,
        /// Nobody has said with which name and password.
        NO_CREDENTIAL,
        /// No answer of the backend, or none that can be read.
        UNREACHABLE,
        /// Too many sign-ins at once.
        BUSY
    }

    private final Kind kind;
    private final transient Optional<TunnelFailure> failure;

    LoginFault(Kind kind, String message) {
        this(kind, Optional.empty(), message);
    }

    LoginFault(TunnelFailure failure, String message) {
        this(Kind.UNREACHABLE, Optional.of(failure), message);
    }

    private LoginFault(Kind kind, Optional<TunnelFailure> failure, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.failure = failure;
    }

    public static LoginFault noCredential(String message) {
        return new LoginFault(Kind.NO_CREDENTIAL, message);
    }

    /// The service, or what it keeps for this connector, cannot be had now.
    public static LoginFault unavailable(String message) {
        return new LoginFault(TunnelFailure.SIGN_ON_UNREACHABLE, message);
    }

    /// No answer of the backend.
    static LoginFault of(CompletionException lost) {
        return lost.getCause() instanceof BackendCalls.Failed failed
                ? new LoginFault(failed.failure(), String.valueOf(failed.getMessage()))
                : new LoginFault(TunnelFailure.BACKEND_PROTOCOL, String.valueOf(lost.getCause()));
    }

    public Kind kind() {
        return kind;
    }

    /// What the way to the backend says about it; absent for the application's own word.
    Optional<TunnelFailure> failure() {
        return failure;
    }
}
