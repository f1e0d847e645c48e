package io.postern.connector.form;

import java.util.Optional;

/// By what a sign-in counts as one. Nothing given means that the application shows no form with a password any
/// more; with a cookie that must hold too, since many applications give an unknown user a new one. A text
/// decides by itself. An answer with an error status never counts.
///
/// @param cookie name of a cookie that the sign-in sets or changes
/// @param text that the page behind the sign-in has in it
public record LoginProof(Optional<String> cookie, Optional<String> text) {
    public static final LoginProof FORM_IS_GONE = new LoginProof(Optional.empty(), Optional.empty());

    boolean isFormGone() {
        return cookie.isEmpty() && text.isEmpty();
    }

    /// Whether the form's absence is part of it.
    boolean needsFormGone() {
        return text.isEmpty();
    }

    /// @param last page that the redirects after the form led to
    /// @param before value of [#cookie()] just before the form was sent
    /// @return why it does not hold; empty where it does, as far as the form's absence is not part of it
    Optional<String> missing(FormAnswer last, LoginCookies cookies, Optional<String> before) {
        if (last.status() >= 400) {
            return Optional.of("the application answered " + last.status());
        }
        if (cookie.isPresent()) {
            Optional<String> now = cookies.value(cookie.get());
            if (now.isEmpty()) {
                return Optional.of("there is no cookie '" + cookie.get() + "'");
            }
            if (now.equals(before)) {
                return Optional.of("the cookie '" + cookie.get() + "' was there before the sign-in and is the same;"
                        + " name another one, or none");
            }
        }
        return text.isPresent() && !last.text().contains(text.get())
                ? Optional.of("the page has no '" + text.get() + "'")
                : Optional.empty();
    }
}
