package io.postern.connector.directory;

import static io.postern.connector.directory.DirectoryRig.delta;
import static io.postern.connector.directory.DirectoryRig.full;
import static io.postern.connector.directory.DirectoryRig.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.connector.directory.DirectoryEntry.Kind;
import io.postern.connector.directory.DirectoryFault.Code;
import io.postern.connector.directory.DirectoryRig.Told;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.OpenLdapServer;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading from a real OpenLDAP server, and what stands in the way of reading at all.
class OpenLdapTest {
    private static final int PEOPLE = 2000;
    private static final String PHOTO = "/9j/4AAQSkZJRgABAQ==";

    private static OpenLdapServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() {
        server = OpenLdapServer.start(0, entries());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static String entries() {
        var ldif = new StringBuilder("""
                dn: ou=people,%1$s
                objectClass: organizationalUnit
                ou: people

                dn: ou=groups,%1$s
                objectClass: organizationalUnit
                ou: groups

                """.formatted(OpenLdapServer.BASE));
        for (int i = 0; i < PEOPLE; i++) {
            ldif.append("""
                    dn: uid=u%1$d,ou=people,%2$s
                    objectClass: inetOrgPerson
                    uid: u%1$d
                    cn: User %1$d
                    sn: %1$d
                    mail: u%1$d@example.org

                    """.formatted(i, OpenLdapServer.BASE));
        }
        ldif.append("""
                dn: uid=photo,ou=people,%1$s
                objectClass: inetOrgPerson
                uid: photo
                cn: Jürgen
                sn: Groß
                jpegPhoto:: %2$s

                dn: cn=few,ou=groups,%1$s
                objectClass: groupOfUniqueNames
                cn: few
                uniqueMember: uid=u1,ou=people,%1$s

                dn: cn=all,ou=groups,%1$s
                objectClass: groupOfNames
                cn: all
                """.formatted(OpenLdapServer.BASE, PHOTO));
        for (int i = 0; i < PEOPLE; i++) {
            ldif.append("member: uid=u" + i + ",ou=people," + OpenLdapServer.BASE + "\n");
        }
        return ldif.append("\n").toString();
    }

    @Test
    void groupsWithinGroupsAreNotAskedForInVain() {
        var scope = new DirectoryScope(
                List.of(),
                List.of(),
                Optional.of("(memberOf:1.2.840.113556.1.4.1941:=cn=all,ou=groups," + OpenLdapServer.BASE + ")"),
                Optional.empty(),
                List.of("uid"),
                List.of("cn"));
        DirectoryFault fault = assertThrows(DirectoryFault.class, () -> read(by(server.ldaps()), full(scope)));
        assertEquals(Code.OTHER, fault.code());
        assertTrue(fault.remedy().contains("--nested off"), fault.remedy());
    }

    private static DirectoryScope people(String... bases) {
        return new DirectoryScope(
                List.of(bases),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of("uid", "cn", "mail", "jpegPhoto"),
                List.of("cn"));
    }

    private DirectorySettings by(String... urls) {
        return DirectoryRig.settings(
                folder, OpenLdapServer.READER, OpenLdapServer.READER_PASSWORD, server.authority(), urls);
    }

    @Test
    void readsEverythingEachTimeAndSplitsLargeGroups() {
        Told told = read(by(server.ldaps()), full(people()));

        assertEquals(PEOPLE + 1, told.count(Kind.USER));
        assertEquals(Optional.empty(), told.outcome().cursor());
        DirectoryEntry all = told.entries().stream()
                .filter(e -> e.attributes().getOrDefault("cn", List.of()).contains("all"))
                .findFirst()
                .orElseThrow();
        assertTrue(all.id().matches("[0-9a-f-]{36}"), all.id());
        List<DirectoryEntry.Members> pieces = told.entries().stream()
                .filter(e -> e.id().equals(all.id()))
                .flatMap(e -> e.members().stream())
                .toList();
        assertEquals(
                List.of(true, false),
                pieces.stream().map(DirectoryEntry.Members::complete).toList());
        assertEquals(PEOPLE, pieces.stream().mapToInt(m -> m.add().size()).sum());
        assertEquals(PEOPLE + 3 + 1, told.entries().size());
        DirectoryFault fault =
                assertThrows(DirectoryFault.class, () -> read(by(server.ldaps()), delta(people(), told.outcome())));
        assertEquals(Code.CURSOR_EXPIRED, fault.code());
    }

    @Test
    void startTlsAndTextOfAllKinds() {
        Told told = read(by(server.ldap()), full(people("ou=people," + OpenLdapServer.BASE)));

        DirectoryEntry photo = told.entries().stream()
                .filter(e -> DirectoryRig.value(e, "uid").equals("photo"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("Jürgen"), photo.attributes().get("cn"));
        assertEquals(List.of(PHOTO), photo.attributes().get("jpegPhoto;binary"));
        assertEquals(0, told.count(Kind.GROUP));
    }

    @Test
    void theNextServerIsAskedWhenOneIsAway() {
        String away = "ldaps://127.0.0.1:" + FreePort.find();

        assertEquals(PEOPLE + 1, read(by(away, server.ldaps()), full(people())).count(Kind.USER));
        assertFault(Code.UNREACHABLE, "cannot be reached", by(away, away), people());
    }

    @Test
    void aPartOfTheEntriesIsNoAnswer() {
        try (OpenLdapServer limited = OpenLdapServer.start(100, entries())) {
            DirectorySettings settings = DirectoryRig.settings(
                    folder,
                    OpenLdapServer.READER,
                    OpenLdapServer.READER_PASSWORD,
                    limited.authority(),
                    limited.ldaps());

            assertFault(Code.OTHER, "olcLimits", settings, people());
        }
    }

    @Test
    void aWrongPasswordIsNamedAsSuchAndNotShown() {
        var settings = DirectoryRig.settings(
                folder, OpenLdapServer.READER, "not-the-password", server.authority(), server.ldaps());

        DirectoryFault fault = assertFault(Code.BIND_REFUSED, "password", settings, people());
        assertTrue(!(fault.message() + fault.remedy()).contains("not-the-password"), fault.message());
    }

    @Test
    void aServerOfAnotherNameOrAuthorityIsNotBelieved() throws IOException {
        String port = server.ldaps().substring(server.ldaps().lastIndexOf(':'));
        assertFault(Code.TLS, "trust", by("ldaps://localhost" + port), people());
        String plain = server.ldap().substring(server.ldap().lastIndexOf(':'));
        assertFault(Code.TLS, "trust", by("ldap://localhost" + plain), people());

        Path other = Files.writeString(
                folder.resolve("other.pem"),
                Pem.of(List.of(TestCertificates.authority("somebody else").authority())));
        var strange = DirectoryRig.settings(
                folder, OpenLdapServer.READER, OpenLdapServer.READER_PASSWORD, other, server.ldaps());
        assertFault(Code.TLS, "trust", strange, people());
    }

    @Test
    void whatSpeaksNoTlsIsNotBelieved() {
        assertFault(Code.TLS, "not believed", by(server.ldap().replace("ldap:", "ldaps:")), people());
    }

    private static DirectoryFault assertFault(
            Code code, String part, DirectorySettings settings, DirectoryScope scope) {
        DirectoryFault fault = assertThrows(DirectoryFault.class, () -> read(settings, full(scope)));
        assertEquals(code, fault.code(), fault.message());
        assertTrue((fault.message() + " " + fault.remedy()).contains(part), fault.message() + " → " + fault.remedy());
        return fault;
    }
}
