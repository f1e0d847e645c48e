package io.postern.connector.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.postern.base.PasswordVerdict;
import io.postern.connector.directory.PasswordBind.Answer;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.SambaDomain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PWC-1 to PWC-3: what a real domain controller says to a password, and what is said when none answers.
class PasswordBindTest {
    private static final String STAFF = "OU=Staff," + SambaDomain.BASE;
    private static final String RIGHT = SambaDomain.USER_PASSWORD;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static SambaDomain domain;
    private static LDAPConnection admin;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDomain() throws LDAPException {
        domain = SambaDomain.start();
        admin = DirectoryRig.administrator(domain);
    }

    @AfterAll
    static void stopDomain() {
        admin.close();
        domain.close();
    }

    private DirectorySettings directory(String... urls) {
        return DirectoryRig.settings(
                folder, "svc-sync@corp.test", SambaDomain.READER_PASSWORD, domain.authority(), urls);
    }

    private Answer asked(String object, String password) {
        return PasswordBind.check(directory(domain.ldaps()), object, password.getBytes(StandardCharsets.UTF_8), LIMIT);
    }

    private PasswordVerdict check(String account, String password) throws LDAPException {
        return asked(guid(account), password).verdict();
    }

    private static String guid(String account) throws LDAPException {
        return guidOf("CN=" + account + "," + STAFF);
    }

    private static String guidOf(String dn) throws LDAPException {
        return EntryForm.guid(admin.getEntry(dn, "objectGUID").getAttributeValueBytes("objectGUID"))
                .toString();
    }

    /// A person of his own for each test.
    private static String person(String name, Attribute... more) throws LDAPException {
        String dn = "CN=" + name + "," + STAFF;
        admin.add(
                dn,
                new Attribute("objectClass", "user"),
                new Attribute("sAMAccountName", name.replaceAll("[^a-z0-9]", "")),
                new Attribute("userAccountControl", "512"),
                new Attribute("unicodePwd", ("\"" + RIGHT + "\"").getBytes(StandardCharsets.UTF_16LE)));
        for (Attribute each : more) {
            replace(dn, each);
        }
        return dn;
    }

    private static void replace(String dn, Attribute attribute) throws LDAPException {
        admin.modify(dn, new Modification(ModificationType.REPLACE, attribute.getName(), attribute.getRawValues()));
    }

    @Test
    void tellsRightFromWrong() throws LDAPException {
        assertEquals(PasswordVerdict.RIGHT, check("alice", RIGHT));
        assertEquals(PasswordVerdict.WRONG, check("alice", "Wrong-Passw0rd-1"));
        assertEquals(
                PasswordVerdict.WRONG,
                asked(UUID.randomUUID().toString(), RIGHT).verdict());
    }

    @Test
    void noPasswordIsNeverSentAsOne() throws LDAPException {
        assertEquals(PasswordVerdict.WRONG, check("alice", ""));
        assertEquals(PasswordVerdict.WRONG, check("alice", "\0"));
        assertEquals(PasswordVerdict.WRONG, check("alice", RIGHT + "\0"));
    }

    @Test
    void tellsWhyARightPasswordIsNotEnough() throws LDAPException {
        person("expired", new Attribute("accountExpires", "116444736000000000"));
        person("must", new Attribute("pwdLastSet", "0"));
        person("night", new Attribute("logonHours", new byte[21]));
        person("desk", new Attribute("userWorkstations", "PC-1"));
        assertEquals(PasswordVerdict.DISABLED, check("disa", RIGHT));
        assertEquals(PasswordVerdict.ACCOUNT_EXPIRED, check("expired", RIGHT));
        assertEquals(PasswordVerdict.MUST_CHANGE, check("must", RIGHT));
        assertEquals(PasswordVerdict.HOURS, check("night", RIGHT));
        for (String each : new String[] {"disa", "expired", "must", "night"}) {
            assertEquals(PasswordVerdict.WRONG, check(each, "Wrong-Passw0rd-1"), each);
        }
    }

