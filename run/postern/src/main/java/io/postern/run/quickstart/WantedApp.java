package io.postern.run.quickstart;

import io.postern.domain.InternalUrl;

/// An application to publish, as `--publish NAME=URL` says it.
record WantedApp(String name, InternalUrl internalUrl) {
    /// @throws IllegalArgumentException with a sentence that names the text and the form expected
    static WantedApp parse(String text) {
        int sign = text.indexOf('=');
        if (sign <= 0 || sign == text.length() - 1) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not NAME=URL, for example wiki=http://127.0.0.1:9000/");
        }
        String name = text.substring(0, sign).strip();
        if (!name.matches("[A-Za-z0-9]([A-Za-z0-9 -]{0,38}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException(
                    "the name '" + name
                            + "' must have 1 to 40 letters, digits, inner spaces or hyphens, since the host name is made of it");
        }
        return new WantedApp(name, InternalUrl.parse(text.substring(sign + 1)));
    }
}
