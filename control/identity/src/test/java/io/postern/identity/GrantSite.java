package io.postern.identity;

import static io.postern.identity.OidcClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import io.postern.store.Assignment;
import io.postern.store.ClientCredential;
import io.postern.store.PermissionGrant;
import io.postern.store.ServicePrincipal;
import io.postern.store.User;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// One user, one client and one resource for which every grant works: what a test changes then decides alone.
///
/// The client `portal` proves itself by a secret or a key and wants `orders.read` of the resource `orders`. Both
/// demand assignments, which the user has, and the client has one to the resource. An administrator consented.
final class GrantSite {
    static final String REDIRECT = "https://portal.example/cb";

    /// Every way to get a token.
    enum Way {
        CODE,
        REFRESH,
        DEVICE,
        SECRET,
        KEY,
        BEHALF,
        EXCHANGE
    }

    final LoginHost host;
    final User user;
    final Application portal;
    final Application orders;
    final String portalSecret;
    private final TestCertificates.Issued key = TestCertificates.selfSigned("portal");

    /// Whose token endpoint is asked.
    String tenantPath = "contoso";

    GrantSite(LoginHost host) {
        this.host = host;
        String number = UUID.randomUUID().toString().substring(0, 8);
        user = host.user(host.contoso, "u" + number, "U. " + number);
        portal = host.application(host.contoso, "portal", List.of(REDIRECT), Optional.empty(), false, true);
        orders = host.application(host.contoso, "orders", List.of(), Optional.empty(), false, true);
        portalSecret = host.secretOf(portal, Optional.of(host.clock.instant().plusSeconds(3600)));
        keep(key.leaf());
        expose(portal, "access", true);
        expose(orders, "orders.read", true);
        host.assign(user, portal);
        host.assign(user, orders);
        ServicePrincipal client = host.principal(portal);
        ServicePrincipal resource = host.principal(orders);
        host.store.write(s -> {
            s.assignments()
                    .insert(new Assignment(
                            host.contoso.id(),
                            UUID.randomUUID().toString(),
                            Assignment.PrincipalType.SERVICE_PRINCIPAL,
                            client.id().value(),
                            resource.id(),
                            Assignment.DEFAULT_ACCESS,
                            host.clock.instant()));
            return s;
        });
        consent(portal, orders.appId().value(), "orders.read");
        consent(portal, "00000003-0000-0000-c000-000000000000", "offline_access");
        consent(host.spa, portal.appId().value(), "access");
    }

    /// Replaces what the application exposes.
    void expose(Application application, String scope, boolean enabled) {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(new ExposedScope(UUID.randomUUID().toString(), scope, scope, "", true, enabled)),
                List.of(),
                List.of(),
                List.of(),
                GroupClaims.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        host.store.write(s -> {
            s.clientSettings().put(host.contoso.id(), application.id(), settings);
            return settings;
        });
    }

    void makeTheUserAGuest() {
        host.store.write(s -> {
            User u = s.users().find(user.tenant(), user.id()).orElseThrow();
            return s.users()
                    .update(new User(
                            u.tenant(),
                            u.id(),
                            u.userPrincipalName(),
                            u.displayName(),
                            u.givenName(),
                            u.surname(),
                            u.mail(),
                            u.accountEnabled(),
                            u.passwordHash(),
                            u.forceChangePassword(),
                            u.sessionsValidFrom(),
                            u.created(),
                            u.attributes().with(Attributes.USER_TYPE, Optional.of(Attributes.GUEST))));
        });
    }

    void letTheSecretExpire() {
        host.store.write(s -> {
            for (ClientCredential c : s.clientCredentials().of(host.contoso.id(), portal.id())) {
                if (c.kind() == ClientCredential.Kind.SECRET) {
                    s.clientCredentials().delete(c.tenant(), c.application(), c.id());
                    s.clientCredentials()
                            .insert(new ClientCredential(
                                    c.tenant(),
                                    c.id(),
                                    c.application(),
                                    c.kind(),
                                    c.displayName(),
                                    c.fingerprint(),
                                    c.hint(),
                                    c.certificate(),
                                    c.starts(),
                                    host.clock.instant()));
                }
            }
            return s;
        });
    }

