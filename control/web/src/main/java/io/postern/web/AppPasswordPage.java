package io.postern.web;

/// My Apps: the name and the password by which an application knows the user (PWD-2).
///
/// @param action path of the form
/// @param userName as it is, or as it was typed
/// @param held there is one of the user's own, which can be deleted
/// @param ofGroup a group has them, and the user can change nothing
/// @param done what was just done, in words; empty for nothing
/// @param error why it was not; empty where it was
public record AppPasswordPage(
        Portal portal,
        String csrf,
        String action,
        String application,
        String initial,
        int hue,
        String userName,
        boolean held,
        boolean ofGroup,
        String done,
        String error)
        implements View {
    @Override
    public String template() {
        return "app-password.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("appPassword.title", application);
    }

    @Override
    public Switch languageSwitch() {
        return Switch.HERE;
    }

    @Override
    public boolean failed() {
        return !error.isEmpty();
    }
}
