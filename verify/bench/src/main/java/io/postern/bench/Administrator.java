package io.postern.bench;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.ObjectMapper;

/// The one user of a Postern under test, who administers it and uses its applications.
public final class Administrator {
    static final String USER = "ada@contoso.example";
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int LOOKS_MAX = 100;

    private final PosternFiles files;
    private final String password = "Aa1-" + UUID.randomUUID();

    private Administrator(PosternFiles files) {
        this.files = files;
    }

    /// Made by the link that a new service prints.
    public static Administrator of(PosternFiles files, Daemon service) {
        var ada = new Administrator(files);
        ada.open(URI.create(
                service.awaitLine("/setup?ticket=", Workbench.START_LIMIT).strip()));
        return ada;
    }

    private void open(URI link) {
        var browser = new Browser(files.authority());
        var answer = browser.fill(
                browser.open(link),
                Map.of("displayName", "Ada Min", "localPart", "ada", "new", password, "again", password));
        if (answer.status() != 200) {
            throw new IllegalStateException("no administrator could be made: " + answer.status() + " " + answer.body());
        }
    }

    String password() {
        return password;
    }

    /// With which one connector enrols.
    public String token() {
        return new ObjectMapper()
                .readTree(command("connector", "token", "--json"))
                .path("token")
                .asString();
    }

    /// Publishes a loopback port to herself, as `https://NAME-contoso...`.
    public void publish(String name, int port) {
        publish(name, "http://127.0.0.1:" + port + "/");
    }

    void publish(String name, String internalUrl) {
        command("app", "publish", "--name", name, "--internal-url", internalUrl);
        command("app", "assign", "--name", name, "--user", USER);
    }

    void translateLinks(String name) {
        command("app", "set", name, "--body-links", "on");
    }

    /// Signs in at an application, which may have been published a moment ago.
    ///
    /// @return value of the `Cookie` field
    public String cookie(URI uri) {
        var browser = new Browser(files.authority());
        var page = browser.openSignedIn(uri, USER, password);
        for (int i = 0; i < LOOKS_MAX && page.status() != 200; i++) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            page = browser.openSignedIn(uri, USER, password);
        }
        if (page.status() != 200) {
            throw new IllegalStateException("signing in at " + uri + " ends with " + page.status());
        }
        return browser.cookiesFor(uri.getHost());
    }

    private String command(String... arguments) {
        var command = new ArrayList<>(List.of(files.bench().launcher()));
        command.addAll(List.of(arguments));
        return files.bench().run(command, COMMAND_LIMIT, files.environment());
    }
}
