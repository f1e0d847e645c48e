package io.postern.system;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Chromium as a company sets it up for its people: with a profile of its own, since private windows send no tickets.
final class ManagedChromium implements AutoCloseable {
    private final Playwright playwright;
    private final BrowserContext profile;

    private ManagedChromium(Playwright playwright, BrowserContext profile) {
        this.playwright = playwright;
        this.profile = profile;
    }

    /// @param ticketsFor host to which tickets are sent
    /// @param person environment of who sits at the computer
    static ManagedChromium start(Path authority, String ticketsFor, Map<String, String> person) {
        Path home = Chromium.home(authority);
        var environment = new HashMap<>(person);
        environment.put("HOME", home.toString());
        Playwright playwright = Chromium.playwright();
        BrowserContext profile = playwright
                .chromium()
                .launchPersistentContext(
                        home.resolve("profile"),
                        new BrowserType.LaunchPersistentContextOptions()
                                .setExecutablePath(Chromium.PROGRAM)
                                .setEnv(environment)
                                .setArgs(Stream.concat(
                                                Chromium.QUIET.stream(),
                                                Stream.of(
                                                        "--auth-server-allowlist=" + ticketsFor,
                                                        "--disable-auth-negotiate-cname-lookup"))
                                        .toList()));
        return new ManagedChromium(playwright, profile);
    }

    Page open(String address) {
        Page page = profile.newPage();
        page.navigate(address);
        return page;
    }

    @Override
    public void close() {
        profile.close();
        playwright.close();
    }
}