    @Test
    void tellsThatThePasswordHasExpired() throws LDAPException {
        person("old");
        domain.makePasswordOld("old");
        replace(SambaDomain.BASE, new Attribute("maxPwdAge", "-8640000000000"));
        try {
            assertEquals(PasswordVerdict.EXPIRED, check("old", RIGHT));
            assertEquals(PasswordVerdict.WRONG, check("old", "Wrong-Passw0rd-1"));
        } finally {
            replace(SambaDomain.BASE, new Attribute("maxPwdAge", "-9223372036854775808"));
        }
    }

    @Test
    void tellsThatTheAccountIsLocked() throws LDAPException {
        person("guessed");
        replace(SambaDomain.BASE, new Attribute("lockoutThreshold", "3"));
        try {
            for (int i = 0; i < 3; i++) {
                assertEquals(PasswordVerdict.WRONG, check("guessed", "Wrong-Passw0rd-" + i));
            }
            assertEquals(PasswordVerdict.LOCKED, check("guessed", RIGHT));
        } finally {
            replace(SambaDomain.BASE, new Attribute("lockoutThreshold", "0"));
        }
    }

    @Test
    void findsWhoHasAnOddNameOrWasMoved() throws LDAPException {
        String dn = person("Mr\\, O'Br\\\"ien (x)*\\#\\+\\<y\\>");
        String id = guidOf(dn);
        assertEquals(PasswordVerdict.RIGHT, asked(id, RIGHT).verdict());

        admin.modifyDN(dn, "CN=else", true, "OU=Berlin," + STAFF);
        assertEquals(PasswordVerdict.RIGHT, asked(id, RIGHT).verdict());
        assertEquals(PasswordVerdict.WRONG, asked(id, "Wrong-Passw0rd-1").verdict());
    }

    @Test
    void asksTheNextServerWhenOneIsAway() throws LDAPException {
        String id = guid("bob");
        byte[] password = RIGHT.getBytes(StandardCharsets.UTF_8);
        String away = "ldaps://127.0.0.1:" + FreePort.find();

        assertEquals(
                PasswordVerdict.RIGHT,
                PasswordBind.check(directory(away, domain.ldaps()), id, password, LIMIT)
                        .verdict());
        Answer none = PasswordBind.check(directory(away), id, password, LIMIT);
        assertEquals(PasswordVerdict.UNREACHABLE, none.verdict());
        assertTrue(none.message().contains(away), none.message());
    }

    @Test
    void aServerThatSaysNothingTakesNoLongerThanTheLimit() throws IOException, LDAPException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Answer answer = PasswordBind.check(
                    directory("ldaps://127.0.0.1:" + silent.getLocalPort()),
                    guid("bob"),
                    RIGHT.getBytes(StandardCharsets.UTF_8),
                    Duration.ofMillis(700));
            assertEquals(PasswordVerdict.TIMEOUT, answer.verdict(), answer.message());
        }
    }

    @Test
    void anotherServerThanTheNamedOneIsNotTold() throws LDAPException {
        DirectorySettings trusting = directory(domain.ldaps());
        var distrusting = new DirectorySettings(
                trusting.name(), trusting.urls(), false, List.of(), trusting.bindDn(), trusting.passwordFile(), 50);
        Answer answer = PasswordBind.check(distrusting, guid("bob"), RIGHT.getBytes(StandardCharsets.UTF_8), LIMIT);
        assertEquals(PasswordVerdict.UNREACHABLE, answer.verdict(), answer.message());
    }

    @Test
    void theReadersOwnFaultIsNotTheUsers() throws LDAPException {
        DirectorySettings wrong = DirectoryRig.settings(
                folder, "svc-sync@corp.test", "Not-His-Passw0rd", domain.authority(), domain.ldaps());
        Answer answer = PasswordBind.check(wrong, guid("bob"), RIGHT.getBytes(StandardCharsets.UTF_8), LIMIT);
        assertEquals(PasswordVerdict.FAILED, answer.verdict());
        assertTrue(answer.message().contains("svc-sync"), answer.message());
    }
}
