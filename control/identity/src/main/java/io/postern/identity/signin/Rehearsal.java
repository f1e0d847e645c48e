package io.postern.identity.signin;

import io.postern.domain.AppId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Tenant;
import java.util.List;
import java.util.Optional;

/// One protocol's part of the test action (3.4.3): what an application would be told of a user, without telling it.
public interface Rehearsal {
    record Line(String name, List<String> values) {
        public Line {
            values = List.copyOf(values);
        }

        public static Line of(String name, String value) {
            return new Line(name, List.of(value));
        }
    }

    /// @param settings by which the sign-on would go, in the order in which they count; each named by the key of its
    /// text
    /// @param said the name of the user and the claims
    /// @param message as it would be sent, but worth nothing to anybody who finds it: without a signature
    /// @param objection why it would fail although the user may use the application
    record Told(List<Line> settings, List<Line> said, String message, Optional<Fault> objection) {
        public Told {
            settings = List.copyOf(settings);
            said = List.copyOf(said);
        }
    }

    /// Empty when the application does not sign on by this protocol.
    Optional<Told> rehearse(Tenant tenant, AppId application, BrowserSessions.Current current);
}
