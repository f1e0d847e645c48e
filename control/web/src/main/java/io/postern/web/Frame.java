package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.Optional;

/// What every template gets beside its own view.
public record Frame(
        String title, Texts texts, Assets assets, boolean script, Branding branding, Optional<LanguageForm> language) {
    public String text(String key, Object... arguments) {
        return texts.of(key, arguments);
    }
}
