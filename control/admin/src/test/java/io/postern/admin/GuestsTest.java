package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Invitations;
import io.postern.admin.Installation.Response;
import io.postern.admin.notice.Envelope;
import io.postern.admin.notice.MailServer;
import io.postern.admin.notice.Outbox;
import io.postern.admin.service.GuestServices;
import io.postern.base.HostPort;
import io.postern.base.Secret;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.directory.Attributes;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.MailSink;
import io.postern.store.LogEntry;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.Notice;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Guests are invited, answered for, and end (GST-1 to GST-8).
class GuestsTest {
    private static final String ALICE = "alice@partner.example";
    private static final Pattern LINK =
            Pattern.compile("https://login\\.postern\\.localhost:8443/contoso/invitation\\?code=([A-Za-z0-9_-]{43})");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private Installation service;
    private GuestServices guests;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
        guests = service.administration.services().guests();
    }

    @AfterEach
    void close() {
        service.close();
    }

    private static String invitation(String address, String more) {
        return "{\"invitedUserEmailAddress\":\"" + address + "\"" + more + "}";
    }

    private Response invite(String address, String more) {
        return service.post("/invitations", invitation(address, more));
    }

    private Response inviteAs(User who, String address, String more) {
        return service.call(
                "POST",
                "/v1.0/invitations",
                Map.of("Authorization", "Bearer " + service.accessToken(who)),
                invitation(address, more));
    }

    private Response getAs(User who, String path) {
        return service.call("GET", "/v1.0" + path, Map.of("Authorization", "Bearer " + service.accessToken(who)), null);
    }

    private void policy(String json) {
        assertEquals(204, service.patch("/policies/authorizationPolicy", json).status());
    }

    private List<Notice> waiting() {
        return service.store.read(s -> s.notices().due(clock.instant(), 100));
    }

    private User user(String id) {
        return service.store
                .read(s -> s.users().find(service.tenant.id(), new UserId(id)))
                .orElseThrow();
    }

    private List<String> audit() {
        return service.store.read(s -> s.logs().find(service.tenant.id(), LogKind.AUDIT, LogQuery.newest(100))).stream()
                .map(LogEntry::text)
                .toList();
    }

    /// The guest reads his mail and accepts, as the sign-in pages do it.
    private User accept(String url) {
        Matcher link = LINK.matcher(url);
        assertTrue(link.find(), url);
        return new Invitations(service.store, clock)
                .accept(
                        service.tenant.id(),
                        link.group(1),
                        service.accounts.compute(Secret.of("purple marble canyon"), false),
                        io.postern.account.Actor.service())
                .orElseThrow(() -> new AssertionError("the link does not hold"));
    }

    @Test
    void anInvitationMakesAGuestWhoIsNobodyYet() {
        Response made = invite(ALICE.toUpperCase(java.util.Locale.ROOT), ",\"invitedUserDisplayName\":\"Alice\"");

        assertEquals(201, made.status(), made.raw().body());
        assertEquals("PendingAcceptance", made.text("/status"));
        assertTrue(made.json().path("inviteRedeemUrl").isNull(), "the link is the guest's");
        assertEquals("https://myapps.postern.localhost:8443/", made.text("/inviteRedirectUrl"));
        Response user = service.get("/users/" + made.text("/invitedUser/id"));
        assertEquals("alice_partner.example#ext#@contoso.example", user.text("/userPrincipalName"));
        assertEquals("Guest", user.text("/userType"));
        assertEquals("PendingAcceptance", user.text("/externalUserState"));
        assertEquals(ALICE, user.text("/mail"));
        assertEquals("Alice", user.text("/displayName"));
        assertFalse(user(user.text("/id")).passwordHash().isPresent());
        assertEquals(
                400,
                service.patch("/users/" + user.text("/id"), "{\"externalUserState\":\"Accepted\"}")
                        .status());
    }

    /// A copy of the database, the audit log or the answer lets nobody in.
    @Test
    void theLinkStandsNowhereButInTheMail() throws Exception {
        invite(
                ALICE,
                ",\"invitedUserMessageInfo\":{\"messageLanguage\":\"de\",\"customizedMessageBody\":\"Bis bald!\"}");
        Notice waiting = waiting().getFirst();
        assertEquals(ALICE, waiting.recipient());
        assertTrue(waiting.body().startsWith("sealed:"), waiting.body());
        try (MailSink sink = MailSink.plain();
                Outbox outbox = Outbox.open(
                        service.store,
                        new MailServer(
                                new HostPort("127.0.0.1", sink.port()),
                                MailServer.Security.NONE,
                                Optional.empty(),
                                Optional.empty(),
                                "postern@contoso.example",
                                Optional.empty()),
                        new Envelope(service.pki.noticeSealer()),
                        clock)) {
            outbox.start();
            String mail = sink.awaitTaken(1)
                    .getFirst()
                    .replace("=\n", "")
                    .replace("=\r\n", "")
                    .replace("=3D", "=");
            assertTrue(mail.contains("Bis bald!"), mail);
            assertTrue(mail.contains("Subject: =?UTF-8?"), mail);
            Matcher link = LINK.matcher(mail);
            assertTrue(link.find(), mail);
            String code = link.group(1);
            assertTrue(audit().stream().noneMatch(entry -> entry.contains(code)));
            assertTrue(service.store.read(s -> s.guests().list(service.tenant.id())).stream()
                    .noneMatch(guest -> guest.toString().contains(code)));
            assertEquals(
                    "Accepted",
                    accept(link.group())
                            .attributes()
                            .first(Attributes.EXTERNAL_STATE)
                            .orElse(""));
        }
    }

    @Test
    void onceMoreVoidsTheLinkBeforeAndNothingElse() {
        String first = invite(ALICE, ",\"sendInvitationMessage\":false").text("/inviteRedeemUrl");
        Response again = invite(ALICE, ",\"sendInvitationMessage\":false");
        assertEquals(201, again.status(), again.raw().body());
        assertEquals(1, service.get("/guests").json().path("value").size());
        Matcher old = LINK.matcher(first);
        assertTrue(old.find());
        assertEquals(Optional.empty(), new Invitations(service.store, clock).open(service.tenant.id(), old.group(1)));

        User alice = accept(again.text("/inviteRedeemUrl"));

        assertEquals(409, invite(ALICE, "").status());
        Response reset = invite(ALICE, ",\"resetRedemption\":true,\"sendInvitationMessage\":false");
        assertEquals(201, reset.status(), reset.raw().body());
        User pending = user(alice.id().value());
        assertFalse(pending.passwordHash().isPresent());
        assertFalse(Invitations.isAccepted(pending));
        assertTrue(Invitations.isAccepted(accept(reset.text("/inviteRedeemUrl"))));
    }

    @Test
    void whoMayInviteIsASetting() {
        User inviter = service.holder(AdminRole.GUEST_INVITER);
        User admin = service.holder(AdminRole.USER_ADMINISTRATOR);
        User guest = accept(
                invite("g@partner.example", ",\"sendInvitationMessage\":false").text("/inviteRedeemUrl"));
        List<User> all = List.of(admin, inviter, service.user, guest);
        Map<String, List<Integer>> expected = Map.of(
                "none", List.of(403, 403, 403, 403),
                "admins", List.of(201, 403, 403, 403),
                "adminsAndGuestInviters", List.of(201, 201, 403, 403),
                "adminsGuestInvitersAndAllMembers", List.of(201, 201, 201, 403),
                "everyone", List.of(201, 201, 201, 201));
        expected.forEach((inviters, statuses) -> {
            policy("{\"allowInvitesFrom\":\"" + inviters + "\"}");
            for (int i = 0; i < all.size(); i++) {
                assertEquals(
                        statuses.get(i),
                        inviteAs(all.get(i), inviters.toLowerCase(java.util.Locale.ROOT) + i + "@partner.example", "")
                                .status(),
                        inviters + " " + all.get(i).displayName());
            }
        });
        policy("{\"allowInvitesFrom\":\"none\"}");
        assertEquals(
                403,
                service.call(
                                "POST",
                                "/v1.0/users",
                                Map.of("Authorization", "Bearer " + service.accessToken(inviter)),
                                "{\"userPrincipalName\":\"x@contoso.example\",\"displayName\":\"X\",\"userType\":"
                                        + "\"Guest\",\"passwordProfile\":{\"password\":\"correct horse battery\"}}")
                        .status(),
                "nor by another way");
    }

    /// It proves the address: whoever sees it could be anybody's guest.
    @Test
    void onlyWhoMaySetPasswordsSeesALink() {
        User inviter = service.holder(AdminRole.GUEST_INVITER);

        assertEquals(
                403,
                inviteAs(inviter, ALICE, ",\"sendInvitationMessage\":false").status());
        Response sent = inviteAs(inviter, ALICE, "");
        assertEquals(201, sent.status(), sent.raw().body());
        assertFalse(sent.raw().body().contains("code="));
        assertEquals(
                inviter.userPrincipalName(),
                service.get("/users/" + sent.text("/id") + "/sponsors").text("/value/0/userPrincipalName"));
        accept(invite(ALICE, ",\"sendInvitationMessage\":false").text("/inviteRedeemUrl"));
        assertEquals(403, inviteAs(inviter, ALICE, ",\"resetRedemption\":true").status());
    }

    @Test
    void nobodyIsPesteredAndMembersInviteSoManyADay() {
        for (int i = 0; i < 5; i++) {
            assertEquals(201, invite(ALICE, "").status());
        }
        Response sixth = invite(ALICE, "");
        assertEquals(409, sixth.status());
        assertTrue(
                sixth.raw().body().contains("got 5 invitations today"),
                sixth.raw().body());
        assertEquals(201, invite(ALICE, ",\"sendInvitationMessage\":false").status(), "no mail");

        policy("{\"allowInvitesFrom\":\"everyone\"}");
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    201,
                    inviteAs(service.user, "g" + i + "@partner.example", "").status());
        }
        assertEquals(409, inviteAs(service.user, "g50@partner.example", "").status());
        clock.advance(Duration.ofDays(1));
        assertEquals(201, invite(ALICE, "").status());
    }

    /// Whoever may not read the directory does not read it by inviting.
    @Test
    void aMemberIsNotToldWhoHasAnAddress() {
        policy("{\"allowInvitesFrom\":\"everyone\"}");
        service.patch("/users/" + service.user.id(), "{\"mail\":\"hidden@elsewhere.example\"}");

        Response refused = inviteAs(service.someone("m", "Member"), "hidden@elsewhere.example", "");

        assertEquals(409, refused.status());
        assertFalse(refused.raw().body().contains("a.user@"), refused.raw().body());
    }

    @Test
    void domainsAreAllowedAndBlocked() {
        policy("{\"allowedDomains\":[\"Partner.example\"],\"blockedDomains\":[\"lab.partner.example\"]}");

        assertEquals(201, invite("a@berlin.partner.example", "").status());
        assertEquals(400, invite("b@lab.partner.example", "").status());
        Response refused = invite("c@other.example", "");
        assertTrue(
                refused.raw().body().contains("nobody may be invited from 'other.example'"),
                refused.raw().body());
        assertEquals(
                400,
                service.patch("/policies/authorizationPolicy", "{\"allowedDomains\":[\"*.x\"]}")
                        .status());
        assertEquals(
                "partner.example", service.get("/policies/authorizationPolicy").text("/allowedDomains/0"));
    }

    @Test
    void nobodyIsInvitedWhoIsHere() {
        assertEquals(409, invite("new@contoso.example", "").status());
        service.patch("/users/" + service.user.id(), "{\"mail\":\"A.User@elsewhere.example\"}");
        Response here = invite("a.user@elsewhere.example", "");
        assertEquals(409, here.status());
        assertTrue(
                here.raw().body().contains("a.user@contoso.example"), here.raw().body());
        assertTrue(waiting().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "http://myapps.postern.localhost:8443/",
                "https://myapps.postern.localhost:8443.evil.example/",
                "https://myapps.postern.localhost@evil.example/",
                "https://myapps.postern.localhost:8443/../x",
                "//evil.example/",
                "javascript:alert(1)",
                "https://wiki-contoso.postern.localhost.evil.example/",
                ""
            })
    void anInvitationLeadsNowhereElse(String url) {
        Response refused = invite(ALICE, ",\"inviteRedirectUrl\":\"" + url + "\"");

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals(0, service.get("/guests").json().path("value").size());
    }

    @Test
    void anInvitationLeadsToWhatIsPublishedHere() {
        Response app = service.post(
                "/applications",
                "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}");
        String external = app.text("/onPremisesPublishing/externalUrl");

        Response made = invite(ALICE, ",\"inviteRedirectUrl\":\"" + external + "page\"");

        assertEquals(201, made.status(), made.raw().body());
        assertEquals(external + "page", made.text("/inviteRedirectUrl"));
    }

    @Test
    void aGuestSeesHimselfAndNobodyElse() {
        User guest = accept(invite(ALICE, ",\"sendInvitationMessage\":false").text("/inviteRedeemUrl"));

        assertEquals(200, getAs(guest, "/me").status());
        assertEquals(200, getAs(guest, "/me/sessions").status());
        for (String path :
                List.of("/users", "/groups", "/guests", "/users/" + service.user.id(), "/servicePrincipals")) {
            assertEquals(403, getAs(guest, path).status(), path);
        }
    }

    @Test
    void accessEndsAndMoreTimeLetsHimInAgain() {
        Instant end = clock.instant().plus(Duration.ofDays(10));
        Response made = invite(
                ALICE,
                ",\"sendInvitationMessage\":false,\"accessEndDateTime\":\"" + end + "\",\"sponsors\":[\""
                        + service.user.id() + "\"]");
        service.patch("/users/" + service.user.id(), "{\"mail\":\"a.user@contoso.example\"}");
        User guest = accept(made.text("/inviteRedeemUrl"));
        service.session(guest, "Firefox");
        assertEquals(0, guests.access().work());

        clock.advance(Duration.ofDays(3));
        assertEquals(1, guests.access().work());
        assertEquals(0, guests.access().work(), "told once");
        Notice notice = waiting().getLast();
        assertEquals("a.user@contoso.example", notice.recipient());
        assertTrue(
                notice.body().contains(ALICE)
                        && notice.body().contains(end.toString().substring(0, 10)),
                notice.body());

        clock.advance(Duration.ofDays(7));
        assertEquals(1, guests.access().work());
        assertFalse(user(guest.id().value()).accountEnabled());
        assertEquals(List.of(), service.store.read(s -> s.sessions().of(service.tenant.id(), guest.id())));
        assertTrue(audit().getFirst().contains("Access of external user ended"), audit().getFirst());
        assertEquals(0, guests.access().work());
        Response enabled = service.patch("/users/" + guest.id(), "{\"accountEnabled\":true}");
        assertEquals(409, enabled.status());
        assertTrue(
                enabled.raw().body().contains("postern guest extend"),
                enabled.raw().body());

        String later = clock.instant().plus(Duration.ofDays(30)).toString();
        assertEquals(
                204,
                service.patch("/guests/" + guest.id(), "{\"accessEndDateTime\":\"" + later + "\"}")
                        .status());
        assertTrue(user(guest.id().value()).accountEnabled());
        assertEquals(
                400,
                service.patch("/guests/" + guest.id(), "{\"accessEndDateTime\":\"2020-01-01T00:00:00Z\"}")
                        .status());
        assertEquals(
                204,
                service.patch("/guests/" + guest.id(), "{\"accessEndDateTime\":null}")
                        .status());
        clock.advance(Duration.ofDays(400));
        assertEquals(0, guests.access().work());
    }

    @Test
    void whoWasDisabledByHandStaysDisabled() {
        Instant end = clock.instant().plus(Duration.ofDays(10));
        String id = invite(ALICE, ",\"accessEndDateTime\":\"" + end + "\"").text("/id");
        service.patch("/users/" + id, "{\"accountEnabled\":false}");

        service.patch("/guests/" + id, "{\"accessEndDateTime\":null}");

        assertFalse(user(id).accountEnabled());
        assertEquals(409, invite(ALICE, "").status());
    }

    @Test
    void sponsorsAreMembersAndFiveAtMost() {
        String id = invite(ALICE, "").text("/id");
        String other = invite("bob@partner.example", "").text("/id");
        String sponsors = "/users/" + id + "/sponsors";
        assertEquals(
                400,
                service.post(sponsors + "/$ref", "{\"@odata.id\":\"https://x/users/" + other + "\"}")
                        .status());
        for (int i = 0; i < 5; i++) {
            User sponsor = service.someone("sponsor" + i, "Sponsor " + i);
            assertEquals(
                    204,
                    service.post(sponsors + "/$ref", "{\"@odata.id\":\"https://x/users/" + sponsor.id() + "\"}")
                            .status());
        }
        assertEquals(
                409,
                service.post(sponsors + "/$ref", "{\"@odata.id\":\"https://x/users/" + service.user.id() + "\"}")
                        .status());
        assertEquals(5, service.get(sponsors).json().path("value").size());
    }

    @Test
    void theShadowAccountIsWrittenByAnAdministrator() {
        String id = invite(ALICE, "").text("/id");

        assertEquals(
                204,
                service.patch(
                                "/users/" + id,
                                "{\"onPremisesSamAccountName\":\"x-alice\",\"onPremisesUserPrincipalName\":"
                                        + "\"x-alice@corp.example\"}")
                        .status());

        assertEquals("x-alice", service.get("/guests/" + id).text("/onPremisesSamAccountName"));
    }

    @Test
    void dynamicGroupsTellGuestsApart() {
        String group = service.post(
                        "/groups",
                        "{\"displayName\":\"guests\",\"groupTypes\":[\"DynamicMembership\"],\"membershipRule\":"
                                + "\"user.userType -eq \\\"Guest\\\"\"}")
                .text("/id");
        String id = invite(ALICE, "").text("/id");
        service.administration.services().memberships().upkeep().work();

        assertEquals(id, service.get("/groups/" + group + "/members").text("/value/0/id"));
        assertEquals(
                1,
                service.get("/groups/" + group + "/members")
                        .json()
                        .path("value")
                        .size());
    }
}
