package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/postern package` makes, looked into and run from where it is unpacked.
class PackageSystemTest {
    @TempDir
    Path folder;

    @Test
    void makesADebianPackageThatRuns() throws Exception {
        Command.in(Map.of("POSTERN_NO_BUILD", "1"))
                .run(Checkout.launcher(), "package", "--out", folder.toString())
                .expectSuccess();
        Path deb = only("*.deb");
        Path root = folder.resolve("root");

        String about = Command.of("dpkg-deb", "--info", deb.toString()).expectSuccess();
        assertTrue(about.contains("Package: postern-connector"), about);
        assertTrue(about.contains("temurin-25-jre"), "it says which Java it needs: " + about);
        String files = Command.of("dpkg-deb", "--contents", deb.toString()).expectSuccess();
        for (String wanted : List.of(
                "./lib/systemd/system/postern-connector.service",
                "./usr/bin/postern-connector -> ",
                "./etc/default/postern-connector",
                "./etc/postern-connector/connector.yaml",
                "./usr/lib/postern-connector/lib/connector/postern-run-connector")) {
            assertTrue(files.contains(wanted), wanted + " in " + files);
        }
        assertTrue(files.lines().allMatch(line -> line.contains(" root/root ")), "nothing belongs to who built it");
        assertTrue(
                files.lines().noneMatch(line -> line.contains("postern-store")), "and nothing of the service is in it");

        Command.of("dpkg-deb", "--extract", deb.toString(), root.toString()).expectSuccess();
        String program = root.resolve("usr/bin/postern-connector").toString();
        String version = Command.of(program, "updater", "--version").expectSuccess();
        assertTrue(version.startsWith("postern connector "), version);
        Command.Result missing = Command.of(program, "app", "list");
        assertTrue(missing.errors().contains("this installation holds the connector only"), missing.errors());
        assertEquals(1, missing.exit());

        String unit = Files.readString(root.resolve("lib/systemd/system/postern-connector.service"));
        for (String wanted : List.of(
                "User=postern-connector", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n")) {
            assertTrue(unit.contains(wanted), wanted);
        }
    }

    private Path only(String pattern) throws Exception {
        try (var found = Files.newDirectoryStream(folder, pattern)) {
            return found.iterator().next();
        }
    }
}
