package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;
import java.util.Optional;

/// The test action of an application: what it would be told of who is signed in, or why nothing.
///
/// @param userName empty where nobody is shown
/// @param message as it would be sent, without its signature
/// @param start opens the application itself
public record SignOnTrialPage(
        String application,
        String userName,
        Optional<Refusal> refusal,
        List<Line> settings,
        List<Line> said,
        String message,
        Optional<String> start,
        Branding branding)
        implements View {
    public record Line(String name, List<String> values) {
        public Line {
            values = List.copyOf(values);
        }
    }

    /// @param code for example `AADSTS50105`
    public record Refusal(String code, String text) {}

    public SignOnTrialPage {
        settings = List.copyOf(settings);
        said = List.copyOf(said);
    }

    @Override
    public String template() {
        return "sign-on-trial.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("trial.title", application);
    }

    @Override
    public boolean failed() {
        return refusal().isPresent();
    }
}
