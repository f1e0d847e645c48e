package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.NginxServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Applications by a file, with the real command line: planned, applied, drifted, exported.
class ApplySystemTest {
    private final Quickstart quickstart = Quickstart.shared();

    @TempDir
    private Path folder;

    private String file(String name, int port, String more) {
        return """
                applications:
                  - displayName: %s
                    notes: by file
                    assignedUsers: [%s]
                    onPremisesPublishing:
                      internalUrl: http://127.0.0.1:%d/
                %s""".formatted(name, quickstart.user(), port, more.indent(6));
    }

    private String apply(String text, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("apps.yaml"), text);
        var arguments = new ArrayList<>(List.of("apply", "-f", file.toString()));
        arguments.addAll(List.of(more));
        return quickstart.cli(arguments.toArray(String[]::new)).expectSuccess();
    }

    @Test
    void fileIsPlannedAppliedAndAppliedAgainWithoutChange() throws Exception {
        try (var nginx = NginxServer.start("")) {
            Files.writeString(nginx.folder().resolve("index.html"), "by file");
            String text = file("filed", nginx.port(), "");

            assertTrue(apply(text, "--plan").contains("1 to create"), "plan");
            assertFalse(quickstart.cli("app", "list").expectSuccess().contains("filed"), "a plan does nothing");
            assertTrue(apply(text).contains("+ filed"));
            assertTrue(apply(text).contains("No changes"), "idempotent");

            URI url = URI.create(quickstart.application("sense").toString().replace("sense-", "filed-"));
            var browser = new Browser(quickstart.authority());
            assertTrue(browser.openSignedIn(url, quickstart.user(), quickstart.password())
                    .body()
                    .contains("by file"));

            quickstart.cli("app", "set", "filed", "--timeout", "5m").expectSuccess();
            assertTrue(
                    apply(file("filed", nginx.port(), "applicationServerTimeout: default"), "--plan")
                            .contains("applicationServerTimeout: \"PT5M\" -> \"default\""),
                    "drift is shown");
            String exported = quickstart.cli("export", "filed").expectSuccess();
            assertTrue(apply(exported).contains("No changes"), exported);
        }
    }

    @Test
    void everyFaultIsToldWithItsLineAndNothingIsDone() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.yaml"), """
                applications:
                  - displayName: sound
                    onPremisesPublishing:
                      internalUrl: http://sound.corp/
                  - displayName: unsound
                    onPremisesPublishing:
                      internalUrl: http//unsound.corp/
                """);

        Command.Result refused = quickstart.cli("apply", "-f", file.toString());

        assertEquals(1, refused.exit());
        assertTrue(
                refused.errors().contains("line 7, applications[1].onPremisesPublishing.internalUrl"),
                refused.errors());
        assertFalse(quickstart.cli("app", "list").expectSuccess().contains("sound"));
    }

    /// PUB-15, APP-2: the tile shows the logo and opens the home page; deleting leaves neither half behind.
    @Test
    void tileShowsLogoAndHomePageUntilTheApplicationIsDeleted() throws Exception {
        apply(file("tiled", 19, "").replace("notes: by file", "isVisibleToUsers: true"));
        String external = quickstart.application("sense").toString().replace("sense-", "tiled-");
        Path logo = Files.write(
                folder.resolve("logo.png"),
                HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452000000d7000000d70802000000"));
        Path drawing = Files.writeString(folder.resolve("logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");

        Command.Result outside = quickstart.cli("app", "set", "tiled", "--home-page", "https://elsewhere.example/");
        assertTrue(outside.errors().contains("PUB-15"), outside.errors());
        assertTrue(
                quickstart
                                .cli("app", "set", "tiled", "--logo", drawing.toString())
                                .exit()
                        != 0,
                "no SVG");
        quickstart
                .cli("app", "set", "tiled", "--home-page", external + "start", "--logo", logo.toString())
                .expectSuccess();

        var browser = new Browser(quickstart.authority());
        String page = browser.openSignedIn(quickstart.url("portal"), quickstart.user(), quickstart.password())
                .body();
        assertTrue(page.contains("href=\"" + external + "start\""), page);
        assertTrue(page.contains("src=\"/logos/"), page);
        String path = page.replaceFirst("(?s).*src=\"(/logos/[^\"]+)\".*", "$1");
        assertEquals(200, browser.open(quickstart.url("portal").resolve(path)).status());

        quickstart.cli("app", "delete", "tiled").expectSuccess();
        assertEquals(404, browser.open(quickstart.url("portal").resolve(path)).status());
    }
}
