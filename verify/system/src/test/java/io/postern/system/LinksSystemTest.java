package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.Browser;
import io.postern.fixtures.NginxServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// BODY-8 with real servers and a real browser: Benefits links to Expenses, Travel and Feedback by their names
/// inside. A user gets about by clicks, and his browser never asks for a name inside.
class LinksSystemTest {
    private static final Quickstart QUICKSTART = Quickstart.shared();
    private static final String GZIP =
            "gzip on; gzip_min_length 1; gzip_proxied any; gzip_types text/html text/css; etag on;";
    private static Chromium chromium;
    private static NginxServer benefits;
    private static ApacheServer expenses;
    private static ApacheServer travel;
    private static NginxServer feedback;
    private final Browser outside = new Browser(QUICKSTART.authority());

    @BeforeAll
    static void start() throws IOException {
        benefits = NginxServer.start(GZIP);
        expenses = ApacheServer.start("");
        travel = ApacheServer.start("""
                LoadModule filter_module ${modules}/mod_filter.so
                LoadModule deflate_module ${modules}/mod_deflate.so
                AddOutputFilterByType DEFLATE text/html text/css
                """);
        feedback = NginxServer.start("");
        write(benefits.folder(), "index.html", """
                <!DOCTYPE html><html><head><title>Benefits</title>
                <link rel="stylesheet" href="%1$s/style.css">
                <style>@import "//travel.localhost:%3$d/trips/more.css";</style></head><body>
                <h1>Benefits</h1>
                <a id="expenses" href="http://expenses.localhost:%2$d/">Expenses</a>
                <a id='short' href='http://expenses:%2$d/report.html?year=2026&amp;secret=x'>Report</a>
                <a id=travel href=//travel.localhost:%3$d/trips/>Travel</a>
                <a id="feedback" HREF="http://feedback.localhost:%4$d/">Feedback</a>
                <div id="box" style="background:url(http://expenses.localhost:%2$d/box.txt)">box</div>
                <form action="http://travel.localhost:%3$d/trips/search.html"><input name="q" value="rome">
                <button id="search">Search</button></form>
                <script>const api = 'http://expenses.localhost:%2$d/api';</script>
                </body></html>
                """.formatted(
                "http://benefits.localhost:" + benefits.port(), expenses.port(), travel.port(), feedback.port()));
        write(benefits.folder(), "style.css", "h1 { color: rgb(1, 2, 3); }\n");
        write(expenses.folder(), "index.html", "<h1>Expenses</h1>");
        write(expenses.folder(), "report.html", "<h1>Report</h1>");
        write(expenses.folder(), "box.txt", "box");
        Files.createDirectory(travel.folder().resolve("trips"));
        write(travel.folder(), "trips/index.html", """
                <h1>Travel</h1><a id="back" href="http://benefits.localhost:%d/">Benefits</a>
                """.formatted(benefits.port()));
        write(travel.folder(), "trips/search.html", "<h1>Found</h1>");
        write(travel.folder(), "trips/more.css", "h1 { background-color: rgb(4, 5, 6); }\n");
        write(feedback.folder(), "index.html", "<h1>Feedback</h1>");
        chromium = Chromium.trusting(QUICKSTART.authority());
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @AfterAll
    static void stop() {
        chromium.close();
        benefits.close();
        expenses.close();
        travel.close();
        feedback.close();
    }

    private static URI external(String name) {
        return URI.create(QUICKSTART.application("sense").toString().replace("sense-", name + "-"));
    }

    /// @param inside what is published: server and folder
    private void publish(String name, String inside) {
        QUICKSTART
                .cli("app", "publish", "--name", name, "--preauth", "passthrough", "--internal-url", inside)
                .expectSuccess();
        URI url = external(name).resolve(URI.create(inside).getPath());
        Await.until(name + " is routed", () -> outside.open(url).status() == 200);
    }

    private static void translate(String name) {
        QUICKSTART.cli("app", "set", name, "--body-links", "on").expectSuccess();
    }

    private static Set<String> hostsOf(BrowserContext context) {
        Set<String> hosts = ConcurrentHashMap.newKeySet();
        context.onRequest(request -> hosts.add(URI.create(request.url()).getHost()));
        return hosts;
    }

    private static String property(Page page, String element, String property) {
        return (String) page.evaluate(
                "([element, property]) => getComputedStyle(document.querySelector(element))[property]",
                java.util.List.of(element, property));
    }

    private static void click(Page page, String link, String heading) {
        page.locator(link).click();
        assertThat(page.locator("h1")).hasText(heading);
    }

    @Test
    void usersWalkFromPageToPageByLinksOfNamesInside() {
        publish("benefits", "http://benefits.localhost:" + benefits.port() + "/");
        publish("expenses", "http://expenses.localhost:" + expenses.port() + "/");
        publish("travel", "http://travel.localhost:" + travel.port() + "/trips/");
        translate("benefits");
        QUICKSTART.cli("app", "links", "benefits", "--for", "10m").expectSuccess();
        QUICKSTART.cli("app", "links", "travel", "--for", "10m").expectSuccess();
        String deadLink = "http://feedback.localhost:" + feedback.port() + "/";
        String backInside = "http://benefits.localhost:" + benefits.port() + "/";
        try (var context = chromium.browser().newContext()) {
            Set<String> hosts = hostsOf(context);
            Page page = context.newPage();
            page.navigate(external("benefits").toString());
            assertEquals("rgb(1, 2, 3)", property(page, "h1", "color"), "its style sheet");
            assertEquals("rgb(4, 5, 6)", property(page, "h1", "backgroundColor"), "what it imports from Travel");
            assertTrue(property(page, "#box", "backgroundImage").contains(external("expenses") + "box.txt"));
            assertEquals(deadLink, page.locator("#feedback").getAttribute("href"), "nobody published it");

            click(page, "#expenses", "Expenses");
            assertEquals(external("expenses").toString(), page.url());
            page.goBack();
            click(page, "#short", "Report");
            assertEquals(external("expenses") + "report.html?year=2026&secret=x", page.url());
            page.goBack();
            click(page, "#search", "Found");
            assertEquals(external("travel") + "trips/search.html?q=rome", page.url());
            page.goBack();
            click(page, "#travel", "Travel");
            assertEquals(backInside, page.locator("#back").getAttribute("href"), "Travel does not translate");

            String dryRun = QUICKSTART.cli("app", "links", "travel").expectSuccess();
            assertTrue(dryRun.contains("Translation  off"), dryRun);
            assertTrue(dryRun.contains(external("benefits").toString()), dryRun);
            String report = QUICKSTART.cli("app", "links", "benefits").expectSuccess();
            assertTrue(report.lines().anyMatch(l -> l.contains(deadLink) && l.contains("not-published")), report);
            assertTrue(report.lines().anyMatch(l -> l.contains("/api") && l.contains("place-switched-off")), report);
            assertTrue(!report.contains("secret"), report);

            translate("travel");
            Await.until(
                    "Travel translates",
                    () -> outside.open(external("travel").resolve("trips/"))
                            .body()
                            .contains(external("benefits").toString()));
            page.reload();
            click(page, "#back", "Benefits");

            // the browser holds a copy of this page, with a link that is dead no more
            publish("feedback", deadLink);
            page.reload();
            click(page, "#feedback", "Feedback");
            assertEquals(external("feedback").toString(), page.url());
            assertTrue(hosts.stream().allMatch(h -> h.endsWith(".postern.localhost")), hosts.toString());
        }
    }
}
