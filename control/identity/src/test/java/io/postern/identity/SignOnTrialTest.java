package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.AppId;
import io.postern.domain.directory.AdminRole;
import io.postern.identity.Browser.Answer;
import io.postern.store.RoleStore;
import io.postern.store.User;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The test action of an application, as an administrator opens it in a browser (3.4.3).
class SignOnTrialTest {
    private static final String USER = "b.simon@contoso.example";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;
    private SamlSite site;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        browser = host.browser();
        site = SamlSite.register(host, "wages", UnaryOperator.identity());
        host.store.write(s -> {
            s.roles().grant(host.contoso.id(), host.simon.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
            return site;
        });
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static String link(AppId application) {
        return "/contoso/sign-on-test?appid=" + application;
    }

    private Answer test(AppId application, String user) {
        return browser.signIn(browser.get(link(application)), user, PASSWORD);
    }

    @Test
    void showsWhatASamlApplicationWouldBeTold() {
        Answer page = test(site.application.appId(), USER);
        assertEquals(200, page.status(), page.body());
        assertTrue(page.body().contains("The sign-on would succeed. Signed in as " + USER), page.body());
        assertTrue(page.body().contains("<dt>NameID</dt>\n<dd>" + USER + "</dd>"), page.body());
        assertTrue(page.body().contains("claims/objectidentifier</dt>"), page.body());
        assertTrue(page.body().contains("<dd>" + SamlSite.ACS + "</dd>"), page.body());
        assertTrue(page.body().contains("/saml2/start?appid=" + site.application.appId()), page.body());
    }

    /// Whoever finds the page, or a picture of it, has no assertion; and no logout goes to where nobody signed on.
    @Test
    void whatIsShownIsWorthNothingToOthersAndLeavesNoTrace() {
        Answer page = test(site.application.appId(), USER);
        assertTrue(page.body().contains("&lt;saml:Assertion"), page.body());
        assertFalse(page.body().contains("Signature"), page.body());
        assertEquals(
                List.of(),
                host.store.read(s -> s.sessions().of(host.contoso.id(), host.simon.id()).stream()
                        .flatMap(row -> s.logoutParticipants().of(row.tenant(), row.id()).stream())
                        .toList()));
    }

    @Test
    void showsTheClaimsOfAnIdToken() {
        Answer page = test(host.wiki.appId(), USER);
        assertEquals(200, page.status(), page.body());
        assertTrue(page.body().contains("<dt>preferred_username</dt>\n<dd>" + USER + "</dd>"), page.body());
        assertTrue(page.body().contains("<dt>aud</dt>\n<dd>" + host.wiki.appId() + "</dd>"), page.body());
        assertFalse(page.body().replaceAll("(?s)<footer.*", "").contains("eyJ"), "no token");
    }

    @Test
    void whoIsNotAssignedSeesWhy() {
        User other = host.user(host.contoso, "app.admin", "App Admin");
        host.store.write(s -> {
            s.roles().grant(host.contoso.id(), other.id().value(), AdminRole.APPLICATION_ADMINISTRATOR.templateId());
            return site;
        });
        Answer page = test(host.wiki.appId(), "app.admin@contoso.example");
        assertTrue(page.body().contains("The sign-on would be refused"), page.body());
        assertTrue(page.body().contains("AADSTS50105"), page.body());
    }

    @Test
    void aMissingCertificateIsSaid() {
        host.store.write(s -> {
            s.samlCertificates()
                    .list(host.contoso.id(), site.application.appId())
                    .forEach(c -> s.samlCertificates().delete(host.contoso.id(), site.application.appId(), c.keyId()));
            return site;
        });
        Answer page = test(site.application.appId(), USER);
        assertTrue(page.body().contains("AADSTS50146"), page.body());
    }

    @Test
    void isForAdministratorsOfApplicationsOnlyAndForThisTenant() {
        host.user(host.contoso, "some.body", "Some Body");
        Answer page = test(site.application.appId(), "some.body@contoso.example");
        assertEquals(403, page.status());
        assertTrue(page.body().contains("AADSTS90094"), page.body());
        assertFalse(page.body().contains(SamlSite.ACS), page.body());
        assertTrue(browser.get("/fabrikam/sign-on-test?appid=" + site.application.appId())
                .body()
                .contains("AADSTS700016"));
        assertTrue(browser.get("/contoso/sign-on-test?appid=%3Cb%3E").body().contains("AADSTS700016"));
    }
}
