package io.postern.connector.form;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How one application wants its users to sign in. What is absent is found on the page itself.
///
/// @param page path and query of the page that has the form; empty for HTTP Basic
/// @param userField name of the field for the user's name
/// @param passwordField name of the field for the password
/// @param more fields that are set to a fixed value, whatever the page has in them
/// @param proof that the sign-in worked
/// @param signOut path and query that end the application's session; absent: nobody is told
public record LoginSettings(
        String page,
        Optional<String> userField,
        Optional<String> passwordField,
        Map<String, String> more,
        LoginProof proof,
        Optional<String> signOut) {
    private static final int PATH_MAX = 2_000;

    public LoginSettings {
        if (!page.isEmpty()) {
            requirePath("sign-on page", page);
        }
        signOut.ifPresent(path -> requirePath("sign-out address", path));
        more = Map.copyOf(new LinkedHashMap<>(more));
    }

    /// Everything else as it is found.
    public static LoginSettings at(String page) {
        return new LoginSettings(
                page, Optional.empty(), Optional.empty(), Map.of(), LoginProof.FORM_IS_GONE, Optional.empty());
    }

    /// A path of the backend's own: never another host's address, and nothing that could end the request's line.
    static boolean isPath(String path) {
        return path.startsWith("/")
                && !path.startsWith("//")
                && path.length() <= PATH_MAX
                && path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\' && c != '#');
    }

    private static void requirePath(String what, String path) {
        if (!isPath(path)) {
            throw new IllegalArgumentException(what + " '" + path + "' is no path: it begins with one slash and holds"
                    + " printable ASCII without blanks, at most " + PATH_MAX + " characters");
        }
    }
}
