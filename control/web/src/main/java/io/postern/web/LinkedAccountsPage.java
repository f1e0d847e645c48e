package io.postern.web;

import java.util.List;

/// With which accounts elsewhere the user signs in here.
///
/// @param action the page's own address
/// @param done what was just done, in words; empty for nothing
/// @param back to the security info
public record LinkedAccountsPage(
        String action, String csrf, String userName, List<Account> accounts, String done, String back) implements View {
    /// @param id of the provider
    /// @param facts in words: since when; empty where it is not linked
    /// @param removable the user can sign in without it
    public record Account(String id, String name, String facts, boolean linked, boolean removable) {}

    public LinkedAccountsPage {
        accounts = List.copyOf(accounts);
    }

    @Override
    public String template() {
        return "linked-accounts.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("linked.title");
    }

    /// Who presses a button is sent elsewhere, and goes on from there to who knows where.
    @Override
    public List<String> formTargets() {
        return List.of("https:");
    }

    @Override
    public Switch languageSwitch() {
        return Switch.HERE;
    }
}
