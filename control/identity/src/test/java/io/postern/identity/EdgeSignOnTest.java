package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.SignOnSettings;
import io.postern.store.User;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the gateway is told about users at backends (3.2), and that nobody else can ask.
class EdgeSignOnTest {
    @TempDir
    private Path folder;

    private LoginHost site;

    @BeforeEach
    void open() {
        site = new LoginHost(folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Browser.Answer ask(String tenant, Map<String, String> form, String... fields) {
        return site.browser().post("/" + tenant + "/edge/sign-on", form, fields);
    }

    private Browser.Answer ask(User user) {
        return ask(
                "contoso",
                Map.of(
                        "client_id",
                        site.wiki.appId().value(),
                        "client_secret",
                        site.edgeSecret(site.wiki),
                        "user",
                        user.id().value()),
                "postern-door",
                "edge");
    }

    private void signOnBy(LoginIdentity identity) {
        Application wiki = site.wiki;
        Publishing now = wiki.publishing().orElseThrow();
        Publishing changed = now.with(now.settings()
                .with(new SignOnSettings(new Kerberos("HTTP/wiki.corp", identity, Mechanism.SPNEGO, false))));
        site.store.write(s -> s.applications()
                .update(new Application(
                        wiki.tenant(),
                        wiki.id(),
                        wiki.appId(),
                        wiki.displayName(),
                        wiki.identifierUris(),
                        wiki.redirectUris(),
                        wiki.homePageUrl(),
                        Optional.of(changed),
                        wiki.group(),
                        wiki.publicClient(),
                        wiki.system(),
                        wiki.created())));
    }

    private void give(Map<String, List<String>> attributes) {
        site.store.write(s -> s.users().update(site.simon.withAttributes(new Attributes(attributes))));
    }

    @ParameterizedTest
    @CsvSource({
        "userPrincipalName, b.simon%40contoso.example",
        "userPrincipalUsername, b.simon",
        "onPremisesUserPrincipalName, simon%40corp.test",
        "onPremisesUserPrincipalUsername, simon",
        "onPremisesSAMAccountName, BSIMON"
    })
    void tellsTheLoginIdentityThatTheApplicationAsksFor(String identity, String user) {
        give(Map.of(
                "onPremisesUserPrincipalName", List.of("simon@corp.test"),
                "onPremisesSamAccountName", List.of("BSIMON")));
        signOnBy(LoginIdentity.of(identity).orElseThrow());
        Browser.Answer answer = ask(site.simon);
        assertEquals(200, answer.status(), answer.body());
        JsonNode told = JsonMapper.shared().readTree(answer.body());
        assertEquals(300, told.path("validSeconds").asInt());
        assertTrue(
                told.path("tunnel")
                        .path("postern-sign-on")
                        .asString()
                        .startsWith("kerberos user=" + user + " identity=" + identity + " spn=HTTP%2Fwiki.corp"),
                answer.body());
    }

    @Test
    void refusesAUserWithoutThatName() {
        signOnBy(LoginIdentity.ON_PREMISES_SAM_ACCOUNT_NAME);
        Browser.Answer answer = ask(site.simon);
        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("sign_on_no_identity"), answer.body());
        assertTrue(answer.body().contains("b.simon@contoso.example has no onPremisesSamAccountName"), answer.body());
    }

    @Test
    void answersTheGatewayOnly() {
        signOnBy(LoginIdentity.USER_PRINCIPAL_NAME);
        String secret = site.edgeSecret(site.wiki);
        String app = site.wiki.appId().value();
        String user = site.simon.id().value();
        var right = Map.of("client_id", app, "client_secret", secret, "user", user);
        assertEquals(200, ask("contoso", right, "postern-door", "edge").status());
        assertEquals(404, ask("contoso", right).status());
        assertEquals(404, ask("contoso", right, "postern-door", "enroll").status());
        assertEquals(
                404,
                ask("contoso", Map.of("client_id", app, "user", user), "postern-door", "edge")
                        .status());
        var foreign = Map.of(
                "client_id", site.spa.appId().value(), "client_secret", secret, "user", user);
        assertEquals(404, ask("contoso", foreign, "postern-door", "edge").status());
        assertEquals(403, ask("fabrikam", right, "postern-door", "edge").status());
    }

    @Test
    void tellsNothingOfADisabledUser() {
        signOnBy(LoginIdentity.USER_PRINCIPAL_NAME);
        site.setEnabled(site.simon, false);
        Browser.Answer answer = ask(site.simon);
        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("revoked"), answer.body());
    }

    @Test
    void anApplicationWithoutSignOnGetsNothing() {
        JsonNode told = JsonMapper.shared().readTree(ask(site.simon).body());
        assertEquals(0, told.path("tunnel").size() + told.path("fields").size());
        assertEquals(300, told.path("validSeconds").asInt());
    }
}
