package io.postern.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A real browser that trusts one authority and no other.
final class Chromium implements AutoCloseable {
    private static final List<String> QUIET = List.of(
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
        return trusting(authority, List.of(), Map.of());
    }

    /// @param environment of the browser, beside its home
    static Chromium trusting(Path authority, List<String> more, Map<String, String> environment) {
        try {
            Path home = Files.createTempDirectory("chromium-home");
            String store = "sql:" + Files.createDirectories(home.resolve(".pki/nssdb"));
            Command.of("certutil", "-d", store, "-N", "--empty-password").expectSuccess();
            Command.of("certutil", "-d", store, "-A", "-t", "C,,", "-n", "postern", "-i", authority.toString())
                    .expectSuccess();
            Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                    .setEnv(Map.of(
                            "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                            "1",
                            "PW_TEST_SCREENSHOT_NO_FONTS_READY", // no web fonts here; waiting can hang
                            "1")));
            Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(Path.of("/usr/bin/chromium"))
                            .setEnv(with(environment, home))
                            .setArgs(
                                    Stream.concat(QUIET.stream(), more.stream()).toList()));
            return new Chromium(playwright, browser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> with(Map<String, String> environment, Path home) {
        var all = new HashMap<>(environment);
        all.put("HOME", home.toString());
        return all;
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
