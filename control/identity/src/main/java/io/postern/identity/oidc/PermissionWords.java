package io.postern.identity.oidc;

import io.postern.domain.client.ExposedScope;
import io.postern.web.Texts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What scopes mean, in words for the user who is to allow them.
final class PermissionWords {
    private PermissionWords() {}

    static List<String> of(Consents.Missing missing, Scopes scopes, Texts texts) {
        return missing.byResource().entrySet().stream()
                .flatMap(entry -> words(entry.getKey(), entry.getValue(), scopes, texts).stream())
                .toList();
    }

    private static List<String> words(String audience, Set<String> values, Scopes scopes, Texts texts) {
        if (audience.equals(Scopes.USER_INFO)) {
            return List.of(texts.of("consent.scope.offline"));
        }
        if (scopes.resource().isEmpty()) {
            return List.of(texts.of("consent.scope.api"));
        }
        RelyingParty resource = scopes.resource().get();
        return values.stream().map(value -> word(value, resource, texts)).toList();
    }

    private static String word(String value, RelyingParty resource, Texts texts) {
        String name = resource.application().displayName();
        Optional<ExposedScope> scope = resource.settings().scopes().stream()
                .filter(s -> s.value().equals(value))
                .findFirst();
        if (scope.isEmpty()) {
            return texts.of("consent.scope.impersonate", name);
        }
        String label = scope.get().displayName().isBlank() ? value : scope.get().displayName();
        return texts.of("consent.scope.other", label, name);
    }
}
