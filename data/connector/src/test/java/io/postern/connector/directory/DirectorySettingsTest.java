package io.postern.connector.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigFault;
import io.postern.base.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectorySettingsTest {
    @TempDir
    private Path folder;

    private List<DirectorySettings> read(String yaml) {
        ConfigReader config = ConfigReader.of("connector.yaml", yaml);
        List<DirectorySettings> settings = DirectorySettings.read(config.sections("directories"));
        config.finish();
        return settings;
    }

    private String yaml(String name, String urls, String startTls) {
        return """
                directories:
                  - name: %s
                    urls: [%s]
                    start-tls: %s
                    bind-dn: cn=reader,dc=example,dc=org
                    password-file: %s
                """.formatted(name, urls, startTls, DirectoryRig.password(folder, "secret"));
    }

    @Test
    void readsServersInOrderAndThePasswordWithoutItsLineEnd() {
        DirectorySettings one = read(yaml("corp", "ldaps://dc1.corp.example, 'ldaps://[::1]:1636'", "false"))
                .getFirst();

        assertEquals(636, DirectorySettings.port(one.urls().getFirst()));
        assertEquals("::1", DirectorySettings.host(one.urls().getLast()));
        assertEquals(1636, DirectorySettings.port(one.urls().getLast()));
        assertEquals("secret", one.password());
        assertEquals(500, one.pageSize());
        assertTrue(!one.toString().contains("secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "corp, ldap://dc1, false, never sent in the clear",
        "corp, ldaps://dc1, true, every URL is ldap://",
        "corp, https://dc1, false, neither ldaps nor ldap",
        "corp, ldaps://user:pass@dc1, false, more than host and port",
        "corp, 'ldaps://dc1/DC=corp', false, bases are told by the service",
        "corp, '', false, name at least one server",
        "'a b', ldaps://dc1, false, letters"
    })
    void refusesWithTheRemedy(String name, String urls, String startTls, String part) {
        ConfigFault fault = assertThrows(
                ConfigFault.class,
                () -> read(yaml("'" + name + "'", urls.isEmpty() ? "" : "'" + urls + "'", startTls)));

        assertTrue(
                String.join("\n", fault.faults()).contains(part), fault.faults().toString());
    }

    @Test
    void everyFaultIsNamedAtOnce() {
        ConfigFault fault = assertThrows(ConfigFault.class, () -> read("directories: [{start-tls: true, port: 1}]"));

        String all = String.join("\n", fault.faults());
        for (String key : List.of("name", "urls", "bind-dn", "password-file", "port")) {
            assertTrue(all.contains("'directories[0]." + key + "'"), key + " in " + all);
        }
    }

    @Test
    void twoOfOneNameAreRefused() {
        String one = yaml("corp", "ldaps://dc1", "false");

        ConfigFault fault = assertThrows(
                ConfigFault.class,
                () -> read(one + one.replace("directories:\n", "").replace("corp", "CORP")));
        assertTrue(
                fault.faults().getFirst().contains("give each its own"),
                fault.faults().toString());
    }

    @Test
    void aPasswordThatAllMayReadIsRefused() throws IOException {
        String yaml = yaml("corp", "ldaps://dc1", "false");
        Files.setPosixFilePermissions(folder.resolve("password"), PosixFilePermissions.fromString("rw-r--r--"));

        ConfigFault fault = assertThrows(ConfigFault.class, () -> read(yaml));
        assertTrue(
                fault.faults().getFirst().contains("chmod 600"), fault.faults().toString());
    }
}
