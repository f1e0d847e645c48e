package io.postern.connector.form;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A session at an application that a sign-in has begun. Thread-safe.
final class LoginSession {
    /// For so long after it was proven it is not doubted: an application that refuses one page to this user,
    /// again and again, is not asked each time.
    static final Duration CERTAIN = Duration.ofSeconds(10);

    private final String version;
    private final LoginCookies cookies;
    private final LoginFields fields;
    private final LoginSettings settings;
    private final FormBackend backend;
    private final Instant begun;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile boolean stale;
    private volatile boolean doubtful;
    private volatile Instant proven;
    private volatile Instant used;

    /// @param version of the credential
    LoginSession(String version, Login.Begun login, LoginSettings settings, FormBackend backend, Instant begun) {
        this.version = version;
        this.cookies = login.cookies();
        this.fields = login.fields();
        this.settings = settings;
        this.backend = backend;
        this.begun = begun;
        this.used = begun;
        this.proven = begun;
    }

    boolean isOf(String credential) {
        return version.equals(credential) && !stale;
    }

    /// A request with it was answered as a known user's.
    void isTaken() {
        taken.incrementAndGet();
    }

    /// The answer showed a form after all.
    void isNotTaken() {
        taken.decrementAndGet();
    }

    /// No request was ever answered with it as a known user's: the sign-in did not work, whatever its proof said, and
    /// one more would do no better.
    boolean wasNeverTaken() {
        return taken.get() <= 0;
    }

    /// The application says that it does not know the user: it is asked before the next request, however lately
    /// it was.
    void suspect() {
        doubtful = true;
    }

    boolean isBackend(String hostAndPort) {
        return backend.is(hostAndPort);
    }

    /// The application's answer may mean that it does not know it any more: it is asked before the next request.
    ///
    /// @return whether that is worth while
    boolean doubt(Instant now) {
        if (!proven.plus(CERTAIN).isAfter(now)) {
            doubtful = true;
        }
        return doubtful || stale;
    }

    boolean isDoubtful() {
        return doubtful;
    }

    void use(Instant now) {
        used = now;
    }

    Instant used() {
        return used;
    }

    Instant begun() {
        return begun;
    }

    LoginCookies cookies() {
        return cookies;
    }

    /// Of the form that began it.
    LoginFields fields() {
        return fields;
    }

    LoginSettings settings() {
        return settings;
    }

    /// Whether the application still knows it: its sign-on page shows no form then. Blocking. When that cannot be
    /// found out it is left as it is. Where a rule other than the form's absence proves the sign-in, the form
    /// proves nothing, and a doubt ends it.
    void check(Instant now) {
        boolean doubted = doubtful;
        doubtful = false;
        proven = now;
        if (!settings.proof().isFormGone()) {
            stale = stale || doubted;
            return;
        }
        try {
            FormAnswer page =
                    backend.send(FormRequest.get(settings.page(), cookies.field(settings.page()), Optional.empty()));
            if (page.form(settings).isPresent()) {
                stale = true;
            }
        } catch (LoginFault e) {
            // the request itself will tell
        }
    }

    /// Tells the application that it is over, where it has an address for that. Blocking; nothing depends on it.
    void end() {
        if (stale) {
            return;
        }
        stale = true;
        settings.signOut().ifPresent(path -> {
            try {
                new Logout(backend, settings, cookies).at(path);
            } catch (LoginFault e) {
                // the application ends it by its own time limit
            }
        });
    }
}
