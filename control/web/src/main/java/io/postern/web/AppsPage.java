package io.postern.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// My Apps: tiles of what the signed-in user may open (4.5).
///
/// @param search what the user searched for; empty shows everything
/// @param total number of tiles before the search
/// @param signOutUrl where the sign-out form posts
public record AppsPage(
        String displayName, String userPrincipalName, String search, int total, List<Tile> tiles, String signOutUrl)
        implements View {

    /// @param hue 0 to 7, one of the colours of the style sheet
    /// @param logo path of a picture in place of the initial; empty: none
    public record Tile(String name, String url, String host, String initial, int hue, String logo) {
        public static Tile of(String name, String url, String host, Optional<String> logo) {
            String initial = name.isBlank()
                    ? "?"
                    : name.strip()
                            .substring(0, name.strip().offsetByCodePoints(0, 1))
                            .toUpperCase(Locale.ROOT);
            return new Tile(name, url, host, initial, Math.floorMod(name.hashCode(), 8), logo.orElse(""));
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
