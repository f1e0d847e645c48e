package io.postern.web;

/// "Stay signed in?" (50140)
public record StayPage(Step step) implements StepView {
    @Override
    public String template() {
        return "stay.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("stay.title");
    }
}
