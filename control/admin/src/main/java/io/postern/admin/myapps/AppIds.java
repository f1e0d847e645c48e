package io.postern.admin.myapps;

import io.helidon.webserver.http.ServerRequest;
import io.postern.domain.AppId;
import java.util.Optional;

/// The application that a path names.
final class AppIds {
    private AppIds() {}

    /// @return empty for what is no id
    static Optional<AppId> of(ServerRequest request) {
        try {
            return Optional.of(new AppId(request.path().pathParameters().get("appId")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
