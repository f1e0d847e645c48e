package io.postern.web;

import java.util.List;

/// My Apps: requests that the user may decide (4.4).
///
/// @param done what was just done, in words; empty for nothing
/// @param error why it was not; empty where it was
public record ApprovalsPage(Portal portal, String csrf, List<Waiting> waiting, String done, String error)
        implements View {
    /// @param name of what is asked for
    /// @param asker display name of who asks
    /// @param about who that is, in words
    /// @param reason in his words
    /// @param since in words
    public record Waiting(String id, String name, String asker, String about, String reason, String since) {}

    public ApprovalsPage {
        waiting = List.copyOf(waiting);
    }

    @Override
    public String template() {
        return "approvals.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("approvals.title");
    }

    @Override
    public Switch languageSwitch() {
        return Switch.HERE;
    }

    @Override
    public boolean failed() {
        return !error.isEmpty();
    }
}
