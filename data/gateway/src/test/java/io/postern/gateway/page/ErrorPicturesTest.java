package io.postern.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.Branding;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every error page in a real browser, with its own fields: sound to axe in light and dark, no wider than a phone,
/// usable by the keyboard; in German as well, whose words are longer. What it looks like is left in `target/screens` to
/// be looked at.
class ErrorPicturesTest {
    private static final Path SCREENS = Path.of("target", "screens");
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String LOGO =
            "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGM4UVGBFTEMLYkTFRUAiQtjwVcTuFIAAAAASUVORK5CYII=";

    private static final String GERMAN = "german-";

    /// Words of the text, but not the values below it, that stand on two lines or stick out; a hyphen may end a line.
    private static final String BROKEN_WORDS = """
            () => {
              const broken = [];
              for (const element of document.querySelectorAll("h1, h2, p, li, a, dt, blockquote, .brand span")) {
                const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                  for (const word of node.data.matchAll(/[^\\s-]+/g)) {
                    const range = document.createRange();
                    range.setStart(node, word.index);
                    range.setEnd(node, word.index + word[0].length);
                    const place = range.getBoundingClientRect();
                    const parent = element.getBoundingClientRect();
                    if (range.getClientRects().length > 1 || place.right > parent.right + 1) broken.push(word[0]);
                  }
                }
              }
              return broken.join(" ");
            }
            """;

    private static final Map<String, Answer> PAGES = pages();
    private static HttpServer server;
    private static Playwright playwright;
    private static Page tab;
    private static String axe;

    private static Map<String, Answer> pages() {
        var answers = new LinkedHashMap<String, Answer>();
        pages("", "en", answers);
        pages(GERMAN, "de", answers);
        return answers;
    }

    private static void pages(String prefix, String language, Map<String, Answer> answers) {
        var pages = new ErrorPages();
        Snapshot snapshot = Pictures.of(List.of(Pictures.passthrough("https://wiki.postern.test/")));
        RequestHead head = Requests.page("/", "accept-language", language);
        for (Cause cause : Cause.values()) {
            answers.putIfAbsent(
                    prefix + ErrorKind.of(cause).outcome(), pages.page(cause, head, Requests.client(snapshot)));
        }
        answers.put(
                prefix + "maintenance-said",
                pages.page(
                        Cause.MAINTENANCE,
                        head,
                        Requests.client(snapshot),
                        Remark.maintenance(snapshot.applications().getFirst())));
        answers.put(
                prefix + "sign_in_expired-retry",
                pages.page(
                        Cause.STATE_EXPIRED,
                        head,
                        Requests.client(snapshot),
                        Remark.retry("https://wiki.postern.test/")));
        var brand = new Branding(Optional.of("Contoso Maschinenbau"), Optional.of("#ffd54f"), Optional.of(LOGO));
        answers.put(
                prefix + "forbidden-branded",
                pages.page(Cause.NOT_ASSIGNED, head, Requests.client(Pictures.branded(snapshot, brand))));
    }

    @BeforeAll
    static void open() throws IOException {
        try (InputStream in = ErrorPicturesTest.class.getResourceAsStream(AXE)) {
            axe = new String(Objects.requireNonNull(in, AXE).readAllBytes(), StandardCharsets.UTF_8);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Answer answer =
                    PAGES.get(exchange.getRequestURI().getPath().substring(1).toLowerCase(Locale.ROOT));
            byte[] body = answer == null ? new byte[0] : answer.body().getBytes(StandardCharsets.UTF_8);
            if (answer != null) {
                answer.fields()
                        .forEach(field -> exchange.getResponseHeaders()
                                .add(field.getKey().toString(), field.getValue().toString()));
            }
            exchange.sendResponseHeaders(answer == null ? 404 : answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PW_TEST_SCREENSHOT_NO_FONTS_READY", // no web fonts here; waiting can hang
                        "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--no-first-run")));
        tab = browser.newPage();
    }

    @AfterAll
    static void close() {
        playwright.close();
        server.stop(0);
    }

    static Stream<String> names() {
        return PAGES.keySet().stream().filter(name -> !name.startsWith(GERMAN));
    }

    /// A page that nobody has looked at is found here.
    @Test
    void everyKindHasAPicture() {
        var seen = EnumSet.noneOf(ErrorKind.class);
        for (Cause cause : Cause.values()) {
            seen.add(ErrorKind.of(cause));
        }
        assertEquals(EnumSet.allOf(ErrorKind.class), seen, "a kind that no cause leads to");
        seen.forEach(kind -> assertTrue(PAGES.containsKey(kind.outcome()), kind.toString()));
        names().forEach(name -> assertTrue(PAGES.containsKey(GERMAN + name), name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void isSoundWherever(String name) {
        tab.setViewportSize(1280, 800);
        tab.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        open(name);
        tab.evaluate(axe);
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            String look = scheme.name().toLowerCase(Locale.ROOT);
            tab.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            tab.setViewportSize(390, 844);
            assertFitsThePhone();
            shoot(name + "-phone-" + look);
            tab.setViewportSize(1280, 800);
            assertEquals("", tab.evaluate("""
                    async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
                      .map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | ")).join("\\n")
                    """), look);
        }
        shoot(name + "-desktop-dark");
        ringsWhatHasTheFocus(name);
    }

    /// What axe and the keyboard find does not depend on the language; what fits does.
    @ParameterizedTest
    @MethodSource("names")
    void fitsThePhoneInGerman(String name) {
        tab.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        tab.setViewportSize(320, 844);
        open(GERMAN + name);
        assertEquals("de", tab.getAttribute("html", "lang"));
        assertFitsThePhone();
        assertEquals("", tab.evaluate(BROKEN_WORDS), "words that do not fit into a line (WCAG 1.4.10)");
        tab.setViewportSize(390, 844);
        shoot(GERMAN + name + "-phone-light");
    }

    private static void open(String name) {
        tab.navigate("http://localhost:" + server.getAddress().getPort() + "/" + name);
    }

    private static void assertFitsThePhone() {
        assertEquals(
                false,
                tab.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"),
                "wider than a phone");
    }

    private static void ringsWhatHasTheFocus(String name) {
        int links = tab.locator("a[href]").count();
        for (int i = 0; i < links; i++) {
            tab.keyboard().press("Tab");
            assertEquals(
                    i,
                    tab.evaluate("() => [...document.querySelectorAll('a[href]')].indexOf(document.activeElement)"),
                    "what Tab reaches");
            assertEquals(
                    true, tab.evaluate("() => parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"));
        }
        if (links > 0) {
            shoot(name + "-focus-dark");
        }
    }

    private static void shoot(String name) {
        tab.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENS.resolve("error-" + name + ".png"))
                .setFullPage(true));
    }
}
