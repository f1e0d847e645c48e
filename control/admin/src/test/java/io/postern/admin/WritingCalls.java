package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.ConnectorId;
import io.postern.domain.ObjectId;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.fixtures.DnsServer;
import io.postern.fixtures.TestCertificates;
import io.postern.store.AuthenticationMethod;
import io.postern.store.Connector;
import io.postern.store.ConnectorUpdate;
import io.postern.store.Domain;
import io.postern.store.ProfileStore;
import io.postern.store.SessionStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/// A valid call of every route of the API that is not a GET, as small as can be, and the entries of the audit log that
/// it must leave. Written by hand from 5.2, never derived from the routes. Longer than most files: it is a table.
final class WritingCalls {
    /// @param title verb and path of the route, with the `{name}` segments of `who-may-call-what.txt`
    /// @param variant which of several calls of the route; empty for the smallest
    /// @param activities what the log must tell; empty: nothing is changed
    /// @param reason why it is not exactly one entry
    record Example(String title, String variant, List<String> activities, String reason, Setting setting) {
        String verb() {
            return title.substring(0, title.indexOf(' '));
        }

        String name() {
            return variant.isEmpty() ? title : title + ", " + variant;
        }
    }

    /// Makes what the call is about, and says what to send.
    interface Setting {
        Ask make() throws Exception;
    }

    /// @param ids for the `{name}` segments, in their order
    record Ask(String contentType, HttpRequest.BodyPublisher body, List<String> ids) {
        String path(String title) {
            String path = title.substring(title.indexOf(' ') + 1);
            for (String id : ids) {
                path = path.replaceFirst("\\{[a-zA-Z]+}", id);
            }
            return path;
        }
    }

    private static final String PP = Installation.PROFILE;
    private static final String METADATA = "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata'"
            + " entityID='urn:sp:imported'><md:SPSSODescriptor"
            + " protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'><md:AssertionConsumerService"
            + " Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' Location='https://sp.example/acs' index='0'/>"
            + "</md:SPSSODescriptor></md:EntityDescriptor>";

    private static final TestCertificates AUTHORITY = TestCertificates.authority("Contoso CA");

    private final Installation service;
    private final DnsServer dns;
    private final AtomicInteger counter = new AtomicInteger();
    private final List<Example> examples = new ArrayList<>();

    WritingCalls(Installation service, DnsServer dns) {
        this.service = service;
        this.dns = dns;
        applications();
        principals();
        signOn();
        proxy();
        connectors();
        people();
        methods();
        tenant();
    }

    List<Example> all() {
        return List.copyOf(examples);
    }

