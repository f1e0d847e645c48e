package io.postern.web;

import java.util.List;

/// Where the user is signed in, to look at and to end.
///
/// @param action the page's own address
/// @param sessions latest used first
/// @param attempts to sign in, latest first, to look at only
/// @param done what was just done, in words; empty for nothing
/// @param back to the security info
public record SessionsPage(
        String action,
        String csrf,
        String userName,
        List<Held> sessions,
        List<Attempt> attempts,
        String done,
        String back)
        implements View {
    /// @param name of device or program
    /// @param facts in words: address, since when, last used
    /// @param own the one that looks at the page
    public record Held(String id, String name, String facts, boolean own) {}

    /// @param result in words: that it succeeded, or why not
    /// @param facts in words: when, from which address, with what
    /// @param id by which the user can say that it was somebody else; empty where nobody came in
    public record Attempt(String application, String result, boolean failed, String facts, String id) {}

    public SessionsPage {
        sessions = List.copyOf(sessions);
        attempts = List.copyOf(attempts);
    }

    @Override
    public String template() {
        return "sessions.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("sessions.title");
    }

    @Override
    public Switch languageSwitch() {
        return Switch.HERE;
    }
}
