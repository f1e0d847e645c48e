package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Commands about the sign-on of applications and what belongs to it, with a real API.
class SignOnCommandsTest {
    @TempDir
    static Path folder;

    private static LiveService service;

    @BeforeAll
    static void open() throws Exception {
        service = new LiveService(folder);
        service.user("anna");
        service.ok("app publish --name wiki --internal-url http://wiki.corp/");
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @Test
    void whatIsSetIsShownWithWhatToSetThere() {
        String set =
                service.ok("app sso set wiki --mode saml --identifier urn:wiki --reply-url https://wiki.example/acs"
                        + " --sign both --name-id persistent --claim mail=mail --notify ops@contoso.example");

        assertTrue(set.contains("Identifier      urn:wiki\n"), set);
        assertTrue(set.contains("Reply URL       https://wiki.example/acs"), set);
        assertTrue(set.contains("Signed          both, sha256"), set);
        assertTrue(set.contains("Claim           mail = mail"), set);
        assertEquals(set, service.ok("app sso show wiki"), "both show the same");
        assertEquals(
                "urn:wiki",
                service.json("app sso show wiki").at("/identifierUris/0").asString());
        assertTrue(service.run("app sso set wiki").err().contains("what is to be changed?"));
        assertTrue(service.run("app sso set wiki --claim mail").err().contains("must be NAME=ATTRIBUTE"));
        LiveService.Result unreadable = service.run("app sso set wiki --encrypt /nowhere.pem");
        assertTrue(unreadable.err().contains("/nowhere.pem cannot be read"), unreadable.err());
    }

    @Test
    void certificatesRollOver() {
        service.ok("app publish --name shop --internal-url http://shop.corp/");
        service.ok("app sso set shop --mode saml --identifier urn:shop --reply-url https://shop.example/acs");
        assertTrue(service.ok("app sso certificate new shop --subject 'Shop 2'").startsWith("Made certificate "));
        JsonNode both = service.json("app sso certificate list shop");
        assertEquals(2, both.size(), both.toString());
        String waiting = thumbprint(both, "inactive");
        assertTrue(service.ok("app sso certificate activate shop --certificate " + waiting)
                .contains("are signed with"));
        String old = thumbprint(service.json("app sso certificate list shop"), "inactive");
        assertFalse(old.equals(waiting));
        assertEquals(
                "Deleted certificate " + old + ".\n",
                service.ok("app sso certificate delete shop --certificate " + old));
        assertTrue(service.ok("app sso certificate download shop").startsWith("-----BEGIN CERTIFICATE-----"));
    }

    private static String thumbprint(JsonNode certificates, String status) {
        return certificates
                .valueStream()
                .filter(certificate -> certificate.path("status").asString().equals(status))
                .findFirst()
                .orElseThrow(() -> new AssertionError(certificates.toString()))
                .path("thumbprint")
                .asString();
    }

    @Test
    void metadataFillTheFormAndATestTellsWhatLacks() throws Exception {
        service.ok("app publish --name hr --internal-url http://hr.corp/");
        Path metadata = Files.writeString(
                folder.resolve("sp.xml"),
                "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata' entityID='urn:hr'>"
                        + "<md:SPSSODescriptor protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'>"
                        + "<md:AssertionConsumerService Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'"
                        + " Location='https://hr.example/acs' index='0'/></md:SPSSODescriptor></md:EntityDescriptor>");

        assertEquals(1, service.run("app sso test hr").status(), "nothing is set yet");
        String imported = service.ok("app sso import-metadata hr --file", metadata.toString());
        assertTrue(imported.startsWith("Imported ") && imported.contains("urn:hr"), imported);
        assertTrue(service.run("app sso import-metadata hr").err().contains("which metadata?"));

        service.ok("app assign hr --user anna@contoso.example");
        String report = service.ok("app sso test hr --user anna@contoso.example");
        assertTrue(report.contains("would be told of anna@contoso.example"), report);
    }

    @Test
    void theGalleryAddsAnApplication() {
        assertTrue(service.ok("gallery list grafana").contains("grafana-saml"));
        assertTrue(service.ok("gallery show grafana-saml").contains("Parameters"));
        String added = service.ok(
                "gallery add grafana-saml --set host=grafana.example --user anna@contoso.example" + " --role Editor");
        assertTrue(added.startsWith("Added '"), added);
        LiveService.Result missing = service.run("gallery add grafana-saml --name other");
        assertEquals(1, missing.status());
        assertTrue(missing.err().contains("host"), missing.err());
    }

    @Test
    void maintenanceAndReviewsAndMoves() {
        service.ok("app publish --name crm --internal-url http://crm.corp/");
        assertTrue(service.ok("app maintenance crm").contains("nobody gets in"));
        assertTrue(service.ok("app maintenance crm --off").contains("is open again"));
        service.ok("group add Berlin");
        service.ok("app move crm --to Berlin");
        service.ok("app assign crm --user anna@contoso.example");
        JsonNode all = service.json("review list");
        String id = all.valueStream()
                .filter(one -> one.path("resourceDisplayName").asString().equals("crm"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(all.toString()))
                .path("id")
                .asString();
        assertTrue(service.ok("review keep " + id + " --reason needed").contains("anna"));
        assertTrue(service.ok("review remove " + id + " --reason gone").contains("anna"));
    }

    @Test
    void anInventoryBecomesApplications() throws Exception {
        Path file = Files.writeString(folder.resolve("inventory.csv"), """
                Name,Internal URL,Authentication type,Users and groups,Platform
                docs,http://docs.corp/,none,anna@contoso.example,Apache
                """);

        assertTrue(service.ok("inventory import --plan", file.toString()).contains("docs: create"));
        assertFalse(service.ok("app list").contains("docs"));
        assertTrue(service.ok("inventory import", file.toString()).contains("docs: create"));
        assertTrue(service.ok("app list").contains("docs"));
    }
}