    private void applications() {
        one("POST /applications", "Add application", () -> ask("{\"displayName\":\"x\"}"));
        one("PATCH /applications/{id}", "Update application", () -> ask("{\"displayName\":\"y\"}", app()));
        like("PATCH /applications/{id}", "with SAML sign-on", "Update application", () -> {
            Response app = application();
            saml(principal(app));
            return ask(
                    "{\"identifierUris\":[\"urn:y\"],\"web\":{\"redirectUris\":[\"https://y.example/acs\"]}}",
                    app.text("/id"));
        });
        like("PATCH /applications/{id}", "with token encryption", "Update application", () -> {
            Response app = application();
            saml(principal(app));
            return ask(
                    "{\"displayName\":\"z\",\"keyCredentials\":[{\"usage\":\"Encrypt\",\"key\":\"" + certificate()
                            + "\"}]}",
                    app.text("/id"));
        });
        one("DELETE /applications/{id}", "Delete application", () -> ask("", app()));
        several(
                "DELETE /applications/{id}",
                "with its service principal",
                "two things go",
                () -> ask("", published()),
                "Delete service principal",
                "Delete application");
        one("PUT /applications/{id}/logo", "Update application", () -> picture(app()));
        one("DELETE /applications/{id}/logo", "Update application", () -> {
            String app = app();
            service.store.write(stores -> {
                stores.profiles()
                        .setLogo(
                                service.tenant.id(),
                                new ObjectId(app),
                                Optional.of(new ProfileStore.Logo("image/png", "AAAA")));
                return true;
            });
            return ask("", app);
        });
        several(
                "POST /applicationTemplates/{id}/instantiate",
                "",
                "makes a registration, its service principal and its sign-on, of which each has a history",
                () -> ask(
                        "{\"displayName\":\"" + name()
                                + "\",\"parameters\":{\"redirect-url\":\"https://x.example/cb\"}}",
                        "non-gallery-oidc"),
                "Add application",
                "Add service principal",
                "Update single sign-on of application");
        one(
                "POST /applications/{id}/owners/$ref",
                "Add owner to application",
                () -> ask(odata("users", user()), app()));
        one("DELETE /applications/{id}/owners/{ownerId}/$ref", "Remove owner from application", () -> {
            String app = app();
            String user = user();
            made(service.post("/applications/" + app + "/owners/$ref", odata("users", user)));
            return ask("", app, user);
        });
        one("POST /applications/{id}/addPassword", "Update application", () -> ask("{}", app()));
        one("POST /applications/{id}/removePassword", "Update application", () -> {
            String app = app();
            String key = made(service.post("/applications/" + app + "/addPassword", "{}"))
                    .text("/keyId");
            return ask("{\"keyId\":\"" + key + "\"}", app);
        });
        one(
                "POST /applications/{id}/addKey",
                "Update application",
                () -> ask("{\"keyCredential\":{\"key\":\"" + certificate() + "\"}}", app()));
        one("POST /applications/{id}/removeKey", "Update application", () -> {
            String app = app();
            String key = made(service.post(
                            "/applications/" + app + "/addKey",
                            "{\"keyCredential\":{\"key\":\"" + certificate() + "\"}}"))
                    .text("/keyId");
            return ask("{\"keyId\":\"" + key + "\"}", app);
        });
        one(
                "POST /oauth2PermissionGrants",
                "Add delegated permission grant",
                () -> ask(grant("\"consentType\":\"AllPrincipals\"")));
        one(
                "DELETE /oauth2PermissionGrants/{grantId}",
                "Remove delegated permission grant",
                () -> ask("", granted("\"consentType\":\"AllPrincipals\"")));
        one(
                "DELETE /me/oauth2PermissionGrants/{grantId}",
                "Remove delegated permission grant",
                () -> ask(
                        "",
                        granted("\"consentType\":\"Principal\",\"principalId\":\"" + service.administrator.id()
                                + "\"")));
    }

    private String grant(String who) {
        return "{\"clientId\":\"" + principal() + "\"," + who + ",\"resourceId\":\""
                + application().text("/appId") + "\",\"scope\":\"read\"}";
    }

    private String granted(String who) {
        return made(service.post("/oauth2PermissionGrants", grant(who))).text("/id");
    }

    private void principals() {
        one(
                "POST /servicePrincipals",
                "Add service principal",
                () -> ask("{\"appId\":\"" + application().text("/appId") + "\"}"));
        one(
                "PATCH /servicePrincipals/{id}",
                "Update service principal",
                () -> ask("{\"accountEnabled\":false}", principal()));
        several(
                "DELETE /servicePrincipals/{id}",
                "",
                "it is never left without its registration, nor the other way round (APP-2)",
                () -> ask("", principal()),
                "Delete service principal",
                "Delete application");
        String assigned = "/servicePrincipals/{id}/appRoleAssignedTo";
        one(
                "POST " + assigned,
                "Add app role assignment",
                () -> ask("{\"principalId\":\"" + service.user.id() + "\"}", principal()));
        one("PATCH " + assigned + "/{assignmentId}", "Update app role assignment", () -> {
            String principal = principal();
            return ask("{\"reason\":\"because\"}", principal, assignment(principal));
        });
        one("DELETE " + assigned + "/{assignmentId}", "Remove app role assignment", () -> {
            String principal = principal();
            return ask("", principal, assignment(principal));
        });
        one(
                "POST /assignmentReviews/{id}/decide",
                "Review app role assignment: keep",
                () -> ask("{\"decision\":\"keep\",\"reason\":\"needed\"}", assignment(principal())));
        like(
                "POST /assignmentReviews/{id}/decide",
                "remove",
                "Review app role assignment: remove",
                () -> ask("{\"decision\":\"remove\",\"reason\":\"gone\"}", assignment(principal())));
        String tokens = "/servicePrincipals/{id}/apiTokens";
        one("POST " + tokens, "Add service principal credentials", () -> ask("{\"displayName\":\"t\"}", principal()));
        one("DELETE " + tokens + "/{tokenId}", "Remove service principal credentials", () -> {
            String principal = principal();
            String token = made(service.post(
                            "/servicePrincipals/" + principal + "/apiTokens", "{\"displayName\":\"t\"}"))
                    .text("/id");
            return ask("", principal, token);
        });
        one(
                "POST /servicePrincipals/{id}/revokeSignInSessions",
                "Revoke sign-in sessions of application",
                () -> ask("{}", principal()));
    }

