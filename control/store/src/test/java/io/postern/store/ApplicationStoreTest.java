package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.PreAuthentication;
import io.postern.domain.claims.Condition;
import io.postern.domain.claims.GroupClaim;
import io.postern.domain.claims.Operand;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.Transformation;
import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.BackendTls;
import io.postern.domain.publish.CorsRule;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.HeaderEncoding;
import io.postern.domain.publish.IdentityHeader;
import io.postern.domain.publish.LinkTranslation;
import io.postern.domain.publish.OwnCookies;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.Segment;
import io.postern.domain.publish.SignOnHeader;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.publish.StoredOnly;
import io.postern.domain.publish.TimeLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApplicationStoreTest extends StoreContract {
    @Test
    void keepsEveryProperty() {
        Tenant tenant = tenant();
        ConnectorGroup group = connectorGroup(tenant, "Plant", false);
        var application = new Application(
                tenant.id(),
                ObjectId.random(),
                AppId.random(),
                "Wiki \"quoted\" ü",
                List.of("api://wiki"),
                List.of("https://wiki.example/a", "https://wiki.example/b,c"),
                Optional.of("https://wiki.example/home"),
                Optional.of(new Publishing(
                        ExternalUrl.parse("https://*." + tenant.name() + ".example/"),
                        InternalUrl.parse("https://*.corp:8443/"),
                        PreAuthentication.POSTERN,
                        List.of(new Segment(
                                ExternalUrl.parse("https://api." + tenant.name() + ".example/"),
                                InternalUrl.parse("http://api.corp/"),
                                Optional.of(ExternalUrl.parse("https://other." + tenant.name() + ".example/")),
                                List.of(new CorsRule(
                                        "/v1", List.of("https://a.example"), List.of("x-*"), List.of("PUT"), 60)))),
                        everySetting())),
                Optional.of(group.id()),
                true,
                true,
                NOW,
                List.of(
                        new AppRole(
                                "0b9cbd51-59a9-4f1f-8d4e-3ff0a8a5e1a1",
                                "Editor",
                                Optional.of("wiki.edit"),
                                "May \"write\"",
                                Set.of(AppRole.Member.USER, AppRole.Member.APPLICATION),
                                true),
                        new AppRole(
                                "0b9cbd51-59a9-4f1f-8d4e-3ff0a8a5e1a2",
                                "Reader",
                                Optional.empty(),
                                "",
                                Set.of(AppRole.Member.USER),
                                false)));

        change(s -> s.applications().insert(application));

        assertEquals(Optional.of(application), read(s -> s.applications().find(tenant.id(), application.id())));
        assertEquals(Optional.of(application), read(s -> s.applications().findByAppId(application.appId())));
        assertEquals(List.of(application), read(s -> s.applications().list(tenant.id())));
        assertEquals(List.of(application), read(s -> s.applications().inGroup(tenant.id(), group.id())));
        assertTrue(read(s -> s.applications().listAll()).contains(application));
    }

    @Test
    void keepsHeaderSignOnWithEveryKindOfRule() {
        Tenant tenant = tenant();
        Application application = published(tenant, "https://" + tenant.name() + ".headers.example/");
        Publishing publishing = application.publishing().orElseThrow();
        var user = new SignOnHeader(
                "X-User",
                "/app/",
                new SignOnHeader.From.Claim(new Rows(
                        Optional.of(
                                new Source(new Operand.Attribute("mail"), List.of(new Transformation.ToUppercase()))),
                        List.of(new Rows.Row(
                                new Condition(Condition.Users.ALL_GUESTS, Set.of("g1")), Source.constant("\"ü\""))))),
                HeaderEncoding.BASE64,
                true,
                ';',
                true);
        var groups = new SignOnHeader(
                "X_Groups",
                "/",
                new SignOnHeader.From.Groups(GroupClaim.of(GroupClaim.Which.ASSIGNED, GroupClaim.By.DISPLAY_NAME)),
                HeaderEncoding.ASCII,
                false,
                '|',
                false);
        Publishing changed = publishing.with(
                publishing.settings().with(new SignOnSettings(new BackendSignOn.Headers(List.of(user, groups)))));
        Application told = new Application(
                application.tenant(),
                application.id(),
                application.appId(),
                application.displayName(),
                application.identifierUris(),
                application.redirectUris(),
                application.homePageUrl(),
                Optional.of(changed),
                application.group(),
                application.publicClient(),
                application.system(),
                application.created());

        change(s -> s.applications().insert(told));

        assertEquals(Optional.of(told), read(s -> s.applications().find(tenant.id(), told.id())));
    }

    @Test
    void keepsARegistrationThatIsNotPublished() {
        Tenant tenant = tenant();
        Application application = registration(tenant, "Client");

        change(s -> s.applications().insert(application));

        assertEquals(Optional.of(application), read(s -> s.applications().find(tenant.id(), application.id())));
    }

    @Test
    void findsSeveralAtOnceAndPassesOverThoseThatAreNot() {
        Tenant tenant = tenant();
        Application one = registration(tenant, "One");
        Application two = registration(tenant, "Two");
        change(s -> s.applications().insert(one));
        change(s -> s.applications().insert(two));

        List<AppId> wanted = List.of(two.appId(), AppId.random(), one.appId());

        assertEquals(Set.of(one, two), Set.copyOf(read(s -> s.applications().findByAppId(wanted))));
        assertEquals(List.of(), read(s -> s.applications().findByAppId(List.of())));
        assertEquals(List.of(), read(s -> s.servicePrincipals().find(tenant.id(), List.of())));
        assertEquals(List.of(), read(s -> s.samlSignOns().stored(tenant.id(), wanted)));
    }

    @Test
    void oneTenantMayUseAHostWithSeveralPaths() { // PUB-10
        Tenant tenant = tenant();
        String host = tenant.name() + ".apps.example";

        change(s -> s.applications().insert(published(tenant, "https://" + host + "/a/")));
        change(s -> s.applications().insert(published(tenant, "https://" + host + "/b/")));

        assertEquals(2, read(s -> s.applications().list(tenant.id())).size());
        assertTaken(published(tenant, "https://" + host.toUpperCase(java.util.Locale.ROOT) + "/a/"));
    }

    @Test
    void aHostBelongsToOneTenant() {
        Tenant owner = tenant();
        Tenant other = tenant();
        String host = owner.name() + ".apps.example";
        change(s -> s.applications().insert(published(owner, "https://" + host + "/a/")));

        assertTaken(published(other, "https://" + host + "/b/"));
    }

    @Test
    void aHostIsFreeAgainWhenItsLastApplicationLeaves() {
        Tenant owner = tenant();
        Tenant other = tenant();
        String url = "https://" + owner.name() + ".apps.example/";
        Application moves = published(owner, url);
        Application goes = published(owner, url + "b/");
        change(s -> s.applications().insert(moves));
        change(s -> s.applications().insert(goes));

        change(s -> s.applications().update(at(moves, "https://" + owner.name() + ".moved.example/")));
        assertTaken(published(other, url));
        change(s -> s.applications().delete(owner.id(), goes.id()));

        change(s -> s.applications().insert(published(other, url)));
        assertEquals(1, read(s -> s.applications().list(other.id())).size());
    }

    @Test
    void updateRefusesATakenUrl() {
        Tenant tenant = tenant();
        String url = "https://" + tenant.name() + ".apps.example/";
        Application first = published(tenant, url + "a/");
        Application second = published(tenant, url + "b/");
        change(s -> s.applications().insert(first));
        change(s -> s.applications().insert(second));

        var refused = assertThrows(
                DuplicateKey.class, () -> change(s -> s.applications().update(at(second, url + "a/"))));

        assertEquals("externalUrl", refused.property());
        assertTrue(write(s -> s.applications().update(first)), "an application may keep its own URL");
    }

    @Test
    void refusesATakenAppId() {
        Tenant tenant = tenant();
        Application first = published(tenant, "https://" + tenant.name() + "-1.example/");
        change(s -> s.applications().insert(first));
        Application second = published(tenant(), "https://" + tenant.name() + "-2.example/");
        var same = new Application(
                second.tenant(),
                second.id(),
                first.appId(),
                "x",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                NOW);

        var refused = assertThrows(
                DuplicateKey.class, () -> change(s -> s.applications().insert(same)));

        assertEquals("appId", refused.property());
    }

    @Test
    void changingWhatIsNotThereSaysSo() {
        Tenant tenant = tenant();
        Application absent = published(tenant, "https://" + tenant.name() + ".absent.example/");

        assertFalse(write(s -> s.applications().update(absent)));
        assertFalse(write(s -> s.applications().delete(tenant.id(), absent.id())));
        assertTrue(read(s -> s.applications().inGroup(tenant.id(), ConnectorGroupId.random()))
                .isEmpty());
    }

    private static void assertTaken(Application application) {
        var refused = assertThrows(
                DuplicateKey.class, () -> change(s -> s.applications().insert(application)));
        assertEquals("externalUrl", refused.property());
    }

    private static Application published(Tenant tenant, String url) {
        Application blank = registration(tenant, "App");
        return at(blank, url);
    }

    private static Application at(Application a, String url) {
        return new Application(
                a.tenant(),
                a.id(),
                a.appId(),
                a.displayName(),
                a.identifierUris(),
                a.redirectUris(),
                a.homePageUrl(),
                Optional.of(Publishing.of(
                        ExternalUrl.parse(url),
                        InternalUrl.parse("http://127.0.0.1:9000/"),
                        PreAuthentication.POSTERN)),
                a.group(),
                a.publicClient(),
                a.system(),
                a.created());
    }

    /// None at its default.
    private static PublishingSettings everySetting() {
        return new PublishingSettings(
                true,
                Optional.of(ExternalUrl.parse("https://front.example/")),
                true,
                new TimeLimits(Duration.ofSeconds(180), Duration.ofMinutes(3)),
                new OwnCookies(false, false, true, true),
                new FieldSettings(false, FieldSettings.Forwarded.NONE, false, Map.of("x-frame-options", "DENY")),
                new LinkTranslation(true, Set.of(LinkTranslation.Extra.values())),
                new BackendTls(false, Set.of("ab".repeat(32)), Optional.of("sni.corp"), Optional.of("plant"), true),
                Optional.of(500),
                new StoredOnly(false, false, true, true),
                new SignOnSettings(
                        new BackendSignOn.Kerberos(
                                "HTTP/app.corp.test",
                                BackendSignOn.LoginIdentity.ON_PREMISES_SAM_ACCOUNT_NAME,
                                BackendSignOn.Mechanism.KERBEROS,
                                true),
                        Optional.of(new IdentityHeader("X-Who", Optional.of("wiki"))),
                        Optional.empty()));
    }
}
