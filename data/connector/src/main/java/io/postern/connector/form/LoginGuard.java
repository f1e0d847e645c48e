package io.postern.connector.form;

import io.postern.connector.form.LoginFault.Kind;
import io.postern.tunnel.TunnelFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// Sees that no account is locked by us, and that no application that is slow or dead keeps users out of others:
/// one sign-in at a time for each name and password, after a failed one none for a while, and some places for each
/// application. Thread-safe; calls block.
final class LoginGuard {
    static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Locks of accounts count a handful of wrong passwords within half an hour.
    static final Duration REFUSED = Duration.ofMinutes(10);

    static final Duration REFUSED_MAX = Duration.ofHours(4);

    /// Who sent a password and heard nothing does not know whether it was wrong.
    private static final Duration UNHEARD_MAX = Duration.ofMinutes(10);

    static final Duration OTHERWISE = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Turns<Account> turns = new Turns<>(1, PATIENCE);
    private final Turns<String> places = new Turns<>(AT_ONCE, PATIENCE);
    private final Rests<Account> accounts;
    private final Rests<String> backends;

    LoginGuard(InstantSource clock) {
        this.clock = clock;
        this.accounts = new Rests<>(clock);
        this.backends = new Rests<>(clock);
    }

    /// Nobody else signs in by this name and password meanwhile.
    <T> T alone(Account account, Supplier<T> work) {
        return turns.take(account, work);
    }

    /// One of the application's places, unless its backend has been out of reach just now.
    <T> T placed(String application, String backend, Supplier<T> work) {
        return places.take(application, () -> {
            Optional<LoginFault> rest = backends.of(backend);
            if (rest.isPresent()) {
                throw rest.get();
            }
            return work.get();
        });
    }

    /// Signs in, unless the account rests. To be called [#alone].
    ///
    /// @throws LoginFault when no session has begun
    Login.Begun signIn(Account account, FormBackend backend, Credential credential) {
        Optional<LoginFault> rest = accounts.of(account);
        if (rest.isPresent()) {
            throw rest.get();
        }
        return placed(account.application(), account.backend(), () -> {
            var timed = new TimedBackend(backend, clock);
            try {
                return new Login(timed, account.settings(), clock).signIn(credential.user(), credential.password());
            } catch (LoginFault e) {
                failed(account, timed.posted(), e);
                throw e;
            } catch (RuntimeException | StackOverflowError e) { // what a hostile page can do
                LoginFault fault = new LoginFault(
                        Kind.NO_FORM,
                        "the application's pages cannot be read: "
                                + e.getClass().getSimpleName());
                failed(account, timed.posted(), fault);
                throw fault;
            }
        });
    }

    private void failed(Account account, boolean posted, LoginFault why) {
        if (why.kind() == Kind.REFUSED) {
            refused(account, why);
        } else if (posted) {
            accounts.failed(account, why, OTHERWISE, UNHEARD_MAX);
        }
        if (why.kind() == Kind.UNREACHABLE && isBackends(why)) {
            backends.failed(account.backend(), why, OTHERWISE, OTHERWISE);
        }
    }

    private static boolean isBackends(LoginFault why) {
        return why.failure()
                .filter(failure -> failure != TunnelFailure.SIGN_ON_UNREACHABLE)
                .isPresent();
    }

    /// The application does not take this name and password.
    void refused(Account account, LoginFault why) {
        accounts.failed(account, why, REFUSED, REFUSED_MAX);
    }
}
