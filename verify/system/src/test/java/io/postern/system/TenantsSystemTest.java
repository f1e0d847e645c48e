package io.postern.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two tenants in one service, through gateway and connectors: each works, and nothing of one opens the other.
class TenantsSystemTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONNECTOR_CLIENT = "00000006-0000-4000-8000-706f73746572";
    private static final String ADMINISTRATOR = "admin@fabrikam.example";
    private static final String OWN_PASSWORD = "Umbrella-tractor-7-velvet";
    private static final String USER = "f.user@fabrikam.example";

    @TempDir
    static Path home;

    private static Quickstart quickstart;
    private static HttpBackend backend;
    private static JsonNode fabrikam;
    private static Process connector;
    private static String userPassword;

    private final URI sense = quickstart.application("sense");
    private final URI wiki = URI.create(sense.toString().replace("sense-contoso", "wiki-fabrikam"));
    private final URI portal = URI.create(quickstart.url("portal").toString().replace("myapps.", "myapps-fabrikam."));

    @BeforeAll
    static void addTenant() throws Exception {
        quickstart = Quickstart.start(home.resolve("data"));
        backend = new HttpBackend(exchange -> {
            byte[] text = "inside of fabrikam".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        });
        fabrikam = json(quickstart.cli("tenant", "add", "fabrikam", "--domain", "fabrikam.example", "--json"));
        userPassword = Files.readString(Files.writeString(home.resolve("user"), OWN_PASSWORD));
        inFabrikam("user", "add", USER, "--password-file", home.resolve("user").toString());
        inFabrikam(
                "app",
                "publish",
                "--name",
                "wiki",
                "--internal-url",
                backend.url(),
                "--external-url",
                "https://wiki-fabrikam.postern.localhost/");
        inFabrikam("app", "assign", "wiki", "--user", USER);
        Path token = Files.writeString(
                home.resolve("token"),
                json(inFabrikam("connector", "token", "--json")).path("token").asString());
        var builder = new ProcessBuilder(
                        Checkout.launcher(),
                        "connector",
                        "--service",
                        quickstart.url("connect").toString(),
                        "--data",
                        home.resolve("connector").toString(),
                        "--token-file",
                        token.toString(),
                        "--grace",
                        "1")
                .redirectErrorStream(true);
        builder.environment().put("POSTERN_NO_BUILD", "1");
        connector = builder.start();
        List<String> log = Output.of(connector);
        Await.until(
                "its connector is connected", () -> log.stream().anyMatch(l -> l.contains("connected to the service")));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (connector != null) {
            connector.destroy();
            assertTrue(connector.waitFor(20, TimeUnit.SECONDS), "stops when told to");
        }
        backend.close();
        quickstart.close();
    }

    @Test
    void itsAdministratorAndItsUserWorkInItAndReachNothingOfTheFirstTenant() throws Exception {
        var administrator = new Browser(quickstart.authority());
        Browser.Page page = administrator.openSignedIn(
                portal, ADMINISTRATOR, fabrikam.path("password").asString());
        assertTrue(page.body().contains("name=\"again\""), "must choose a password: " + page.body());
        page = administrator.fill(page, Map.of("new", OWN_PASSWORD + "9", "again", OWN_PASSWORD + "9"));
        page = administrator.fill(page, Map.of("stay", "no"));
        assertEquals(portal, page.uri());
        assertEquals(200, page.status());
        assertTrue(page.body().contains(ADMINISTRATOR), page.body());

        String token = apiToken(administrator);
        JsonNode users = JSON.readTree(api(token, "users").body());
        assertEquals(2, users.path("value").size(), users.toString());
        assertFalse(api(token, "applications").body().contains("sense"), "applications of the first tenant");
        String stranger = json(quickstart.cli("user", "show", quickstart.user(), "--json"))
                .path("id")
                .asString();
        assertEquals(404, api(token, "users/" + stranger).statusCode());
        assertEquals(403, api(token, "tenants").statusCode(), "only for the service's operator");

        var user = new Browser(quickstart.authority());
        page = user.openSignedIn(wiki, USER, userPassword);
        assertEquals(wiki, page.uri());
        assertEquals("inside of fabrikam", page.body());
        page = user.open(portal);
        assertTrue(page.body().contains(wiki.toString()), page.body());
        assertFalse(page.body().contains("sense"), page.body());

        refused(new Browser(quickstart.authority()), sense, USER, userPassword);
        refused(new Browser(quickstart.authority()), wiki, quickstart.user(), quickstart.password());
        refused(new Browser(quickstart.authority()), portal, quickstart.user(), quickstart.password());
    }

    @Test
    void sessionsCookiesAndTokensOfOneAreWorthNothingInTheOther() throws Exception {
        var user = new Browser(quickstart.authority());
        assertEquals(200, user.openSignedIn(wiki, USER, userPassword).status());
        assertTrue(Browser.asksWho(user.open(sense)), "a session of one tenant signs nobody in to the other");
        assertTrue(Browser.asksWho(user.open(quickstart.url("portal"))), "nor to its portal");

        String cookies = user.cookiesFor(wiki.getHost());
        String renamed = cookies.replaceAll("access-[0-9a-f-]+", "access-" + appId("sense"));
        HttpResponse<String> answer = user.client()
                .send(
                        HttpRequest.newBuilder(sense.resolve("api/echo"))
                                .header("Cookie", cookies + "; " + renamed)
                                .header("Accept", "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(401, answer.statusCode(), answer.body());

        // a form of one tenant's sign-in, posted to the other's
        var stranger = new Browser(quickstart.authority());
        Browser.Page page = stranger.open(wiki);
        String id = fabrikam.path("id").asString();
        String contoso =
                json(quickstart.cli("tenant", "show", "--json")).path("id").asString();
        var moved = new Browser.Page(
                page.uri(),
                page.status(),
                page.body().replace("/fabrikam/", "/contoso/").replace(id, contoso),
                page.fields());
        assertTrue(!moved.body().equals(page.body()), "the form names its tenant");
        page = stranger.fill(moved, Map.of("username", quickstart.user()));
        assertTrue(page.status() >= 400 || !page.body().contains("type=\"password\""), page.body());

        var administrator = new Browser(quickstart.authority());
        String token = apiTokenOf("contoso", administrator, quickstart.user(), quickstart.password());
        URI elsewhere = quickstart.url("login").resolve("fabrikam/oauth2/v2.0/userinfo");
        assertEquals(401, get(elsewhere, token).statusCode());
        JsonNode organization = JSON.readTree(api(token, "organization").body());
        assertEquals("contoso", organization.path("value").path(0).path("name").asString());
        assertFalse(api(token, "users").body().contains("fabrikam.example"));
    }

    @Test
    void anApplicationIsCarriedFromOneToTheOtherAndItsUsersSignInToIt() throws Exception {
        contoso("gallery add non-gallery-saml --name carried --set entity-id=urn:carried"
                + " --set reply-url=https://carried.example/acs --user " + quickstart.user());
        contoso("app client redirect add carried https://carried.example/cb");
        contoso("app client role add carried Buyer --for users");
        contoso("app client scope add carried things.read");
        contoso("app client claims carried --id-token upn");
        contoso("app sso set --name carried --sign both --claim login=userPrincipalName");

        Command.Result people = run(
                fabrikam.path("apiToken").asString(), contoso("export carried").output(), "apply -f -");
        assertEquals(1, people.exit());
        assertTrue(people.errors().contains("there is no user '" + quickstart.user() + "'"), people.errors());
        String declared = contoso("export carried --without-assignments").output();
        Command.Result applied = run(fabrikam.path("apiToken").asString(), declared, "apply -f -");
        String said = applied.expectSuccess();
        assertTrue(said.contains("+ carried") && said.contains("signing keys are not carried"), said);
        assertTrue(said.contains("postern app client secret add"), said);
        assertFalse(declared.contains("PRIVATE") || declared.contains("secret"), declared);
        assertEquals(
                withoutIds(contoso("export carried --without-assignments --json")),
                withoutIds(inFabrikam("export", "carried", "--without-assignments", "--json")));
        assertTrue(run(fabrikam.path("apiToken").asString(), declared, "apply -f -")
                .expectSuccess()
                .startsWith("No changes: 1 as in the file."));

        inFabrikam("app", "assign", "carried", "--user", USER, "--role", "Buyer");
        URI login = quickstart.url("login").resolve("fabrikam/");
        var user = new Browser(quickstart.authority());
        Browser.Page page = user.openSignedIn(
                URI.create(login + "saml2?SAMLRequest=" + request("urn:carried")), USER, userPassword);
        assertTrue(page.body().contains("action=\"https://carried.example/acs\""), page.body());
        String response = new String(Base64.getMimeDecoder().decode(hidden(page, "SAMLResponse")), UTF_8);
        assertTrue(response.contains(fabrikam.path("id").asString() + "/</saml:Issuer>"), response);
        assertTrue(response.contains("Name=\"login\"") && response.contains(">" + USER + "<"), response);
        assertTrue(response.contains(">Buyer<"), response);

        JsonNode client = json(inFabrikam("app", "client", "show", "carried", "--json"));
        String appId = client.path("appId").asString();
        assertFalse(appId.equals(appId("carried")), "registered anew");
        String secret = json(inFabrikam("app", "client", "secret", "add", "carried", "--json"))
                .path("secretText")
                .asString();
        page = user.open(
                URI.create(login + "oauth2/v2.0/authorize?response_type=code&response_mode=form_post&scope=openid"
                        + "&nonce=n-1&state=s-1&redirect_uri=https%3A%2F%2Fcarried.example%2Fcb&client_id=" + appId));
        JsonNode tokens = JSON.readTree(post(
                login.resolve("oauth2/v2.0/token"),
                "grant_type=authorization_code&redirect_uri=https%3A%2F%2Fcarried.example%2Fcb&client_id=" + appId
                        + "&client_secret=" + URLEncoder.encode(secret, UTF_8) + "&code="
                        + URLEncoder.encode(hidden(page, "code"), UTF_8)));
        JsonNode told = JSON.readTree(
                Base64.getUrlDecoder().decode(tokens.path("id_token").asString().split("\\.")[1]));
        assertEquals(fabrikam.path("id").asString(), told.path("tid").asString(), told.toString());
        assertEquals("Buyer", told.path("roles").path(0).asString(), told.toString());
        assertEquals(USER, told.path("upn").asString(), told.toString());
    }

    private static Command.Result contoso(String command) throws IOException {
        Command.Result result = run(quickstart.apiToken(), "", command);
        result.expectSuccess();
        return result;
    }

    /// A request for a sign-on, as the redirect binding writes it.
    private static String request(String issuer) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var deflate = new DeflaterOutputStream(bytes, new Deflater(Deflater.DEFAULT_COMPRESSION, true))) {
            deflate.write("""
                    <AuthnRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1a2b" Version="2.0"
                      IssueInstant="%s"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">%s</Issuer></AuthnRequest>
                    """.formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), issuer)
                    .getBytes(UTF_8));
        }
        return URLEncoder.encode(Base64.getEncoder().encodeToString(bytes.toByteArray()), UTF_8);
    }

    private static String hidden(Browser.Page page, String name) {
        Matcher field =
                Pattern.compile("name=\"" + name + "\" value=\"([^\"]+)\"").matcher(page.body());
        assertTrue(field.find(), page.body());
        return field.group(1).replace("&#43;", "+").replace("&#61;", "=");
    }

    /// Roles and scopes have ids of each tenant's own.
    private static JsonNode withoutIds(Command.Result result) {
        return JSON.readTree(result.output().replaceAll("\"id\":\"[^\"]+\"", "\"id\":\"\""));
    }

    /// Signs in with the right password, and is told that the account is of another organisation.
    private static void refused(Browser browser, URI at, String user, String password) {
        Browser.Page page = browser.openSignedIn(at, user, password);
        assertTrue(page.body().contains("AADSTS50020"), page.body());
        assertFalse(page.body().contains("inside of fabrikam"), page.body());
    }

    private String apiToken(Browser signedIn) throws Exception {
        return apiTokenOf("fabrikam", signedIn, ADMINISTRATOR, OWN_PASSWORD + "9");
    }

    /// An access token for the API by device code.
    private static String apiTokenOf(String tenant, Browser browser, String user, String password) throws Exception {
        String oauth = quickstart.url("login") + tenant + "/oauth2/v2.0/";
        JsonNode code = JSON.readTree(post(
                URI.create(oauth + "devicecode"),
                "client_id=" + CONNECTOR_CLIENT + "&scope=https%3A%2F%2Fapi.postern.localhost%2F.default"));
        Browser.Page page = browser.fill(
                browser.open(URI.create(code.path("verification_uri_complete").asString())), Map.of());
        if (Browser.asksWho(page)) {
            page = browser.submit(page, user, password);
        }
        assertEquals(200, browser.fill(page, Map.of("answer", "allow")).status());
        JsonNode tokens = JSON.readTree(post(
                URI.create(oauth + "token"),
                "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=" + CONNECTOR_CLIENT
                        + "&device_code=" + code.path("device_code").asString()));
        assertTrue(tokens.has("access_token"), tokens.toString());
        return tokens.path("access_token").asString();
    }

    private static String post(URI uri, String form) throws Exception {
        return Browser.client(quickstart.authority())
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static HttpResponse<String> api(String token, String path) throws Exception {
        return get(quickstart.url("api").resolve("v1.0/" + path), token);
    }

    private static HttpResponse<String> get(URI uri, String token) throws Exception {
        return Browser.client(quickstart.authority())
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static String appId(String name) {
        return json(quickstart.cli("app", "show", "--name", name, "--json"))
                .path("appId")
                .asString();
    }

    private static JsonNode json(Command.Result result) {
        return JSON.readTree(result.expectSuccess());
    }

    /// A command of whoever administers the second tenant.
    private static Command.Result inFabrikam(String... arguments) throws IOException {
        Command.Result result = run(fabrikam.path("apiToken").asString(), "", arguments);
        result.expectSuccess();
        return result;
    }

    /// @param command its words, or one text that has them all
    private static Command.Result run(String token, String input, String... command) {
        var words = new ArrayList<>(List.of(Checkout.launcher()));
        words.addAll(command.length == 1 ? List.of(command[0].split(" ")) : List.of(command));
        return Command.in(Map.of(
                        "POSTERN_URL", quickstart.url("api").toString(),
                        "POSTERN_TOKEN", token,
                        "POSTERN_CA", quickstart.authority().toString()))
                .runWith(input, words.toArray(String[]::new));
    }
}
