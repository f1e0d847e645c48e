package io.postern.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// My Apps: tiles of what the signed-in user may open (4.5).
///
/// @param search what the user searched for; empty shows everything
/// @param total number of tiles before the search
public record AppsPage(Portal portal, String search, int total, List<Tile> tiles) implements View {

    /// @param hue 0 to 7, one of the colours of the style sheet
    /// @param logo path of a picture in place of the initial; empty: none
    public record Tile(String name, String url, String host, String initial, int hue, String logo) {
        public static Tile of(String name, String url, String host, Optional<String> logo) {
            return new Tile(name, url, host, initial(name), hue(name), logo.orElse(""));
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
        tiles = List.copyOf(tiles);
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
