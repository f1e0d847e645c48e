package io.postern.identity.edge;

import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.store.ApplicationPassword;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a connector needs to sign a user in by name and password: it fetches both itself, sealed for it alone.
final class PasswordFields {
    /// A password that is set anew or taken away counts everywhere after so long.
    private static final Duration VALID = Duration.ofMinutes(1);

    private PasswordFields() {}

    /// @throws SignOnFault when neither the user nor a group of his has one
    static SignOnFields of(
            Stores stores,
            ServicePrincipal principal,
            UserId user,
            Optional<SessionId> session,
            PasswordSignOn settings)
            throws SignOnFault {
        ApplicationPassword password = stores.applicationPasswords()
                .forUser(principal.tenant(), principal.id(), user)
                .orElseThrow(() -> new SignOnFault(
                        Cause.SIGN_ON_NO_PASSWORD,
                        "user " + user + " has no name and password for application " + principal.displayName()
                                + "; set them for the user or a group (PWD-2)"));
        // other settings are another sign-in too; a user without a session, by token, has one of his own for all calls
        String version = password.version() + "-"
                + Integer.toHexString(settings.toString().hashCode());
        return new SignOnFields(
                VALID,
                List.of(),
                Map.of(
                        "postern-sign-on",
                        settings.way().text()
                                + " app=" + encode(principal.appId().value())
                                + " user=" + encode(user.value())
                                + " session="
                                + encode(session.map(SessionId::value).orElse(PasswordSignOn.NO_SESSION))
                                + " version=" + encode(version)));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
