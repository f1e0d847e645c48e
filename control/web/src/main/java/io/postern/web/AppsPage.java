package io.postern.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// My Apps: tiles of what the signed-in user may open (4.5).
///
/// @param portal its head
/// @param search what the user searched for; empty shows everything
/// @param total number of tiles before the search
/// @param choices what part of them can be shown; empty where there is but one
/// @param about what the shown part is; empty for nothing
public record AppsPage(Portal portal, String search, int total, List<Choice> choices, String about, List<Tile> tiles)
        implements View {
    /// @param href empty for the one that is shown
    public record Choice(String name, String href) {}

    /// @param hue 0 to 7, one of the colours of the style sheet
    /// @param logo path of a picture in place of the initial; empty: none
    /// @param password path of the page for a name and a password of the application; empty: it wants none
    public record Tile(String name, String url, String host, String initial, int hue, String logo, String password) {
        public static Tile of(String name, String url, String host, Optional<String> logo) {
            return new Tile(name, url, host, initial(name), hue(name), logo.orElse(""), "");
        }

        public Tile withPassword(String path) {
            return new Tile(name, url, host, initial, hue, logo, path);
        }

        /// What stands where there is no logo.
        public static String initial(String name) {
            String bare = name.strip();
            return bare.isEmpty()
                    ? "?"
                    : bare.substring(0, bare.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT);
        }

        public static int hue(String name) {
            return Math.floorMod(name.hashCode(), 8);
        }
    }

    public AppsPage {
        choices = List.copyOf(choices);
        tiles = List.copyOf(tiles);
    }

    /// Without collections.
    public AppsPage(Portal portal, String search, int total, List<Tile> tiles) {
        this(portal, search, total, List.of(), "", tiles);
    }

    @Override
    public boolean findsAsTyped() {
        return true;
    }

    @Override
    public String template() {
        return "apps.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("apps.title");
    }

    @Override
    public Switch languageSwitch() {
        return Switch.HERE;
    }
}
