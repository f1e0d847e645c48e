package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.postern.fixtures.TestCertificates;
import io.postern.token.KeyRing;
import io.postern.web.Pages;
import io.postern.web.View;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every page in a real browser: sound to axe, no wider than a phone, usable by the keyboard alone, in both languages.
/// What it looks like is left in `target/screens` to be looked at.
class PagePicturesTest {
    private static final Path TEMPLATES = Path.of("..", "web", "src", "main", "jte");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T08:00:00Z"), ZoneOffset.UTC);

    private static final Map<String, View> VIEWS = SamplePages.all();
    private static WebServer server;
    private static LoginChromium chromium;

    @BeforeAll
    static void open() {
        var pages = new Pages(KeyRing.generate(), CLOCK);
        HttpRouting.Builder routing = HttpRouting.builder();
        pages.mount(routing);
        VIEWS.forEach((name, view) -> routing.get("/" + name, (_, response) -> pages.send(response, 200, view)));
        server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
        chromium = new LoginChromium(TestCertificates.authority("pages").server("localhost"));
    }

    @AfterAll
    static void close() {
        chromium.close();
        server.stop();
    }

    static Stream<String> names() {
        return VIEWS.keySet().stream();
    }

    private static Page show(String name, String language) {
        Page page = chromium.tab(language);
        if (VIEWS.get(name).submitsItself()) {
            page.route("**/*.js", route -> route.abort()); // it would be gone before anybody saw it
        }
        page.navigate("http://localhost:" + server.port() + "/" + name);
        return page;
    }

    /// A page that nobody has looked at is found here.
    @Test
    void everyTemplateHasAPicture() throws IOException {
        var templates = new TreeSet<String>();
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("@template.layout(")) {
                    templates.add(file.getFileName().toString());
                }
            }
        }
        assertTrue(templates.size() > 15, templates.toString());

        assertEquals(
                templates, VIEWS.values().stream().map(View::template).collect(Collectors.toCollection(TreeSet::new)));
    }

    /// There and back again, it is what it was: nothing is lost on the way but the switch's own seal.
    @ParameterizedTest
    @MethodSource("names")
    void keepsItsPlaceInAnotherLanguage(String name) {
        var browser = new Browser(server.port(), "192.0.2.1");
        Browser.Answer page = browser.get("/" + name, "accept-language", "en");
        View view = VIEWS.get(name);
        switch (view.languageSwitch()) {
            case KEPT -> {
                Browser.Answer german = browser.chooseLanguage(page, "de");
                assertEquals("de", german.language());
                assertEquals(page.hidden(), german.hidden());
                Browser.Answer english = browser.chooseLanguage(german, "en");
                assertEquals(withoutFoot(page), withoutFoot(english));
            }
            case HERE -> assertTrue(page.body().contains("action=\"/language\""), page.body());
            case NONE -> assertTrue(view.submitsItself(), "a page that people see has a switch");
        }
    }

    /// Nothing but a form: the page has no script for it.
    @Test
    void changesItsLanguageByTheFormAtItsFoot() {
        Page page = show("second-factor-wrong", "en");
        page.setExtraHTTPHeaders(Map.of("postern-origin", "http://localhost:" + server.port()));
        page.navigate("http://localhost:" + server.port() + "/second-factor-wrong");
        String ticket = page.locator("main input[name=ticket]").first().inputValue();

        page.locator("footer button[value=de]").click();

        assertEquals("de", page.locator("html").getAttribute("lang"));
        assertEquals(ticket, page.locator("main input[name=ticket]").first().inputValue());
        page.locator("footer button[value=en]").click();
        assertEquals("en", page.locator("html").getAttribute("lang"));
        page.context().clearCookies();
    }

    private static String withoutFoot(Browser.Answer page) {
        return page.body().replaceAll("(?s)<footer.*</footer>", "");
    }

    @ParameterizedTest
    @MethodSource("names")
    void isSoundWherever(String name) {
        Page page = show(name, "en");
        saysWhatIsWrongWithAField(page);
        isUsableByTheKeyboardAlone(page);
        chromium.inspect(page, name);
        fitsInGerman(name);
    }

    /// German words are longer.
    private static void fitsInGerman(String name) {
        Page page = show(name, "de");
        assertEquals("de", page.locator("html").getAttribute("lang"));
        chromium.phone(page, name + "-german");
    }

    /// What is asked for has the focus, Tab goes as people read, and one sees where one is.
    private static void isUsableByTheKeyboardAlone(Page page) {
        assertEquals(
                page.evaluate("() => document.querySelector('main.sheet:not(:has(.qr)) "
                        + "input:is([type=text], [type=password]):not(.unseen)')?.id ?? ''"),
                page.evaluate(
                        "() => document.activeElement.matches('input:not(.unseen)') ? document.activeElement.id : ''"),
                "the first field");
        List<?> reach = (List<?>) page.evaluate("""
                () => [...document.querySelectorAll("a[href], button, input, summary, select, [tabindex]")]
                  .filter(e => !e.disabled && e.type !== "hidden" && e.tabIndex === 0 && e.checkVisibility())
                  .map((e, i) => { e.dataset.turn = i; return i; })
                  .filter(i => !(i <= document.activeElement.dataset.turn))
                """);
        for (Object turn : reach) {
            page.keyboard().press("Tab");
            assertEquals(
                    turn.toString(),
                    page.evaluate("() => document.activeElement.dataset.turn ?? document.activeElement.outerHTML"),
                    "the next that Tab reaches");
            assertEquals(
                    true,
                    page.evaluate("() => parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"),
                    () -> "no ring around " + page.evaluate("() => document.activeElement.outerHTML"));
        }
    }

    /// Whoever cannot see the red hears what is wrong: at once, and at the field.
    private static void saysWhatIsWrongWithAField(Page page) {
        boolean wrong = page.locator("#problem").count() > 0;
        assertEquals(wrong, page.title().startsWith("Error: "), page.title());
        assertEquals(List.of(), page.evaluate("""
                        () => [...document.querySelectorAll("[aria-invalid=true]")]
                          .filter(e => !e.getAttribute("aria-describedby")?.split(" ").includes("problem"))
                          .map(e => e.outerHTML)
                        """));
        if (wrong) {
            assertEquals(1, page.locator("[role=alert] #problem").count());
        }
    }
}
