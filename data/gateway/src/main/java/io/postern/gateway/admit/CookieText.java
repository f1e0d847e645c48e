package io.postern.gateway.admit;

import io.postern.domain.AppId;
import io.postern.domain.publish.OwnCookies;
import io.postern.domain.snapshot.PublishedApplication;
import java.time.Duration;
import java.util.Optional;

/// Names and attributes of our own cookies on published hosts. The `__Host-` prefix makes browsers
/// insist on Secure, Path=/ and no Domain, so no neighbour host can plant or read one.
final class CookieText {
    private CookieText() {}

    /// The session at one application.
    static String accessName(AppId app) {
        return "__Host-postern-access-" + app;
    }

    /// Binds a started sign-in to the browser; shared by parallel tabs.
    static String bindingName(AppId app) {
        return "__Host-postern-bind-" + app;
    }

    /// Binds a kept form post to the browser.
    static String formName(AppId app) {
        return "__Host-postern-form-" + app;
    }

    static String form(PublishedApplication application, String value) {
        return formName(application.appId()) + '=' + value + "; Max-Age=" + SignInState.LIFETIME.toSeconds()
                + attributes(application, true);
    }

    /// @param age kept beyond the browser's end for so long (CK-5), where given
    static String access(PublishedApplication application, String value, Optional<Duration> age) {
        boolean httpOnly = own(application).httpOnly();
        return accessName(application.appId())
                + '='
                + value
                + age.map(a -> "; Max-Age=" + a.toSeconds()).orElse("")
                + attributes(application, httpOnly);
    }

    static String noAccess(PublishedApplication application) {
        return access(application, "", Optional.of(Duration.ZERO));
    }

    static String binding(PublishedApplication application, String value) {
        return bindingName(application.appId()) + '=' + value + attributes(application, true);
    }

    static OwnCookies own(PublishedApplication application) {
        return application.publishing().map(p -> p.settings().cookies()).orElse(OwnCookies.DEFAULT);
    }

    // SameSite=None for applications that other sites show in a frame (CK-1); Lax else
    private static String attributes(PublishedApplication application, boolean httpOnly) {
        boolean framed = own(application).sameSiteNone();
        return "; Path=/; Secure" + (httpOnly ? "; HttpOnly" : "") + "; SameSite=" + (framed ? "None" : "Lax");
    }
}
