package io.postern.web;

/// Creates the first administrator of an empty service.
///
/// @param domain suffix of the user name, for example `contoso.example`
public record SetupPage(
        String action,
        String csrf,
        String ticket,
        String domain,
        String displayName,
        String localPart,
        int charactersMin,
        String error)
        implements View {
    @Override
    public String template() {
        return "setup.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("setup.title");
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
