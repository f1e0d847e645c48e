package io.postern.web;

import java.util.List;

/// "Continue as ...?": the answer to `prompt=select_account` when somebody is signed in.
public record AccountPage(
        String action,
        String csrf,
        String request,
        String application,
        String displayName,
        String userPrincipalName,
        List<String> targets)
        implements View {
    public AccountPage {
        targets = List.copyOf(targets);
    }

    @Override
    public String template() {
        return "account.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("account.title");
    }

    @Override
    public List<String> formTargets() {
        return targets;
    }
}
