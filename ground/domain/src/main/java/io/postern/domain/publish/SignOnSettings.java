package io.postern.domain.publish;

import io.postern.domain.PreAuthentication;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What the gateway and the connector do so that the backend knows the user.
///
/// @param how the user is signed in there
/// @param identityHeader beside that, a proof for backends that verify
/// @param backendScope scope of an access token in the user's name that the backend gets as `Authorization:
/// Bearer`, `api://<id>/user_impersonation` for example (3.7, on behalf of)
public record SignOnSettings(
        BackendSignOn how, Optional<IdentityHeader> identityHeader, Optional<String> backendScope) {
    public static final SignOnSettings DEFAULT = new SignOnSettings(new BackendSignOn.None());

    private static final String AUTHORIZATION = "authorization";

    public SignOnSettings {
        if (backendScope
                .filter(scope ->
                        !scope.matches("[\\x21-\\x7e]{1,400}/[\\x21-\\x7e]{1,100}( [\\x21-\\x7e]{3,500}){0,9}"))
                .isPresent()) {
            throw new IllegalArgumentException("backendToken scope '" + backendScope.get()
                    + "' is none; name the resource and what is asked of it, such as api://orders/.default (OBO-1)");
        }
        if (backendScope.isPresent() && how.reservedFields().contains(AUTHORIZATION)) {
            throw new IllegalArgumentException("backendToken and singleSignOnMode '" + how.graphMode()
                    + "' would both fill the Authorization header; leave one of them out (OBO-1)");
        }
        if (identityHeader
                .filter(header -> how.reservedFields().stream()
                        .anyMatch(field -> field.replace('_', '-').equals(header.field())))
                .isPresent()) {
            throw new IllegalArgumentException("identityToken headerName '"
                    + identityHeader.get().name() + "' is filled by singleSignOnMode '" + how.graphMode()
                    + "' already; give it another name (IDT-1)");
        }
    }

    public SignOnSettings(BackendSignOn how) {
        this(how, Optional.empty(), Optional.empty());
    }

    public SignOnSettings with(BackendSignOn changed) {
        return new SignOnSettings(changed, identityHeader, backendScope);
    }

    /// Requests carry something that depends on who asks.
    public boolean needsPerson() {
        return !(how instanceof BackendSignOn.None) || identityHeader.isPresent() || backendScope.isPresent();
    }

    /// Request fields, in lower case, that clients may not send.
    public Set<String> reservedFields() {
        var fields = new HashSet<>(how.reservedFields());
        identityHeader.ifPresent(header -> fields.add(header.field()));
        backendScope.ifPresent(_ -> fields.add(AUTHORIZATION));
        return fields;
    }

    /// @throws IllegalArgumentException naming what cannot be without sign-in before (SSO-1)
    void checkWith(PreAuthentication preAuthentication) {
        if (needsPerson() && preAuthentication == PreAuthentication.PASSTHROUGH) {
            String what = how instanceof BackendSignOn.None
                    ? identityHeader.isPresent() ? "identityToken" : "backendToken"
                    : "singleSignOnMode '" + how.graphMode() + "'";
            throw new IllegalArgumentException(what + " needs users that are known, and the application is passthrough;"
                    + " set externalAuthenticationType to aadPreAuthentication, or leave it out: singleSignOnMode none"
                    + " (SSO-1)");
        }
    }
}
