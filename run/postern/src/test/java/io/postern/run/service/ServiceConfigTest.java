package io.postern.run.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.notice.MailServer;
import io.postern.base.HostPort;
import io.postern.base.config.ConfigFault;
import io.postern.base.config.ConfigReader;
import io.postern.gateway.intake.IntakeLimits;
import io.postern.store.sql.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigTest {
    private static ServiceConfig read(String yaml) {
        return ServiceConfig.read(ConfigReader.of("postern.yaml", yaml));
    }

    private static String fault(String yaml) {
        return String.valueOf(assertThrows(ConfigFault.class, () -> read(yaml)).getMessage());
    }

    @Nested
    class Mail {
        private static final String PLAIN = "base-domain: apps.example.com\nmail:\n  server: mail.example.com:587\n";

        @Test
        void isHandedInWithTlsUnlessToldOtherwise() {
            var server = read(PLAIN + "  from: postern@example.com\n").mail().orElseThrow();
            assertEquals(MailServer.Security.STARTTLS, server.security());
            assertEquals(new HostPort("mail.example.com", 587), server.address());
            assertTrue(read("base-domain: apps.example.com\n").mail().isEmpty());
        }

        @Test
        void needsASenderAndAPasswordForAUserAndNeverInTheClear(@TempDir Path folder) throws IOException {
            assertTrue(fault(PLAIN).contains("from"), fault(PLAIN));
            assertTrue(fault(PLAIN + "  from: nobody\n").contains("a mail address such as postern@example.com"));
            String from = PLAIN + "  from: postern@example.com\n";
            assertTrue(fault(from + "  user: postern\n").contains("go together"));
            Path password = Files.writeString(folder.resolve("password"), "hush\n");
            String user = from + "  user: postern\n  password-file: " + password + "\n";
            var server = read(user).mail().orElseThrow();
            assertEquals("hush", server.password().orElseThrow().reveal());
            assertFalse(String.join("\n", read(user).lines()).contains("hush"));
            assertTrue(fault(user + "  security: none\n").contains("must not travel in the clear"));
        }
    }

    @Nested
    class Notices {
        private static final String PLAIN = "base-domain: apps.example.com\nnotices:\n";

        @Test
        void goToAnHttpsUrlAndAreSigned(@TempDir Path folder) throws IOException {
            Path secret = Files.writeString(folder.resolve("secret"), "sixteen letters at least\n");
            var config =
                    read(PLAIN + "  webhook: https://chat.example.com/hook?key=hush\n  secret-file: " + secret + "\n");
            var webhook = config.notices().orElseThrow();
            assertEquals("https://chat.example.com/hook", webhook.name());
            assertEquals("sixteen letters at least", webhook.secret().reveal());
            String lines = String.join("\n", config.lines());
            assertTrue(lines.contains("notices: https://chat.example.com/hook"), lines);
            assertFalse(lines.contains("hush") || lines.contains("sixteen"), lines);
            assertTrue(read("base-domain: apps.example.com\n").notices().isEmpty());
        }

        @Test
        void areNotSentInTheClearNorUnsigned(@TempDir Path folder) throws IOException {
            Path secret = Files.writeString(folder.resolve("secret"), "sixteen letters at least\n");
            String signed = PLAIN + "  secret-file: " + secret + "\n";
            assertTrue(fault(signed + "  webhook: http://chat.example.com/\n").contains("an https URL"));
            assertTrue(fault(signed).contains("webhook is missing")
                    || fault(signed).contains("is missing"));
            assertTrue(fault(PLAIN + "  webhook: https://chat.example.com/\n").contains("is signed with it"));
            Path weak = Files.writeString(folder.resolve("weak"), "short\n");
            assertTrue(fault(PLAIN + "  webhook: https://chat.example.com/\n  secret-file: " + weak + "\n")
                    .contains("less than 16 characters"));
        }
    }

    @Nested
    class Defaults {
        private final ServiceConfig config = read("base-domain: apps.example.com\n");

        @Test
        void listenOnHttpsOfEveryAddress() {
            assertEquals(new HostPort("0.0.0.0", 443), config.listen());
            assertEquals(OptionalInt.empty(), config.publicPort());
        }

        @Test
        void keepEverythingInOneFolder() {
            assertEquals(Path.of("/var/lib/postern"), config.data());
            assertEquals(new DatabaseAddress.Sqlite(Path.of("/var/lib/postern/postern.db")), config.database());
        }

        @Test
        void nameTheTenantAfterTheBaseDomain() {
            assertEquals("apps", config.tenantName());
            assertEquals("apps.example.com", config.tenantDomain());
        }

        @Test
        void trustNobodyInFront() {
            assertEquals(List.of(), config.trustedProxies());
            assertFalse(config.proxyProtocol());
        }

        @Test
        void tellOperatorsOnLoopbackOnly() {
            assertEquals(new HostPort("127.0.0.1", 9464), config.metricsListen());
            assertEquals(LogSetup.Format.TEXT, config.logFormat());
            assertEquals(LogSetup.Level.INFO, config.logLevel());
            assertEquals(Duration.ofSeconds(10), config.grace());
        }
    }

    @Test
    void readsEveryKey(@TempDir Path folder) throws IOException {
        Path password = Files.writeString(folder.resolve("db-password"), "s3cret\n");
        ServiceConfig config = read("""
                base-domain: apps.example.com
                listen: 10.0.0.5:8443
                public-port: 443
                data: /srv/postern
                database: jdbc:postgresql://db.example.com/postern
                database-user: postern
                database-password-file: %s
                tenant-name: contoso
                tenant-domain: contoso.example
                api-token-file: /etc/postern/api-token
                certificates:
                  - chain: /etc/postern/wiki.pem
                    key: /etc/postern/wiki.key
                trusted-proxies: [10.0.0.0/8, "2001:db8::1"]
                proxy-protocol: true
                metrics-listen: 127.0.0.1:0
                grace-period: 30s
                connections-max: 5000
                connections-per-address-max: 500
                handshakes-max: 100
                requests-waiting-max: 700
                requests-waiting-per-application-max: 70
                event-loop-late-max: 250ms
                log-format: json
                log-level: debug
                """.formatted(password));
        assertEquals(new HostPort("10.0.0.5", 8443), config.listen());
        assertEquals(OptionalInt.of(443), config.publicPort());
        assertEquals(Path.of("/srv/postern"), config.data());
        assertTrue(config.database() instanceof DatabaseAddress.PostgreSql address
                && address.password().orElseThrow().reveal().equals("s3cret"));
        assertEquals("contoso", config.tenantName());
        assertEquals(Optional.of(Path.of("/etc/postern/api-token")), config.apiTokenFile());
        assertEquals(
                Path.of("/etc/postern/wiki.key"),
                config.certificates().getFirst().key());
        assertEquals(2, config.trustedProxies().size());
        assertTrue(config.proxyProtocol());
        assertEquals(Duration.ofSeconds(30), config.grace());
        assertEquals(5_000, config.limits().edge().connectionsMax());
        assertEquals(500, config.limits().edge().connectionsPerAddressMax());
        assertEquals(100, config.limits().edge().handshakesMax());
        assertEquals(
                new IntakeLimits(700, 70, Duration.ofMillis(250)),
                config.limits().intake());
        assertEquals(LogSetup.Format.JSON, config.logFormat());
        assertFalse(String.join("\n", config.lines()).contains("s3cret"), "the log at start shows no secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "listen: 8443                                  | 'listen' is '8443' but must be HOST:PORT",
                "public-port: 0                                | from 1 to 65535",
                "public-port: 65536                            | from 1 to 65535",
                "tenant-name: Contoso Ltd                      | lower-case letters",
                "grace-period: 11m                             | 'grace-period' is '11m'",
                "connections-max: 99                           | from 100 to 1000000",
                "requests-waiting-max: 0                       | 'requests-waiting-max' is '0'",
                "event-loop-late-max: 1ms                      | 'event-loop-late-max' is '1ms'",
                "log-format: xml                               | text or json",
                "log-level: loud                               | debug or info or warn or error",
                "proxy-protocol: maybe                         | true or false",
                "proxy-protocol: true                          | 'trusted-proxies' is empty",
                "metrics-listen: 0.0.0.0:9464                  | loopback",
                "certificates: [{chain: a.pem}]                | 'certificates[0].key' is missing",
                "trusted-proxies: [10.0.0.0/33]                | 10.0.0.0/33",
                "database: jdbc:mysql://x/y                    | 'database'",
                "database-password-file: /nowhere/at/all       | cannot be read",
                "base-domian: x                                | unknown key 'base-domian'",
            })
    void refusesAValueOutOfBoundsNamingKeyAndRemedy(String line, String expected) {
        String told = fault("base-domain: apps.example.com\n" + line + "\n");
        assertTrue(told.contains(expected), told);
    }

    @Test
    void refusesAFileWithoutBaseDomain() {
        assertTrue(fault("listen: 127.0.0.1:8443\n").contains("'base-domain' is missing"));
    }

    @Test
    void tellsAllFaultsAtOnce() {
        String told = fault("base-domain: apps.example.com\npublic-port: 0\nlog-format: xml\ndatta: /x\n");
        assertEquals(3, told.lines().count(), told);
    }

    @Test
    void refusesWhatIsNoYaml() {
        assertTrue(fault("base-domain: [\n").contains("not valid YAML"));
    }
}
