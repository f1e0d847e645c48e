package io.postern.web;

import java.util.List;
import java.util.Optional;

/// Shows recovery codes, for the one time that they can be seen.
public record RecoveryCodesPage(Step step, List<String> codes) implements StepView {
    public RecoveryCodesPage {
        codes = List.copyOf(codes);
    }

    @Override
    public String template() {
        return "recovery-codes.jte";
    }

    /// The codes are shown once.
    @Override
    public Optional<LanguageForm> languageForm() {
        return Optional.empty();
    }

    @Override
    public String title(Texts texts) {
        return texts.of("recovery.title");
    }
}
