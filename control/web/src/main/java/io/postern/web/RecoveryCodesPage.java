package io.postern.web;

import java.util.List;

/// Shows recovery codes, for the one time that they can be seen.
public record RecoveryCodesPage(Step step, List<String> codes) implements StepView {
    public RecoveryCodesPage {
        codes = List.copyOf(codes);
    }

    @Override
    public String template() {
        return "recovery-codes.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("recovery.title");
    }
}
