package io.postern.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.postern.domain.publish.Branding;
import io.postern.token.KeyRing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {
    private static final Pages PAGES = new Pages(KeyRing.generate(), Clock.systemUTC());
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static WebServer server;

    @BeforeAll
    static void start() {
        HttpRouting.Builder routing = HttpRouting.builder();
        PAGES.mount(routing);
        routing.get(
                "/hello",
                (_, response) ->
                        PAGES.send(response, 200, MessagePage.done("Hello", "There", java.util.Optional.empty())));
        routing.get("/broken", (_, _) -> {
            throw new IllegalStateException("secret inner detail");
        });
        server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Test
    void givesPagesSecurityFields() throws Exception {
        var answer = get("/hello", "https://login.example.com");

        assertEquals("no-store", field(answer, "cache-control"));
        assertEquals("nosniff", field(answer, "x-content-type-options"));
        assertEquals("max-age=31536000", field(answer, "strict-transport-security"));
        assertEquals("same-origin", field(answer, "referrer-policy"));
        String policy = field(answer, "content-security-policy");
        assertTrue(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("unsafe") || policy.contains("script-src"), policy);
    }

    @Test
    void doesNotPinLocalhostToTls() throws Exception {
        assertTrue(get("/hello", "https://login.postern.localhost:8443")
                .headers()
                .firstValue("strict-transport-security")
                .isEmpty());
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"/broken", "/nowhere"})
    void answersFaultsWithAPageThatNamesTheExchangeAndNothingInner(String path) throws Exception {
        var answer = get(path, "https://login.example.com");

        assertEquals(path.equals("/broken") ? 500 : 404, answer.statusCode());
        assertTrue(answer.body().contains("0123456789abcdef0123456789abcdef"), answer.body());
        assertFalse(answer.body().contains("secret inner detail"));
        assertEquals("nosniff", field(answer, "x-content-type-options"));
        assertTrue(field(answer, "content-security-policy").contains("frame-ancestors 'none'"));
    }

    @Test
    void servesAssetsForEverUnderHashedNames() throws Exception {
        Matcher link = Pattern.compile("href=\"(/assets/postern\\.[0-9a-f]{12}\\.css)\"")
                .matcher(get("/hello", "https://login.example.com").body());
        assertTrue(link.find());

        var answer = get(link.group(1), "https://login.example.com");

        assertEquals(200, answer.statusCode());
        assertEquals("public, max-age=31536000, immutable", field(answer, "cache-control"));
        assertEquals("text/css; charset=utf-8", field(answer, "content-type"));
    }

    @ParameterizedTest
    @MethodSource("views")
    void rendersEscapedAndLabelled(View view) {
        String html = PAGES.html(view);

        assertFalse(html.contains("<script>") || html.contains("<b>"), html);
        assertFalse(
                Pattern.compile("<[^>]+\\son[a-z]+=|\\sstyle=").matcher(html).find(), html);
        assertTrue(html.contains("<html lang=\"en\">") && html.contains("<h1>"), html);
        Matcher input = Pattern.compile("<input id=\"([^\"]+)\"").matcher(html);
        while (input.find()) {
            assertTrue(html.contains("for=\"" + input.group(1) + "\""), "no label for " + input.group(1));
        }
    }

    private static Step step(String nasty, Branding branding) {
        return new Step("/x", "c", "r", "t", nasty, nasty, nasty, nasty, List.of(), branding);
    }

    static List<View> views() {
        String nasty = "<script>alert(1)</script>\"'<b>";
        var fields = new LinkedHashMap<String, String>();
        fields.put("code", nasty);
        Step step = step(nasty, Branding.NONE);
        var portal = new Portal(nasty, nasty, Portal.Tab.APPS, true, true, 1, "/s", "/o", "/out");
        var call = new PasskeyCall("/x", "t", "{\"kind\":\"" + nasty + "\"}");
        return List.of(
                new UserNamePage(step, call),
                new SignInPage(step, false),
                new SignInPage(
                        step(nasty, new Branding(Optional.of(nasty), Optional.of("#b4283c"), Optional.of("R0lGODlh"))),
                        true),
                new SecondFactorPage(
                        step, SecondFactorPage.Way.TOTP, List.of(SecondFactorPage.Way.RECOVERY), Optional.empty()),
                new SecondFactorPage(step, SecondFactorPage.Way.RECOVERY, List.of(), Optional.empty()),
                new SecondFactorPage(
                        step, SecondFactorPage.Way.PASSKEY, List.of(SecondFactorPage.Way.TOTP), Optional.of(call)),
                new RegisterPage(step, nasty, nasty, 33, call, Optional.of("/back")),
                new RecoveryCodesPage(step, List.of(nasty, nasty)),
                new StayPage(step),
                new AccountPage(step, nasty),
                new NewPasswordPage(step, 8, false),
                new NewPasswordPage(step, 8, true),
                new SetupPage("/x", "c", "t", nasty, nasty, nasty, 8, nasty),
                new SignOutPage("/x", "c", nasty, nasty, nasty, List.of()),
                FormPostPage.of("https://a.example/cb", fields, List.of("https:")),
                MessagePage.fault(nasty, nasty, nasty, nasty, nasty).withLink(nasty, "https://a.example/"),
                new AppsPage(portal, nasty, 1, List.of()),
                new AppsPage(portal, "", 0, List.of()),
                new AppsPage(
                        portal,
                        "",
                        1,
                        List.of(AppsPage.Tile.of(nasty, "https://a.example/", "a.example", Optional.empty()))),
                new AccessPage(
                        portal,
                        "c",
                        List.of(new AccessPage.Offer(nasty, nasty, nasty, nasty, "x", 1, nasty, false, true)),
                        List.of(new AccessPage.Asked(nasty, nasty, nasty, "waiting", nasty, nasty)),
                        nasty,
                        nasty),
                new ArrangePage(
                        portal,
                        "c",
                        List.of(new ArrangePage.App(nasty, nasty, "x", 1, nasty, true)),
                        List.of(new ArrangePage.Collection(nasty, nasty, List.of(), List.of())),
                        nasty,
                        nasty),
                new ApprovalsPage(
                        portal,
                        "c",
                        List.of(new ApprovalsPage.Waiting(nasty, nasty, nasty, nasty, nasty, nasty)),
                        nasty,
                        nasty));
    }

    private static HttpResponse<String> get(String path, String origin) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("postern-origin", origin)
                        .header("postern-exchange", "0123456789abcdef0123456789abcdef")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String field(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("(none)");
    }
}
