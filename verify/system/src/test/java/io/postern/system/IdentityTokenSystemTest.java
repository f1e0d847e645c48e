package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.ProcessFixture;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A backend that verifies who asks with a library of others, PyJWT, and the keys of its own external host (IDT-1).
class IdentityTokenSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Says the claims, or what is wrong with the token.
    private static final String VERIFY = """
            import json, sys, jwt
            keys, token, audience, issuer = sys.argv[1:]
            try:
                known = {k.key_id: k.key for k in jwt.PyJWKSet.from_json(open(keys).read()).keys}
                key = known[jwt.get_unverified_header(token)["kid"]]
                claims = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=issuer,
                                    options={"require": ["exp", "iat", "sub", "upn"]})
                print(json.dumps(claims))
            except Exception as e:
                print(json.dumps({"fault": type(e).__name__}))
            """;

    private final PublishedSite site = PublishedSite.shared();

    @TempDir
    private Path folder;

    private JsonNode verified(Path keys, String token, String audience, String issuer) {
        return JSON.readTree(ProcessFixture.run(
                "pyjwt",
                List.of("/usr/bin/python3", "-c", VERIFY, keys.toString(), token, audience, issuer),
                Duration.ofSeconds(30)));
    }

    @Test
    void theBackendVerifiesWhoAsksAndNobodyCanSayItForUs() throws Exception {
        try (var backend = new HttpBackend(HttpBackend::empty)) {
            site.publish(
                    "prover",
                    "\"internalUrl\": \"" + backend.url() + "\", \"singleSignOnSettings\": {\"identityToken\":"
                            + " {\"headerName\": \"X-Who\", \"audience\": \"urn:prover\"}}");
            URI outside = site.outside(PublishedSite.defaultHost("prover"), "/");
            site.await(outside, page -> page.status() == 204);
            String token = backend.next().getFirst("X-Who");
            Browser.Page published = site.browser().open(outside.resolve("/.postern/identity/jwks.json"));
            Path keys = Files.writeString(folder.resolve("jwks.json"), published.body());
            String issuer = JSON.readTree(java.util.Base64.getUrlDecoder().decode(token.split("\\.")[1]))
                    .path("iss")
                    .asString();

            JsonNode said = verified(keys, token, "urn:prover", issuer);

            assertEquals(PublishedSite.ANN, said.path("upn").asString(), said.toString());
            assertTrue(issuer.startsWith("https://login.postern.localhost") && issuer.endsWith("/identity"), issuer);
            PublishedSite.Reply preview = site.api(
                    "POST",
                    "/v1.0/applications/"
                            + site.application("prover").path("id").asString()
                            + "/onPremisesPublishing/previewIdentityToken",
                    "{\"user\": \"" + PublishedSite.ANN + "\"}");
            for (String claim : List.of("iss", "aud", "sub", "upn", "tid", "name")) {
                assertEquals(said.path(claim), preview.body().at("/claims/" + claim), preview::message);
            }
            assertEquals(300, said.path("exp").asLong() - said.path("iat").asLong());
            assertEquals(
                    "InvalidAudienceError",
                    verified(keys, token, "urn:other", issuer).path("fault").asString());
            assertEquals(
                    "InvalidSignatureError",
                    verified(keys, token.substring(0, token.length() - 8) + "AAAAAAAA", "urn:prover", issuer)
                            .path("fault")
                            .asString());
        }
    }

    @Test
    void aClientsOwnTokenNeverArrives() throws Exception {
        try (var backend = new HttpBackend(HttpBackend::empty)) {
            site.publish(
                    "unforged",
                    "\"internalUrl\": \"" + backend.url() + "\", \"singleSignOnSettings\": {\"identityToken\":"
                            + " {\"headerName\": \"X-Who\"}}");
            URI outside = site.outside(PublishedSite.defaultHost("unforged"), "/");
            Browser browser = site.browser();
            Await.until(
                    "published",
                    () -> browser.openSignedIn(outside, PublishedSite.ANN, PublishedSite.PASSWORD)
                                    .status()
                            == 204);
            backend.next();
            for (String name : List.of("X-Who", "x_who", "X.Who")) {
                int status = browser.client()
                        .send(
                                HttpRequest.newBuilder(outside.resolve("/forged"))
                                        .header("Cookie", browser.cookiesFor(outside.getHost()))
                                        .header(name, "forged")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode();
                assertEquals(204, status);
                backend.next()
                        .forEach((field, values) ->
                                assertTrue(values.stream().noneMatch("forged"::equals), field + values));
            }
        }
    }
}
