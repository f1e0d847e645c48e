package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.TempFolder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// NTLM end to end through a passthrough application (PRE-5): curl and Apache's mod_auth_gssapi, both by
/// gss-ntlmssp, in whose sight every request of a connection is that of who signed in there.
class ConnectionSignInSystemTest {
    private static final String APACHE = """
            LoadModule authn_core_module ${modules}/mod_authn_core.so
            LoadModule authz_user_module ${modules}/mod_authz_user.so
            LoadModule auth_gssapi_module ${modules}/mod_auth_gssapi.so
            <Directory ${folder}>
                AuthType GSSAPI
                AuthName corp
                GssapiAllowedMech ntlmssp
                GssapiConnectionBound On
                Require valid-user
                Header always set X-Remote-User "expr=%{REMOTE_USER}"
            </Directory>
            """;

    private final Quickstart quickstart = Quickstart.shared();

    /// @param users file of NTLM's names and passwords; empty: asks without
    private String curl(Path users, String... arguments) {
        var command = new ArrayList<>(List.of("curl", "--silent", "--max-time", "20"));
        command.addAll(List.of("--cacert", quickstart.authority().toString()));
        command.addAll(List.of("--output", "/dev/null", "--dump-header", "-"));
        command.addAll(List.of(arguments));
        return Command.in(Map.of("NTLM_USER_FILE", users.toString(), "KRB5_CONFIG", "/dev/null"))
                .run(command.toArray(String[]::new))
                .expectSuccess();
    }

    private static long count(String text, String what) {
        return text.lines().filter(line -> line.equalsIgnoreCase(what)).count();
    }

    @Test
    void whoSignsInOnAConnectionIsTheOnlyOneOnIt() throws Exception {
        try (var folder = TempFolder.create("ntlm")) {
            Path users = Files.writeString(folder.path().resolve("users"), "CORP:ann:Secret-1\nCORP:bob:Secret-2\n");
            Path ann = Files.writeString(folder.path().resolve("ann"), "CORP:ann:Secret-1\n");
            Path bob = Files.writeString(folder.path().resolve("bob"), "CORP:bob:Secret-2\n");
            Path nobody = Files.writeString(folder.path().resolve("nobody"), "");
            Command.of("chmod", "-R", "a+rX", folder.path().toString()).expectSuccess();
            try (ApacheServer apache = ApacheServer.start(APACHE, Map.of("NTLM_USER_FILE", users.toString()))) {
                Files.writeString(apache.folder().resolve("index.html"), "<h1>inside</h1>");
                String url = publish(apache.port()).toString();

                String annSaw = curl(
                        ann,
                        "--http1.1",
                        "--negotiate",
                        "--user",
                        "ann:",
                        url,
                        "--next",
                        "--silent",
                        "--cacert",
                        quickstart.authority().toString(),
                        "--output",
                        "/dev/null",
                        "--dump-header",
                        "-",
                        "--http1.1",
                        url);
                assertEquals(2, count(annSaw, "X-Remote-User: CORP\\ann"), annSaw);
                String bobSaw = curl(bob, "--http1.1", "--negotiate", "--user", "bob:", url);
                assertEquals(1, count(bobSaw, "X-Remote-User: CORP\\bob"), bobSaw);
                for (int i = 0; i < 20; i++) {
                    String stranger = curl(nobody, "--http1.1", url);
                    assertTrue(stranger.startsWith("HTTP/1.1 401"), stranger);
                }

                // curl begins in HTTP/2, is told that HTTP/1.1 is needed, and comes again so
                String again = curl(ann, "--http2", "--negotiate", "--user", "ann:", url);
                assertEquals(1, count(again, "X-Remote-User: CORP\\ann"), again);
                assertTrue(again.contains("HTTP/1.1 200"), again);
            }
        }
    }

    private URI publish(int port) {
        quickstart
                .cli(
                        "app",
                        "publish",
                        "--name",
                        "ntlm",
                        "--internal-url",
                        "http://127.0.0.1:" + port + "/",
                        "--preauth",
                        "passthrough")
                .expectSuccess();
        URI url = URI.create(quickstart.application("sense").toString().replace("sense-", "ntlm-"));
        Await.until(
                "the application is routed",
                () -> Command.of(
                                "curl",
                                "--silent",
                                "--cacert",
                                quickstart.authority().toString(),
                                "--output",
                                "/dev/null",
                                "--write-out",
                                "%{http_code}",
                                url.toString())
                        .expectSuccess()
                        .equals("401"));
        return url;
    }
}
