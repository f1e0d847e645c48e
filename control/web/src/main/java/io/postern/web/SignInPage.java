package io.postern.web;

/// The password of the user whose name is known, or a temporary access pass instead. The same for names that nobody
/// has.
///
/// @param pass a temporary access pass is asked for
public record SignInPage(Step step, boolean pass) implements StepView {
    @Override
    public String template() {
        return "sign-in.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("signIn.title");
    }
}
