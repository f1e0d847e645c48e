package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.SamlServiceProvider;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// One application object that is published with pre-authentication and signs its users on by SAML: Apache with
/// mod_auth_mellon behind us, in a real browser (FRM-1). The response of a sign-on that we begin comes to an
/// application at which nobody is signed in.
class SamlBehindSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Quickstart quickstart = Quickstart.shared();

    @Test
    void aResponseSurvivesTheSignInInFrontOfItsApplication() throws Exception {
        int placeholder = FreePort.find();
        publish(placeholder);
        URI outside = URI.create(quickstart.application("sense").toString().replace("sense-", "mellon-"));
        String origin = outside.toString().replaceAll("/$", "");
        quickstart
                .cli(
                        "app",
                        "sso",
                        "set",
                        "mellon",
                        "--mode",
                        "saml",
                        "--identifier",
                        origin + "/mellon/metadata",
                        "--reply-url",
                        origin + "/mellon/postResponse",
                        "--relay-state",
                        origin + "/secret/")
                .expectSuccess();
        JsonNode signOn = JSON.readTree(
                quickstart.cli("app", "sso", "show", "mellon", "--json").expectSuccess());
        String metadata = Command.of(
                        "curl",
                        "--silent",
                        "--fail",
                        "--cacert",
                        quickstart.authority().toString(),
                        found(signOn, "MetadataUrl"))
                .expectSuccess();
        try (var mellon = SamlServiceProvider.mellonBehind(origin, metadata);
                Chromium running = Chromium.trusting(quickstart.authority());
                BrowserContext context = running.browser().newContext()) {
            quickstart
                    .cli("app", "set", "--name", "mellon", "--internal-url", "http://127.0.0.1:" + mellon.port() + "/")
                    .expectSuccess();
            Page page = context.newPage();
            List<String> posts = new CopyOnWriteArrayList<>();
            page.onRequest(request -> note(posts, request));

            page.navigate(origin + "/secret/");
            signIn(page);
            page.waitForURL(origin + "/secret/");
            assertThat(page.locator("h1")).hasText("the secret");
            assertEquals(List.of(), posts, "the session was there when the response came");

            // the session at the edge is over, the identity provider's is not
            context.clearCookies(new BrowserContext.ClearCookiesOptions().setDomain(outside.getHost()));
            page.navigate(found(signOn, "userAccessUrl"));
            page.waitForURL(origin + "/secret/");

            assertThat(page.locator("h1")).hasText("the secret");
            assertEquals(2, posts.size(), posts + "\n" + mellon.log());
            assertTrue(posts.stream().allMatch(url -> url.equals(origin + "/mellon/postResponse")), posts::toString);
        }
    }

    private static void note(List<String> posts, Request request) {
        if (request.method().equals("POST")
                && String.valueOf(request.headers().get("content-type")).startsWith("text/plain")) {
            posts.add(request.url());
        }
    }

    private void signIn(Page page) {
        page.locator("#username").fill(quickstart.user());
        page.keyboard().press("Enter");
        page.locator("#password").fill(quickstart.password());
        page.keyboard().press("Enter");
        page.locator("button[name=stay][value=no]").click();
    }

    private static String found(JsonNode json, String name) {
        for (var member : json.properties()) {
            if (member.getKey().toLowerCase(java.util.Locale.ROOT).endsWith(name.toLowerCase(java.util.Locale.ROOT))) {
                return member.getValue().asString();
            }
            if (member.getValue().isObject() && !found(member.getValue(), name).isEmpty()) {
                return found(member.getValue(), name);
            }
        }
        return "";
    }

    private void publish(int port) {
        quickstart
                .cli("app", "publish", "--name", "mellon", "--internal-url", "http://127.0.0.1:" + port + "/")
                .expectSuccess();
        quickstart
                .cli("app", "assign", "--name", "mellon", "--user", quickstart.user())
                .expectSuccess();
    }
}
