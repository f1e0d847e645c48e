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

/// `postern group import` and `export`, with a real API.
class GroupFileCommandsTest {
    @TempDir
    Path folder;

    private LiveService service;

    @BeforeEach
    void open() throws Exception {
        service = new LiveService(folder);
        service.user("anna");
        service.user("ben");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("groups.csv"), text).toString();
    }

    @Test
    void groupsAndMembersComeFromAFileAndGoIntoOne() throws IOException {
        String file = file("""
            group,description,member
            Team,The team,anna@contoso.example
            Team,The team,ben@contoso.example
            Empty,,
            """);

        assertEquals("""
                add Team
                join Team: anna@contoso.example
                join Team: ben@contoso.example
                add Empty
                Would add 2 and change 0 groups; 2 join, 0 leave, 0 are in already. Nothing is done.
                """, service.ok("group import --dry-run", file));
        assertEquals(0, service.json("group list --kind security").size());
        assertEquals(
                "Added 2 and changed 0 groups; 2 join, 0 leave, 0 are in already.\n", service.ok("group import", file));
        String exported = service.ok("group export");
        assertEquals("""
                group,description,member
                Empty,,
                Team,The team,anna@contoso.example
                Team,The team,ben@contoso.example
                """.replace("\n", "\r\n"), exported);
        assertEquals(
                "Added 0 and changed 0 groups; 0 join, 0 leave, 2 are in already.\n",
                service.ok("group import", file(exported)));
        assertEquals(
                "Added 0 and changed 1 groups; 0 join, 1 leave, 1 are in already.\n",
                service.ok("group import --exact", file("group,description,member\nTeam,,ben@contoso.example\n")));
        assertTrue(service.ok("group export").contains("Team,,ben@contoso.example\r\n"));
    }

    @Test
    void oneFaultIsEnoughForNothing() throws IOException {
        service.ok("group add Twin --kind security");
        service.ok("group add Twin --kind security");
        String err = service.run("group import", file("""
                            group,member
                            New,anna@contoso.example
                            New,nobody@contoso.example
                            Twin,anna@contoso.example
                            ,ben@contoso.example
                            """)).err();

        assertTrue(err.contains("has 3 faults; nothing is changed\n"), err);
        assertTrue(err.contains("line 3 (member): there is no user 'nobody@contoso.example'"), err);
        assertTrue(err.contains("line 4 (group): 2 groups are called 'Twin'; rename all but one"), err);
        assertTrue(err.contains("line 5 (group): group is missing"), err);
        assertEquals(2, service.json("group list --kind security").size());
        assertTrue(
                service.run("group import", file("group,who\n")).err().contains("line 1, column 2: 'who' is unknown"));
    }
}
