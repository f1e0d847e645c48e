package io.postern.web;

import java.util.List;

/// The form at the foot of a page that changes its language.
///
/// @param action where it posts
/// @param request the sealed request of the page, with which the answer goes on; empty: back to the page's own address
public record LanguageForm(String action, String request) {
    static final String HERE_PATH = "/language";

    /// For a page that can be asked for again.
    static final LanguageForm HERE = new LanguageForm(HERE_PATH, "");

    public List<Texts> languages() {
        return Languages.all();
    }
}
