package io.postern.web;

import java.util.List;

/// My Apps: what the user may ask for, and what he asked for (4.4).
///
/// @param done what was just done, in words; empty for nothing
/// @param error why it was not; empty where it was
public record AccessPage(Portal portal, String csrf, List<Offer> offers, List<Asked> asked, String done, String error)
        implements View {
    /// @param target names it in the form
    /// @param terms in words: who decides, how long it lasts
    /// @param logo path of a picture in place of the initial; empty: none
    /// @param reasonNeeded without one it is not taken
    public record Offer(
            String target,
            String name,
            String description,
            String terms,
            String initial,
            int hue,
            String logo,
            boolean group,
            boolean reasonNeeded) {}

    /// @param state in words
    /// @param mood for its colour: `waiting`, `good`, `bad` or `past`
    /// @param facts in words: since when, by whom, until when
    /// @param words of who decided; empty for none
    public record Asked(String id, String name, String state, String mood, String facts, String words) {
        public boolean waits() {
            return mood.equals("waiting");
        }
    }

    public AccessPage {
        offers = List.copyOf(offers);
        asked = List.copyOf(asked);
    }

    @Override
    public String template() {
        return "access.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("access.title");
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
