package io.postern.web;

import java.util.List;

/// Asks before signing out when the request gives no proof that the user wants it (OpenID Connect
/// RP-Initiated Logout §2).
public record SignOutPage(
        String action, String csrf, String returnUri, String state, String client, List<String> targets)
        implements View {
    public SignOutPage {
        targets = List.copyOf(targets);
    }

    @Override
    public String template() {
        return "sign-out.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("signOut.title");
    }

    @Override
    public List<String> formTargets() {
        return targets;
    }

    @Override
    public Switch languageSwitch() {
        return Switch.HERE;
    }
}
