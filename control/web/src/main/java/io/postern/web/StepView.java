package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;
import java.util.Optional;

/// A page on the way through the sign-in.
interface StepView extends View {
    Step step();

    @Override
    default List<String> formTargets() {
        return step().targets();
    }

    /// The sign-in begins anew, in the other language.
    @Override
    default Optional<LanguageForm> languageForm() {
        String action = step().action();
        return Optional.of(
                new LanguageForm(action.substring(0, action.lastIndexOf('/')) + "/language", step().request()));
    }

    @Override
    default boolean failed() {
        return step().failed();
    }

    @Override
    default Branding branding() {
        return step().branding();
    }
}
