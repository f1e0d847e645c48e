package io.postern.connector.kerberos;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a service that takes tickets, `HTTP/app.corp.example`; its case is kept, and means nothing (KCD-8).
///
/// @param realm empty: the one of the service's host
public record ServicePrincipal(String name, String host, Optional<String> realm) {
    private static final Pattern FORM = Pattern.compile(
            "([A-Za-z0-9_.-]{1,64}/([A-Za-z0-9_.-]{1,253})(?::[A-Za-z0-9_-]{1,32})?(?:/[A-Za-z0-9_.-]{1,253})?)"
                    + "(?:@([A-Za-z0-9.-]{1,253}))?");

    /// @throws KerberosFault when it is none
    public static ServicePrincipal of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new KerberosFault(
                    KerberosFault.Kind.SPN_MALFORMED,
                    "'" + text + "' is no service principal name",
                    "write it as SERVICE/HOST, such as HTTP/app.corp.example, in the application's settings");
        }
        return new ServicePrincipal(form.group(1), form.group(2), Optional.ofNullable(form.group(3)));
    }

    /// @param pattern `SERVICE/HOST` or `SERVICE/*.DOMAIN`
    boolean matches(String pattern) {
        String wanted = pattern.toLowerCase(Locale.ROOT);
        String own = name.toLowerCase(Locale.ROOT);
        int star = wanted.indexOf("/*.");
        return star < 0
                ? own.equals(wanted)
                : own.startsWith(wanted.substring(0, star + 1)) && own.endsWith(wanted.substring(star + 2));
    }

    @Override
    public String toString() {
        return realm.map(r -> name + "@" + r).orElse(name);
    }
}
