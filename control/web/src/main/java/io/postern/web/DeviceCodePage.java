package io.postern.web;

/// Asks for the code that another device shows.
///
/// @param code as typed before, or as the link brought it
/// @param error what was wrong; empty at first
public record DeviceCodePage(String action, String csrf, String code, String error) implements View {
    @Override
    public String template() {
        return "device-code.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("device.title");
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
