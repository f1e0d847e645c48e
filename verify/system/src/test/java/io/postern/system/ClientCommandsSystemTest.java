package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Everything of an OpenID Connect application by the command line (docs/guide/oidc.md).
class ClientCommandsSystemTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final Quickstart quickstart = Quickstart.shared();

    @TempDir
    Path folder;

    private Command.Result client(String... arguments) {
        var all = new ArrayList<>(List.of("app", "client"));
        all.addAll(List.of(arguments));
        return quickstart.cli(all.toArray(String[]::new));
    }

    private JsonNode json(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return JSON.readTree(client(all.toArray(String[]::new)).expectSuccess());
    }

    @Test
    void anAdministratorRegistersChangesAndShowsAClient() {
        String added = client("add", "shop", "--kind", "web", "--redirect-uri", "https://shop.example/cb")
                .expectSuccess();
        assertTrue(added.contains("Client id") && added.contains("secret add"), added);
        client("redirect", "add", "shop", "https://shop.example/spa", "--kind", "spa")
                .expectSuccess();
        Command.Result twice = client("redirect", "add", "shop", "https://shop.example/cb");
        assertEquals(1, twice.exit());
        assertTrue(twice.errors().contains("already"), twice.errors());
        Command.Result wrong = client("redirect", "add", "shop", "http://shop.example/cb", "--kind", "spa");
        assertTrue(wrong.errors().contains("http://shop.example/cb"), wrong.errors());
        client("redirect", "remove", "shop", "https://shop.example/cb").expectSuccess();
        String uris = client("redirect", "list", "shop").expectSuccess();
        assertTrue(uris.contains("spa") && !uris.contains("/cb"), uris);

        client("role", "add", "shop", "Buyer", "--for", "users,applications").expectSuccess();
        assertEquals("Buyer", json("role", "list", "shop").path(0).path("value").asString());
        client("role", "remove", "shop", "Buyer").expectSuccess();
        assertEquals(0, json("role", "list", "shop").size());

        client("claims", "shop", "--id-token", "email,upn", "--groups", "SecurityGroup")
                .expectSuccess();
        JsonNode shown = json("show", "shop");
        assertEquals("upn", shown.at("/optionalClaims/idToken/1/name").asString());
        assertEquals("SecurityGroup", shown.path("groupMembershipClaims").asString());
        assertTrue(client("show", "shop").expectSuccess().contains("email, upn"));
        assertEquals(1, client("add", "other", "--kind", "desktop").exit());
        assertTrue(client("--help").output().contains("redirect"));
    }

    @Test
    void aSecretWorksUntilItIsRemovedAndIsShownOnce() throws Exception {
        client("add", "robot", "--kind", "daemon").expectSuccess();
        JsonNode secret = json("secret", "add", "robot", "--display-name", "night job", "--days", "30");
        String text = secret.path("secretText").asString();
        String list = client("secret", "list", "robot").expectSuccess();
        assertTrue(list.contains("night job") && !list.contains(text), list);
        String appId = json("show", "robot").path("appId").asString();
        assertEquals(200, token(appId, text));
        client("secret", "remove", "robot", secret.path("keyId").asString()).expectSuccess();
        assertEquals(401, token(appId, text));

        Path certificate = folder.resolve("client.pem");
        Path key = folder.resolve("client.key");
        Command.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-subj",
                        "/CN=robot",
                        "-days",
                        "2",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .expectSuccess();
        Command.Result withKey = client("certificate", "add", "robot", key.toString());
        assertTrue(withKey.errors().contains("private key"), withKey.errors());
        JsonNode registered = json("certificate", "add", "robot", certificate.toString());
        assertEquals("CN=robot", registered.path("subject").asString());
        client("certificate", "remove", "robot", registered.path("keyId").asString())
                .expectSuccess();
        assertEquals(0, json("certificate", "list", "robot").size());
        assertFalse(Files.readString(key).isEmpty());
    }

    @Test
    void scopesPermissionsAndConsentAreSetAndTakenBack() {
        client("add", "orders", "--kind", "daemon").expectSuccess();
        client("scope", "add", "orders", "orders.read", "--display-name", "Read your orders")
                .expectSuccess();
        client("add", "phone", "--kind", "native", "--redirect-uri", "http://localhost")
                .expectSuccess();
        client("permission", "add", "phone", "orders", "orders.read").expectSuccess();
        String declared = client("permission", "list", "phone").expectSuccess();
        assertTrue(declared.contains("orders") && declared.contains("orders.read"), declared);
        Command.Result unknown = client("permission", "add", "phone", "orders", "orders.write");
        assertTrue(unknown.errors().contains("has no scope 'orders.write'"), unknown.errors());

        client("consent", "grant", "phone", "orders", "orders.read").expectSuccess();
        JsonNode consents = json("consent", "list", "phone");
        assertEquals("AllPrincipals", consents.path(0).path("consentType").asString());
        client("consent", "revoke", "phone", consents.path(0).path("id").asString())
                .expectSuccess();
        assertTrue(client("consent", "list", "phone").expectSuccess().contains("Nobody has consented"));
        client("permission", "remove", "phone", "orders", "orders.read").expectSuccess();
        client("scope", "remove", "orders", "orders.read").expectSuccess();
        assertEquals(0, json("scope", "list", "orders").size());
    }

    private int token(String appId, String secret) throws Exception {
        URI uri = quickstart.url("login").resolve("contoso/oauth2/v2.0/token");
        String form = "grant_type=client_credentials&client_id=" + appId + "&client_secret="
                + URLEncoder.encode(secret, StandardCharsets.UTF_8)
                + "&scope=https%3A%2F%2Fapi.postern.localhost%2F.default";
        return Browser.client(quickstart.authority())
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
