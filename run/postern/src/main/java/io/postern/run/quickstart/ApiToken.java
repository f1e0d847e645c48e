package io.postern.run.quickstart;

import io.postern.admin.service.Bootstrap;
import io.postern.run.service.Service;
import java.util.Optional;

/// The API token of the service principal `quickstart`, kept in the data folder.
final class ApiToken {
    private ApiToken() {}

    /// The one kept while it opens the API; else a fresh one, since whoever owns the folder owns the service.
    static String ensure(Service service, DataFolder data) {
        Bootstrap bootstrap = service.administration().bootstrap();
        Optional<String> kept = data.apiToken().filter(bootstrap::isValid);
        if (kept.isPresent()) {
            return kept.get();
        }
        var principal = bootstrap.ensureQuickstart(service.tenant());
        String token = bootstrap
                .issueApiToken(service.tenant(), principal.id(), "quickstart")
                .reveal();
        data.keepApiToken(token);
        return token;
    }
}
