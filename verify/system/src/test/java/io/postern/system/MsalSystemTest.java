package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.DeviceCode;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.SilentParameters;
import io.postern.base.HostPort;
import io.postern.fixtures.Browser;
import io.postern.sense.SenseDemo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A native program with Microsoft's library calls a published application through gateway and connector, with its
/// bearer token (3.7, BRR-1 to BRR-4).
class MsalSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");

    private final PublishedSite site = PublishedSite.shared();

    private record Client(String appId, String objectId, String principal) {}

    private Client register(String name, String more) {
        JsonNode application = created("/v1.0/applications", "{\"displayName\": \"" + name + "\"" + more + "}");
        String appId = application.path("appId").asString();
        JsonNode principal = created("/v1.0/servicePrincipals", "{\"appId\": \"" + appId + "\"}");
        return new Client(
                appId, application.path("id").asString(), principal.path("id").asString());
    }

    private URI publish(String name, String path) {
        site.declare(
                name,
                "\"assignedUsers\": [\"" + PublishedSite.BOB + "\"]",
                "\"internalUrl\": \"" + site.inside(path) + "\"");
        return site.outside(PublishedSite.defaultHost(name), path);
    }

    private JsonNode created(String path, String body) {
        PublishedSite.Reply reply = site.api("POST", path, body);
        assertTrue(reply.status() / 100 == 2, reply::message);
        return reply.body();
    }

    private void assign(String principal, String resource) {
        created("/v1.0/servicePrincipals/" + resource + "/appRoleAssignedTo", """
            {"principalId": "%s", "resourceId": "%s", "appRoleId": "00000000-0000-0000-0000-000000000000"}
            """.formatted(principal, resource));
    }

    private URI login(String path) {
        return site.outside("login.postern.localhost", path);
    }

    /// The issuer, as applications find it in the metadata.
    private String authority() {
        return authority("contoso");
    }

    private String authority(String tenant) {
        return JSON.readTree(site.browser()
                        .open(login("/" + tenant + "/v2.0/.well-known/openid-configuration"))
                        .body())
                .path("issuer")
                .asString();
    }

    private PublicClientApplication msal(Client tool) throws Exception {
        return PublicClientApplication.builder(tool.appId())
                .oidcAuthority(authority())
                .sslSocketFactory(
                        Browser.trusting(site.installation().authority()).getSocketFactory())
                .build();
    }

    /// As a person would: types the code, signs in, reads what is asked and agrees.
    private IAuthenticationResult signIn(PublicClientApplication msal, String scope) throws Exception {
        return signIn(msal, scope, PublishedSite.BOB);
    }

    private IAuthenticationResult signIn(PublicClientApplication msal, String scope, String user) throws Exception {
        var shown = new CompletableFuture<DeviceCode>();
        CompletableFuture<IAuthenticationResult> result = msal.acquireToken(
                DeviceCodeFlowParameters.builder(Set.of(scope), shown::complete).build());
        Browser browser = site.browser();
        Browser.Page typed = submit(
                browser,
                browser.open(login("/device")),
                Map.of("user_code", shown.get(30, TimeUnit.SECONDS).userCode()));
        Browser.Page confirm = browser.submit(typed, user, PublishedSite.PASSWORD);
        Browser.Page done = submit(browser, confirm, Map.of("answer", "allow"));
        assertEquals(200, done.status(), done.body());
        return result.get(60, TimeUnit.SECONDS);
    }

    private static Browser.Page submit(Browser browser, Browser.Page page, Map<String, String> typed) {
        Matcher action = ACTION.matcher(page.body());
        assertTrue(action.find(), page.body());
        var form = new java.util.LinkedHashMap<String, String>();
        Matcher hidden = HIDDEN.matcher(page.body());
        while (hidden.find()) {
            form.put(hidden.group(1), hidden.group(2).replace("&amp;", "&"));
        }
        form.putAll(typed);
        Browser.Page answer = browser.post(page.uri().resolve(action.group(1).replace("&amp;", "&")), form);
        return answer.status() / 100 == 3
                ? browser.open(answer.uri().resolve(answer.fields().get("location")))
                : answer;
    }

    private HttpResponse<String> call(URI uri, String... authorization) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).header("Cookie", "own=1");
        for (String field : authorization) {
            request.header("Authorization", field);
        }
        return site.browser().client().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("www-authenticate").orElse("");
    }

    private void refused(String name, URI uri, String token) throws IOException, InterruptedException {
        HttpResponse<String> answer = call(uri, "Bearer " + token);
        assertEquals(401, answer.statusCode(), name);
        assertTrue(challenge(answer).startsWith("Bearer "), name + ": " + challenge(answer));
        assertTrue(challenge(answer).contains("error=\"invalid_token\""), name + ": " + challenge(answer));
        assertTrue(answer.headers().firstValue("location").isEmpty(), name);
        assertFalse(answer.body().contains("target="), name + " reached the backend: " + answer.body());
    }

    @Test
    void aProgramCallsThePublishedApplicationAsItsUser() throws Exception {
        URI orders = publish("msal-orders", "/orders/");
        URI other = publish("msal-other", "/other/");
        String appId = site.application("msal-orders").path("appId").asString();
        Client tool = register("msal-tool", ", \"publicClient\": {\"redirectUris\": [\"http://127.0.0.1/\"]}");
        String user = site.api("GET", "/v1.0/users/" + PublishedSite.BOB, "")
                .body()
                .path("id")
                .asString();
        assign(user, tool.principal());
        PublicClientApplication msal = msal(tool);
        String scope = "api://" + appId + "/user_impersonation";

        IAuthenticationResult first = signIn(msal, scope);
        HttpResponse<String> answer = call(orders.resolve("list?a=1"), "Bearer " + first.accessToken());
        IAuthenticationResult fresh = msal.acquireTokenSilently(SilentParameters.builder(Set.of(scope), first.account())
                        .forceRefresh(true)
                        .build())
                .get(30, TimeUnit.SECONDS);
        HttpResponse<String> again = call(orders.resolve("list"), "bearer " + fresh.accessToken());

        assertEquals(PublishedSite.BOB, first.account().username());
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("target=/orders/list?a=1"), answer.body());
        assertTrue(answer.body().contains("authorization=\n"), "consumed (BRR-1): " + answer.body());
        assertTrue(answer.body().contains("cookie=own=1"), answer.body());
        assertTrue(answer.headers().allValues("set-cookie").isEmpty(), "a program keeps no session");
        assertEquals(200, again.statusCode(), again.body());

        refuses(orders, fresh.accessToken());
        refused("a token for another application", other, fresh.accessToken());
        appOnlyTokenIsRefused(orders, appId);
        foreignTokenIsRefused(orders);

        created("/v1.0/users/" + PublishedSite.BOB + "/revokeSignInSessions", "{}");
        Await.until(
                "the token is void",
                () -> call(orders, "Bearer " + fresh.accessToken()).statusCode() == 401);
        ExecutionException over = assertThrows(
                ExecutionException.class,
                () -> msal.acquireTokenSilently(SilentParameters.builder(Set.of(scope), first.account())
                                .forceRefresh(true)
                                .build())
                        .get(30, TimeUnit.SECONDS));
        assertTrue(
                over.getCause() instanceof MsalException
                        && String.valueOf(over.getCause()).contains("AADSTS50173"),
                over.toString());
    }

    /// BRR-3, OBO-1: the program's token ends at the edge; the backend gets two of its own.
    @Test
    void theBackendIsToldWhoseTokenItWasAndGetsOneForTheApiBehind() throws Exception {
        publish("msal-behind", "/behind/");
        String behind = site.application("msal-behind").path("appId").asString();
        try (var backend = new HttpBackend(HttpBackend::empty)) {
            site.declare(
                    "msal-front",
                    "\"assignedUsers\": [\"" + PublishedSite.BOB + "\"]",
                    "\"internalUrl\": \"" + backend.url() + "\", \"singleSignOnSettings\": {\"identityToken\": {},"
                            + " \"backendToken\": {\"scope\": \"api://" + behind + "/user_impersonation\"}}");
            String front = site.application("msal-front").path("appId").asString();
            created("/v1.0/oauth2PermissionGrants", """
                    {"clientId": "%s", "consentType": "AllPrincipals", "resourceId": "%s", "scope": "user_impersonation"}
                    """.formatted(principal(front), principal(behind)));
            Client tool = register("msal-kit", ", \"publicClient\": {\"redirectUris\": [\"http://127.0.0.1/\"]}");
            String user = site.api("GET", "/v1.0/users/" + PublishedSite.BOB, "")
                    .body()
                    .path("id")
                    .asString();
            assign(user, tool.principal());
            String shown = signIn(msal(tool), "api://" + front + "/user_impersonation", PublishedSite.BOB)
                    .accessToken();
            URI outside = site.outside(PublishedSite.defaultHost("msal-front"), "/");

            Await.until("published", () -> call(outside, "Bearer " + shown).statusCode() == 204);
            var fields = backend.next();

            JsonNode who = payload(fields.getFirst("X-Identity-Token"));
            assertEquals(PublishedSite.BOB, who.path("upn").asString());
            assertEquals(front, who.path("aud").asString());
            assertEquals(1, fields.get("Authorization").size());
            String given = fields.getFirst("Authorization").substring("Bearer ".length());
            assertEquals(behind, payload(given).path("aud").asString());
            assertEquals(front, payload(given).path("azp").asString());
            assertEquals(user, payload(given).path("oid").asString());
            URI api = site.outside(PublishedSite.defaultHost("msal-behind"), "/behind/");
            assertEquals(200, call(api, "Bearer " + given).statusCode(), "it opens the API that it is for");
            assertEquals(
                    401,
                    call(outside, "Bearer " + fields.getFirst("X-Identity-Token"))
                            .statusCode());
        }
    }

    private String principal(String appId) {
        return site.api("GET", "/v1.0/servicePrincipals?$filter=appId%20eq%20'" + appId + "'", "")
                .body()
                .path("value")
                .path(0)
                .path("id")
                .asString();
    }

    private static JsonNode payload(String token) {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    /// As the native Qlik client does with a token: on the upgrade, where browsers can send no field of their own.
    @Test
    void aNativeClientOpensAWebSocketByItsToken() throws Exception {
        try (SenseDemo demo = SenseDemo.start(new HostPort("127.0.0.1", 0))) {
            site.declare(
                    "native-sense",
                    "\"assignedUsers\": [\"" + PublishedSite.ANN + "\"]",
                    "\"internalUrl\": \"http://127.0.0.1:" + demo.port() + "/\"");
            URI hub = site.outside(PublishedSite.defaultHost("native-sense"), "/hub");
            Client tool = register("native-qlik", ", \"publicClient\": {\"redirectUris\": [\"http://127.0.0.1/\"]}");
            assign(
                    site.api("GET", "/v1.0/users/" + PublishedSite.ANN, "")
                            .body()
                            .path("id")
                            .asString(),
                    tool.principal());
            String token = signIn(
                            msal(tool),
                            "api://"
                                    + site.application("native-sense")
                                            .path("appId")
                                            .asString()
                                    + "/user_impersonation",
                            PublishedSite.ANN)
                    .accessToken();

            HttpResponse<String> seen = call(hub.resolve("/api/echo"), "Bearer " + token);
            assertEquals(200, seen.statusCode(), seen.body());
            assertFalse(seen.body().toLowerCase(Locale.ROOT).contains("\"authorization\""), seen.body());
            assertEquals("OnAuthenticationInformation", firstMessage(hub, "Bearer " + token));
            assertEquals("401", firstMessage(hub, "Bearer " + token + "x"));
            assertEquals("401", firstMessage(hub, "Basic eDp5"));
        }
    }

    /// @return method of the first message, or the status of the refusal
    private String firstMessage(URI hub, String authorization) {
        var said = new CompletableFuture<String>();
        try {
            site.browser()
                    .client()
                    .newWebSocketBuilder()
                    .header("Authorization", authorization)
                    .buildAsync(
                            URI.create("wss://" + hub.getAuthority() + "/app/engineData"), new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                                    said.complete(text.toString());
                                    return WebSocket.Listener.super.onText(socket, text, last);
                                }
                            })
                    .join();
        } catch (CompletionException e) {
            return Integer.toString(
                    ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode());
        }
        return JSON.readTree(said.join()).path("method").asString();
    }

    private void refuses(URI orders, String good) throws Exception {
        HttpResponse<String> none = call(orders);
        assertEquals(401, none.statusCode());
        assertTrue(challenge(none).startsWith("Bearer ") && !challenge(none).contains("error="), challenge(none));
        assertEquals(400, call(orders, "Bearer " + good, "Bearer " + good).statusCode(), "which one counts?");
        String[] parts = good.split("\\.");
        JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        JsonNode key = keys().path("keys").path(0);
        refused("nonsense", orders, "abc");
        refused("without a signature", orders, parts[0] + "." + parts[1] + ".");
        refused(
                "alg none",
                orders,
                base64("{\"alg\":\"none\",\"kid\":\"" + header.path("kid").asString() + "\"}") + "." + parts[1] + ".");
        refused("other claims", orders, parts[0] + "." + base64("{\"aud\":\"x\"}") + "." + parts[2]);
        refused("HS256 with the public key", orders, confused(key, parts[1]));
    }

    private JsonNode keys() {
        return JSON.readTree(
                site.browser().open(login("/contoso/discovery/v2.0/keys")).body());
    }

    /// Signed with what everybody can read.
    private static String confused(JsonNode key, String payload) throws Exception {
        var decoder = Base64.getUrlDecoder();
        var spec = new RSAPublicKeySpec(
                new java.math.BigInteger(1, decoder.decode(key.path("n").asString())),
                new java.math.BigInteger(1, decoder.decode(key.path("e").asString())));
        byte[] secret = ((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec)).getEncoded();
        String signed = base64("{\"alg\":\"HS256\",\"kid\":\"" + key.path("kid").asString() + "\"}") + "." + payload;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String appToken(String authority, String clientId, String secret, String scope, PublishedSite site)
            throws Exception {
        return ConfidentialClientApplication.builder(clientId, ClientCredentialFactory.createFromSecret(secret))
                .oidcAuthority(authority)
                .sslSocketFactory(
                        Browser.trusting(site.installation().authority()).getSocketFactory())
                .build()
                .acquireToken(ClientCredentialParameters.builder(Set.of(scope)).build())
                .get(30, TimeUnit.SECONDS)
                .accessToken();
    }

    /// A token of a program for itself opens no published application, and none is issued without an assignment.
    private void appOnlyTokenIsRefused(URI orders, String appId) throws Exception {
        Client job = register("msal-job", "");
        String secret = created("/v1.0/applications/" + job.objectId() + "/addPassword", "{}")
                .path("secretText")
                .asString();
        String scope = "api://" + appId + "/.default";

        ExecutionException unassigned =
                assertThrows(ExecutionException.class, () -> appToken(authority(), job.appId(), secret, scope, site));
        assertTrue(String.valueOf(unassigned.getCause()).contains("AADSTS501051"), unassigned.toString());

        String resource = site.api("GET", "/v1.0/servicePrincipals?$filter=appId%20eq%20'" + appId + "'", "")
                .body()
                .path("value")
                .path(0)
                .path("id")
                .asString();
        assign(job.principal(), resource);
        refused("of an application alone", orders, appToken(authority(), job.appId(), secret, scope, site));
    }

    /// Of another tenant of the same service.
    private void foreignTokenIsRefused(URI orders) throws Exception {
        JsonNode tenant = created("/v1.0/tenants", """
            {"name": "elsewhere", "domain": "elsewhere.example", "administrator": "admin@elsewhere.example",
             "passwordProfile": {"password": "%s"}}
            """.formatted(PublishedSite.PASSWORD));
        String api = tenant.path("apiToken").asString();
        JsonNode job = createdBy(api, "/v1.0/applications", "{\"displayName\": \"job\"}");
        createdBy(
                api,
                "/v1.0/servicePrincipals",
                "{\"appId\": \"" + job.path("appId").asString() + "\"}");
        JsonNode secret = createdBy(api, "/v1.0/applications/" + job.path("id").asString() + "/addPassword", "{}");
        String token = appToken(
                authority("elsewhere"),
                job.path("appId").asString(),
                secret.path("secretText").asString(),
                "https://api.postern.localhost/.default",
                site);

        refused("of another tenant", orders, token);
    }

    private JsonNode createdBy(String apiToken, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = site.browser()
                .client()
                .send(
                        HttpRequest.newBuilder(site.installation().url("api").resolve(path))
                                .header("Authorization", "Bearer " + apiToken)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(2, answer.statusCode() / 100, answer.body());
        return JSON.readTree(answer.body());
    }
}