    private void signOn() {
        String one = "/servicePrincipals/{id}";
        String update = "Update single sign-on of application";
        one("PATCH " + one + "/signOn", update, () -> ask("{\"loginUrl\":\"https://x.example/\"}", principal()));
        several(
                "PATCH " + one + "/signOn",
                "SAML for the first time",
                "there must be something to sign with",
                () -> ask("{\"preferredSingleSignOnMode\":\"saml\"}", principal()),
                "Add signing certificate",
                update);
        one(
                "POST " + one + "/signOn/importMetadata",
                update,
                () -> ask("{\"metadata\":\"" + METADATA + "\"}", saml(principal())));
        String user = "{\"user\":\"" + service.user.id() + "\"}";
        nothing("POST " + one + "/signOn/test", "checks what is set", () -> ask(user, saml(principal())));
        nothing("POST " + one + "/signOn/preview", "shows what would be told", () -> ask(user, saml(principal())));
        one(
                "PUT " + one + "/claimsPolicy",
                update,
                () -> ask("{\"nameId\":{\"format\":\"persistent\"}}", saml(principal())));
        one("POST " + one + "/addTokenSigningCertificate", "Add signing certificate", () -> ask("{}", principal()));
        String certificates = one + "/tokenSigningCertificates/{keyId}";
        one("POST " + certificates + "/activate", "Make signing certificate active", () -> {
            String principal = saml(principal());
            return ask("{}", principal, signingCertificate(principal));
        });
        one("DELETE " + certificates, "Remove signing certificate", () -> {
            String principal = saml(principal());
            return ask("", principal, signingCertificate(principal));
        });
    }

    private void proxy() {
        String publishing = "/applications/{id}/onPremisesPublishing";
        one(
                "PATCH " + publishing,
                "Update application",
                () -> ask("{\"internalUrl\":\"http://other.corp/\"}", published()));
        several(
                "PATCH " + publishing,
                "for the first time",
                "nobody could be assigned without a service principal",
                () -> ask("{\"internalUrl\":\"http://" + name() + ".corp/\"}", app()),
                "Update application",
                "Add service principal");
        nothing("POST " + publishing + "/probe", "makes connectors ask the backend", () -> ask("{}", published()));
        one("POST " + publishing + "/linkReport", "Record links of application", () -> ask("{}", published()));
        one("DELETE " + publishing + "/linkReport", "Forget links of application", () -> ask("", published()));
        String ref = "/applications/{id}/connectorGroup/$ref";
        one("PUT " + ref, "Update application", () -> ask(odata("connectorGroups", connectorGroup()), app()));
        one("DELETE " + ref, "Update application", () -> {
            String app = app();
            made(service.api(
                    "PUT",
                    "/applications/" + app + "/connectorGroup/$ref",
                    odata("connectorGroups", connectorGroup())));
            return ask("", app);
        });
        String apply = "POST " + PP + "/declarations/apply";
        several(
                apply,
                "",
                "declares an application, which brings its service principal",
                () -> ask(declared(false)),
                "Add application",
                "Add service principal");
        nothing(apply, "plans only", () -> ask(declared(true)));
        one("POST /certificates", "Add certificate", () -> ask(hostCertificate()));
        one(
                "DELETE /certificates/{id}",
                "Remove certificate",
                () -> ask(
                        "",
                        made(service.post("/certificates", hostCertificate())).text("/id")));
        one("POST /certificateOrders", "Order certificate", () -> ask("{\"hosts\":[\"a." + domain(true) + "\"]}"));
        one(
                "DELETE /certificateOrders/{id}",
                "Cancel certificate order",
                () -> ask(
                        "",
                        made(service.post("/certificateOrders", "{\"hosts\":[\"a." + domain(true) + "\"]}"))
                                .text("/id")));
        String traces = PP + "/traces";
        one("POST " + traces, "Start trace of exchanges", () -> ask(trace()));
        one("DELETE " + traces + "/{id}", "Delete trace of exchanges", () -> ask("", traced()));
        one("POST " + traces + "/{id}/end", "End trace of exchanges", () -> ask("{}", traced()));
        one("POST " + traces + "/{id}/read", "Read trace of exchanges", () -> ask("{}", traced()));
    }

