package io.postern.connector.form;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/// A session at an application that a sign-in has begun. Thread-safe.
final class LoginSession {
    /// For so long after it was proven it is not doubted: an application that refuses one page to this user,
    /// again and again, is not asked each time.
    static final Duration CERTAIN = Duration.ofSeconds(10);

    /// Gateways remember for a minute what to ask for: while they do, what was asked for before leads here too.
    static final Duration FORMER = Duration.ofMinutes(2);

    /// Before it is used again after so long, the application is asked whether it knows it still.
    static final Duration UNSEEN = Duration.ofMinutes(2);

    /// As which versions gateways ask for it.
    ///
    /// @param former the one before, until
    private record Asked(String version, String former, Instant until) {}

    private final Account account;
    private final LoginCookies cookies;
    private final LoginFields fields;
    private final FormBackend backend;
    private final Instant begun;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile boolean suspected;
    private volatile boolean stale;
    private volatile boolean doubtful;
    private volatile Instant proven;
    private volatile Instant used;
    private volatile Asked asked;

    /// @param asked version that the request asked for
    LoginSession(Account account, String asked, Login.Begun login, FormBackend backend, Instant begun) {
        this.account = account;
        this.asked = new Asked(asked, asked, begun);
        this.cookies = login.cookies();
        this.fields = login.fields();
        this.backend = backend;
        this.begun = begun;
        this.used = begun;
        this.proven = begun;
    }

    boolean isOf(Account other) {
        return account.equals(other) && !stale;
    }

    Account account() {
        return account;
    }

    /// Whether it is known to be what requests for this version want, without asking the service.
    boolean answers(String version, Instant now) {
        Asked known = asked;
        return !stale
                && (known.version().equals(version) || (known.former().equals(version) && now.isBefore(known.until())));
    }

    /// The service has said that it is.
    void answersTo(String version, Instant now) {
        Asked before = asked;
        if (!before.version().equals(version)) {
            asked = new Asked(version, before.version(), now.plus(FORMER));
        }
    }

    /// Whether it can be used without asking the application.
    boolean isSure(Instant now) {
        return !stale && !doubtful && used.plus(UNSEEN).isAfter(now);
    }

    /// A request with it was answered as a known user's.
    void isTaken() {
        taken.incrementAndGet();
    }

    /// The answer showed a form after all.
    void isNotTaken() {
        suspected = true;
        taken.decrementAndGet();
    }

    /// The application did not know the user at the first request already: the sign-in did not work, whatever
    /// its proof said, and one more would do no better.
    boolean wasNeverTaken() {
        return suspected && taken.get() <= 0;
    }

    /// The application says that it does not know the user: it is asked before the next request, however lately
    /// it was.
    void suspect() {
        suspected = true;
        doubtful = true;
    }

    /// By the user's own wish, so that nothing speaks against the sign-in.
    void isSignedOut() {
        stale = true;
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
        return account.settings();
    }

    /// Whether the application still knows it: its sign-on page shows no form then. Blocking. When that cannot be
    /// found out it is left as it is. Where a text proves the sign-in the form proves nothing, and a doubt ends it.
    void check(Instant now) {
        boolean doubted = doubtful;
        doubtful = false;
        proven = now;
        if (!settings().proof().needsFormGone()) {
            stale = stale || doubted;
            return;
        }
        try {
            FormAnswer page = new Login(backend, settings(), cookies).page();
            if (page.form(settings()).isPresent()) {
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
        settings().signOut().ifPresent(path -> {
            try {
                new Logout(backend, settings(), cookies).at(path);
            } catch (LoginFault e) {
                // the application ends it by its own time limit
            }
        });
    }
}
