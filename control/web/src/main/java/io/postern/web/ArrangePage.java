package io.postern.web;

import java.util.List;

/// My Apps: in which order tiles stand, which are hidden, and collections of one's own (4.5). Each button
/// is a form, so that nothing needs a script or a mouse.
///
/// @param done what was just done, in words; empty for nothing
/// @param error why it was not; empty where it was
public record ArrangePage(
        Portal portal, String csrf, List<App> apps, List<Collection> collections, String done, String error)
        implements View {
    /// @param logo path of a picture in place of the initial; empty: none
    public record App(String id, String name, String initial, int hue, String logo, boolean hidden) {}

    /// @param apps those in it
    /// @param others those that can be put into it
    public record Collection(String id, String name, List<App> apps, List<App> others) {
        public Collection {
            apps = List.copyOf(apps);
            others = List.copyOf(others);
        }
    }

    public ArrangePage {
        apps = List.copyOf(apps);
        collections = List.copyOf(collections);
    }

    @Override
    public String template() {
        return "arrange.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("arrange.title");
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
