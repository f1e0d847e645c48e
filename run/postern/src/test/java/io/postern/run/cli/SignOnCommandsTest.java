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
    void theTestTellsWhatAnIdentityTokenWouldSay() {
        service.ok("app publish --name counter --internal-url http://counter.corp/");
        service.ok("app sso tokens counter --identity-header X-Who --audience urn:counter");

        String told = service.ok("app sso test counter --user anna@contoso.example");

        assertTrue(
                told.startsWith("The identity token in X-Who would tell the backend of anna@contoso.example:\n"), told);
        assertTrue(told.contains("  aud = urn:counter\n") && told.contains("  iat = 1795382000\n"), told);
        assertEquals(
                "urn:counter",
                service.json("app sso test counter --user anna@contoso.example")
                        .at("/identityToken/claims/aud")
                        .asString());
        LiveService.Result nobody = service.run("app sso test counter");
        assertTrue(nobody.err().contains("add --user USER"), nobody.err());

        service.ok("app sso headers counter --header X-User=userPrincipalName");
        String both = service.ok("app sso test counter --user anna@contoso.example");
        assertTrue(both.contains("  aud = urn:counter\n") && both.contains("  X-User: anna@contoso.example\n"), both);
        assertEquals(
                "X-Who",
                service.json("app sso test counter --user anna@contoso.example")
                        .at("/identityToken/headerName")
                        .asString());
    }

    @Test
    void headersAreSetTriedAndTakenAway() throws Exception {
        service.ok("app publish --name board --internal-url http://board.corp/");

        String set = service.ok("app sso headers board --header X-User=userPrincipalName --header X-Badge=employeeId"
                + " --groups X-Groups=assigned:displayName --encoding base64");

        assertTrue(set.startsWith("Sign-on at the backend: aadHeaderBased\n"), set);
        assertTrue(set.matches("(?s).*X-User +/ +userPrincipalName +base64.*"), set);
        assertTrue(set.matches("(?s).*X-Groups +/ +groups assigned by displayName +base64.*"), set);
        assertEquals(set, service.ok("app sso headers board"), "both show the same");

        Path draft = Files.writeString(folder.resolve("headers.json"), """
                {"headers": [{"name": "X-User", "configurations": [{"attribute": "userPrincipalName",
                  "transformations": [{"type": "extractMailPrefix"}]}]},
                 {"name": "X-Badge", "required": true, "configurations": [{"attribute": "employeeId"}]}]}
                """);
        String tried = service.ok("app sso headers board --user anna@contoso.example --file", draft.toString());
        assertTrue(tried.contains("  X-User: anna\n") && tried.contains("FAILED  X-Badge:"), tried);
        assertEquals(set, service.ok("app sso headers board"), "nothing was saved");

        LiveService.Result test = service.run("app sso test board --user anna@contoso.example");
        assertEquals(0, test.status(), test.err());
        assertTrue(test.out().contains("  X-Badge: the user has nothing for it, so it is not sent\n"), test.out());
        service.ok("app sso headers board --file", draft.toString());
        assertEquals(
                1, service.run("app sso test board --user anna@contoso.example").status());
        assertTrue(service.run("app sso test board").err().contains("add --user"));

        assertTrue(service.run("app sso headers board --header Host=mail").err().contains("headers[0].name"));
        assertTrue(service.run("app sso headers board --header X-User").err().contains("must be NAME=ATTRIBUTE"));
        assertTrue(service.ok("app sso headers board --off").contains("none\n"));
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
    void tokensForTheBackendAreSetShownAndTakenAway() {
        service.ok("app publish --name till --internal-url http://till.corp/");
        assertEquals("Identity token  none\nAccess token    none\n", service.ok("app sso tokens till"));

        String set = service.ok("app sso tokens till --identity-header X-Identity-Token --audience urn:till"
                + " --backend-scope api://orders/orders.read");

        assertTrue(set.startsWith("Identity token  header X-Identity-Token\n  aud           urn:till\n"), set);
        assertTrue(set.contains("/.postern/identity/jwks.json\nAccess token    api://orders/orders.read\n"), set);
        assertEquals(set, service.ok("app sso tokens till"), "both show the same");
        String appId = service.json("app show till").path("appId").asString();
        assertTrue(service.ok("app sso tokens till --audience none").contains("  aud           " + appId + "\n"));
        LiveService.Result wrong = service.run("app sso tokens till --identity-header Cookie");
        assertEquals(1, wrong.status());
        assertTrue(wrong.err().contains("'Cookie'"), wrong.err());
        assertTrue(service.run("app sso tokens till --identity-header none --audience x")
                .err()
                .contains("leave it out"));
        assertEquals(
                "Identity token  none\nAccess token    none\n",
                service.ok("app sso tokens till --identity-header none --backend-scope none"));
    }

    @Test
    void claimsAreTriedOutBeforeTheyAreSaved() throws Exception {
        service.ok("app publish --name desk --internal-url http://desk.corp/");
        service.ok("app sso set desk --mode saml --identifier urn:desk --reply-url https://desk.example/acs");
        service.ok("app assign desk --user anna@contoso.example");
        service.ok("user set anna@contoso.example --attribute extension_0a1b_costCentre=cc-4711");
        Path draft = Files.writeString(folder.resolve("draft.json"), """
            {"claimsPolicy": {"claims": [{"name": "centre", "configurations": [
              {"attribute": "extension_0a1b_costCentre", "transformations": [
                {"type": "regexReplace", "pattern": "cc-(?P<digits>[0-9]+)", "replacement": "{digits}"}]}]}]}}
            """);

        String told = service.ok("app sso test desk --user anna@contoso.example --claims", draft.toString());

        assertTrue(told.contains("  centre = 4711\n"), told);
        assertFalse(
                service.ok("app sso test desk --user anna@contoso.example").contains("centre"), "nothing was saved");
        assertTrue(service.run("app sso test desk --claims", draft.toString())
                .err()
                .contains("add --user USER"));
        assertTrue(service.ok("user show anna@contoso.example").contains("extension_0a1b_costCentre"));
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
    void anOldQlikIsAddedAsTwoThatFollowEachOther() {
        String shown = service.ok("gallery show qlik-sense-proxied");
        assertTrue(shown.contains("(no or yes) [no]"), shown);

        String added = service.ok("app create --template qlik-sense-proxied --name bi --answer"
                + " internal-url=https://sense.corp/ --answer old-release=yes --user anna@contoso.example");

        assertTrue(
                added.startsWith("Added 'bi', assigned to 1 user or group.\nAdded 'bi (login port)' beside it"), added);
        assertTrue(added.contains("Internal URL    https://sense.corp:4244/"), added);
        assertTrue(added.contains("bi, seen from no connector"), added);
        assertTrue(added.contains("no connector of group 'Default' is here that can look"), added);
        assertTrue(service.ok("app follow bi").contains("'bi (login port)' is kept in step with 'bi'."));
        service.ok("app publish --name press2 --internal-url http://press2.corp/");
        assertTrue(service.ok("app follow press2 --leader bi").contains("'press2' is kept in step with 'bi'."));
        assertTrue(service.ok("app follow press2 --alone").contains("'press2' changes alone."));
        assertTrue(service.run("app create --template qlik-sense-proxied --ask")
                .err()
                .contains("--ask needs a terminal"));
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
    void everyApplicationIsListedPublishedOrNot() {
        service.ok("gallery add mellon --name intranet --set host=app.example.com");
        service.ok("app client add phone --kind native --redirect-uri http://127.0.0.1/");

        String all = service.ok("app list");

        assertTrue(all.matches("(?s).*\nwiki +https://wiki-[^ ]+ +http://wiki.corp/ +postern .*"), all);
        assertTrue(all.matches("(?s).*\nintranet +- +- +- +saml\n.*"), all);
        assertTrue(all.matches("(?s).*\nphone +- +- +- +client\n.*"), all);
        String shown = service.ok("app show intranet");
        assertTrue(shown.contains("\nSign-on       saml; see"), shown);
        assertFalse(all.contains("Postern API") || all.contains("quickstart"), all);
    }

    @Test
    void whoIsAssignedIsUnassignedByName() {
        service.ok("app publish --name press --internal-url http://press.corp/");
        service.ok("app client role add press Editor --display-name 'Chief editor'");
        service.ok("app assign press --user anna@contoso.example");
        service.ok("app assign press --user anna@contoso.example --role Editor");

        assertEquals(
                "'anna' is no longer assigned to 'press' (Chief editor).\n",
                service.ok("app unassign press --user anna@contoso.example --role Editor"));
        assertEquals(
                "'anna' is no longer assigned to 'press' (Default Access).\n",
                service.ok("app unassign press --user anna@contoso.example"));
        LiveService.Result nobody = service.run("app unassign press --user anna@contoso.example");
        assertEquals(1, nobody.status());
        assertTrue(nobody.err().contains("'anna' is not assigned to 'press'; see 'postern app show'"), nobody.err());
        assertTrue(service.run("app unassign press").err().contains("say who"));
        assertTrue(service.run("app unassign press --user anna@contoso.example --role Chef")
                .err()
                .contains("has no app role 'Chef'"));
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

    @Test
    void kerberosIsSetShownTriedAndTakenAway() {
        service.ok("app publish --name tickets --internal-url https://tickets.corp/");
        assertTrue(service.ok("app sso kerberos tickets").contains("off (singleSignOnMode none)"));
        String set = service.ok("app sso kerberos tickets --spn HTTP/tickets.corp --identity onPremisesSAMAccountName"
                + " --mutual yes");
        assertTrue(set.contains("Kerberos        HTTP/tickets.corp\n"), set);
        assertTrue(set.contains("Login identity  onPremisesSAMAccountName\n"), set);
        assertTrue(set.contains("spnego, the backend proves itself too"), set);
        assertEquals(set, service.ok("app sso kerberos tickets"));

        LiveService.Result nobody = service.run("app sso test tickets --user anna@contoso.example");
        assertEquals(1, nobody.status());
        assertTrue(nobody.out().contains("FAILED  identity"), nobody.out());
        assertTrue(nobody.out().contains("postern user set anna@contoso.example"), nobody.out());
        service.ok("user set anna@contoso.example --attribute onPremisesSamAccountName=anna");
        LiveService.Result away = service.run("app sso test tickets --user anna@contoso.example");
        assertEquals(1, away.status());
        assertTrue(away.out().contains("ok      identity: the domain is asked for onPremisesSAMAccountName 'anna'"));
        assertTrue(away.out().contains("FAILED  connector"), away.out());

        assertTrue(service.run("app sso test tickets").err().contains("add --user"));
        assertTrue(service.run("app sso kerberos tickets --mutual maybe").err().contains("yes or no"));
        assertTrue(
                service.run("app sso kerberos tickets --off --spn HTTP/x").err().contains("--off"));
        assertTrue(service.ok("app sso kerberos tickets --off").contains("off (singleSignOnMode none)"));
    }

    @Test
    void kerberosTravelsInFiles() throws Exception {
        service.ok("app publish --name carried --internal-url https://carried.corp/");
        service.ok("app sso kerberos carried --spn HTTP/carried.corp --mechanism kerberos");
        String file = service.ok("export carried");
        assertTrue(file.contains("HTTP/carried.corp"), file);
        service.ok("app sso kerberos carried --off");
        Path yaml = folder.resolve("carried.yaml");
        Files.writeString(yaml, file);
        service.ok("apply -f " + yaml);
        assertTrue(service.ok("app sso kerberos carried").contains("HTTP/carried.corp"));
    }
}
