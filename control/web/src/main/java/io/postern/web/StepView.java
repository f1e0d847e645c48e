package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;

/// A page on the way through the sign-in.
interface StepView extends View {
    Step step();

    @Override
    default List<String> formTargets() {
        return step().targets();
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