    private void consent(Application client, String resource, String scope) {
        ServicePrincipal entry = host.principal(client);
        host.store.write(s -> {
            s.permissionGrants()
                    .put(new PermissionGrant(
                            host.contoso.id(),
                            UUID.randomUUID().toString(),
                            entry.id(),
                            Optional.empty(),
                            resource,
                            Set.of(scope),
                            host.clock.instant()));
            return scope;
        });
    }

    /// From now on the client may prove itself with the key of this certificate.
    void keep(X509Certificate certificate) {
        String der;
        try {
            der = Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
        host.store.write(s -> {
            s.clientCredentials()
                    .insert(new ClientCredential(
                            host.contoso.id(),
                            UUID.randomUUID().toString(),
                            portal.id(),
                            ClientCredential.Kind.CERTIFICATE,
                            "test",
                            TestCertificates.fingerprint(certificate),
                            "CN=portal",
                            Optional.of(der),
                            Instant.EPOCH,
                            Instant.parse("2030-01-01T00:00:00Z")));
            return der;
        });
    }

    /// Takes the user and the client through everything that comes before the token endpoint.
    ///
    /// @return the request that would get tokens now
    Map<String, String> prepare(Way way) {
        return switch (way) {
            case CODE -> form("authorization_code", "code", code("openid " + read()), "redirect_uri", REDIRECT);
            case REFRESH ->
                form(
                        "refresh_token",
                        "refresh_token",
                        OidcClient.refreshToken(client().signIn(user, "openid offline_access " + read())));
            case DEVICE -> form("urn:ietf:params:oauth:grant-type:device_code", "device_code", deviceCode());
            case SECRET, KEY -> form("client_credentials", "scope", "api://" + orders.appId() + "/.default");
            case BEHALF ->
                form(
                        "urn:ietf:params:oauth:grant-type:jwt-bearer",
                        "requested_token_use",
                        "on_behalf_of",
                        "assertion",
                        tokenForPortal(),
                        "scope",
                        read());
            case EXCHANGE ->
                form(
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                        "subject_token",
                        tokenForPortal(),
                        "scope",
                        read());
        };
    }

    /// Sends a prepared request, with the proof of the client that belongs to it.
    Answer ask(Way way, Map<String, String> prepared) {
        var form = new LinkedHashMap<>(prepared);
        form.put("client_id", portal.appId().value());
        if (way == Way.KEY) {
            form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.put("client_assertion", assertion());
        } else {
            form.put("client_secret", portalSecret);
        }
        return host.browser().post("/" + tenantPath + "/oauth2/v2.0/token", form);
    }

    private OidcClient client() {
        return new OidcClient(host, portal, REDIRECT).withSecret(portalSecret);
    }

    private String read() {
        return "api://" + orders.appId() + "/orders.read";
    }

    private String code(String scope) {
        return client().code(host.browser(), user, scope);
    }

    private String deviceCode() {
        Answer begun = client().post("/contoso/oauth2/v2.0/devicecode", Map.of("scope", "openid " + read()));
        assertEquals(200, begun.status(), begun.body());
        Browser browser = host.browser();
        Answer typed = browser.submit(
                browser.get("/device"),
                Map.of("user_code", json(begun).path("user_code").asString()));
        Answer confirm = browser.signIn(typed, user.userPrincipalName(), LoginHost.PASSWORD);
        assertEquals(200, browser.submit(confirm, Map.of("answer", "allow")).status());
        return json(begun).path("device_code").asString();
    }

    private String tokenForPortal() {
        return new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK)
                .signIn(user, "openid api://" + portal.appId() + "/access")
                .path("access_token")
                .asString();
    }

    private String assertion() {
        var claims = new JWTClaimsSet.Builder()
                .issuer(portal.appId().value())
                .subject(portal.appId().value())
                .audience(host.address.issuer(host.contoso.id()))
                .jwtID(UUID.randomUUID().toString())
                .expirationTime(Date.from(host.clock.instant().plusSeconds(120)))
                .build();
        try {
            var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
            jwt.sign(new ECDSASigner((ECPrivateKey) key.key()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> form(String grantType, String... more) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", grantType);
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        if (grantType.equals("authorization_code")) {
            form.put("code_verifier", AuthorizeLink.VERIFIER);
        }
        return form;
    }
}
