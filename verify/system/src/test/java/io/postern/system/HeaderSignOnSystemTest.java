package io.postern.system;

import static io.postern.system.PublishedSite.ANN;
import static io.postern.system.PublishedSite.PASSWORD;
import static io.postern.system.PublishedSite.defaultHost;
import static io.postern.system.PublishedSite.echo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.Browser;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.WsgiServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Header sign-on (3.3) at real backends that name headers each in its own way: CGI and WSGI make one name of
/// several spellings, nginx one of two. Whatever a signed-in user sends, they see what we say.
class HeaderSignOnSystemTest {
    private static final String HEADERS = """
            "singleSignOnSettings": {"singleSignOnMode": "aadHeaderBased", "headerSignOnSettings": {"headers": [
              {"name": "X-User", "configurations": [{"attribute": "userPrincipalName",
                "transformations": [{"type": "extractMailPrefix"}]}]},
              {"name": "X-User", "path": "/deep/", "configurations": [{"value": "M\\u00fcller, Zo\\u00eb"}]},
              {"name": "Remote_Badge", "configurations": [{"attribute": "employeeId"}]}]}}
            """;

    private static final String[] FORGED = {
        "X-User", "x-user", "X_User", "X.User", "X!User", "X~User", "Remote_Badge", "Remote-Badge", "remote.badge"
    };

    private static PublishedSite site;
    private static ApacheServer apache;
    private static NginxServer nginx;
    private static WsgiServer wsgi;

    @BeforeAll
    static void open() throws IOException {
        site = PublishedSite.shared();
        apache = ApacheServer.start("""
                LoadModule cgid_module ${modules}/mod_cgid.so
                ScriptSock ${folder}/cgid.sock
                HttpProtocolOptions Unsafe
                ScriptAliasMatch "^/" ${folder}/told.sh
                """);
        Path script = Files.writeString(apache.folder().resolve("told.sh"), """
                #!/bin/sh
                printf 'Content-Type: text/plain\\r\\n\\r\\n'
                env | grep ^HTTP_ | sort
                """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        nginx = NginxServer.start("""
                underscores_in_headers on;
                ignore_invalid_headers off;
                location / {
                    default_type text/plain;
                    return 200 "HTTP_X_USER=$http_x_user
                HTTP_REMOTE_BADGE=$http_remote_badge
                ";
                }
                """);
        wsgi = WsgiServer.start();
    }

    @AfterAll
    static void close() {
        apache.close();
        nginx.close();
        wsgi.close();
    }

    private static URI published(String name, int port) {
        site.publish(name, "\"internalUrl\": \"http://127.0.0.1:" + port + "/\", " + HEADERS);
        URI url = site.outside(defaultHost(name), "/");
        site.await(url, page -> page.status() == 200 && page.body().contains("HTTP_X_USER"));
        return url;
    }

    private static Map<String, String> forging(URI url) {
        Browser browser = site.browser();
        browser.openSignedIn(url, ANN, PASSWORD);
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        List.of(FORGED).forEach(name -> request.header(name, "forged"));
        Browser.Page page = browser.send(request, url);
        assertEquals(200, page.status(), page.body());
        assertFalse(page.body().contains("forged"), page.body());
        return echo(page);
    }

    private static void seesOursOnly(String name, int port) {
        URI url = published(name, port);
        Map<String, String> told = forging(url);
        assertEquals("ann", told.get("HTTP_X_USER"), told.toString());
        assertEquals("", told.getOrDefault("HTTP_REMOTE_BADGE", ""), "she has none, and cannot say one");
        Map<String, String> deep = forging(url.resolve("/deep/page"));
        assertEquals("M%C3%BCller, Zo%C3%AB", deep.get("HTTP_X_USER"), deep.toString());
    }

    @Test
    void apacheWithCgiSeesOursOnly() {
        seesOursOnly("headers-cgi", apache.port());
    }

    @Test
    void nginxThatTakesEverythingSeesOursOnly() {
        seesOursOnly("headers-nginx", nginx.port());
    }

    @Test
    void wsgiSeesOursOnly() {
        seesOursOnly("headers-wsgi", wsgi.port());
    }

    @Test
    void aChangeIsInForceAtOnceAndTheCommandShowsWhatIsSent() throws IOException {
        try (WsgiServer backend = WsgiServer.start()) {
            URI url = published("headers-changed", backend.port());

            site.installation().cli("app", "sso", "headers", "headers-changed", "--header", "X-User=userPrincipalName");

            site.await(url, page -> ANN.equals(echo(page).get("HTTP_X_USER")));
            String shown = site.installation().cli("app", "sso", "test", "headers-changed", "--user", ANN);
            assertTrue(shown.contains("X-User: " + ANN), shown);
        }
    }
}
