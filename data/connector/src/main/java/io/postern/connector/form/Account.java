package io.postern.connector.form;

import io.postern.tunnel.BackendSettings;
import java.util.Optional;

/// A name and password at one backend, and how they are shown there: of a user, or of all members of a group. What
/// is learnt of it, that it is refused above all, holds for all of them.
///
/// @param backend scheme, host and port
/// @param version of name and password
/// @param host for the field `Host`
record Account(
        String application,
        String backend,
        String version,
        LoginSettings settings,
        Optional<String> host,
        String name) {
    static Account of(String application, String backend, Credential credential) {
        return new Account(
                application,
                backend,
                credential.version(),
                credential.settings(),
                credential.host(),
                credential.user());
    }

    /// Sessions, cookies and connections of one are nothing to another.
    static String backend(BackendSettings settings) {
        return settings.scheme() + "://" + settings.host() + ":" + settings.port();
    }
}
