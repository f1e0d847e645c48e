package io.postern.admin;

import static io.postern.admin.Installation.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.service.AccessCatalogue;
import io.postern.admin.service.AccessServices;
import io.postern.admin.service.Actor;
import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.directory.Attributes;
import io.postern.fixtures.FakeClock;
import io.postern.store.AccessRequest;
import io.postern.store.AccessRequest.State;
import io.postern.store.Alert;
import io.postern.store.AuditEntry;
import io.postern.store.Notice;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users ask for access, approvers decide, access ends (SSA-1 to SSA-6).
class AccessRequestsTest {
    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.now());
    private Installation service;
    private AccessServices access;
    private User approver;
    private User asker;
    private String principal;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
        access = service.administration.services().access();
        approver = service.someone("approver", "Ada Approver");
        asker = service.someone("asker", "Abel Asker");
        principal = principal("Wiki");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private String principal(String name) {
        String appId = service.post("/applications", "{\"displayName\":\"" + name + "\"}")
                .text("/appId");
        return service.post("/servicePrincipals", "{\"appId\":\"" + appId + "\"}")
                .text("/id");
    }

    private Response offer(String more) {
        return service.api(
                "PUT",
                "/servicePrincipals/" + principal + "/accessRequestSettings",
                "{\"approverIds\":[\"" + approver.id() + "\"]" + more + "}");
    }

    private static Actor of(User user) {
        return new Actor(user.tenant(), user.id().value(), user.userPrincipalName(), Optional.of("192.0.2.1"));
    }

    private boolean isMember(User user) {
        GroupId group = group();
        return service.store
                .read(stores -> stores.groups().members(user.tenant(), group))
                .contains(user.id());
    }

    private GroupId group() {
        return new GroupId(service.get("/servicePrincipals/" + principal + "/accessRequestSettings")
                .text("/groupId"));
    }

    private List<String> activities() {
        return service.store.read(stores -> stores.audit().list(service.tenant.id(), 50)).stream()
                .map(AuditEntry::activity)
                .toList();
    }

    private State state(AccessRequest request) {
        return service.store
                .read(stores -> stores.access().find(request.tenant(), request.id()))
                .orElseThrow()
                .state();
    }

    @Test
    void whoAsksIsLetInWhenOneApproverAgrees() {
        Response settings = offer("");
        assertEquals(200, settings.status(), settings.raw().body());
        assertEquals("Wiki - access on request", settings.text("/groupDisplayName"));
        assertEquals(
                List.of("Wiki"),
                access.catalogue().open(asker.tenant(), asker.id()).stream()
                        .map(AccessCatalogue.Item::name)
                        .toList());

        AccessRequest request = done(access.requests().ask(of(asker), principal, "I write the manual"));
        assertFalse(isMember(asker));
        assertEquals(List.of(), access.catalogue().open(asker.tenant(), asker.id()), "it waits");
        AccessCatalogue.Named waiting =
                access.catalogue().inbox(approver.tenant(), approver.id()).getFirst();
        assertEquals(Optional.of("I write the manual"), waiting.request().reason());
        assertEquals("Wiki", waiting.name());

        AccessRequest granted = done(access.requests().decide(of(approver), request.id(), true, "welcome"));
        assertEquals(Optional.empty(), granted.ends());
        assertTrue(isMember(asker));
        assertEquals(List.of(), access.catalogue().inbox(approver.tenant(), approver.id()));
        assertEquals(List.of(), access.catalogue().open(asker.tenant(), asker.id()), "he has it");
        assertTrue(
                service
                        .store
                        .read(stores -> stores.assignments().resourcesOf(asker.tenant(), asker.id(), clock.instant()))
                        .stream()
                        .anyMatch(id -> id.value().equals(principal)));
        assertEquals(
                List.of(
                        "Add member to group",
                        "Approve a pending request to join a group",
                        "Request to join a group",
                        "Update access request settings",
                        "Add app role assignment",
                        "Add group"),
                activities().subList(0, 6));
        assertEquals("granted", service.get("/accessRequests").text("/value/0/status"));
        assertEquals(
                approver.userPrincipalName(), service.get("/accessRequests").text("/value/0/decidedBy"));
    }

    @Test
    void aRefusalLetsNobodyInAndOneMayAskAgain() {
        offer("");
        AccessRequest request = done(access.requests().ask(of(asker), principal, "please"));
        done(access.requests().decide(of(approver), request.id(), false, "not this year"));
        assertFalse(isMember(asker));
        assertEquals(
                Optional.of("not this year"),
                access.catalogue()
                        .of(asker.tenant(), asker.id())
                        .getFirst()
                        .request()
                        .answer());
        assertInstanceOf(
                Outcome.Conflict.class, access.requests().decide(of(approver), request.id(), true, ""), "decided");
        assertFalse(isMember(asker));
        done(access.requests().ask(of(asker), principal, "next year"));
    }

    @Test
    void nobodyDecidesWhoIsNotNamedNorForHimself() {
        offer("");
        AccessRequest his = done(access.requests().ask(of(asker), principal, "please"));
        AccessRequest own = done(access.requests().ask(of(approver), principal, "me too"));

        assertInstanceOf(Outcome.NotFound.class, access.requests().decide(of(asker), his.id(), true, ""));
        assertInstanceOf(
                Outcome.NotFound.class, access.requests().decide(of(service.administrator), his.id(), true, ""));
        assertInstanceOf(Outcome.NotFound.class, access.requests().decide(of(approver), own.id(), true, ""));
        assertInstanceOf(Outcome.NotFound.class, access.requests().withdraw(of(approver), his.id()));
        assertFalse(isMember(asker) || isMember(approver));

        service.patch("/users/" + approver.id(), "{\"accountEnabled\":false}");
        assertInstanceOf(Outcome.Forbidden.class, access.requests().decide(of(approver), his.id(), true, ""));
        assertEquals(State.PENDING, state(his));
    }

    @Test
    void withoutApprovalWhoAsksIsLetInAtOnce() {
        offer(",\"isApprovalRequired\":false");
        assertEquals(
                State.GRANTED,
                done(access.requests().ask(of(asker), principal, "")).state());
        assertTrue(isMember(asker));
    }

    @Test
    void grantedForATimeItEndsByItself() {
        offer(",\"durationInDays\":30");
        AccessRequest request = done(access.requests().ask(of(asker), principal, "project"));
        done(access.requests().decide(of(approver), request.id(), true, ""));
        clock.advance(Duration.ofDays(30).minusSeconds(1));
        assertEquals(0, access.requests().work());
        assertTrue(isMember(asker));
        clock.advance(Duration.ofSeconds(1));
        assertEquals(1, access.requests().work());
        assertFalse(isMember(asker));
        assertEquals("Requested membership of group ended", activities().getFirst());
        assertEquals(0, access.requests().work());
    }

    @Test
    void whatAnAdministratorTookAndGaveAgainDoesNotEnd() {
        offer(",\"durationInDays\":30");
        AccessRequest request = done(access.requests().ask(of(asker), principal, "project"));
        done(access.requests().decide(of(approver), request.id(), true, ""));
        String members = "/groups/" + group() + "/members";
        service.delete(members + "/" + asker.id() + "/$ref");
        service.post(members + "/$ref", "{\"@odata.id\":\"/users/" + asker.id() + "\"}");
        clock.advance(Duration.ofDays(31));
        assertEquals(0, access.requests().work());
        assertTrue(isMember(asker));
    }

    @Test
    void unansweredItLapsesAndSoItDoesWhenItIsNoLongerOffered() {
        offer("");
        AccessRequest old = done(access.requests().ask(of(asker), principal, "please"));
        clock.advance(Duration.ofDays(30).plusSeconds(1));
        assertEquals(1, access.requests().work());
        assertEquals(State.LAPSED, state(old));

        AccessRequest next = done(access.requests().ask(of(asker), principal, "please"));
        assertEquals(
                204,
                service.delete("/servicePrincipals/" + principal + "/accessRequestSettings")
                        .status());
        assertEquals(State.LAPSED, state(next));
        assertInstanceOf(Outcome.NotFound.class, access.requests().decide(of(approver), next.id(), true, ""));
        assertInstanceOf(Outcome.NotFound.class, access.requests().ask(of(asker), principal, "please"));
    }

    @Test
    void guestsAndHiddenApplicationsAreLeftOut() {
        offer("");
        User guest = service.someone("guest", "G. Guest");
        service.patch("/users/" + guest.id(), "{\"" + Attributes.USER_TYPE + "\":\"Guest\"}");
        assertEquals(List.of(), access.catalogue().open(guest.tenant(), guest.id()));
        assertInstanceOf(Outcome.NotFound.class, access.requests().ask(of(guest), principal, "please"));

        service.patch("/servicePrincipals/" + principal, "{\"tags\":[\"HideApp\"]}");
        assertEquals(List.of(), access.catalogue().open(asker.tenant(), asker.id()));
        assertInstanceOf(Outcome.NotFound.class, access.requests().ask(of(asker), principal, "please"));
    }

    @Test
    void peopleAskToJoinAGroup() {
        String group = service.post("/groups", "{\"displayName\":\"Choir\"}").text("/id");
        Response settings = service.api(
                "PUT", "/groups/" + group + "/accessRequestSettings", "{\"approverIds\":[\"" + approver.id() + "\"]}");
        assertEquals(200, settings.status());
        AccessRequest request = done(access.requests().ask(of(asker), group, "tenor"));
        done(access.requests().decide(of(approver), request.id(), true, ""));
        assertEquals(
                1,
                service.get("/groups/" + group + "/members")
                        .json()
                        .path("value")
                        .size());
    }

    /// Or whoever owns an application could let himself into everything else that a group opens.
    @Test
    void anOwnerOfAnApplicationCannotChooseAGroup() {
        String secret = service.post("/groups", "{\"displayName\":\"Board\"}").text("/id");
        User owner = service.holder(AdminRole.CLOUD_APPLICATION_ADMINISTRATOR);
        Map<String, String> his = Map.of("Authorization", "Bearer " + service.accessToken(owner));
        String path = "/v1.0/servicePrincipals/" + principal + "/accessRequestSettings";
        String approvers = "{\"approverIds\":[\"" + approver.id() + "\"]";
        Response refused = service.call("PUT", path, his, approvers + ",\"groupId\":\"" + secret + "\"}");
        assertEquals(403, refused.status());
        assertTrue(
                refused.text("/error/message").contains("leave groupId out"),
                refused.raw().body());
        assertEquals(200, service.call("PUT", path, his, approvers + "}").status(), "one that is made for it");
        assertEquals(200, service.call("PUT", path, his, approvers + "}").status(), "and kept");

        String other = principal("Safe");
        service.post("/servicePrincipals/" + other + "/appRoleAssignedTo", "{\"principalId\":\"" + group() + "\"}");
        assertEquals(403, service.call("PUT", path, his, approvers + "}").status(), "it opens more than that now");
    }

    /// SSA-8.
    @Test
    void whereNobodyIsNamedTheOwnersDecide() {
        String path = "/servicePrincipals/" + principal + "/accessRequestSettings";
        Response nobody = service.api("PUT", path, "{}");
        assertEquals(400, nobody.status());
        assertTrue(
                nobody.raw().body().contains("nobody could decide: there is no owner"),
                nobody.raw().body());
        String application =
                service.get("/applications?$filter=displayName%20eq%20'Wiki'").text("/value/0/id");
        service.post(
                "/applications/" + application + "/owners/$ref",
                "{\"@odata.id\":\"https://api/v1.0/users/" + approver.id() + "\"}");

        Response owned = service.api("PUT", path, "{}");

        assertEquals(200, owned.status(), owned.raw().body());
        assertEquals(approver.userPrincipalName(), service.get(path).text("/approvers/0/userPrincipalName"));
        AccessRequest asked = done(access.requests().ask(of(asker), principal, "the manual"));
        done(access.requests().decide(of(approver), asked.id(), true, ""));
        assertTrue(isMember(asker));
    }

    @Test
    void whatIsAskedForIsTheWebhooksToo() {
        offer("");
        done(access.requests().ask(of(asker), principal, "the manual"));
        List<Alert> alerts = service.store.read(stores -> stores.alerts().list(service.tenant.id(), 5));
        assertEquals(List.of("requested"), alerts.stream().map(Alert::kind).toList());
        assertTrue(alerts.getFirst().arguments().contains("the manual"), alerts.toString());
        assertTrue(
                alerts.getFirst().arguments().getLast().endsWith("/approvals"),
                alerts.getFirst().arguments().toString());
    }

    private List<Notice> mail() {
        return service.store.read(stores -> stores.notices().due(clock.instant(), 100));
    }

    @Test
    void mailTellsWhoDecidesAndWhoAskedInTheirLanguages() {
        service.patch("/users/" + approver.id(), "{\"mail\":\"ada@contoso.example\",\"preferredLanguage\":\"de-DE\"}");
        service.patch("/users/" + asker.id(), "{\"mail\":\"abel@contoso.example\"}");
        offer(",\"durationInDays\":1");
        AccessRequest first = done(access.requests().ask(of(asker), principal, "the manual"));
        Notice asked = mail().getFirst();
        assertEquals("ada@contoso.example", asked.recipient());
        assertEquals("Abel Asker fragt nach Zugriff auf Wiki", asked.subject());
        assertTrue(asked.body().contains("Grund: the manual"), asked.body());
        assertTrue(asked.body().contains("https://myapps.postern.localhost:8443/approvals"), asked.body());

        done(access.requests().withdraw(of(asker), first.id()));
        AccessRequest second = done(access.requests().ask(of(asker), principal, "again"));
        assertEquals(1, mail().size(), "nobody is flooded by one who asks again and again");

        clock.advance(Duration.ofSeconds(1)); // the outbox is in the order of time
        done(access.requests().decide(of(approver), second.id(), true, "welcome"));
        clock.advance(Duration.ofDays(1));
        access.requests().work();
        assertEquals(
                List.of(
                        "Abel Asker fragt nach Zugriff auf Wiki",
                        "You have access to Wiki",
                        "Your access to Wiki has ended"),
                mail().stream().map(Notice::subject).toList());
        assertTrue(mail().get(1).body().contains("welcome"));
    }

    @Test
    void whatWasNotDoneIsNotTold() {
        service.patch("/users/" + approver.id(), "{\"mail\":\"ada@contoso.example\"}");
        offer("");
        assertInstanceOf(Outcome.Invalid.class, access.requests().ask(of(asker), principal, " "));
        assertEquals(List.of(), mail());
    }

    @Test
    void badSettingsAreRefusedAndChangeNothing() {
        String path = "/servicePrincipals/" + principal + "/accessRequestSettings";
        assertEquals(
                "nobody could decide: there is no owner. Name who does (approverIds, --approver), or let everybody in"
                        + " (isApprovalRequired false, --without-approval)",
                service.api("PUT", path, "{}").text("/error/details/0/message"));
        assertEquals(400, offer(",\"durationInDays\":0").status());
        assertEquals(400, offer(",\"groupId\":\"" + GroupId.random() + "\"").status());
        assertEquals(400, offer(",\"appRoleId\":\"" + GroupId.random() + "\"").status());
        assertEquals(
                400,
                service.api("PUT", path, "{\"approverIds\":[\"" + GroupId.random() + "\"]}")
                        .status());
        assertFalse(service.get(path).json().path("isEnabled").asBoolean(true));
        assertEquals("[]", service.get("/groups").json().path("value").toString());

        String app = service.store.read(stores -> stores.applications().list(service.tenant.id())).stream()
                .filter(application -> application.displayName().equals("Wiki"))
                .map(application -> application.id())
                .map(ObjectId::value)
                .findFirst()
                .orElseThrow();
        service.patch("/applications/" + app, "{\"isFallbackPublicClient\":true}");
        assertEquals(409, offer("").status(), "a public client (4.4)");
    }
}
