package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.WritingCalls.Ask;
import io.postern.admin.WritingCalls.Example;
import io.postern.admin.WritingCalls.Setting;
import io.postern.domain.ConnectorId;
import io.postern.domain.UserId;
import io.postern.fixtures.DnsServer;
import io.postern.fixtures.TestCertificates;
import io.postern.store.AuthenticationMethod;
import io.postern.store.Domain;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/// The words of [WritingCalls], and what its calls are about.
abstract class WritingTable {
    static final String PP = Installation.PROFILE;

    private static final TestCertificates AUTHORITY = TestCertificates.authority("Contoso CA");
    private static final AtomicInteger COUNTER = new AtomicInteger();

    final Installation service;
    final DnsServer dns;
    private final List<Example> examples = new ArrayList<>();

    WritingTable(Installation service, DnsServer dns) {
        this.service = service;
        this.dns = dns;
    }

    List<Example> all() {
        return List.copyOf(examples);
    }

    // ---- the table's words

    void one(String title, String activity, Setting setting) {
        like(title, "", activity, setting);
    }

    void like(String title, String variant, String activity, Setting setting) {
        examples.add(new Example(title, variant, List.of(activity), "", setting));
    }

    void several(String title, String variant, String reason, Setting setting, String... activities) {
        examples.add(new Example(title, variant, List.of(activities), reason, setting));
    }

    void nothing(String title, String reason, Setting setting) {
        examples.add(new Example(title, reason, List.of(), reason, setting));
    }

    static Ask ask(String json, String... ids) {
        return new Ask("application/json", HttpRequest.BodyPublishers.ofString(json), List.of(ids));
    }

    static String odata(String collection, String id) {
        return "{\"@odata.id\":\"https://api.postern.localhost/v1.0/" + collection + "/" + id + "\"}";
    }

    static Ask picture(String id) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", out);
        return new Ask("image/png", HttpRequest.BodyPublishers.ofByteArray(out.toByteArray()), List.of(id));
    }

    // ---- things to call upon

    static int next() {
        return COUNTER.incrementAndGet();
    }

    static String name() {
        return "thing" + next();
    }

    static Response made(Response response) {
        assertTrue(response.status() < 300, () -> response.raw().body());
        return response;
    }

    Response application() {
        return made(service.post("/applications", "{\"displayName\":\"" + name() + "\"}"));
    }

    String app() {
        return application().text("/id");
    }

    String published() {
        String name = name();
        return made(service.post(
                        "/applications",
                        "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                                + ".corp/\"}}"))
                .text("/id");
    }

    /// Whose users are signed in by Kerberos.
    String kerberos() {
        String id = published();
        made(service.patch(
                "/applications/" + id + "/onPremisesPublishing",
                "{\"singleSignOnSettings\":{\"singleSignOnMode\":\"onPremisesKerberos\","
                        + "\"kerberosSignOnSettings\":{\"kerberosServicePrincipalName\":\"HTTP/wiki.corp\"}}}"));
        return id;
    }

    String principal() {
        return principal(application());
    }

    String principal(Response application) {
        return made(service.post("/servicePrincipals", "{\"appId\":\"" + application.text("/appId") + "\"}"))
                .text("/id");
    }

    String saml(String principal) {
        made(service.patch(
                "/servicePrincipals/" + principal + "/signOn",
                "{\"preferredSingleSignOnMode\":\"saml\",\"identifierUris\":[\"urn:" + name()
                        + "\"],\"replyUrls\":[{\"url\":\"https://sp.example/acs\"}]}"));
        return principal;
    }

    /// A second one, which waits.
    String signingCertificate(String principal) {
        return made(service.post("/servicePrincipals/" + principal + "/addTokenSigningCertificate", "{}"))
                .text("/keyId");
    }

    String assignment(String principal) {
        return made(service.post(
                        "/servicePrincipals/" + principal + "/appRoleAssignedTo",
                        "{\"principalId\":\"" + service.user.id() + "\"}"))
                .text("/id");
    }

    static String certificate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return Base64.getEncoder()
                .encodeToString(AUTHORITY
                        .server(generator.generateKeyPair(), "sp")
                        .leaf()
                        .getEncoded());
    }

    String hostCertificate() throws CertificateEncodingException {
        TestCertificates.Issued issued = AUTHORITY.server("a." + domain(true));
        return "{\"chain\":\"" + pem("CERTIFICATE", issued.leaf().getEncoded()) + "\",\"key\":\""
                + pem("PRIVATE KEY", issued.key().getEncoded()) + "\"}";
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\\n" + Base64.getEncoder().encodeToString(der) + "\\n-----END " + type
                + "-----\\n";
    }

    String declared(boolean planOnly) {
        String name = name();
        return "{\"isPlanOnly\":" + planOnly + ",\"applications\":[{\"displayName\":\"" + name
                + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name + ".corp/\"}}]}";
    }

    String domain(boolean proven) {
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

    String connectorGroup() {
        return made(service.post(PP + "/connectorGroups", "{\"name\":\"" + name() + "\"}"))
                .text("/id");
    }

    ConnectorId connector() {
        return service.connector(name());
    }

    String newUser() {
        return "{\"userPrincipalName\":\"" + name() + "@contoso.example\",\"displayName\":\"N\",\"passwordProfile\":"
                + "{\"password\":\"correct horse battery\"}}";
    }

    /// Straight into the store: the password costs the most of a user.
    String user() {
        return service.someone(name(), "N").id().value();
    }

    String group() {
        return made(service.post("/groups", "{\"displayName\":\"" + name() + "\"}"))
                .text("/id");
    }

    String session(String user) {
        return service.session(new UserId(user), "Firefox on Linux").value();
    }

    String method(String user, AuthenticationMethod.Kind kind) {
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