    private String trace() {
        return "{\"applicationId\":\"" + published() + "\",\"userId\":\"" + service.user.id() + "\"}";
    }

    private String traced() {
        return made(service.post(PP + "/traces", trace())).text("/id");
    }

    private void connectors() {
        one(
                "PATCH " + PP,
                "Set update policy of connectors",
                () -> ask("{\"hybridAgentUpdaterConfiguration\":{\"allowUpdateConfigurationOverride\":true}}"));
        String one = PP + "/connectors/{id}";
        one("POST " + one + "/update", "Request connector update", () -> {
            ConnectorId id = connector();
            service.store.write(stores -> {
                stores.updates()
                        .put(new ConnectorUpdate(
                                service.tenant.id(),
                                id,
                                "1.0",
                                Optional.of("1.1"),
                                Optional.empty(),
                                false,
                                ConnectorUpdate.State.WAITING,
                                "",
                                Instant.now(),
                                Optional.of(Instant.now())));
                return true;
            });
            return ask("{}", id.value());
        });
        one(
                "PATCH " + one,
                "Disable connector",
                () -> ask("{\"accountEnabled\":false}", connector().value()));
        one("DELETE " + one, "Delete connector", () -> ask("", connector().value()));
        one(
                "POST " + one + "/memberOf/$ref",
                "Add a connector to connector group",
                () -> ask(
                        odata("connectorGroups", connectorGroup()), connector().value()));
        one("POST " + PP + "/connectorGroups", "Add connector group", () -> ask("{\"name\":\"" + name() + "\"}"));
        one(
                "PATCH " + PP + "/connectorGroups/{id}",
                "Update connector group",
                () -> ask("{\"name\":\"" + name() + "\"}", connectorGroup()));
        one("DELETE " + PP + "/connectorGroups/{id}", "Delete connector group", () -> ask("", connectorGroup()));
        one("POST " + PP + "/connectorTokens", "Add connector token", () -> ask("{}"));
        one(
                "DELETE " + PP + "/connectorTokens/{id}",
                "Remove connector token",
                () -> ask("", made(service.post(PP + "/connectorTokens", "{}")).text("/id")));
    }

    private void people() {
        one("POST /users", "Add user", () -> ask(newUser()));
        one("PATCH /users/{id}", "Update user", () -> ask("{\"displayName\":\"Other\"}", user()));
        like(
                "PATCH /users/{id}",
                "a password",
                "Reset user password",
                () -> ask("{\"passwordProfile\":{\"password\":\"wrong horse staple\"}}", user()));
        like("PATCH /users/{id}", "disabled", "Update user", () -> ask("{\"accountEnabled\":false}", user()));
        one("DELETE /users/{id}", "Delete user", () -> ask("", user()));
        one("POST /users/{id}/revokeSignInSessions", "Revoke sign-in sessions", () -> ask("{}", user()));
        one("DELETE /users/{id}/sessions/{session}", "End sign-in session", () -> {
            String user = user();
            return ask("", user, session(user));
        });
        one("POST /users/{id}/sessions/endByDevice", "End sign-in session", () -> {
            String user = user();
            session(user);
            session(user);
            return ask("{\"deviceDisplayName\":\"Firefox on Linux\"}", user);
        });
        one(
                "DELETE /me/sessions/{session}",
                "End sign-in session",
                () -> ask("", session(service.administrator.id().value())));
        one("POST /groups", "Add group", () -> ask("{\"displayName\":\"" + name() + "\"}"));
        one("PATCH /groups/{id}", "Update group", () -> ask("{\"description\":\"d\"}", group()));
        one("DELETE /groups/{id}", "Delete group", () -> ask("", group()));
        one("POST /groups/{id}/members/$ref", "Add member to group", () -> ask(odata("users", user()), group()));
        one("DELETE /groups/{id}/members/{userId}/$ref", "Remove member from group", () -> {
            String group = group();
            String user = user();
            made(service.post("/groups/" + group + "/members/$ref", odata("users", user)));
            return ask("", group, user);
        });
        String roles = "/roleManagement/directory/roleAssignments";
        String reader = AdminRole.GLOBAL_READER.templateId();
        one(
                "POST " + roles,
                "Add member to role",
                () -> ask("{\"principalId\":\"" + user() + "\",\"roleDefinitionId\":\"" + reader + "\"}"));
        one(
                "DELETE " + roles + "/{id}",
                "Remove member from role",
                () -> ask(
                        "",
                        made(service.post(
                                        roles,
                                        "{\"principalId\":\"" + user() + "\",\"roleDefinitionId\":\"" + reader + "\"}"))
                                .text("/id")));
    }

