package io.postern.web;

import java.util.Optional;

/// Sets up a second factor: a generator by QR code, or a passkey.
///
/// @param secret for those who cannot scan, in groups
/// @param qr path of the drawing
/// @param qrSize side of its view box
/// @param back where the user may go instead; empty when he must go through
public record RegisterPage(Step step, String secret, String qr, int qrSize, PasskeyCall passkey, Optional<String> back)
        implements StepView {
    @Override
    public String template() {
        return "register.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("register.title");
    }

    @Override
    public boolean asksPasskey() {
        return true;
    }
}
