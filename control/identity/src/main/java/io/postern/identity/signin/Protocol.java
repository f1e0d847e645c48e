package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Tenant;
import java.util.Optional;

/// A way in which applications ask who somebody is. One object for each; the sign-in knows them by their kind only.
public interface Protocol {
    /// Short and fixed, for example `oidc`.
    String kind();

    /// Reads a request again that was sealed before. Empty when it can no longer be served: then it was answered.
    Optional<? extends Errand> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text);

    /// Why this protocol cannot serve the session, though its user may use the application: asked before [#complete],
    /// so that the sign-in log never tells of a success that none was.
    default Optional<Fault> objection(Errand errand, BrowserSessions.Current current) {
        return Optional.empty();
    }

    /// What the user is yet to be asked by [#complete]: until he has answered, the sign-in log tells of an
    /// interruption,
    /// and the protocol itself notes how it ended.
    default Optional<Fault> question(Errand errand, BrowserSessions.Current current) {
        return Optional.empty();
    }

    /// The user is known and may use the application, and there was no objection.
    void complete(ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current);

    /// In the protocol's own words where the application shall hear of it, else on a page.
    void refuse(ServerRequest request, ServerResponse response, Errand errand, Fault fault);
}
