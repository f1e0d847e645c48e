package io.postern.identity;

import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.claims;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.postern.domain.GroupId;
import io.postern.domain.claims.Claim;
import io.postern.domain.claims.ClaimRule;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.GroupClaim;
import io.postern.domain.claims.Operand;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.TokenKind;
import io.postern.domain.claims.Transformation;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import io.postern.store.Group;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// ID tokens go by the application's claims policy, as its assertions do.
class TokenClaimsTest {
    @TempDir
    Path folder;

    private LoginHost host;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void policy(ClaimsPolicy claims) {
        var signOn = new SamlSignOn(
                host.contoso.id(),
                host.spa.appId(),
                SignOnMode.NOT_SUPPORTED,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SamlSignOn.Signing.DEFAULT,
                SamlSignOn.Requests.DEFAULT,
                SamlSignOn.Encryption.NONE,
                List.of(),
                claims);
        host.store.write(s -> {
            s.samlSignOns().put(signOn);
            return signOn;
        });
    }

    private void registration(GroupClaims groups, String... optional) {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Arrays.stream(optional).map(OptionalClaim::new).toList(),
                List.of(),
                groups,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        host.store.write(s -> {
            s.clientSettings().put(host.contoso.id(), host.spa.id(), settings);
            return settings;
        });
    }

    private JsonNode idToken() {
        return claims(new OidcClient(host, host.spa, SPA_CALLBACK).signIn(host.simon, "openid profile"), "id_token");
    }

    private static ClaimRule rule(String name, Set<TokenKind> tokens, boolean multivalued, Source source) {
        return new ClaimRule(
                name, Optional.empty(), Claim.NameFormat.UNSPECIFIED, multivalued, tokens, Rows.of(source));
    }

    @Test
    void carryRulesWithTheirTransformationsAndNoRuleForAssertionsAlone() {
        var shout = new Source(new Operand.Attribute("displayName"), List.of(new Transformation.ToUppercase()));
        policy(ClaimsPolicy.DEFAULT.withRules(List.of(
                rule("name", Set.of(TokenKind.JWT), false, shout),
                rule("login", Set.of(TokenKind.JWT, TokenKind.SAML), false, Source.attribute("user.userprincipalname")),
                rule("logins", Set.of(TokenKind.JWT), true, Source.attribute("user.userprincipalname")),
                rule("secret", Set.of(TokenKind.SAML), false, Source.constant("for assertions")))));

        JsonNode token = idToken();

        assertEquals("B. SIMON", token.path("name").asString());
        assertEquals(host.simon.userPrincipalName(), token.path("login").asString());
        assertEquals(
                "[\"" + host.simon.userPrincipalName() + "\"]",
                token.path("logins").toString());
        assertFalse(token.has("secret"));
        assertFalse(token.has("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"));
    }

    @Test
    void takeAnOptionalClaimFromThePolicyWhereItHasOne() {
        registration(GroupClaims.NONE, "upn", "acct", "ipaddr", "idp");
        JsonNode before = idToken();
        policy(ClaimsPolicy.DEFAULT.withRules(
                List.of(rule("upn", Set.of(TokenKind.JWT), false, Source.constant("said by the policy")))));
        JsonNode after = idToken();

        assertEquals(host.simon.userPrincipalName(), before.path("upn").asString());
        assertEquals("0", before.path("acct").toString());
        assertFalse(before.has("ipaddr") || before.has("idp"));
        assertEquals("said by the policy", after.path("upn").asString());
    }

    @Test
    void nameGroupsAsThePolicySaysAndAsTheRegistrationSaysWithoutOne() {
        GroupId id = GroupId.random();
        host.store.write(s -> {
            s.groups().insert(new Group(host.contoso.id(), id, "Sales", Optional.empty(), host.clock.instant()));
            s.groups().addMember(host.contoso.id(), id, host.simon.id());
            return id;
        });
        registration(GroupClaims.SECURITY_GROUP);
        JsonNode byRegistration = idToken();
        policy(ClaimsPolicy.DEFAULT.withGroups(new GroupClaim(
                GroupClaim.Which.ALL,
                GroupClaim.By.DISPLAY_NAME,
                Optional.empty(),
                Optional.empty(),
                Optional.of("teams"),
                Optional.empty(),
                false)));
        JsonNode byPolicy = idToken();

        assertEquals("[\"" + id + "\"]", byRegistration.path("groups").toString());
        assertEquals("[\"Sales\"]", byPolicy.path("teams").toString());
        assertFalse(byPolicy.has("groups"));
    }

    /// Whom the token is about and who signed in is not the policy's to say.
    @Test
    void neverSayAnotherUserThanTheOneWhoSignedIn() {
        policy(ClaimsPolicy.DEFAULT.withRules(List.of(
                rule("preferred_username", Set.of(TokenKind.JWT), false, Source.constant("root@contoso.example")))));

        assertEquals(
                host.simon.userPrincipalName(),
                idToken().path("preferred_username").asString());
    }
}
