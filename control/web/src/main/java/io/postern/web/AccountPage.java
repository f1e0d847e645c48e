package io.postern.web;

/// "Continue as ...?": the answer to `prompt=select_account` when somebody is signed in.
public record AccountPage(Step step, String displayName) implements StepView {
    @Override
    public String template() {
        return "account.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("account.title");
    }
}
