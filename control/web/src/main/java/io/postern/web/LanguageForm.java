package io.postern.web;

import java.util.List;

/// The form at the foot of a page that changes its language.
///
/// @param action where it posts
/// @param page the page itself, sealed, where no address leads to it; empty: back to its own address
public record LanguageForm(String action, String page) {
    static final String PATH = "/language";

    /// For a page that can be asked for again.
    static final LanguageForm HERE = new LanguageForm(PATH, "");

    public List<Texts> languages() {
        return Languages.all();
    }
}
