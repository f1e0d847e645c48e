package io.postern.domain.publish;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How pages for a tenant's users look where it differs from ours.
///
/// @param name shown in place of ours; one line, 60 characters at most
/// @param colour of what can be clicked, `#rrggbb`
/// @param logo PNG, JPEG, GIF or WebP as base64, 48 KiB decoded at most; no SVG, which can hold script
public record Branding(Optional<String> name, Optional<String> colour, Optional<String> logo) {
    public static final Branding NONE = new Branding(Optional.empty(), Optional.empty(), Optional.empty());
    /// Where black and white are read equally well.
    private static final double MIDDLE = 0.179;
    /// 4.5:1 on our light ground and its washes.
    private static final double LIGHTEST_TEXT = 0.14;
    /// 4.5:1 on our dark sheet and its washes.
    private static final double DARKEST_TEXT = 0.31;

    private static final int NAME_MAX = 60;
    private static final int LOGO_MAX = 48 * 1024;

    public Branding {
        if (name.filter(n -> n.isBlank() || n.length() > NAME_MAX || n.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw new IllegalArgumentException("brandName must be one line of 1 to " + NAME_MAX + " characters");
        }
        if (colour.filter(c -> !c.matches("#[0-9a-f]{6}")).isPresent()) {
            throw new IllegalArgumentException(
                    "brandColour '" + colour.get() + "' is none; use six hexadecimal digits such as #0f5c5a");
        }
        logo.ifPresent(Branding::mediaType);
    }

    /// Address of the logo for a page that loads nothing.
    public Optional<String> logoUrl() {
        return logo.map(text -> "data:" + mediaType(text) + ";base64," + text);
    }

    /// Neither name nor logo: ours are shown.
    public boolean isNameless() {
        return name.isEmpty() && logo.isEmpty();
    }

    /// Rules to add to the style sheet of a page: the colour, black or white on it, whichever is read better (WCAG 2.2,
    /// relative luminance), and for links and the ring of the focus as much of it as can be read on our
    /// ground, light and dark. Twice `:root`, so that they count in the dark too.
    public Optional<String> style() {
        return colour.map(c -> ":root:root { --accent: " + c + "; --accent-hover: " + c + "; "
                + readable(c, 0, LIGHTEST_TEXT) + " --accent-ink: "
                + (luminance(c) > MIDDLE ? "#000000" : "#ffffff")
                + "; --accent-wash: color-mix(in srgb, " + c + " 9%, var(--sheet)); }\n"
                + "@media (prefers-color-scheme: dark) { :root:root { " + readable(c, 255, DARKEST_TEXT) + " } }\n");
    }

    /// The colour, mixed with black or white until it is dark or light enough.
    ///
    /// @param other each part of black or white
    /// @param limit relative luminance
    private static String readable(String colour, int other, double limit) {
        String mixed = colour;
        for (int percent = 5; other == 0 ? luminance(mixed) > limit : luminance(mixed) < limit; percent += 5) {
            mixed = "#" + mix(colour, 1, other, percent) + mix(colour, 3, other, percent)
                    + mix(colour, 5, other, percent);
        }
        return "--link: " + mixed + "; --ring: " + mixed + ";";
    }

    private static String mix(String colour, int at, int other, int percent) {
        int part = Integer.parseInt(colour, at, at + 2, 16);
        return String.format(Locale.ROOT, "%02x", part + (other - part) * percent / 100);
    }

    private static double luminance(String colour) {
        return 0.2126 * part(colour, 1) + 0.7152 * part(colour, 3) + 0.0722 * part(colour, 5);
    }

    private static double part(String colour, int at) {
        double share = Integer.parseInt(colour, at, at + 2, 16) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    private static String mediaType(String logo) {
        byte[] image = decoded(logo);
        if (image.length > LOGO_MAX) {
            throw new IllegalArgumentException(
                    "brandLogo has " + image.length + " bytes; " + LOGO_MAX + " are possible, so make it smaller");
        }
        return List.of(
                        List.of("image/png", "\u0089PNG"),
                        List.of("image/jpeg", "\u00ff\u00d8\u00ff"),
                        List.of("image/gif", "GIF8"),
                        List.of("image/webp", "RIFF"))
                .stream()
                .filter(type -> begins(image, type.get(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("brandLogo is no PNG, JPEG, GIF or WebP image"))
                .getFirst();
    }

    private static byte[] decoded(String logo) {
        try {
            return Base64.getDecoder().decode(logo);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("brandLogo is not base64", e);
        }
    }

    private static boolean begins(byte[] image, String signature) {
        for (int i = 0; i < signature.length(); i++) {
            if (i >= image.length || (image[i] & 0xff) != signature.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
