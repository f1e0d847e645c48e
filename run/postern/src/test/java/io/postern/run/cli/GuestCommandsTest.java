package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `postern guest`, with a real API.
class GuestCommandsTest {
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
    void guestsComeStayAndGo() {
        assertEquals("No guest yet; invite one with 'postern guest invite'.\n", service.ok("guest list"));
        String invited = service.ok("guest invite alice@partner.example --display-name Alice --ends 2035-01-31");
        assertTrue(invited.startsWith("Invited alice@partner.example; the link in the mail holds until "), invited);
        assertFalse(invited.contains("code="), invited);
        String link = service.ok("guest invite bob@partner.example --show-link --language de");
        assertTrue(link.contains("/invitation?code="), link);

        String listed = service.ok("guest list --pending");
        assertTrue(listed.contains("alice@partner.example  Alice  invited"), listed);
        assertTrue(listed.contains("2035-01-31"), listed);
        assertEquals("No guest is like that.\n", service.ok("guest list --inactive-days 90"));
        assertTrue(service.ok("guest list --inactive-days 0").contains("bob@partner.example"));
        assertTrue(service.ok("guest resend alice@partner.example").startsWith("Invited alice@partner.example;"));
        assertEquals(
                "alice@partner.example has access until somebody ends it.\n",
                service.ok("guest extend alice@partner.example --no-end"));
        service.ok("user set alice_partner.example#ext#@contoso.example --attribute onPremisesSamAccountName=x-alice");
        String shown = service.ok("guest show Alice@Partner.example");
        assertTrue(shown.contains("Shadow account  x-alice"), shown);
        assertTrue(shown.contains("Sign-in name    alice_partner.example#ext#@contoso.example"), shown);

        assertEquals("Removed guest bob@partner.example.\n", service.ok("guest remove bob@partner.example"));
        assertEquals(1, service.json("guest list").size());
    }

    @Test
    void thePolicyIsShownAndChanged() {
        assertTrue(service.ok("guest policy").contains("May invite      adminsAndGuestInviters"));
        String set = service.ok("guest policy --inviters admins --allow-domain partner.example --access-days 180"
                + " --invitation-days 14");
        assertTrue(set.contains("Domains         partner.example"), set);
        assertTrue(set.contains("Access          180 days"), set);
        assertTrue(service.ok("guest policy --access-days 0").contains("until somebody ends it"));
        assertTrue(service.run("guest invite x@other.example").err().contains("nobody may be invited from"));
        assertTrue(service.run("guest policy --inviters nobody").err().contains("'nobody' is unknown; use none"));
    }

    @Test
    void anApplicationIsAssignedAndLedTo() {
        service.ok("app publish --name wiki --internal-url http://wiki.corp.example/");

        service.ok("guest invite alice@partner.example --app wiki");
        service.ok("guest invite alice@partner.example --app wiki");

        assertTrue(
                service.json("guest list").at("/0/inviteRedirectUrl").asString().contains("/launch/"));
        String id = service.json("guest list").at("/0/id").asString();
        assertEquals(
                1,
                service.store
                        .read(s -> s.assignments().ofPrincipal(service.tenant.id(), id))
                        .size());
    }

    @Test
    void saysWhatIsWrong() {
        service.ok("guest invite alice@partner.example");

        assertTrue(
                service.run("guest invite alice").err().contains("is no mail address such as alice@partner.example"));
        assertTrue(service.run("guest extend alice@partner.example").err().contains("say until when"));
        assertTrue(service.run("guest extend alice@partner.example --ends soon")
                .err()
                .contains("is not a date"));
        assertTrue(service.run("guest show eve@partner.example").err().contains("there is no guest"));
        assertTrue(service.run("guest sponsor add alice@partner.example").err().contains("--user"));
    }
}
