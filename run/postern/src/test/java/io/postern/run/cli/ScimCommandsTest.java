package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `postern scim`, with a real API.
class ScimCommandsTest {
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

    @Test
    void programsAndTokensComeAndGo() {
        assertEquals("No program provisions users yet; add one with 'postern scim add'.\n", service.ok("scim list"));
        String added = service.ok("scim add Okta --expires 2099-01-31");
        assertTrue(added.startsWith("Added Okta. In its settings:\n  URL    ") && added.contains("/scim/v2\n"), added);
        assertTrue(added.contains("  Token  pst_"), added);

        assertTrue(service.ok("scim token okta").startsWith("pst_"));
        String listed = service.ok("scim list");
        assertTrue(listed.contains("2099-01-31T00:00:00Z") && listed.contains("never"), listed);
        assertFalse(listed.contains("pst_"), listed);
        JsonNode tokens = service.json("scim list").at("/0/tokens");
        assertEquals(2, tokens.size());
        String first = tokens.at("/0/id").asString();
        assertEquals("Revoked token " + first + ".\n", service.ok("scim revoke Okta " + first));
        assertEquals(1, service.json("scim list").at("/0/tokens").size());
        assertEquals("Removed Okta; its users and groups stay.\n", service.ok("scim remove Okta"));
        assertEquals(0, service.json("scim list").size());
    }

    @Test
    void saysWhatIsWrong() {
        service.ok("scim add Okta");

        assertTrue(service.run("scim add okta").err().contains("displayName 'okta' is taken"));
        assertTrue(service.run("scim add X --expires tomorrow").err().contains("is not a date such as 2027-01-31"));
        assertTrue(service.run("scim add X --expires 2020-01-01").err().contains("is over already"));
        assertTrue(service.run("scim token Entra").err().contains("no program is called 'Entra'"));
        assertTrue(service.run("scim revoke Okta").err().contains("which token of which program?"));
        assertEquals(1, service.run("scim revoke Okta nothing").status());
    }
}
