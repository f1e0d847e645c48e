package io.postern.gateway.admit;

import io.postern.domain.AppId;
import io.postern.domain.policy.Subject;
import io.postern.token.KeyRing;

/// Lets the micro-benchmarks at session cookies without a sign-in before.
public final class AdmitEntry {
    private AdmitEntry() {}

    /// `name=value`, as a browser sends it.
    public static String sessionCookie(KeyRing ring, Subject subject, AppId app) {
        return CookieText.accessName(app) + "=" + new AccessCookie(ring).seal(subject, app);
    }
}
