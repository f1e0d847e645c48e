package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigFault;
import java.util.List;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private static final String HEAD = "Name,Internal URL,Authentication type,Users and groups,Platform\r\n";

    private static Inventory.Entry only(String row) {
        List<Inventory.Entry> entries = Inventory.of("i.csv", HEAD + row).entries();
        assertEquals(1, entries.size());
        return entries.getFirst();
    }

    @Test
    void templateIsAnInventoryWithoutApplications() {
        assertEquals(List.of(), Inventory.of("i.csv", Inventory.template()).entries());
    }

    @Test
    void completeRowBecomesADeclaration() {
        Inventory.Entry entry =
                only("wiki,https://wiki.corp/,none,\"a@contoso.example; Staff\",\"Apache, on Linux\"\r\n");

        assertTrue(entry.isComplete(), entry.missing().toString());
        assertEquals(
                "{\"displayName\":\"wiki\",\"assignedUsers\":[\"a@contoso.example\"],\"assignedGroups\":[\"Staff\"],"
                        + "\"notes\":\"Platform: Apache, on Linux\",\"onPremisesPublishing\":"
                        + "{\"internalUrl\":\"https://wiki.corp/\"}}",
                entry.declaration().toString());
    }

    @Test
    void tellsEverythingThatIsMissing() {
        assertEquals(4, only(",,,,IIS\n").missing().size());
        assertTrue(only("wiki,http://wiki.corp/,ntlm,Staff,\n")
                .missing()
                .getFirst()
                .contains("'ntlm'"));
    }

    @Test
    void formsOverHttpIsAWarning() {
        Inventory.Entry entry = only("wiki,http://wiki.corp/,forms,Staff,\n");
        assertTrue(entry.isComplete());
        assertTrue(
                entry.remarks().stream().anyMatch(r -> r.startsWith("WARNING")),
                entry.remarks().toString());
    }

    @Test
    void quotesSemicolonsAndByteOrderMarksOfSpreadsheetsAreRead() {
        String text = "\ufeffInternal URL;Name\r\n\"http://a/\";\"say \"\"a\"\"\nb\"\r\n\r\nhttp://c/;c\r\n";
        List<Inventory.Entry> entries = Inventory.of("i.csv", text).entries();
        assertEquals("say \"a\"\nb", entries.getFirst().name());
        assertEquals(5, entries.get(1).line());
    }

    @Test
    void whatIsNoInventoryIsRefused() {
        assertTrue(String.valueOf(assertThrows(ConfigFault.class, () -> Inventory.of("i.csv", "a,b\n1,2\n"))
                        .getMessage())
                .contains("no column 'Name'"));
        assertTrue(String.valueOf(assertThrows(ConfigFault.class, () -> Inventory.of("i.csv", HEAD + "\"open"))
                        .getMessage())
                .contains("never closed"));
    }
}
