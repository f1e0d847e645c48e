package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;

/// Name and password on one form.
///
/// @param action where the form posts
/// @param csrf cross-site token
/// @param request the sealed authorization request that continues after sign-in
/// @param application what the user signs in to; empty when unknown
/// @param userName as typed before, or the login hint
/// @param error what was wrong; empty at first
/// @param code its number, for example `AADSTS50126`; empty where there is none
/// @param targets see [View#formTargets()]
public record SignInPage(
        String action,
        String csrf,
        String request,
        String application,
        String userName,
        String error,
        String code,
        List<String> targets,
        Branding branding)
        implements View {
    public SignInPage {
        targets = List.copyOf(targets);
    }

    @Override
    public String template() {
        return "sign-in.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("signIn.title");
    }

    @Override
    public List<String> formTargets() {
        return targets;
    }
}
