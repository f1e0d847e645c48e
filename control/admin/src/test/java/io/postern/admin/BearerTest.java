package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jwt.SignedJWT;
import io.postern.admin.Installation.Response;
import io.postern.fixtures.HostileTokens;
import io.postern.token.SigningJwk;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Which tokens open the API. security-cases: JWT algorithm, aud and iss skipped; disabled account keeps
/// working; each credential kind is useless at every other endpoint.
class BearerTest {
    @TempDir
    static Path folder;

    private static Installation service;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static int me(String token) {
        return service.call("GET", "/v1.0/me", Map.of("Authorization", "Bearer " + token), null)
                .status();
    }

    private static String changed(Consumer<Map<String, Object>> change) {
        return service.accessToken(service.user, change);
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        String good = service.accessToken(service.user);
        String[] parts = good.split("\\.", -1);
        return Map.<String, String>of(
                        "another audience", changed(c -> c.put("aud", "https://wiki.postern.localhost")),
                        "another issuer", changed(c -> c.put("iss", "https://login.evil.example/v2.0")),
                        "another tenant by claim", changed(c -> c.put("tid", "11111111-2222-4333-8444-555555555555")),
                        "expired", changed(c -> c.put("exp", 1_000_000_000L)),
                        "without scope, as an ID token", changed(c -> c.remove("scp")),
                        "unknown user", changed(c -> c.put("oid", "11111111-2222-4333-8444-555555555555")),
                        "another key", service.accessToken(SigningJwk.generate(), service.user, _ -> {}),
                        "without signature", parts[0] + "." + parts[1] + ".",
                        "an old sign-in", changed(c -> c.put("auth_time", 1_000_000_000L)),
                        "half an API token", service.apiToken.substring(0, 20))
                .entrySet()
                .stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> assertEquals(401, me(e.getValue()))));
    }

    /// The rows of the other doors that take tokens, here too.
    @TestFactory
    Stream<DynamicTest> refusesHostileTokens() throws ParseException {
        Map<String, Object> good = new HashMap<>(SignedJWT.parse(service.accessToken(service.user))
                .getJWTClaimsSet()
                .getClaims());
        good.put("aud", "https://api.postern.localhost");
        return HostileTokens.of(
                        service.signing.privateJson(),
                        SigningJwk.generate().privateJson(),
                        "https://login.postern.localhost/another/v2.0",
                        good,
                        Instant.now())
                .stream()
                .filter(one -> one.token().length() < 16_384) // longer fields end in 400 before anybody reads them
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> assertEquals(401, me(one.token()))));
    }

    @Test
    void takesAGoodToken() {
        assertEquals(200, me(service.accessToken(service.user)));
    }

    @Test
    void letsServicePrincipalsInByRoleOnly() {
        Response app = service.post(
                "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate",
                "{\"displayName\":\"robot\"}");
        String principal = app.text("/servicePrincipal/id");
        Response issued = service.post("/servicePrincipals/" + principal + "/apiTokens", "{\"displayName\":\"ci\"}");
        Map<String, String> token = Map.of("Authorization", "Bearer " + issued.text("/token"));

        int without = service.call("GET", "/v1.0/users", token, null).status();
        service.post(
                "/roleManagement/directory/roleAssignments",
                "{\"principalId\":\"" + principal
                        + "\",\"roleDefinitionId\":\"62e90394-69f5-4237-9190-012177145e10\"}");
        int with = service.call("GET", "/v1.0/users", token, null).status();
        service.delete("/servicePrincipals/" + principal + "/apiTokens/" + issued.text("/id"));
        int revoked = service.call("GET", "/v1.0/users", token, null).status();

        assertEquals("403 200 401", without + " " + with + " " + revoked);
    }

    @Test
    void showsAnApiTokenOnceAndKeepsItsHashOnly() {
        String path = "/servicePrincipals/" + service.quickstart.id() + "/apiTokens";

        String listed = service.get(path).raw().body();

        assertEquals(false, listed.contains(service.apiToken) || listed.contains("secretHash"), listed);
    }

    @Test
    void stopsADisabledOrDeletedServicePrincipalAtOnce() {
        Response app = service.post(
                "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate",
                "{\"displayName\":\"old robot\"}");
        String path = "/servicePrincipals/" + app.text("/servicePrincipal/id");
        Response issued = service.post(path + "/apiTokens", "{\"displayName\":\"ci\"}");
        Map<String, String> token = Map.of("Authorization", "Bearer " + issued.text("/token"));

        int before = service.call("GET", "/v1.0/users", token, null).status();
        service.patch(path, "{\"accountEnabled\":false}");
        int disabled = service.call("GET", "/v1.0/users", token, null).status();
        service.patch(path, "{\"accountEnabled\":true}");
        int enabled = service.call("GET", "/v1.0/users", token, null).status();
        service.delete(path);
        int deleted = service.call("GET", "/v1.0/users", token, null).status();

        assertEquals("403 401 403 401", before + " " + disabled + " " + enabled + " " + deleted);
    }

    @Test
    void stopsADeletedUserAtOnce() {
        service.post(
                "/users",
                "{\"userPrincipalName\":\"left@contoso.example\",\"displayName\":\"Left\",\"passwordProfile\":{\"password\":\"correct horse battery\"}}");
        var user = service.store
                .read(s -> s.users().findByPrincipalName("left@contoso.example"))
                .orElseThrow();
        String token = service.accessToken(user, c -> c.put("auth_time", c.get("exp")));

        int before = me(token);
        service.delete("/users/left@contoso.example");

        assertEquals("200 401", before + " " + me(token));
    }

    @Test
    void stopsADisabledUserAtOnce() {
        service.post(
                "/users",
                "{\"userPrincipalName\":\"gone@contoso.example\",\"displayName\":\"Gone\",\"passwordProfile\":{\"password\":\"correct horse battery\"}}");
        var user = service.store
                .read(s -> s.users().findByPrincipalName("gone@contoso.example"))
                .orElseThrow();
        String token = service.accessToken(user, c -> c.put("auth_time", c.get("exp")));

        int before = me(token);
        service.patch("/users/gone@contoso.example", "{\"accountEnabled\":false}");
        int after = me(token);

        assertEquals("200 401", before + " " + after);
    }

    @Test
    void refusesTwoAuthorizationFields() throws Exception {
        try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), service.apiPort())) {
            socket.getOutputStream()
                    .write(("GET /v1.0/me HTTP/1.1\r\nHost: api\r\nConnection: close\r\nAuthorization: Bearer "
                                    + service.accessToken(service.user) + "\r\nAuthorization: Bearer "
                                    + service.apiToken + "\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(12), java.nio.charset.StandardCharsets.UTF_8);

            assertEquals("HTTP/1.1 401", answer);
        }
    }
}
