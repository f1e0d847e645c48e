package io.postern.connector.form;

import java.util.Optional;

/// By what a sign-in counts as one. Everything that is given must hold; nothing given means that the answer
/// shows no form with a password any more. An answer with an error status never counts.
///
/// @param cookie name of a cookie that is there afterwards
/// @param text that the page behind the sign-in has in it
/// @param location beginning of the path to which the form's answer redirects
public record LoginProof(Optional<String> cookie, Optional<String> text, Optional<String> location) {
    public static final LoginProof FORM_IS_GONE = new LoginProof(Optional.empty(), Optional.empty(), Optional.empty());

    boolean isFormGone() {
        return cookie.isEmpty() && text.isEmpty() && location.isEmpty();
    }

    /// @param posted answer to the form itself
    /// @param last page that its redirects led to
    /// @return why it does not hold; empty where it does
    Optional<String> missing(FormAnswer posted, FormAnswer last, LoginCookies cookies) {
        if (last.status() >= 400) {
            return Optional.of("the application answered " + last.status());
        }
        if (isFormGone()) {
            return last.form().isPresent() ? Optional.of("the application shows its form again") : Optional.empty();
        }
        if (cookie.isPresent() && !cookies.has(cookie.get())) {
            return Optional.of("there is no cookie '" + cookie.get() + "'");
        }
        if (location.isPresent() && !posted.location().orElse("").startsWith(location.get())) {
            return Optional.of("it does not lead to " + location.get());
        }
        return text.isPresent() && !last.text().contains(text.get())
                ? Optional.of("the page has no '" + text.get() + "'")
                : Optional.empty();
    }
}