    private void methods() {
        String all = "/users/{id}/authentication";
        one("POST " + all + "/methods/reset", "Delete authentication methods", () -> {
            String user = user();
            method(user, AuthenticationMethod.Kind.TOTP);
            method(user, AuthenticationMethod.Kind.PASSKEY);
            return ask("{}", user);
        });
        like(
                "POST " + all + "/methods/reset",
                "of one who has none, whose sessions end",
                "Delete authentication methods",
                () -> ask("{}", user()));
        one("POST " + all + "/temporaryAccessPassMethods", "Create temporary access pass", () -> ask("{}", user()));
        removal("temporaryAccessPassMethods", AuthenticationMethod.Kind.TEMPORARY_PASS);
        removal("fido2Methods", AuthenticationMethod.Kind.PASSKEY);
        removal("softwareOathMethods", AuthenticationMethod.Kind.TOTP);
        removal("recoveryCodesMethods", AuthenticationMethod.Kind.RECOVERY_CODES);
    }

    private void removal(String collection, AuthenticationMethod.Kind kind) {
        one("DELETE /users/{id}/authentication/" + collection + "/{methodId}", "Delete authentication method", () -> {
            String user = user();
            return ask("", user, method(user, kind));
        });
    }

    private void tenant() {
        one(
                "PATCH /organization/{id}",
                "Set company information",
                () -> ask(
                        "{\"requestsPerSecondMax\":" + (1000 + counter.incrementAndGet()) + "}",
                        service.tenant.id().value()));
        one("POST /domains", "Add unverified domain", () -> ask("{\"id\":\"" + name() + ".example\"}"));
        one("PATCH /domains/{id}", "Update domain", () -> ask("{\"isCertificateOrdered\":true}", domain(false)));
        one("DELETE /domains/{id}", "Remove domain", () -> ask("", domain(false)));
        one("POST /domains/{id}/verify", "Verify domain", () -> {
            String name = domain(false);
            dns.serve("txt-record=_postern." + name + ",proof");
            return ask("{}", name);
        });
        one("POST /tenants", "Add tenant", () -> {
            String name = name();
            return ask("{\"name\":\"" + name + "\",\"domain\":\"" + name + ".example\",\"administrator\":\"admin@"
                    + name + ".example\",\"passwordProfile\":{\"password\":\"correct horse battery\"}}");
        });
    }

    // ---- the table's words

    private void one(String title, String activity, Setting setting) {
        like(title, "", activity, setting);
    }

    private void like(String title, String variant, String activity, Setting setting) {
        examples.add(new Example(title, variant, List.of(activity), "", setting));
    }

    private void several(String title, String variant, String reason, Setting setting, String... activities) {
        examples.add(new Example(title, variant, List.of(activities), reason, setting));
    }

    private void nothing(String title, String reason, Setting setting) {
        examples.add(new Example(title, reason, List.of(), reason, setting));
    }

    private static Ask ask(String json, String... ids) {
        return new Ask("application/json", HttpRequest.BodyPublishers.ofString(json), List.of(ids));
    }

    private static String odata(String collection, String id) {
        return "{\"@odata.id\":\"https://api.postern.localhost/v1.0/" + collection + "/" + id + "\"}";
    }

