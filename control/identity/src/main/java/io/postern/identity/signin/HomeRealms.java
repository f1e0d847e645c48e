package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Tenant;
import io.postern.web.RealmButton;
import java.util.List;
import java.util.Optional;

/// The identity providers elsewhere where users may sign in, as the steps here see them.
public interface HomeRealms {
    /// Whether a page of the tenant can lead to one.
    boolean any(Tenant tenant);

    /// Those that are shown on the sign-in page.
    List<RealmButton> buttons(Tenant tenant);

    /// Whether names of some domain lead elsewhere.
    boolean byName(Tenant tenant);

    /// By the name that was typed or is expected.
    Leaving leaveByName(ServerRequest request, ServerResponse response, Errand errand, String name);

    /// As the application says (`domain_hint`, `whr`).
    Leaving leaveByHint(ServerRequest request, ServerResponse response, Errand errand, String hint);

    /// The one whose button was pressed.
    Leaving leaveTo(ServerRequest request, ServerResponse response, Errand errand, String provider);

    /// To where the session came from.
    Leaving leaveAgain(ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current);

    /// The name of the provider that a session came from.
    Optional<String> of(BrowserSessions.Current current);
}
