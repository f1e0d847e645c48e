package io.postern.run.connector.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigReader;
import io.postern.connector.directory.DirectorySettings;
import io.postern.fixtures.OpenLdapServer;
import io.postern.run.connector.directory.PlayedService.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The loop between a service that is played, over TLS on both sides, and a real directory server.
class DirectoryWatchTest {
    private static final int PEOPLE = 95;
    private static final String PAGE = "/directory/page";
    private static final String END = "/directory/end";
    private static final String ASK = "/directory/ask";

    private static OpenLdapServer directory;

    @TempDir
    private Path folder;

    private PlayedService service;
    private Optional<DirectoryWatch> watch = Optional.empty();

    @BeforeAll
    static void startDirectory() {
        var ldif = new StringBuilder();
        for (int i = 0; i < PEOPLE; i++) {
            ldif.append("""
                    dn: uid=u%1$d,%2$s
                    objectClass: inetOrgPerson
                    uid: u%1$d
                    cn: User "%1$d" \\ ü
                    sn: %1$d

                    """.formatted(i, OpenLdapServer.BASE));
        }
        directory = OpenLdapServer.start(0, ldif + """
                dn: cn=all,%1$s
                objectClass: groupOfNames
                cn: all
                member: uid=u1,%1$s

                """.formatted(OpenLdapServer.BASE));
    }

    @AfterAll
    static void stopDirectory() {
        directory.close();
    }

    @BeforeEach
    void startService() throws IOException, GeneralSecurityException {
        service = new PlayedService(folder.resolve("data"));
    }

    @AfterEach
    void stopService() {
        watch.ifPresent(DirectoryWatch::close);
        service.close();
    }

    private void watch(Duration patience, String password) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), password);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        ConfigReader config = ConfigReader.of(
                "connector.yaml", """
                        directories:
                          - name: corp
                            urls: [%s]
                            trust: %s
                            bind-dn: %s
                            password-file: %s
                            page-size: 10
                        """.formatted(directory.ldaps(), directory.authority(), OpenLdapServer.READER, file));
        List<DirectorySettings> settings = DirectorySettings.read(config.sections("directories"));
        config.finish();
        watch = Optional.of(DirectoryWatch.start(settings.getFirst(), service.door(), patience));
    }

    private void watch() throws IOException {
        watch(Duration.ofMinutes(1), OpenLdapServer.READER_PASSWORD);
    }

    private static String job(String id, String more) {
        return """
                {"id":"%s","directory":"corp","kind":"full","cursor":null,"bases":[],"excluded":[],"userFilter":null,
                 "groupFilter":null,"userAttributes":["uid","cn"],"groupAttributes":["cn"],"pageEntries":20%s}
                """.formatted(id, more);
    }

    private static List<JsonNode> entries(List<Call> pages) {
        var all = new ArrayList<JsonNode>();
        pages.forEach(page -> page.body().path("entries").forEach(all::add));
        return all;
    }

    @Test
    void readsWhatItIsAskedForAndSendsItPageByPage() throws Exception {
        service.give(job("j1", ""));
        watch();
        JsonNode end = service.await(END, 1).getFirst().body();

        assertEquals("j1", end.path("job").asString());
        assertEquals("done", end.path("outcome").asString());
        assertTrue(end.path("cursor").isNull());
        List<Call> pages = service.pages();
        assertEquals(
                List.of(0, 1, 2, 3, 4),
                pages.stream().map(p -> p.body().path("sequence").asInt()).toList());
        assertEquals(
                "{\"directories\":[\"corp\"]}", service.await(ASK, 1).getFirst().text());
        List<JsonNode> entries = entries(pages);
        assertEquals(PEOPLE + 1, entries.size());
        JsonNode user = entries.getFirst();
        assertEquals("user", user.path("kind").asString());
        assertFalse(user.path("deleted").asBoolean(true));
        assertTrue(user.path("members").isNull());
        assertTrue(user.path("attributes").path("cn").get(0).asString().endsWith("\\ ü"));
        JsonNode group = entries.getLast();
        assertEquals("group", group.path("kind").asString());
        assertTrue(group.path("members").path("complete").asBoolean());
        assertEquals(
                "uid=u1," + OpenLdapServer.BASE,
                group.path("members").path("add").get(0).asString());
    }

    @Test
    void sendsTheSamePageAgainWhileTheServiceIsAway() throws Exception {
        service.give(job("j1", ""));
        service.refuse("/directory/page", 503, "unavailable");
        watch();
        service.await(END, 1);

        List<Call> pages = service.pages();
        assertEquals(pages.get(0).text(), pages.get(1).text());
        assertEquals(6, pages.size());
        assertEquals(PEOPLE + 1, entries(pages.subList(1, 6)).size());
        assertTrue(service.pages().size() < 100);
    }

    @Test
    void givesUpAJobThatIsAnothers() throws Exception {
        service.give(job("j1", ""));
        service.give(job("j2", ""));
        service.refuse("/directory/page", 409, "job-lost");
        watch();
        JsonNode end = service.await(END, 1).getFirst().body();

        assertEquals("j2", end.path("job").asString(), "nothing more is said about j1");
        assertEquals(
                1,
                service.pages().stream()
                        .filter(p -> p.text().contains("\"j1\""))
                        .count());
    }

    @Test
    void saysWhyADirectoryIsNotReadAndGoesOnAsking() throws Exception {
        service.give(job("j1", ""));
        watch(Duration.ofMinutes(1), "not-the-password");
        Call end = service.await(END, 1).getFirst();

        assertEquals("failed", end.body().path("outcome").asString());
        assertEquals("bind-refused", end.body().path("error").path("code").asString());
        assertFalse(end.body().path("error").path("remedy").asString().isEmpty());
        assertFalse(end.text().contains("not-the-password"));
        service.await(ASK, 2);
    }

    @Test
    void whatTheServiceDoesNotTakeEndsTheJob() throws Exception {
        service.give(job("j1", ""));
        service.refuse("/directory/page", 400, "bad-page");
        watch();
        JsonNode end = service.await(END, 1).getFirst().body();

        assertEquals("failed", end.path("outcome").asString());
        assertTrue(end.path("error").path("message").asString().contains("said the service"));
    }

    @Test
    void aDirectoryOfAnotherNameIsNotRead() throws Exception {
        service.give(job("j1", "").replace("\"corp\"", "\"other\""));
        watch();
        JsonNode end = service.await(END, 1).getFirst().body();

        assertTrue(end.path("error").path("message").asString().contains("'other'"));
    }

    @Test
    void stopsAfterThePageAtHandAndSaysSo() throws Exception {
        service.give(job("j1", ""));
        service.refuse("/directory/page", 503, "unavailable");
        watch();
        service.await(PAGE, 1);

        watch.orElseThrow().close();

        JsonNode end = service.await(END, 1).getFirst().body();
        assertEquals("failed", end.path("outcome").asString());
        assertTrue(end.path("error").path("message").asString().contains("was stopped"));
    }

    @Test
    void aServiceThatDoesNotKnowDirectoriesYetIsAskedAgain() throws Exception {
        service.refuse("/directory/ask", 404, "not-found");
        service.give(job("j1", ""));
        watch();
        assertEquals(
                "done", service.await(END, 1).getFirst().body().path("outcome").asString());
    }
}
