package io.postern.connector.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.PasswordVerdict;
import io.postern.connector.directory.DirectoryReading.Outcome;
import io.postern.fixtures.OpenLdapServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// PWC-1: what a real OpenLDAP server with a password policy says to a password.
class OpenLdapPasswordTest {
    private static final String RIGHT = "User-Passw0rd-1";

    private static OpenLdapServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() {
        server = OpenLdapServer.start(
                0,
                """
                dn: cn=policy,%1$s
                objectClass: organizationalRole
                objectClass: pwdPolicy
                cn: policy
                pwdAttribute: userPassword
                pwdLockout: TRUE
                pwdMaxFailure: 3
                pwdMustChange: TRUE
                pwdMaxAge: 8640000

                """.formatted(OpenLdapServer.BASE)
                        + person("plain", "")
                        + person("o'brien (x)*", "")
                        + person("old", "pwdChangedTime: 20200101000000Z")
                        + person("reset", "pwdReset: TRUE")
                        + person("locked", "pwdAccountLockedTime: 000001010000Z")
                        + person("guessed", "")
                        + "dn: uid=none,%1$s\nobjectClass: inetOrgPerson\nuid: none\ncn: none\nsn: none\n\n"
                                .formatted(OpenLdapServer.BASE));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static String person(String uid, String more) {
        return """
                dn: uid=%1$s,%2$s
                objectClass: inetOrgPerson
                uid: %1$s
                cn: %1$s
                sn: %1$s
                userPassword: %3$s
                pwdPolicySubentry: cn=policy,%2$s
                """.formatted(uid, OpenLdapServer.BASE, RIGHT) + (more.isEmpty() ? "\n" : more + "\n\n");
    }

    private DirectorySettings directory() {
        return DirectoryRig.settings(
                folder, OpenLdapServer.READER, OpenLdapServer.READER_PASSWORD, server.authority(), server.ldap());
    }

    /// As the service knows them, by what was read before.
    private Map<String, String> ids() {
        var ids = new HashMap<String, String>();
        var scope = new DirectoryScope(
                List.of(), List.of(), Optional.empty(), Optional.empty(), List.of("uid"), List.of("cn"));
        Outcome outcome = DirectoryReading.read(
                directory(),
                DirectoryRig.full(scope),
                entry -> entry.attributes().getOrDefault("uid", List.of()).forEach(uid -> ids.put(uid, entry.id())));
        assertTrue(outcome.cursor().isEmpty());
        return ids;
    }

    private PasswordVerdict check(String object, String password) {
        return PasswordBind.check(
                        directory(), object, password.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10))
                .verdict();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "plain, RIGHT, WRONG",
                "o'brien (x)*, RIGHT, WRONG",
                "old, EXPIRED, WRONG",
                "reset, MUST_CHANGE, WRONG",
                "locked, LOCKED, LOCKED",
                "none, WRONG, WRONG"
            })
    void saysWhatThePolicySays(String uid, PasswordVerdict right, PasswordVerdict wrong) {
        String id = ids().getOrDefault(uid, "");
        assertEquals(right, check(id, RIGHT));
        assertEquals(wrong, check(id, "another"));
        assertEquals(PasswordVerdict.WRONG, check(id, ""));
    }

    @Test
    void locksAfterTooMany() {
        String id = ids().getOrDefault("guessed", "");
        for (int i = 0; i < 3; i++) {
            assertEquals(PasswordVerdict.WRONG, check(id, "guess " + i));
        }
        assertEquals(PasswordVerdict.LOCKED, check(id, RIGHT));
    }
}
