package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.AppId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.policy.Subject;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.domain.snapshot.Snapshot;
import io.postern.store.Assignment;
import io.postern.store.ServicePrincipal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the data plane sees after each change; every answer of the API comes after the snapshot shows it.
class SnapshotTest {
    @TempDir
    Path folder;

    private Installation service;
    private String principal;
    private String application;
    private String appId;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}");
        application = made.text("/id");
        appId = made.text("/appId");
        principal = service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                .text("/value/0/id");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Snapshot snapshot() {
        return service.administration.snapshots().current();
    }

    private Optional<PublishedApplication> wiki() {
        return snapshot().applications().stream()
                .filter(a -> a.appId().value().equals(appId))
                .findFirst();
    }

    private void assign(String principalId) {
        Response assigned = service.post(
                "/servicePrincipals/" + principal + "/appRoleAssignedTo", "{\"principalId\":\"" + principalId + "\"}");
        assertEquals(201, assigned.status(), assigned.raw().body());
    }

    private boolean isCutOff(UserId user, Instant authenticated) {
        return snapshot()
                .revocations()
                .covers(new Subject(service.tenant.id(), user, "", Optional.empty(), authenticated, Instant.MAX));
    }

    @Test
    void showsAPublicationWithItsBackendAndGroup() {
        PublishedApplication wiki = wiki().orElseThrow();

        assertTrue(wiki.enabled());
        assertTrue(wiki.assignmentRequired());
        assertEquals("wiki-contoso.postern.localhost", wiki.externalUrl().host().value());
        var upstream = (Upstream.ConnectorGroup) wiki.upstream();
        assertEquals("wiki.corp", upstream.backend().url().host());
        assertEquals(List.of(upstream.backend()), snapshot().backends(upstream.group()));
    }

    @Test
    void publishesMyAppsForEverybodyOfTheTenant() {
        PublishedApplication myApps = snapshot().applications().stream()
                .filter(a -> a.displayName().equals("My Apps"))
                .findFirst()
                .orElseThrow();

        assertEquals(new Upstream.Local(OwnHost.MYAPPS), myApps.upstream());
        assertFalse(myApps.assignmentRequired());
        assertEquals("https://myapps.postern.localhost/", myApps.externalUrl().toString());
    }

    @Test
    void resolvesAssignmentsOfUsersAndOfDirectMembersOfGroups() { // ASG-3
        String group = service.post("/groups", "{\"displayName\":\"readers\"}").text("/id");
        service.post(
                "/groups/" + group + "/members/$ref",
                "{\"@odata.id\":\"https://api/v1.0/users/" + service.user.id() + "\"}");

        assign(group);
        assertEquals(
                Set.of(service.administrator.id(), service.user.id()),
                wiki().orElseThrow().assigned().users());

        service.delete("/groups/" + group + "/members/" + service.user.id() + "/$ref");
        assertEquals(
                Set.of(service.administrator.id()),
                wiki().orElseThrow().assigned().users());
    }

    /// 200 applications of a group of 50,000 were ten million entries, and at each change twice.
    @Test
    void holdsTheMembersOfAGroupOnceForEveryApplicationAndFromPictureToPicture() {
        String group = service.post("/groups", "{\"displayName\":\"readers\"}").text("/id");
        service.post(
                "/groups/" + group + "/members/$ref",
                "{\"@odata.id\":\"https://api/v1.0/users/" + service.user.id() + "\"}");
        assign(group);
        List<Set<UserId>> before = wiki().orElseThrow().assigned().sets();

        service.patch("/applications/" + application, "{\"displayName\":\"wiki two\"}");

        List<Set<UserId>> after = wiki().orElseThrow().assigned().sets();
        assertEquals(2, after.size(), "the group, and administrators");
        assertSame(before.getFirst(), after.getFirst());
        assertSame(before.getLast(), after.getLast());
    }

    /// Of what it awaits elsewhere, nothing; nor what publishing itself made its redirect URIs.
    @Test
    void knowsWhereAnswersOfIdentityProvidersAreAwaited() throws Exception { // FRM-1
        assertEquals(Set.of(), wiki().orElseThrow().replyPaths());

        Response patched = service.patch(
                "/applications/" + application,
                "{\"web\":{\"redirectUris\":[\"https://wiki-contoso.postern.localhost/oidc/answer?a=b\","
                        + "\"https://elsewhere.example/answer\"]}}");
        assertEquals(204, patched.status(), patched.raw().body());
        Installation.await(() -> wiki().orElseThrow().replyPaths().equals(Set.of("/oidc/answer")));

        Response signOn = service.patch(
                "/servicePrincipals/" + principal + "/signOn",
                "{\"preferredSingleSignOnMode\":\"saml\",\"identifierUris\":[\"urn:wiki\"],\"replyUrls\":[{\"url\":"
                        + "\"https://wiki-contoso.postern.localhost:8443/mellon/postResponse\"}]}");
        assertEquals(204, signOn.status(), signOn.raw().body());
        Installation.await(() -> wiki().orElseThrow().replyPaths().contains("/mellon/postResponse"));
    }

    @Test
    void globalAdministratorsNeedNoAssignment() { // ASG-5
        assertEquals(
                Set.of(service.administrator.id()),
                wiki().orElseThrow().assigned().users());
    }

    @Test
    void anAssignmentCountsFromItsStartToItsEnd() throws Exception {
        Instant now = Instant.now();
        String body = "{\"principalId\":\"" + service.user.id() + "\",\"startDateTime\":\"" + now.plusMillis(600)
                + "\",\"endDateTime\":\"" + now.plusMillis(1500) + "\",\"reason\":\"project\"}";
        String path = "/servicePrincipals/" + principal + "/appRoleAssignedTo";
        var seen = new CopyOnWriteArrayList<Boolean>();
        service.administration
                .snapshots()
                .onChange(_ -> seen.add(wiki().orElseThrow().assigned().contains(service.user.id())));

        assertEquals(201, service.post(path, body).status());

        // nobody asks and nothing else changes: the snapshot turns by itself, in and out
        Installation.await(() -> seen.contains(true));
        Installation.await(() -> !seen.getLast());
        assertEquals(1, service.get(path).json().path("value").size());
    }

    @Test
    void cutsADisabledUserOffUntilHeIsEnabledAndSignsInAnew() {
        Instant before = Instant.now().minusSeconds(60);
        Instant after = Instant.now().plusSeconds(60);
        String path = "/users/" + service.user.id();

        service.patch(path, "{\"accountEnabled\":false}");
        assertTrue(isCutOff(service.user.id(), after));

        service.patch(path, "{\"accountEnabled\":true}");
        assertTrue(isCutOff(service.user.id(), before));
        assertFalse(isCutOff(service.user.id(), after));
    }

    @Test
    void cutsADeletedUserOff() {
        service.delete("/users/a.user@contoso.example");

        assertTrue(isCutOff(service.user.id(), Instant.now().plusSeconds(60)));
    }

    @Test
    void voidsEarlierSignInsWhenSessionsAreRevoked() {
        service.post("/users/" + service.user.id() + "/revokeSignInSessions", "{}");

        assertTrue(isCutOff(service.user.id(), Instant.now().minusSeconds(60)));
        assertFalse(isCutOff(service.user.id(), Instant.now().plusSeconds(60)));
    }

    @Test
    void letsNobodyIntoADisabledApplication() {
        service.patch("/servicePrincipals/" + principal, "{\"accountEnabled\":false}");

        assertFalse(wiki().orElseThrow().enabled());
    }

    @Test
    void forgetsADeletedApplication() {
        service.delete("/applications/" + application);

        assertTrue(wiki().isEmpty());
    }

    @Test
    void growsWithEveryChangeAndTellsListeners() {
        var versions = new ArrayList<Long>();
        service.administration.snapshots().onChange(s -> {
            synchronized (versions) {
                versions.add(s.version());
            }
        });
        service.patch("/applications/" + application, "{\"displayName\":\"wiki two\"}");

        synchronized (versions) {
            assertEquals(2, versions.size(), versions.toString());
            assertTrue(versions.get(1) > versions.get(0));
        }
        assertEquals("wiki two", wiki().orElseThrow().displayName());
    }

    @Test
    void carriesVerificationKeysWithTheIssuerOfThePort() {
        String issuer = snapshot().verificationKeys().getFirst().issuer();

        assertEquals("https://login.postern.localhost:8443/" + service.tenant.id() + "/v2.0", issuer);
    }

    /// A query for each application would make this take minutes.
    @Test
    void showsTenThousandApplicationsAtOnce() {
        service.store.write(stores -> {
            for (int i = 0; i < 10_000; i++) {
                AppId id = AppId.random();
                var publishing = Publishing.of(
                        ExternalUrl.parse("https://many" + i + ".postern.localhost/"),
                        InternalUrl.parse("http://many" + i + ".corp/"),
                        PreAuthentication.POSTERN);
                stores.applications()
                        .insert(new Application(
                                service.tenant.id(),
                                ObjectId.random(),
                                id,
                                "many " + i,
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                Optional.of(publishing),
                                Optional.empty(),
                                false,
                                false,
                                Instant.now()));
                ServicePrincipalId principal = ServicePrincipalId.random();
                stores.servicePrincipals()
                        .insert(new ServicePrincipal(
                                service.tenant.id(), principal, id, "many " + i, true, true, List.of(), Instant.now()));
                stores.assignments()
                        .insert(new Assignment(
                                service.tenant.id(),
                                "assignment" + i,
                                Assignment.PrincipalType.USER,
                                service.user.id().value(),
                                principal,
                                Assignment.DEFAULT_ACCESS,
                                Instant.now()));
            }
            stores.changes().bump();
            return true;
        });

        service.administration.refresh();

        List<PublishedApplication> many = snapshot().applications().stream()
                .filter(a -> a.displayName().startsWith("many "))
                .toList();
        assertEquals(10_000, many.size());
        assertTrue(many.stream().allMatch(a -> a.assigned().contains(service.user.id())));
    }
}
