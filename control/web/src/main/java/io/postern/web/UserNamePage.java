package io.postern.web;

/// Who wants to sign in: his name, or a passkey that says it.
public record UserNamePage(Step step, PasskeyCall passkey) implements StepView {
    @Override
    public String template() {
        return "user-name.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("signIn.title");
    }

    @Override
    public boolean asksPasskey() {
        return true;
    }
}
