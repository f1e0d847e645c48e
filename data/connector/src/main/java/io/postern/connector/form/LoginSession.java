package io.postern.connector.form;

import java.time.Instant;
import java.util.Optional;

/// A session at an application that a sign-in has begun. Thread-safe.
final class LoginSession {
    private final String version;
    private final LoginCookies cookies;
    private final LoginSettings settings;
    private final FormBackend backend;
    private final Instant begun;
    private volatile boolean stale;
    private volatile Instant used;

    /// @param version of the credential
    LoginSession(String version, LoginCookies cookies, LoginSettings settings, FormBackend backend, Instant begun) {
        this.version = version;
        this.cookies = cookies;
        this.settings = settings;
        this.backend = backend;
        this.begun = begun;
        this.used = begun;
    }

    boolean isOf(String credential) {
        return version.equals(credential) && !stale;
    }

    /// The application does not know it any more.
    void becomeStale() {
        stale = true;
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

    LoginSettings settings() {
        return settings;
    }

    /// Whether the application still knows it: its sign-on page shows no form then. Blocking. When that cannot be
    /// found out it is left as it is.
    void check() {
        try {
            FormAnswer page =
                    backend.send(FormRequest.get(settings.page(), cookies.field(settings.page()), Optional.empty()));
            if (page.form(settings).isPresent() && settings.proof().isFormGone()) {
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
                backend.send(FormRequest.get(path, cookies.field(path), Optional.empty()));
            } catch (LoginFault e) {
                // the application ends it by its own time limit
            }
        });
    }
}
