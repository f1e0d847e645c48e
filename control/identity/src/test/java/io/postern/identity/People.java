package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.identity.factor.Totp;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What people do at the sign-in pages, for tests that are about something else.
final class People {
    private static final Pattern SECRET = Pattern.compile("<p class=\"secret\"><code>([^<]+)</code>");

    private People() {}

    /// The key on the page that sets up a generator.
    static String secretOn(Answer page) {
        Matcher secret = SECRET.matcher(page.body());
        assertTrue(secret.find(), page.body());
        return secret.group(1).replace(" ", "");
    }

    /// Goes through the registration of a generator with the page's key. @return the page with the recovery codes
    static Answer registers(LoginHost host, Browser browser, Answer page) {
        return browser.submit(page, Map.of("code", Totp.at(secretOn(page), host.clock.instant())));
    }
}
