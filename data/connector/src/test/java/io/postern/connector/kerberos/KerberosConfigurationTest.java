package io.postern.connector.kerberos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KerberosConfigurationTest {
    private static final String PROPERTY = "java.security.krb5.conf";

    @TempDir
    private Path folder;

    private @Nullable String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    /// A check beside the connector's own sign-on must not move what that reads.
    @Test
    void theSameSettingsAreInstalledOnce() throws Exception {
        KerberosSettings settings = settings("krb5.conf", "3s");
        KerberosConfiguration.install(settings);
        String first = System.getProperty(PROPERTY);
        KerberosConfiguration.install(settings);

        assertEquals(first, System.getProperty(PROPERTY));
        assertTrue(Files.readString(Path.of(first)).contains("include " + folder.resolve("krb5.conf")));

        KerberosConfiguration.install(settings("krb5.conf", "4s"));
        assertNotEquals(first, System.getProperty(PROPERTY));
    }

    @Test
    void filesThatSomebodyHasSweptAwayAreWrittenAgain() throws Exception {
        KerberosSettings settings = settings("krb5.conf", "3s");
        KerberosConfiguration.install(settings);
        Files.delete(Path.of(System.getProperty(PROPERTY)));

        KerberosConfiguration.install(settings);

        assertTrue(Files.isReadable(Path.of(System.getProperty(PROPERTY))));
    }

    private KerberosSettings settings(String krb5Conf, String deadline) throws IOException {
        Path keytab = folder.resolve("keytab");
        if (!Files.exists(keytab)) {
            Files.writeString(keytab, "none");
            Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-------"));
            Files.writeString(folder.resolve(krb5Conf), "[libdefaults]\n  default_realm = CORP.TEST\n");
        }
        return KerberosSettings.read(
                        ConfigReader.of("connector.yaml", """
                        kerberos:
                          keytab: %s
                          principal: svc-connector@CORP.TEST
                          krb5-conf: %s
                          deadline: %s
                        """.formatted(keytab, folder.resolve(krb5Conf), deadline)))
                .orElseThrow();
    }
}
