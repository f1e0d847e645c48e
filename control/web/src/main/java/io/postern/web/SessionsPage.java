package io.postern.web;

import java.util.List;
import java.util.Optional;

/// Where the user is signed in, to look at and to end.
///
/// @param action the page's own address
/// @param sessions latest used first
/// @param done what was just done, in words; empty for nothing
/// @param back to the security info
public record SessionsPage(String action, String csrf, String userName, List<Held> sessions, String done, String back)
        implements View {
    /// @param name of device or program
    /// @param facts in words: address, since when, last used
    /// @param own the one that looks at the page
    public record Held(String id, String name, String facts, boolean own) {}

    public SessionsPage {
        sessions = List.copyOf(sessions);
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
    public Optional<LanguageForm> languageForm() {
        return Optional.of(LanguageForm.HERE);
    }
}
