package io.postern.web;

import java.util.List;

/// The user must choose a new password before going on.
///
/// @param ticket sealed proof that the old password was right a moment ago
public record NewPasswordPage(
        String action,
        String csrf,
        String request,
        String ticket,
        String userPrincipalName,
        int charactersMin,
        String error,
        List<String> targets)
        implements View {
    public NewPasswordPage {
        targets = List.copyOf(targets);
    }

    @Override
    public String template() {
        return "new-password.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("newPassword.title");
    }

    @Override
    public List<String> formTargets() {
        return targets;
    }
}
