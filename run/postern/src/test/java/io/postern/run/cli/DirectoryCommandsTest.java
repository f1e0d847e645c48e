package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.SessionId;
import io.postern.fixtures.KeytabFile;
import io.postern.store.SessionStore;
import io.postern.store.User;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Commands about people, groups, roles and the tenant, with a real API.
class DirectoryCommandsTest {
    @TempDir
    static Path folder;

    private static LiveService service;

    @BeforeAll
    static void open() throws Exception {
        service = new LiveService(folder);
        service.user("anna");
        service.user("berta");
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @Test
    void membersComeAndGo() {
        service.ok("group add Staff --kind security");

        assertEquals(
                "Added anna@contoso.example, berta@contoso.example to 'staff'.\n",
                service.ok("group member add staff anna@contoso.example berta@contoso.example"));
        String both = service.ok("group member list Staff");
        assertTrue(both.startsWith("USER ") && both.contains("berta@contoso.example"), both);
        assertEquals(
                "Removed anna@contoso.example from 'Staff'.\n",
                service.ok("group member remove Staff anna@contoso.example"));
        JsonNode left = service.json("group member list Staff");
        assertEquals(1, left.size());
        assertEquals("berta@contoso.example", left.at("/0/userPrincipalName").asString());
        assertEquals(
                0,
                service.json("group member remove Staff berta@contoso.example").size());
        assertEquals(
                "Nobody is in it; add users with 'postern group member add'.\n", service.ok("group member list Staff"));
    }

    @Test
    void aRuleFindsTheMembersOfADynamicGroup() {
        service.user("sven");
        service.ok("user set sven@contoso.example --attribute department=Sales --attribute"
                + " otherMails=s@club.example,s@x.example");
        String rule = "user.department -eq \"Sales\"";

        String added = service.ok("group add Sellers --rule", rule);
        assertTrue(added.startsWith("Added dynamic group 'Sellers'"), added);
        service.findMembers();
        assertEquals(
                "sven@contoso.example",
                service.json("group member list Sellers")
                        .at("/0/userPrincipalName")
                        .asString());
        LiveService.Result byHand = service.run("group member add Sellers anna@contoso.example");
        assertEquals(1, byHand.status());
        assertTrue(byHand.err().contains("a rule finds the members of group 'Sellers'"), byHand.err());
        assertTrue(service.ok("group list --kind security").contains("by rule"));

        String other = "user.displayName -eq \"anna\" -or user.otherMails -any (_ -endsWith \"@club.example\")";
        assertEquals("""
            1 would join, 0 would leave, 1 would stay.
                   USER                  NAME
            joins  anna@contoso.example  anna
            """, service.ok("group try Sellers --rule", other));
        String why = service.ok("group try --user anna@contoso.example --rule", other);
        assertTrue(why.startsWith("anna@contoso.example is a member:\nHOLDS  PART"), why);
        assertTrue(why.contains("no       user.otherMails -any"), why);
        assertEquals(1, service.run("group try").status());
        LiveService.Result wrong = service.run("group change Sellers --rule", "user.department -is \"x\"");
        assertTrue(wrong.err().contains("line 1, column 17: found '-is'"), wrong.err());

        assertEquals(
                "Changed group 'Sellers'.\n", service.ok("group change Sellers --rule-state paused --rule", other));
        service.findMembers();
        assertEquals(1, service.json("group member list Sellers").size());
        assertTrue(service.ok("group list").contains("by rule, paused"));
        service.ok("group change Sellers --rule-state on");
        service.findMembers();
        assertEquals(2, service.json("group member list Sellers").size());
        service.ok("group change Sellers --rule none");
        service.ok("group member remove Sellers anna@contoso.example");
        assertEquals(
                1,
                service.run("group add Both --member anna@contoso.example --rule", rule)
                        .status());
    }

    @Test
    void groupsGoIntoGroupsAndHaveOwners() {
        service.ok("group add Outer --kind security");
        service.ok("group add Inner --member berta@contoso.example");

        assertEquals("Added Inner to 'Outer'.\n", service.ok("group member add Outer --group Inner"));
        assertTrue(service.ok("group member list Outer").contains("(a group)  Inner"));
        assertEquals(2, service.json("group member list Outer --transitive").size());
        assertTrue(service.run("group member add Inner --group Outer").err().contains("would be within itself"));
        assertEquals("Removed Inner from 'Outer'.\n", service.ok("group member remove Outer --group Inner"));
        assertEquals(1, service.run("group member remove Outer").status());

        assertEquals(
                "Nobody owns it; add an owner with 'postern group owner add'.\n", service.ok("group owner list Outer"));
        assertEquals(
                "anna@contoso.example is an owner of 'Outer'.\n",
                service.ok("group owner add Outer anna@contoso.example"));
        assertEquals(1, service.json("group owner list Outer").size());
        assertEquals(
                "anna@contoso.example is no longer an owner of 'Outer'.\n",
                service.ok("group owner remove Outer anna@contoso.example"));
    }

    @Test
    void ownersComeAndGo() {
        service.ok("app publish --name ledger --internal-url http://ledger.corp/");

        assertEquals(
                "Nobody owns it; add an owner with 'postern app owner add'.\n", service.ok("app owner list ledger"));
        assertEquals(
                "anna@contoso.example is an owner of 'ledger'.\n",
                service.ok("app owner add ledger anna@contoso.example"));
        assertEquals(
                2, service.json("app owner add ledger berta@contoso.example").size());
        String both = service.ok("app owner list ledger");
        assertTrue(both.startsWith("USER ") && both.contains("anna@contoso.example"), both);
        LiveService.Result twice = service.run("app owner add ledger anna@contoso.example");
        assertEquals(1, twice.status());
        assertTrue(
                twice.err().contains("'anna@contoso.example' is an owner of application 'ledger' already"),
                twice.err());
        assertEquals(
                "anna@contoso.example is no longer an owner of 'ledger'.\n",
                service.ok("app owner remove ledger anna@contoso.example"));
        assertEquals(1, service.json("app owner list ledger").size());
        assertEquals(
                1, service.run("app owner remove ledger anna@contoso.example").status());
        LiveService.Result unknown = service.run("app owner list abacus");
        assertTrue(unknown.err().contains("no application is called 'abacus'; see 'postern app list'"), unknown.err());
        LiveService.Result nobody = service.run("app owner add ledger zoe@contoso.example");
        assertTrue(nobody.err().contains("zoe@contoso.example"), nobody.err());
        assertEquals(2, service.run("app owner add ledger").status());
    }

    @Test
    void collectionsForMyAppsComeAndGo() {
        service.ok("app publish --name chart --internal-url http://chart.corp/");
        service.ok("app publish --name table --internal-url http://table.corp/");

        assertEquals(
                "Collection 'Figures' has 2 application(s), seen by everybody.\n",
                service.ok("app collection put Figures --app table --app chart"));
        String all = service.ok("app collection list");
        assertTrue(all.contains("table, chart") && all.contains("everybody"), all);
        assertEquals(
                1,
                service.json("app collection put Figures --app chart --user anna@contoso.example")
                        .path("principalIds")
                        .size());
        assertEquals(1, service.json("app collection list").size(), "the same one");
        assertEquals(
                "Removed collection 'Figures'.\n",
                service.ok("app collection remove figures").replace("figures", "Figures"));
        assertTrue(service.run("app collection remove Figures").err().contains("see 'postern app collection list'"));
    }

    @Test
    void usersMayAskForAnApplication() {
        service.ok("app publish --name atlas2 --internal-url http://atlas.corp/");

        assertEquals("Users cannot ask for 'atlas2'.\n", service.ok("app access-requests show atlas2"));
        assertEquals(
                "Users can ask for 'atlas2'; one of these must agree: anna@contoso.example, berta@contoso.example."
                        + " They become members of group 'atlas2 - access on request' for 30 day(s).\n",
                service.ok("app access-requests on atlas2 --approver anna@contoso.example"
                        + " --approver berta@contoso.example --days 30"));
        assertEquals(
                30,
                service.json("app access-requests show atlas2")
                        .path("durationInDays")
                        .asInt());
        LiveService.Result neither = service.run("app access-requests on atlas2");
        assertTrue(neither.err().contains("Name who does (approverIds, --approver)"), neither.err());
        assertEquals("Users cannot ask for 'atlas2'.\n", service.ok("app access-requests off atlas2"));
        assertEquals("Nobody asked for anything.\n", service.ok("app access-requests list --pending"));

        service.ok("group add Choir --kind security");
        assertEquals(
                "Users can ask for 'Choir'; nobody has to agree. They become members of group 'Choir'.\n",
                service.ok("group access-requests on Choir --without-approval"));
        assertFalse(service.json("group access-requests off Choir")
                .path("isEnabled")
                .asBoolean(true));
    }

    /// What `postern export` prints, `postern apply` takes with another tenant's token: both have a group of
    /// the name.
    @Test
    void assignmentsOfGroupsReachAnotherTenantWithRoleDatesAndReason(@TempDir Path files) throws Exception {
        Path registered = Files.writeString(
                files.resolve("new.yaml"),
                "applications: [{displayName: atlas, web: {redirectUris: ['https://atlas.example/cb']}}]");
        service.ok("apply -f " + registered);
        service.ok("app client role add atlas Editor --display-name Editor");
        service.ok("group add Writers --kind security");
        service.ok("app assign atlas --group Writers --role Editor --from 2090-01-01T00:00:00Z"
                + " --until 2099-03-31T00:00:00Z --reason audit");
        service.ok("app assign atlas --user anna@contoso.example");
        JsonNode tenant = service.json("tenant add fabrikam --domain fabrikam.example");
        Path token = Files.writeString(
                files.resolve("token"), tenant.path("apiToken").asString());
        assertEquals(0, service.run(token, "group add Writers --kind security").status());
        String exported = service.ok("export atlas --without-users");
        Path file = Files.writeString(files.resolve("atlas.yaml"), exported);

        LiveService.Result applied = service.run(token, "apply -f " + file);

        assertEquals(0, applied.status(), applied.err());
        assertEquals("""
            assignedGroups:
                  - name: Writers
                    appRole: Editor
                    startDateTime: 2090-01-01T00:00:00Z
                    endDateTime: 2099-03-31T00:00:00Z
                    reason: audit
            """, assigned(exported));
        assertFalse(exported.contains("anna@contoso.example"), exported);
        String there = service.run(token, "export atlas --without-users").out();
        assertEquals(assigned(exported), assigned(there));
        assertTrue(service.run(token, "apply -f " + file).out().contains("No changes"));
    }

    private static String assigned(String yaml) {
        Matcher block = Pattern.compile("assignedGroups:\n(?: {4}[ -].*\n)*").matcher(yaml);
        assertTrue(block.find(), yaml);
        return block.group();
    }

    @Test
    void noneIsAddedWhereOneDoesNotExist() {
        service.ok("group add Crew --kind security");

        LiveService.Result refused = service.run("group member add Crew anna@contoso.example nobody@contoso.example");

        assertEquals(1, refused.status());
        assertTrue(refused.err().contains("nobody@contoso.example"), refused.err());
        assertEquals(0, service.json("group member list Crew").size());
        LiveService.Result unknown = service.run("group member list Band");
        assertTrue(unknown.err().contains("no group is called 'Band'; see 'postern group list'"), unknown.err());
    }

    @Test
    void searchFindsUsersByPartsOfTheirNames() {
        JsonNode found = service.json("user list --search BERT");
        assertEquals(1, found.size());
        assertEquals("berta@contoso.example", found.at("/0/userPrincipalName").asString());
        assertTrue(service.ok("user list").contains("anna@contoso.example"));
        assertEquals("No user is like 'zoe'.\n", service.ok("user list --search zoe"));
        LiveService.Result refused = service.run("user list --search", "a\"b");
        assertEquals(1, refused.status());
        assertTrue(refused.err().contains("quotation mark"), refused.err());
    }

    @Test
    void usersAreAddedChangedDisabledAndDeleted() {
        String added =
                service.ok("user add carla@contoso.example --display-name 'Carla C.' --attribute department=Sales");
        assertTrue(added.contains("Password: ") && added.contains("shown this once"), added);
        service.ok("user set carla@contoso.example --surname Claasen");
        JsonNode shown = service.json("user show carla@contoso.example");
        assertEquals("Claasen", shown.path("surname").asString());
        assertEquals("Sales", shown.path("department").asString());
        assertTrue(service.ok("user disable carla@contoso.example").startsWith("Disabled "));
        assertTrue(service.ok("user list --search carla").contains(" no"));
        assertTrue(service.ok("user enable carla@contoso.example").startsWith("Enabled "));
        assertTrue(service.ok("user reset-password carla@contoso.example").contains("changes the password"));
        assertTrue(service.ok("user revoke carla@contoso.example").contains("signed out everywhere"));
        service.ok("user delete carla@contoso.example");
        assertEquals(1, service.run("user show carla@contoso.example").status());
    }

    @Test
    void rolesAreGivenAndTaken() {
        assertTrue(service.ok("role list --abilities").contains("Helpdesk Administrator"));
        assertEquals(
                "anna@contoso.example is Helpdesk Administrator.\n",
                service.ok("role assign anna@contoso.example --role 'helpdesk administrator'"));
        assertTrue(service.ok("role list").contains("anna"));
        assertTrue(service.ok("role remove anna@contoso.example --role 'helpdesk administrator'")
                .contains("is no longer Helpdesk"));
        LiveService.Result unknown = service.run("role assign anna@contoso.example --role king");
        assertEquals(1, unknown.status());
        assertTrue(unknown.err().contains("king"), unknown.err());
    }

    @Test
    void accessPassesAreGivenAndMethodsTakenAway() {
        assertTrue(service.ok("user temporary-pass berta@contoso.example --minutes 30")
                .startsWith("Temporary access pass for berta@contoso.example: "));
        JsonNode methods = service.json("user methods berta@contoso.example");
        assertEquals(2, methods.size(), methods.toString()); // the password is the other
        String id = methods.valueStream()
                .map(method -> method.path("id").asString())
                .filter(method -> !method.equals("PASSWORD"))
                .findFirst()
                .orElseThrow();
        assertTrue(
                service.ok("user methods berta@contoso.example --remove " + id).startsWith("Took away "));
        service.ok("user methods berta@contoso.example --reset");
        assertEquals(1, service.json("user methods berta@contoso.example").size());
    }

    @Test
    void sessionsAreListedAndEnded() {
        User dora = service.user("dora");
        SessionId first = session(dora, "Firefox on Linux");
        session(dora, "Safari on iPhone");

        assertTrue(service.ok("session list --user dora@contoso.example").contains("Safari on iPhone"));
        assertEquals("Ended 1 session.\n", service.ok("session end " + first + " --user dora@contoso.example"));
        assertEquals(
                "Ended 1 session.\n",
                service.ok("session end --device 'Safari on iPhone' --user dora@contoso.example"));
        assertFalse(service.ok("session list --user dora@contoso.example").contains("Firefox"));
    }

    private static SessionId session(User user, String device) {
        SessionId id = SessionId.random();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        service.store.write(stores -> {
            stores.sessions()
                    .insert(new SessionStore.Row(
                            user.tenant(),
                            id,
                            user.id(),
                            UUID.randomUUID().toString(),
                            now,
                            now,
                            now.plusSeconds(3600),
                            false,
                            "192.0.2.1",
                            "Mozilla/5.0",
                            Set.of("pwd"),
                            Optional.empty(),
                            device));
            return true;
        });
        return id;
    }

    @Test
    void connectorGroupsAreChangedAndDeleted() {
        service.ok("group add Berlin --region eur");
        assertTrue(service.ok("group change Berlin --rename Potsdam").contains("Changed group 'Berlin'"));
        assertTrue(service.ok("group list --kind connector").contains("Potsdam"));
        service.ok("group delete Potsdam");
        assertFalse(service.ok("group list").contains("Potsdam"));
    }

    @Test
    void tokensOfConnectorsAreListedAndRevoked() {
        service.ok("connector token");
        JsonNode tokens = service.json("connector tokens");
        assertEquals(1, tokens.size(), tokens.toString());
        String id = tokens.at("/0/id").asString();
        assertEquals("Revoked token " + id + ".\n", service.ok("connector revoke-token " + id));
    }

    @Test
    void updatesFollowAPolicy() {
        String policy = service.ok("update policy --override on --window 22:00-04:00");
        assertTrue(policy.contains("22:00") && policy.contains("04:00"), policy);
        assertEquals(0, service.json("update status").size());
    }

    @Test
    void aDomainSaysHowToProveIt() {
        String added = service.ok("domain add corp.example");
        assertTrue(added.contains("_postern.corp.example.  TXT  \"postern-verification="), added);
        assertTrue(service.ok("domain list").contains("corp.example"));
        service.ok("domain remove corp.example");
        assertFalse(service.ok("domain list").contains("corp.example"));
        assertEquals(0, service.json("certificate orders").size());
    }

    @Test
    void connectorsAndTenantsAreFoundByName() {
        LiveService.Result refused = service.run("connector move nowhere --group Default");
        assertEquals(1, refused.status());
        assertTrue(refused.err().contains("no connector is called 'nowhere'"), refused.err());
        assertTrue(service.ok("tenant list").contains("contoso.example"));
    }

    @Test
    void computersOfTheDomainSignUsersIn(@TempDir Path files) throws Exception {
        Path keytab =
                Files.write(files.resolve("login.keytab"), KeytabFile.of("HTTP/login.postern.localhost@CORP.TEST", 3));

        String set = service.ok("tenant desktop-sign-in set --keytab " + keytab
                + " --network 10.0.0.0/8 --network 2001:db8::/32 --suffix corp.example");

        assertTrue(set.contains("HTTP/login.postern.localhost@CORP.TEST"), set);
        assertTrue(set.contains("10.0.0.0/8, 2001:db8::/32"), set);
        assertTrue(set.contains("...@corp.example"), set);
        assertTrue(service.ok("tenant desktop-sign-in set --enabled no").contains("Desktop sign-in  off"));
        assertTrue(
                service.run("tenant desktop-sign-in set --network office").err().contains("'office'"));
        assertTrue(service.ok("tenant desktop-sign-in remove").contains("nobody"));
        assertTrue(service.run("tenant desktop-sign-in show").err().contains("no desktop sign-in"));
    }
}
