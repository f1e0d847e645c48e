package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.Publishing;
import io.postern.identity.Browser.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// security-cases: open redirect (oauth2-proxy GHSA-4mf2-f3wh-gvf2; authentik CVE-2024-52289,
/// CVE-2026-41569; Keycloak CVE-2024-8883). Exact match only (RFC 9700 §2.1).
class OpenRedirectTest {
    @TempDir
    static Path folder;

    private static LoginHost host;

    @BeforeAll
    static void start() {
        host = new LoginHost(folder);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example",
                "https:evil.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "https://spa.example.com",
                "https://spa.example.com/auth",
                "https://spa.example.com/auth/x",
                "https://spa.example.com/auth/?x=1",
                "https://spa.example.com/auth/#x",
                "https://spa.example.com/auth/..",
                "https://spa.example.com/auth/%2e%2e/",
                "https://spa.example.com//auth/",
                "https://spa.example.com/AUTH/",
                "https://spa.example.com:443/auth/",
                "https://spa.example.com:8443/auth/",
                "https://SPA.example.com/auth/",
                "https://spa.example.com./auth/",
                "http://spa.example.com/auth/",
                "https://spa.example.com.evil.example/auth/",
                "https://spa.example.com@evil.example/auth/",
                "https://evil.example/https://spa.example.com/auth/",
                "https://evil.example\\@spa.example.com/auth/",
                "https://evil.example#@spa.example.com/auth/",
                "https://spa\u3002example.com/auth/",
                " https://spa.example.com/auth/",
                "https://spa.example.com/auth/ ",
                "https://spa.example.com/auth/\t",
                "https://spa.example.com/auth/\n",
                "https://spa.example.com/auth/\u0000",
                "\thttps://spa.example.com/auth/",
                "https://app-contoso.postern.localhost/x?y=1",
                "https://app-contoso.postern.localhost:8444/x?y=1",
                "https://app-contoso.postern.localhost:8443/x?y=2",
                "https://wiki-contoso.postern.localhost:8443/.postern/callback",
                "http://127.0.0.1/other",
                "http://127.0.0.1:1@evil.example/cb",
                "http://127.0.0.1.evil.example/cb",
                "http://127.1/cb",
                "http://localhost:9/cb",
                "https://127.0.0.1/cb",
                "http://127.0.0.1:123456/cb",
                "HTTPS://spa.example.com/auth/",
                "https:/spa.example.com/auth/",
                "https:///spa.example.com/auth/",
                "https://spa.example.com:/auth/",
                "https://spa.example.com:0/auth/",
                "https://user@spa.example.com/auth/",
                "https://user:secret@spa.example.com/auth/",
                "https://spa.example.com%2eevil.example/auth/",
                "https://spa.example.com%00.evil.example/auth/",
                "https://spa.example.com\\.evil.example/auth/",
                "https://evil.example?https://spa.example.com/auth/",
                "https://evil.example;spa.example.com/auth/",
                "https://spa.example.com/auth/../../x",
                "https://spa.example.com/x/../auth/",
                "https://spa.example.com/./auth/",
                "https://spa.example.com/auth/./",
                "https://spa.example.com/%61uth/",
                "https://spa.example.com/auth%2f",
                "https://spa.example.com/auth//",
                "https://spa.example.com\\auth\\",
                "https://spa.example.com/auth/;x",
                "https://spa.example.com/auth/?",
                "https://spa.example.com/auth/#",
                "https://spa.example.com/auth/%0d%0aSet-Cookie:x=y",
                "https://spa.example.com/auth/\r\nSet-Cookie: x=y",
                "https://sp\u0430.example.com/auth/",
                "https://xn--sp-8kc.example.com/auth/",
                "https://\uFF53pa.example.com/auth/",
                "https://spa\u2024example.com/auth/",
                "https://evil.spa.example.com/auth/",
                "https://example.com/auth/",
                "https://*.example.com/auth/",
                "wss://spa.example.com/auth/",
                "ftp://spa.example.com/auth/",
                "file:///auth/",
                "blob:https://spa.example.com/auth/",
                "about:blank",
                "vbscript:x",
                "view-source:https://spa.example.com/auth/",
                "https://spa.example.com/auth/,https://evil.example/",
                "https://spa.example.com/auth/ https://evil.example/",
                "https://login.postern.localhost:8443/device",
                "https://myapps.postern.localhost:8443/",
                "http://127.0.0.1/cb?x=1",
                "http://127.0.0.1/cb#x",
                "http://127.0.0.1/cb/",
                "http://127.0.0.1/CB",
                "http://127.0.0.1/cb/../cb",
                "http://127.0.0.1//cb",
                "http://user@127.0.0.1/cb",
                "http://127.0.0.1:80@evil.example:80/cb",
                "http://127.0.0.1:/cb",
                "http://127.0.0.1:-1/cb",
                "http://127.0.0.1:8o/cb",
                "http://[::1]/cb",
                "http://[::ffff:127.0.0.1]/cb",
                "http://0.0.0.0/cb",
                "http://2130706433/cb",
                "http://0x7f.0.0.1/cb",
                "http://127.0.0.2/cb",
                "http://localhost/cb",
                "http://localhost.evil.example/cb",
                "http://127.0.0.1%2eevil.example/cb",
                "ms-appx-web://127.0.0.1/cb",
                "urn:ietf:wg:oauth:2.0:oob",
                ""
            })
    void neverRedirectsToWhatIsNotRegistered(String redirectUri) {
        Answer answer = host.browser()
                .get(AuthorizeLink.of("contoso", host.spa, redirectUri)
                        .with("prompt", "none")
                        .toString());

        assertEquals(400, answer.status());
        assertEquals(Optional.empty(), answer.location());
        assertTrue(answer.body().contains(redirectUri.isEmpty() ? "AADSTS900144" : "AADSTS50011"), answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SPA_CALLBACK,
                "https://app-contoso.postern.localhost:8443/x?y=1",
                "http://127.0.0.1/cb",
                "http://127.0.0.1:51234/cb"
            })
    void answersRegisteredOnesWithPortOfTheServiceAndAnyPortOfLoopback(String redirectUri) {
        Answer answer = host.browser()
                .get(AuthorizeLink.of("contoso", host.spa, redirectUri)
                        .with("prompt", "none")
                        .toString());

        assertTrue(answer.location().orElse("").startsWith(redirectUri), answer.toString());
        assertEquals(Optional.of("login_required"), answer.parameter("error"));
    }

    @Test
    void allowsAnyLoopbackPortToPublicClientsOnly() {
        var web = host.application(host.contoso, "web", List.of("http://127.0.0.1/cb"), Optional.empty(), false, false);

        Answer answer = host.browser()
                .get(AuthorizeLink.of("contoso", web, "http://127.0.0.1:51234/cb")
                        .toString());

        assertEquals(400, answer.status());
    }

    @Test
    void keepsTheCallbackOfAPublishedApplicationWithoutItStandingInTheList() {
        assertEquals(
                200,
                host.browser()
                        .get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString())
                        .status());
    }

    @Test
    void acceptsTheGatewaysCallbackOnADomainOfTheOrganisation() {
        var own = host.application(
                host.contoso,
                "own domain",
                List.of(),
                Optional.of(Publishing.of(
                        ExternalUrl.parse("https://wiki.contoso.example/"),
                        InternalUrl.parse("http://wiki.corp/"),
                        PreAuthentication.POSTERN)),
                false,
                false);

        String callback = "https://wiki.contoso.example:8443/.postern/callback";
        assertEquals(
                200,
                host.browser()
                        .get(AuthorizeLink.of("contoso", own, callback).toString())
                        .status());
    }
}
