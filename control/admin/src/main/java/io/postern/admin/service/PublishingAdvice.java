package io.postern.admin.service;

import io.postern.domain.publish.Publishing;
import java.util.Optional;
import java.util.function.Consumer;

/// What is accepted in a publication, but may not be what its author believes.
final class PublishingAdvice {
    private PublishingAdvice() {}

    private static boolean isBesideTheConnector(Publishing publishing) {
        String host = publishing.internalUrl().host();
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    /// CPX-4: a complex application without segments is a wildcard, and that opens every host.
    static void ofChange(Optional<Publishing> before, Publishing publishing, Consumer<String> warnings) {
        if (publishing.segments().isEmpty()
                && before.filter(b -> !b.segments().isEmpty()).isPresent()) {
            warnings.accept("all segments are gone: every host under '"
                    + publishing.externalUrl().host() + "' is open now, to '" + publishing.internalUrl()
                    + "'; disable the application if that is not meant (CPX-4)");
        }
    }

    static void of(Publishing publishing, Consumer<String> warnings) {
        var settings = publishing.settings();
        if (!settings.cookies().secure()) {
            warnings.accept(
                    "isSecureCookieEnabled false is stored but has no effect: the access cookie is always Secure"
                            + " (CK-1)");
        }
        if (!settings.storedOnly().stateSession()) {
            warnings.accept("isStateSessionEnabled false is stored but has no effect: sign-in always checks its state");
        }
        if (publishing.internalUrl().scheme().equals("http") && !isBesideTheConnector(publishing)) {
            warnings.accept("internalUrl '" + publishing.internalUrl()
                    + "' is http: whatever passes between connector and application, passwords and cookies too, can be"
                    + " read on that network; use https where the application speaks it (BTLS-3)");
        }
        if (publishing.internalUrl().scheme().equals("https")
                && !settings.backendTls().validate()
                && settings.backendTls().pins().isEmpty()) {
            warnings.accept("isBackendCertificateValidationEnabled is false: whoever answers for '"
                    + publishing.internalUrl().host()
                    + "' inside is believed; pin the certificate or trust its authority instead (BTLS-1)");
        }
    }
}
