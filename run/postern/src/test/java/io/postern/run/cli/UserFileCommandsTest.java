package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `postern user import` and `export`, with a real API.
class UserFileCommandsTest {
    @TempDir
    Path folder;

    private LiveService service;

    @BeforeEach
    void open() throws Exception {
        service = new LiveService(folder);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("users.csv"), text);
    }

    private boolean isThere(String name) {
        return service.run("user show " + name + "@contoso.example").status() == 0;
    }

    @Test
    void plansAddsChangesAndKeeps() throws Exception {
        service.user("anna");
        Path file = file("""
                userPrincipalName;displayName;accountEnabled;department;extensionAttribute1;manager
                anna@contoso.example;"Anna; A.";no;Sales;x;
                berta@contoso.example;Berta;;Sales;;anna@contoso.example
                """);

        assertEquals("""
                change anna@contoso.example
                add berta@contoso.example
                Would add 1 and change 1 users; 0 are as the file says already. Nothing is done.
                """, service.ok("user import " + file + " --dry-run"));
        assertTrue(!isThere("berta"));

        assertEquals(
                "Added 1 and changed 1 users; 0 are as the file says already.\n", service.ok("user import " + file));
        assertEquals(
                "Anna; A.",
                service.json("user show anna@contoso.example")
                        .path("displayName")
                        .asString());
        assertEquals(
                "false",
                service.json("user show anna@contoso.example")
                        .path("accountEnabled")
                        .asString());
        assertEquals(
                service.json("user show anna@contoso.example").path("id").asString(),
                service.json("user show berta@contoso.example").path("manager").asString());
        assertEquals(
                "Added 0 and changed 0 users; 2 are as the file says already.\n", service.ok("user import " + file));
    }

    @Test
    void tellsEveryFaultByLineAndColumnAndChangesNothing() throws Exception {
        Path file = file("""
                userPrincipalName,displayName,department,usageLocation
                good@contoso.example,Good,"Sales
                and more",DE
                bad@fabrikam.example,Bad,,
                worse@contoso.example,,,Germany
                good@contoso.example,Twice,,
                """);

        LiveService.Result refused = service.run("user import " + file);

        assertEquals(1, refused.status());
        assertTrue(refused.err().contains("faults; nothing is changed"), refused.err());
        assertTrue(refused.err().contains("line 2, column 3 (department): "), refused.err());
        assertTrue(refused.err().contains("line 4, column 1 (userPrincipalName): "), refused.err());
        assertTrue(refused.err().contains("line 5, column 4 (usageLocation): usageLocation 'Germany'"), refused.err());
        assertTrue(refused.err().contains("line 6, column 1 (userPrincipalName): "), refused.err());
        assertTrue(!isThere("good"));
    }

    @Test
    void refusesFilesThatAreNone() throws Exception {
        assertTrue(service.run("user import " + file("")).err().contains("is empty"));
        assertTrue(service.run("user import " + file("name\nx\n"))
                .err()
                .contains("line 1, column 1: a user has no 'name'"));
        assertTrue(service.run("user import " + file("mail\nx\n")).err().contains("userPrincipalName is missing"));
        assertTrue(service.run("user import " + file("userPrincipalName,accountEnabled\nx@contoso.example,maybe\n"))
                .err()
                .contains("line 2, column 2 (accountEnabled): 'maybe' must be true or false"));
        assertTrue(service.run("user import " + file("userPrincipalName,mail\nx@contoso.example,\"y\n"))
                .err()
                .contains("a quote is opened and never closed"));
        assertTrue(service.run("user import " + file("userPrincipalName\nx@contoso.example,y\n"))
                .err()
                .contains("line 2: there are 2 cells, but 1 columns"));
    }

    @Test
    void exportsWithoutFormulasWhatTheImportTakesBack() throws Exception {
        service.user("anna");
        service.ok("user set anna@contoso.example --attribute department==1+1 --given-name @SUM");

        String exported = service.ok("user export");
        assertTrue(
                exported.startsWith("userPrincipalName,displayName,givenName,surname,mail,accountEnabled,"), exported);
        assertTrue(exported.contains(",'@SUM,") && exported.contains("'=1+1"), exported);

        assertTrue(service.ok("user import " + file(exported)).startsWith("Added 0 and changed 0 users; "));
    }
}
