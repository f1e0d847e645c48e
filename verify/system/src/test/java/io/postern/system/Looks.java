package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Looks at a page as people do, light and dark, on a desktop and on a phone: nothing sticks out, and axe finds no
/// fault. The pictures are left in `target/screens` to be looked at.
final class Looks {
    private static final Path SCREENS = Path.of("target", "screens");
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private final String axe;
    private final String prefix;

    /// @param prefix of the pictures' names
    Looks(String prefix) {
        this.prefix = prefix;
        try (InputStream in = Looks.class.getResourceAsStream(AXE)) {
            axe = new String(Objects.requireNonNull(in, AXE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void at(Page page, String name) {
        page.evaluate(axe);
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            String look = prefix + name + "-" + scheme.name().toLowerCase(Locale.ROOT);
            page.setViewportSize(390, 844);
            shoot(page, look + "-phone");
            assertEquals(
                    false,
                    page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"),
                    look + ": nothing sticks out of a phone");
            sound(page, look + "-phone");
            page.setViewportSize(1280, 800);
            shoot(page, look);
            sound(page, look);
        }
    }

    private static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENS.resolve(name + ".png"))
                .setFullPage(true));
    }

    private static void sound(Page page, String name) {
        Object faults = page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
                  .map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | ")).join("\\n")
                """);
        assertEquals("", faults, name);
    }
}
