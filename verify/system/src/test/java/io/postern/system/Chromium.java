package io.postern.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A real browser that trusts one authority and no other.
final class Chromium implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/chromium");

    static final List<String> QUIET = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium trusting(Path authority) {
        Path home = home(authority);
        Playwright playwright = playwright();
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(PROGRAM)
                        .setEnv(Map.of("HOME", home.toString()))
                        .setArgs(QUIET));
        return new Chromium(playwright, browser);
    }

    static Playwright playwright() {
        return Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PW_TEST_SCREENSHOT_NO_FONTS_READY", // no web fonts here; waiting can hang
                        "1")));
    }

    /// A home folder of its own, in which the authority is trusted.
    static Path home(Path authority) {
        try {
            Path home = Files.createTempDirectory("chromium-home");
            String store = "sql:" + Files.createDirectories(home.resolve(".pki/nssdb"));
            Command.of("certutil", "-d", store, "-N", "--empty-password").expectSuccess();
            Command.of("certutil", "-d", store, "-A", "-t", "C,,", "-n", "postern", "-i", authority.toString())
                    .expectSuccess();
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