    private static Ask picture(String id) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", out);
        return new Ask("image/png", HttpRequest.BodyPublishers.ofByteArray(out.toByteArray()), List.of(id));
    }

    // ---- things to call upon

    private String name() {
        return "thing" + counter.incrementAndGet();
    }

    private static Response made(Response response) {
        assertTrue(response.status() < 300, () -> response.raw().body());
        return response;
    }

    private Response application() {
        return made(service.post("/applications", "{\"displayName\":\"" + name() + "\"}"));
    }

    private String app() {
        return application().text("/id");
    }

    private String published() {
        String name = name();
        return made(service.post(
                        "/applications",
                        "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                                + ".corp/\"}}"))
                .text("/id");
    }

    private String principal() {
        return principal(application());
    }

    private String principal(Response application) {
        return made(service.post("/servicePrincipals", "{\"appId\":\"" + application.text("/appId") + "\"}"))
                .text("/id");
    }

    private String saml(String principal) {
        made(service.patch(
                "/servicePrincipals/" + principal + "/signOn",
                "{\"preferredSingleSignOnMode\":\"saml\",\"identifierUris\":[\"urn:" + name()
                        + "\"],\"replyUrls\":[{\"url\":\"https://sp.example/acs\"}]}"));
        return principal;
    }

    /// A second one, which waits.
    private String signingCertificate(String principal) {
        return made(service.post("/servicePrincipals/" + principal + "/addTokenSigningCertificate", "{}"))
                .text("/keyId");
    }

    private String assignment(String principal) {
        return made(service.post(
                        "/servicePrincipals/" + principal + "/appRoleAssignedTo",
                        "{\"principalId\":\"" + service.user.id() + "\"}"))
                .text("/id");
    }

    private static String certificate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return Base64.getEncoder()
                .encodeToString(AUTHORITY
                        .server(generator.generateKeyPair(), "sp")
                        .leaf()
                        .getEncoded());
    }

    private String hostCertificate() throws CertificateEncodingException {
        TestCertificates.Issued issued = AUTHORITY.server("a." + domain(true));
        return "{\"chain\":\"" + pem("CERTIFICATE", issued.leaf().getEncoded()) + "\",\"key\":\""
                + pem("PRIVATE KEY", issued.key().getEncoded()) + "\"}";
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\\n" + Base64.getEncoder().encodeToString(der) + "\\n-----END " + type
                + "-----\\n";
    }

    private String declared(boolean planOnly) {
        String name = name();
        return "{\"isPlanOnly\":" + planOnly + ",\"applications\":[{\"displayName\":\"" + name
                + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name + ".corp/\"}}]}";
    }

    private String domain(boolean proven) {
        String name = name() + ".example";
        Instant now = Instant.now();
        service.store.write(stores -> {
            stores.domains()
                    .put(new Domain(
                            service.tenant.id(),
                            name,
                            "proof",
                            false,
                            proven ? Optional.of(now) : Optional.empty(),
                            now));
            return true;
        });
        return name;
    }

    private String connectorGroup() {
        return made(service.post(PP + "/connectorGroups", "{\"name\":\"" + name() + "\"}"))
                .text("/id");
    }

    private ConnectorId connector() {
        ConnectorId id = ConnectorId.random();
        service.store.write(stores -> {
            stores.connectors()
                    .insert(new Connector(
                            service.tenant.id(),
                            id,
                            stores.connectorGroups()
                                    .defaultGroup(service.tenant.id())
                                    .id(),
                            name(),
                            Optional.empty(),
                            "1.0",
                            UUID.randomUUID().toString(),
                            Instant.now().plusSeconds(3600),
                            Instant.now(),
                            Optional.empty(),
                            true,
                            Optional.empty()));
            return true;
        });
        return id;
    }

    private String newUser() {
        return "{\"userPrincipalName\":\"" + name() + "@contoso.example\",\"displayName\":\"N\",\"passwordProfile\":"
                + "{\"password\":\"correct horse battery\"}}";
    }

    /// Straight into the store: the password costs the most of a user.
    private String user() {
        return service.someone(name(), "N").id().value();
    }

    private String group() {
        return made(service.post("/groups", "{\"displayName\":\"" + name() + "\"}"))
                .text("/id");
    }

    private String session(String user) {
        SessionId id = SessionId.random();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        service.store.write(stores -> {
            stores.sessions()
                    .insert(new SessionStore.Row(
                            service.tenant.id(),
                            id,
                            new UserId(user),
                            UUID.randomUUID().toString(),
                            now,
                            now,
                            now.plusSeconds(3600),
                            false,
                            "192.0.2.1",
                            "Mozilla/5.0",
                            Set.of("pwd"),
                            Optional.empty(),
                            "Firefox on Linux"));
            return true;
        });
        return id.value();
    }

    private String method(String user, AuthenticationMethod.Kind kind) {
        String id = UUID.randomUUID().toString();
        Instant now = Instant.now();
        service.store.write(stores -> {
            stores.authenticationMethods()
                    .insert(new AuthenticationMethod(
                            service.tenant.id(),
                            new UserId(user),
                            id,
                            kind,
                            "n",
                            kind == AuthenticationMethod.Kind.PASSKEY ? Optional.of(id) : Optional.empty(),
                            "secret",
                            1,
                            Optional.of(now),
                            Optional.of(now.plusSeconds(3600)),
                            now,
                            Optional.empty(),
                            0));
            return true;
        });
        return id;
    }
}
