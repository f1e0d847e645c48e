package io.postern.domain.publish;

import io.postern.domain.InternalUrl;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The connector signs the user in with a name and a password that the application knows (3.5).
///
/// @param way in which it shows them
/// @param page path and query of the page with the form; empty for HTTP Basic
/// @param userField name of the form's field; absent: found on the page, as all below
/// @param proofCookie a cookie that is there once the sign-in has worked
/// @param proofText that the page behind the sign-in has in it
/// @param signOut path that ends the application's session
public record PasswordSignOn(
        Way way,
        String page,
        Optional<String> userField,
        Optional<String> passwordField,
        Optional<String> proofCookie,
        Optional<String> proofText,
        Optional<String> signOut)
        implements BackendSignOn {
    /// In the place of a session, for a user who comes by tokens that belong to none.
    public static final String NO_SESSION = "token";

    private static final int TEXT_MAX = 200;
    private static final int PATH_MAX = 2_000;

    /// How name and password reach the application.
    public enum Way {
        FORM("form"),
        BASIC("basic");

        private final String text;

        Way(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public PasswordSignOn {
        boolean isForm = way == Way.FORM;
        if (isForm || !page.isEmpty()) {
            requirePath("signOnPage", page);
        }
        if (!isForm && !page.isEmpty()) {
            throw new IllegalArgumentException("signOnPage '" + page + "' is of no use with HTTP Basic; leave it out");
        }
        signOut.ifPresent(path -> requirePath("signOutPage", path));
        for (Optional<String> text : List.of(userField, passwordField, proofCookie, proofText)) {
            if (text.filter(t -> t.isBlank() || t.length() > TEXT_MAX).isPresent()) {
                throw new IllegalArgumentException("a name or text of passwordSignOnSettings is blank or longer than "
                        + TEXT_MAX + " characters; leave it out, or shorten it");
            }
        }
    }

    private static void requirePath(String what, String path) {
        boolean isPath = path.startsWith("/")
                && !path.startsWith("//")
                && path.length() <= PATH_MAX
                && path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\' && c != '#');
        if (!isPath) {
            throw new IllegalArgumentException(what + " '" + path + "' is no path of the backend; it begins with one"
                    + " slash, such as /login, and has no blanks (PWD-4)");
        }
    }

    /// PWD-11: else who owns one of several backends gets the passwords of all.
    @Override
    public void checkWith(InternalUrl internal, boolean complex) {
        if (complex || internal.isWildcard()) {
            throw new IllegalArgumentException(
                    "singleSignOnMode 'password' is for one backend, and the application has "
                            + (complex ? "segments" : "the wildcard '" + internal + "'")
                            + "; publish the backend that takes names and passwords as an application of its own (PWD-11)");
        }
    }

    @Override
    public String graphMode() {
        return "password";
    }

    @Override
    public Set<String> reservedFields() {
        return way == Way.BASIC ? Set.of("authorization") : Set.of();
    }
}
