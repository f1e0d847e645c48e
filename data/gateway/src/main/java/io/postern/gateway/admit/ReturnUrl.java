package io.postern.gateway.admit;

import io.postern.domain.ExternalDoor;
import io.postern.domain.snapshot.PublishedApplication;
import java.util.Locale;

/// Where a user goes after sign-in: below the application that he signed in to, nowhere else. It is
/// always written as an absolute URL with the origin in front, so no spelling of the path can become
/// another host.
final class ReturnUrl {
    private ReturnUrl() {}

    /// The URL asked for, or the application's own where the target is not (or no longer) below it.
    static String of(PublishedApplication application, String target, int publicPort) {
        String origin = application.externalUrl().origin(publicPort);
        return origin
                + (isBelow(application, target)
                        ? target
                        : application.externalUrl().path());
    }

    static boolean isBelow(PublishedApplication application, String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                return false;
            }
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (path.indexOf('\\') >= 0 || (path + "/").toLowerCase(Locale.ROOT).startsWith(ExternalDoor.RESERVED)) {
            return false;
        }
        return path.startsWith("/")
                && (path + "/").startsWith(application.externalUrl().path());
    }
}
