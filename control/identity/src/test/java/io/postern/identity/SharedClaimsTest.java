package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.postern.domain.AppId;
import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.signon.SamlSignOn;
import io.postern.saml.Assertion;
import io.postern.saml.Attribute;
import io.postern.saml.AuthnRequest;
import io.postern.saml.xml.RefusedMessage;
import io.postern.store.ClaimsMappingPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// One claims policy of two applications, of which one takes tokens and the other assertions.
class SharedClaimsTest extends OneSamlSite {
    private static final String DEFINITION = """
            {"ClaimsMappingPolicy": {
              "Version": 1,
              "IncludeBasicClaimSet": "false",
              "ClaimsSchema": [
                {"Source": "user", "ID": "userprincipalname"},
                {"Source": "user", "ID": "displayname",
                 "SamlClaimType": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"},
                {"Source": "transformation", "ID": "Login", "TransformationId": "Prefix",
                 "SamlClaimType": "http://x.example/claims/login", "JwtClaimType": "login"},
                {"Value": "here", "SamlClaimType": "urn:place", "JwtClaimType": "place"}],
              "ClaimsTransformations": [
                {"ID": "Prefix", "TransformationMethod": "ExtractMailPrefix",
                 "InputClaims": [{"ClaimTypeReferenceId": "userprincipalname", "TransformationClaimType": "mail"}],
                 "OutputClaims": [{"ClaimTypeReferenceId": "Login", "TransformationClaimType": "outputClaim"}]}]}}
            """;

    private final ClaimsMappingPolicyId id = ClaimsMappingPolicyId.random();

    SharedClaimsTest() {
        super("wages", false);
    }

    private void assign(AppId application) {
        host.store.write(s -> {
            s.claimsMappingPolicies().put(new ClaimsMappingPolicy(host.contoso.id(), id, "shared", DEFINITION));
            s.samlSignOns()
                    .put(s.samlSignOns()
                            .stored(host.contoso.id(), application)
                            .orElseGet(() -> SamlSignOn.of(host.contoso.id(), application)));
            s.claimsMappingPolicies().assign(host.contoso.id(), application, id);
            return id;
        });
    }

    private void unassign(AppId application) {
        host.store.write(s -> s.claimsMappingPolicies().unassign(host.contoso.id(), application, id));
    }

    private Assertion assertion() throws RefusedMessage {
        AuthnRequest request = site.request();
        var answer = browser.get(site.link(request));
        return site.read(
                answer.action().equals(SamlSite.ACS) ? answer : browser.signIn(answer, USER, PASSWORD),
                Optional.of(request.header().id()));
    }

    private JsonNode idToken() {
        return OidcClient.claims(
                new OidcClient(host, host.spa, SPA_CALLBACK).signIn(host.simon, "openid profile"), "id_token");
    }

    private static Map<String, List<String>> said(Assertion assertion) {
        return assertion.attributes().stream().collect(Collectors.toMap(Attribute::name, Attribute::values));
    }

    @Test
    void standsInTheAssertionOfOneAndTheTokenOfTheOtherUntilItIsTakenAway() throws RefusedMessage {
        Map<String, List<String>> before = said(assertion());
        assign(site.application.appId());
        assign(host.spa.appId());

        Assertion assertion = assertion();
        JsonNode token = idToken();

        assertEquals("B. Simon", assertion.subject().value());
        assertEquals(List.of("b.simon"), said(assertion).get("http://x.example/claims/login"));
        assertEquals(List.of("here"), said(assertion).get("urn:place"));
        assertFalse(said(assertion).containsKey("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"));
        assertEquals("b.simon", token.path("login").asString());
        assertEquals("here", token.path("place").asString());
        unassign(site.application.appId());
        unassign(host.spa.appId());
        assertion = assertion();
        assertEquals(USER, assertion.subject().value());
        assertEquals(before.keySet(), said(assertion).keySet());
        assertFalse(idToken().has("login"));
    }
}
