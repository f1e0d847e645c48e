package io.postern.web;

/// The user must choose a new password before going on.
///
/// @param expired it is too old; else it was set by somebody else
public record NewPasswordPage(Step step, int charactersMin, boolean expired) implements StepView {
    @Override
    public String template() {
        return "new-password.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("newPassword.title");
    }
}
