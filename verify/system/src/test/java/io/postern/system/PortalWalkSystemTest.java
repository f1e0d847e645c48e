package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.MailSink;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// My Apps of a real service in a real browser, as a user, as an approver, as somebody whose account was used by
/// another and as a guest: every page sound to axe, light and dark, on a phone; mail comes to a real server,
/// notices to a webhook.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PortalWalkSystemTest {
    private static final String PASSWORD = "Umbrella-tractor-7-velvet";
    private static final String GUEST = "gero@partner.example";
    private static final Pattern INVITATION = Pattern.compile("https://\\S+/invitation\\?code=[\\w-]+");
    private static final String NEXT = "Lantern-orchard-9-marble";
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Chat CA");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Looks LOOKS = new Looks("walk-");

    @TempDir
    static Path home;

    private static final List<String> HOOKED = new CopyOnWriteArrayList<>();
    private static MailSink mail;
    private static HttpsSite hook;
    private static HttpBackend backend;
    private static Installation site;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        mail = MailSink.plain();
        hook = HttpsSite.start(AUTHORITY.server("localhost"), PortalWalkSystemTest::hooked);
        backend = new HttpBackend(PortalWalkSystemTest::page);
        Path authority = Files.writeString(home.resolve("chat.pem"), Pem.of(List.of(AUTHORITY.authority())));
        Path secret = Files.writeString(home.resolve("secret"), "a shared secret of some length");
        site = Installation.start(home.resolve("site"), "365d", FreePort.find(), """
                mail:
                  server: 127.0.0.1:%d
                  security: none
                  from: postern@contoso.example
                notices:
                  webhook: https://localhost:%d/notices
                  secret-file: %s
                  authority: %s
                """.formatted(
                        mail.port(), hook.port(), secret, authority));
        site.connector("--token-file", site.token().toString()).awaitLine("connected to the service", 1);
        furnish();
        chromium = Chromium.trusting(site.authority());
    }

    /// By the API and not by commands, each of which starts a JVM.
    private static void furnish() throws IOException {
        var ids = new HashMap<String, String>();
        for (String name : List.of("Ada Approver", "Abel Asker", "Berta Bauer")) {
            String user = name.substring(0, name.indexOf(' ')).toLowerCase(Locale.ROOT);
            JsonNode made = api("POST", "users", """
                    {"userPrincipalName": "%1$s@contoso.example", "displayName": "%2$s",
                     "mail": "%1$s@mail.contoso.example", "passwordProfile": {"password": "%3$s"}}
                    """.formatted(user, name, PASSWORD));
            ids.put(user, made.path("id").asString());
        }
        for (String app : List.of("Wiki", "Grafana", "Expense reports", "Payroll", "Safe")) {
            JsonNode made = api("POST", "applications", """
                    {"displayName": "%s", "onPremisesPublishing": {"internalUrl": "%s/"}}
                    """.formatted(app, backend.url() + path(app)));
            String filter = "servicePrincipals?$filter=appId%20eq%20'"
                    + made.path("appId").asString() + "'";
            ids.put(app, api("GET", filter, "").at("/value/0/id").asString());
        }
        for (String app : List.of("Wiki", "Grafana", "Expense reports")) {
            api(
                    "POST",
                    "servicePrincipals/" + ids.get(app) + "/appRoleAssignedTo",
                    "{\"principalId\": \"" + ids.get("abel") + "\"}");
        }
        for (String app : List.of("Payroll", "Safe")) {
            api(
                    "PUT",
                    "servicePrincipals/" + ids.get(app) + "/accessRequestSettings",
                    "{\"approverIds\": [\"" + ids.get("ada") + "\"], \"durationInDays\": 30}");
        }
        api("POST", "appCollections", """
                {"displayName": "Every morning", "appIds": ["%s", "%s"]}
                """.formatted(ids.get("Wiki"), ids.get("Grafana")));
        String tenant = api("GET", "organization", "").at("/value/0/id").asString();
        api("PATCH", "organization/" + tenant, """
                {"securityComplianceNotificationMails": ["soc@contoso.example"]}
                """);
    }

    private static JsonNode api(String method, String path, String body) throws IOException {
        String answer = body.isEmpty()
                ? site.api(method, "v1.0/" + path)
                : site.api(method, "v1.0/" + path, "--fail-with-body", "--data", body);
        return JSON.readTree(answer.isEmpty() ? "{}" : answer);
    }

    @AfterAll
    static void stop() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        if (site != null) {
            site.close();
        }
        for (AutoCloseable part :
                Stream.of(backend, hook, mail).filter(Objects::nonNull).toList()) {
            part.close();
        }
    }

    private static String path(String app) {
        return app.substring(0, 4).strip().toLowerCase(Locale.ROOT);
    }

    private static void page(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) { // a probe
            HttpBackend.empty(exchange);
            return;
        }
        byte[] text = ("<!doctype html><title>inside</title><h1>"
                        + exchange.getRequestURI().getPath() + "</h1>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
    }

    private static void hooked(HttpExchange exchange) throws IOException {
        try (exchange) {
            HOOKED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private static Page browser(String language) {
        return chromium.browser()
                .newContext(new NewContextOptions()
                        .setLocale(language)
                        .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE))
                .newPage();
    }

    private static Page portal(String user, String language) {
        Page page = browser(language);
        page.navigate(site.url("myapps").toString());
        signIn(page, user, PASSWORD);
        page.locator("button[name=stay][value=no]").click();
        page.waitForURL(site.url("myapps").toString());
        return page;
    }

    private static void signIn(Page page, String user, String password) {
        page.locator("#username").fill(user + "@contoso.example");
        page.keyboard().press("Enter");
        page.locator("#password").fill(password);
        page.keyboard().press("Enter");
    }

    /// Goes on by the keyboard alone until this has the focus.
    private static void tabTo(Page page, String selector) {
        for (int i = 0; i < 40; i++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(page.evaluate("s => document.activeElement.matches(s)", selector))) {
                return;
            }
        }
        throw new AssertionError("the keyboard does not reach " + selector);
    }

    private static String mailTo(String recipient, String subject) {
        Await.until(
                "mail to " + recipient + ": " + subject,
                () -> found(recipient, subject).size() == 1);
        return found(recipient, subject).getFirst();
    }

    private static List<String> found(String recipient, String subject) {
        return mail.taken().stream()
                .filter(message -> message.contains("X-To: " + recipient))
                .filter(message -> message.contains(subject))
                .toList();
    }

    @Test
    @Order(1)
    void aUserFindsOpensAndArrangesHisApplications() {
        Page page = portal("abel", "en");
        assertThat(page.locator(".tile")).hasCount(3);
        LOOKS.at(page, "apps");

        page.keyboard().press("/");
        page.keyboard().type("graf");
        assertThat(page.locator(".tiles > li:visible")).hasCount(1);
        page.keyboard().press("Enter");
        page.waitForURL(url -> url.contains("grafana-contoso"));
        assertThat(page.locator("h1")).hasText("/graf/");
        page.goBack();

        page.locator(".choices-nav a", new Page.LocatorOptions().setHasText("Every morning"))
                .click();
        assertThat(page.locator(".tile")).hasCount(2);
        LOOKS.at(page, "collection");

        page.locator("a[href='/arrange']").click();
        Locator wiki =
                page.locator("li", new Page.LocatorOptions().setHasText("Wiki")).first();
        wiki.locator("button[value=up]").click();
        assertThat(page.locator(".done-note")).isVisible();
        page.locator("li", new Page.LocatorOptions().setHasText("Expense reports"))
                .first()
                .locator("button[value=hide]")
                .click();
        page.locator("#name").fill("Before lunch");
        page.keyboard().press("Enter");
        page.locator("section", new Page.LocatorOptions().setHasText("Before lunch"))
                .locator("button[value=put]")
                .click();
        LOOKS.at(page, "arrange");

        page.navigate(site.url("myapps").toString());
        assertEquals(List.of("Wiki", "Grafana"), page.locator(".tile strong").allInnerTexts());
        assertThat(page.locator(".choices-nav")).containsText("Before lunch");
        page.navigate(site.url("myapps").resolve("?search=expense").toString());
        assertThat(page.locator(".tile")).hasCount(1); // what one looks for one finds
    }

    @Test
    @Order(2)
    void aUserAsksAnApproverDecidesByKeyboardAloneAndBothGetMail() {
        Page page = portal("abel", "de");
        page.locator(".tabs a[href='/requests']").click();
        LOOKS.at(page, "requests-de");
        for (String app : List.of("Payroll", "Safe")) {
            Locator offer = page.locator(".offer", new Page.LocatorOptions().setHasText(app));
            offer.locator("summary").click();
            offer.locator("textarea").fill("Ab Montag rechne ich die Löhne ab.");
            offer.locator("button").click();
            assertThat(page.locator(".done-note")).isVisible();
        }
        LOOKS.at(page, "asked-de");
        assertTrue(mailTo("ada@mail.contoso.example", "Abel Asker asks for access to Payroll")
                .contains("/approvals"));

        Page ada = portal("ada", "en");
        assertThat(ada.locator(".badge")).containsText("2");
        tabTo(ada, ".tabs a[href='/approvals']");
        ada.keyboard().press("Enter");
        assertThat(ada.locator(".decision")).hasCount(2);
        LOOKS.at(ada, "approvals");
        tabTo(ada, "button[value=grant]");
        ada.keyboard().press("Enter");
        assertThat(ada.locator(".decision")).hasCount(1);
        tabTo(ada, "input[name=answer]");
        ada.keyboard().type("Not before your contract begins.");
        tabTo(ada, "button[value=deny]");
        ada.keyboard().press("Enter");
        assertThat(ada.locator(".decision")).hasCount(0);
        LOOKS.at(ada, "approvals-none");

        mailTo("abel@mail.contoso.example", "You have access to Payroll");
        assertTrue(mailTo("abel@mail.contoso.example", "Your request for Safe was refused")
                .contains("Not before your contract begins."));
        page.navigate(site.url("myapps").resolve("requests").toString());
        assertThat(page.locator(".state.good")).hasCount(1);
        assertThat(page.locator(".state.bad")).hasCount(1);
        LOOKS.at(page, "decided-de");
        page.navigate(site.url("myapps").toString());
        page.locator(".tile", new Page.LocatorOptions().setHasText("Payroll")).click();
        assertThat(page.locator("h1")).hasText("/payr/");
        Await.until(
                "the webhook heard of both requests",
                () -> HOOKED.stream()
                                .filter(body -> body.contains("\"requested\""))
                                .count()
                        == 2);
    }

    @Test
    @Order(3)
    void whoFindsAStrangersSignInEndsEverythingAndChoosesANewPassword() throws IOException {
        Page stranger = portal("berta", "en");
        Page berta = portal("berta", "en");
        berta.locator("details.account summary").click();
        LOOKS.at(berta, "account-menu");
        berta.locator(".menu a[href$='/sessions#recent']").click();
        LOOKS.at(berta, "sessions");
        Locator disown = berta.locator("details.disown").nth(1);
        disown.locator("summary").click();
        LOOKS.at(berta, "disown");
        disown.locator("button").click();
        assertThat(berta.locator("h1")).hasText("Nobody is signed in as you any more");
        LOOKS.at(berta, "disowned");

        stranger.reload();
        assertThat(stranger.locator("#username")).isVisible(); // he is out

        berta.locator("a.button").click();
        signIn(berta, "berta", PASSWORD);
        berta.locator("#new").fill(NEXT);
        berta.locator("#again").fill(NEXT);
        berta.keyboard().press("Enter");
        berta.locator("button[name=stay][value=no]").click();
        assertThat(berta.locator("#methods")).isVisible();
        LOOKS.at(berta, "security-info");

        String told = mailTo("soc@contoso.example", "berta@contoso.example");
        assertTrue(told.contains("postern audit signins --user berta@contoso.example"), told);
        Await.until("the webhook heard of it", () -> HOOKED.stream().anyMatch(body -> body.contains("disowned")));
        JsonNode body = JSON.readTree(HOOKED.stream()
                .filter(text -> text.contains("disowned"))
                .findFirst()
                .orElseThrow());
        assertEquals(
                "berta@contoso.example reports a sign-in that was somebody else",
                body.path("subject").asString());
        assertTrue(api("GET", "auditLogs/directoryAudits?$top=20", "")
                .toString()
                .contains("Report sign-in as somebody else's"));
    }

    @Test
    @Order(4)
    void whoHasNothingIsToldWhatToDo() {
        Page page = browser("de");
        page.navigate(URI.create(site.url("myapps").toString()).toString());
        signIn(page, "berta", NEXT);
        page.locator("button[name=stay][value=no]").click();
        page.waitForURL(site.url("myapps").toString());
        assertThat(page.locator(".empty")).isVisible();
        LOOKS.at(page, "empty-de");
    }

    @Test
    @Order(5)
    void aGuestComesByTheLinkInHisMailAndSeesWhatIsHis() throws IOException {
        JsonNode invited = api("POST", "invitations", """
                {"invitedUserEmailAddress": "%s", "invitedUserDisplayName": "Gero Guest",
                 "inviteRedirectUrl": "%s",
                 "invitedUserMessageInfo": {"messageLanguage": "en", "customizedMessageBody": "See you on Monday."}}
                """.formatted(GUEST, site.url("myapps")));
        String wiki = api("GET", "servicePrincipals?$filter=displayName%20eq%20'Wiki'", "")
                .at("/value/0/id")
                .asString();
        api("POST", "servicePrincipals/" + wiki + "/appRoleAssignedTo", """
                {"principalId": "%s"}
                """.formatted(
                        invited.at("/invitedUser/id").asString()));
        String text = mailTo(GUEST, "invites you to").replaceAll("=\r?\n", "").replace("=3D", "=");
        assertTrue(text.contains("See you on Monday."), text);
        Matcher link = INVITATION.matcher(text);
        assertTrue(link.find(), text);

        Page page = browser("en");
        page.navigate(link.group());
        LOOKS.at(page, "guest-invitation");
        page.locator("#new").fill(PASSWORD);
        page.locator("#again").fill(PASSWORD);
        page.keyboard().press("Enter");
        page.locator("main.done a.button").click();
        page.locator("#username").fill(GUEST);
        page.keyboard().press("Enter");
        page.locator("#password").fill(PASSWORD);
        page.keyboard().press("Enter");
        page.locator("button[name=stay][value=no]").click();
        page.waitForURL(site.url("myapps").toString());
        assertEquals(List.of("Wiki"), page.locator(".tile strong").allInnerTexts());
        LOOKS.at(page, "guest-apps");
        page.navigate(site.url("myapps").resolve("requests").toString());
        assertThat(page.locator(".offer")).hasCount(0); // what a company offers its own people
        LOOKS.at(page, "guest-requests");
        page.navigate(site.url("myapps").toString());
        page.locator(".tile").click();
        assertThat(page.locator("h1")).hasText("/wiki/");

        page.navigate(link.group());
        assertThat(page.locator("h1")).hasText("This invitation no longer holds");
    }
}
