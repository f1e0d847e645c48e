package io.postern.identity.edge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What goes onward with the requests of one user to one application.
///
/// @param valid how long the gateway may keep it
/// @param toBackend header fields for the backend
/// @param toConnector `postern-` fields, by name
record SignOnFields(Duration valid, List<Field> toBackend, Map<String, String> toConnector) {
    /// A change of a user takes effect everywhere after so long, without anybody signing in again.
    static final Duration VALID = Duration.ofMinutes(5);

    /// @param path internal path that it is for, and all below
    record Field(String name, String value, String path) {}

    SignOnFields {
        toBackend = List.copyOf(toBackend);
        toConnector = Map.copyOf(toConnector);
    }

    static final SignOnFields NOTHING = new SignOnFields(VALID, List.of(), Map.of());

    /// With one field more for the backend, on all paths.
    SignOnFields and(String name, String value, Duration noLongerThan) {
        var more = new ArrayList<>(toBackend);
        more.add(new Field(name, value, "/"));
        return new SignOnFields(valid.compareTo(noLongerThan) < 0 ? valid : noLongerThan, more, toConnector);
    }

    static SignOnFields forConnector(String name, String value) {
        return new SignOnFields(VALID, List.of(), Map.of(name, value));
    }
}
