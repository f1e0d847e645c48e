package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.AppId;
import io.postern.domain.DoorFields;
import io.postern.domain.SessionId;
import io.postern.fixtures.TestCertificates;
import io.postern.pki.MasterKey;
import io.postern.pki.SamlSigningKeys;
import io.postern.store.SamlCertificate;
import io.postern.token.SealedPrivateKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Single sign-on of applications through the API (3.4, 7.2).
class SignOnApiTest {
    @TempDir
    static Path folder;

    private static Installation service;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    /// @return path of its service principal
    private static String application(String name) {
        Response made = service.post(
                "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate",
                "{\"displayName\":\"" + name + "\"}");
        assertEquals(201, made.status(), made.raw().body());
        return "/servicePrincipals/" + made.text("/servicePrincipal/id");
    }

    private static String saml(String name) {
        String path = application(name);
        Response done = service.patch(
                path + "/signOn",
                "{\"preferredSingleSignOnMode\":\"saml\",\"identifierUris\":[\"urn:" + name
                        + "\"],\"replyUrls\":[{\"url\":\"https://" + name + ".example/acs\",\"index\":2,"
                        + "\"isDefault\":true}]}");
        assertEquals(204, done.status(), done.raw().body());
        return path;
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(element -> texts.add(element.asString()));
        return texts;
    }

    @Test
    void oneReadShowsWhatIsSetAndWhatToPasteElsewhere() {
        String path = saml("whole");

        Response read = service.get(path + "/signOn");

        assertEquals("saml", read.text("/preferredSingleSignOnMode"));
        assertEquals("urn:whole", read.text("/identifierUris/0"));
        assertEquals("https://whole.example/acs", read.text("/replyUrls/0/url"));
        assertEquals(2, read.json().at("/replyUrls/0/index").asInt());
        assertEquals(
                "https://login.postern.localhost:8443/" + service.tenant.id() + "/saml2",
                read.text("/identityProvider/loginUrl"));
        assertEquals(
                "https://myapps.postern.localhost:8443/launch/" + read.text("/appId"), read.text("/userAccessUrl"));
        assertEquals(1, read.json().at("/tokenSigningCertificates").size());
        assertTrue(read.json().at("/tokenSigningCertificates/0/isInUse").asBoolean());
        assertEquals(0, read.json().at("/missing").size());
        assertFalse(read.raw().body().contains("sealed"));
    }

    @Test
    void aServicePrincipalShowsWhatIsPatchedThere() {
        String path = saml("shown");
        Response patched = service.patch(
                path,
                "{\"loginUrl\":\"https://shown.example/\",\"logoutUrl\":\"https://shown.example/out\","
                        + "\"samlSingleSignOnSettings\":{\"relayState\":\"home\"},\"notes\":\"by hand\","
                        + "\"notificationEmailAddresses\":[\"ops@contoso.example\"]}");
        assertEquals(204, patched.status(), patched.raw().body());

        Response one = service.get(path);

        assertEquals("saml", one.text("/preferredSingleSignOnMode"));
        assertEquals("https://shown.example/", one.text("/loginUrl"));
        assertEquals("https://shown.example/out", one.text("/logoutUrl"));
        assertEquals("home", one.text("/samlSingleSignOnSettings/relayState"));
        assertEquals("ops@contoso.example", one.text("/notificationEmailAddresses/0"));
        assertEquals("by hand", one.text("/notes"));
        assertEquals(
                service.get(path + "/signOn").text("/tokenSigningCertificates/0/thumbprint"),
                one.text("/preferredTokenSigningKeyThumbprint"));
        assertFalse(one.json().path("isBuiltIn").asBoolean());
        JsonNode all = service.get("/servicePrincipals?$top=999").json().path("value");
        assertEquals(
                "saml", named(all, "shown").path("preferredSingleSignOnMode").asString());
        assertTrue(named(all, "Postern API").path("isBuiltIn").asBoolean());
    }

    private static JsonNode named(JsonNode list, String name) {
        return list.valueStream()
                .filter(one -> one.path("displayName").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + list));
    }

    @Test
    void whatIsReadCanBeSentBackUnchanged() throws Exception {
        String path = saml("again");
        var mapper = JsonMapper.builder().build();
        var document = (tools.jackson.databind.node.ObjectNode)
                mapper.readTree(service.get(path + "/signOn").raw().body());
        document.remove(List.of(
                "id",
                "appId",
                "displayName",
                "accountEnabled",
                "appRoleAssignmentRequired",
                "isVisibleToUsers",
                "identityProvider",
                "userAccessUrl",
                "tokenSigningCertificates",
                "missing"));

        assertEquals(204, service.patch(path + "/signOn", document.toString()).status());

        assertEquals(
                document.path("claimsPolicy"),
                service.get(path + "/signOn").json().path("claimsPolicy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"replyUrl\":[]}|replyUrl",
                "{\"replyUrls\":[{\"url\":\"http://plain.example/\"}]}|replyUrls[0].url",
                "{\"preferredSingleSignOnMode\":\"magic\"}|preferredSingleSignOnMode",
                "{\"claimsPolicy\":{\"claims\":[{\"name\":\"x\",\"configurations\":[{\"attribute\":\"shoe\"}]}]}}|claimsPolicy.claims[0].configurations[0].attribute",
                "{\"requests\":{\"requireSigned\":true}}|requests.certificates",
                "{\"encryption\":{\"activeKeyId\":\"1\"}}|encryption.activeKeyId",
                "{\"notificationEmailAddresses\":[\"a@b.c\",\"b@b.c\",\"c@b.c\",\"d@b.c\",\"e@b.c\",\"f@b.c\"]}|notificationEmailAddresses"
            })
    void aMistakeIsNamedAndNothingIsChanged(String patch, String field) {
        String path = saml("mistake" + Integer.toHexString(patch.hashCode()));
        String before = service.get(path + "/signOn").raw().body();

        Response refused = service.patch(path + "/signOn", patch);

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals(field, refused.text("/error/details/0/target"));
        assertEquals(before, service.get(path + "/signOn").raw().body());
    }

    @Test
    void anIdentifierOfAnotherApplicationIsAConflict() {
        saml("taken");
        String other = application("other");

        Response refused = service.patch(other + "/signOn", "{\"identifierUris\":[\"urn:taken\"]}");

        assertEquals(409, refused.status(), refused.raw().body());
    }

    @Test
    void theOriginalsPropertiesOfAServicePrincipalSetTheSameThings() {
        String path = application("original");

        Response done = service.patch(
                path,
                "{\"preferredSingleSignOnMode\":\"saml\",\"loginUrl\":\"https://o.example/hub\","
                        + "\"logoutUrl\":\"https://o.example/out\",\"samlSingleSignOnSettings\":{\"relayState\":\"x\"},"
                        + "\"notificationEmailAddresses\":[\"ops@contoso.example\"],\"notes\":\"by hand\","
                        + "\"accountEnabled\":true}");

        assertEquals(204, done.status(), done.raw().body());
        Response read = service.get(path + "/signOn");
        assertEquals("https://o.example/hub", read.text("/loginUrl"));
        assertEquals("https://o.example/out", read.text("/logoutUrl"));
        assertEquals("x", read.text("/relayState"));
        assertEquals("ops@contoso.example", read.text("/notificationEmailAddresses/0"));
        assertEquals(2, read.json().at("/missing").size(), read.raw().body());
    }

    @Test
    void identifiersAndRedirectUrisOfTheRegistrationAreFollowed() {
        String path = saml("followed");
        String application = service.get("/applications?$filter=displayName%20eq%20'followed'")
                .text("/value/0/id");

        Response done = service.patch(
                "/applications/" + application,
                "{\"identifierUris\":[\"urn:new\"],\"web\":{\"redirectUris\":[\"https://followed.example/acs\","
                        + "\"https://followed.example/more\"]}}");

        assertEquals(204, done.status(), done.raw().body());
        Response read = service.get(path + "/signOn");
        assertEquals("urn:new", read.text("/identifierUris/0"));
        assertEquals(2, read.json().at("/replyUrls/0/index").asInt());
        assertEquals("https://followed.example/more", read.text("/replyUrls/1/url"));

        service.patch(
                "/applications/" + application, "{\"web\":{\"redirectUris\":[\"https://followed.example/acs\"]}}");
        assertEquals(1, service.get(path + "/signOn").json().at("/replyUrls").size(), "what it knew, it takes away");
    }

    @Test
    void aRedirectUriIsAddedToTheReplyUrlsAndReplacesNone() {
        String path = saml("both");
        String application =
                service.get("/applications?$filter=displayName%20eq%20'both'").text("/value/0/id");

        service.patch("/applications/" + application, "{\"web\":{\"redirectUris\":[\"https://both.example/cb\"]}}");

        Response read = service.get(path + "/signOn");
        assertEquals("https://both.example/acs", read.text("/replyUrls/0/url"));
        assertEquals("https://both.example/cb", read.text("/replyUrls/1/url"));
    }

    @Test
    void certificatesRollOverFromInactiveToActive() throws Exception {
        String path = saml("rollover");
        Response added = service.post(
                path + "/addTokenSigningCertificate",
                "{\"displayName\":\"CN=Next\",\"endDateTime\":\""
                        + Instant.now().plusSeconds(86_400 * 365L) + "\"}");
        assertEquals(200, added.status(), added.raw().body());
        assertEquals("inactive", added.text("/status"));
        assertEquals("Verify", added.text("/usage"));
        String old = service.get(path + "/signOn")
                .json()
                .at("/tokenSigningCertificates")
                .valueStream()
                .filter(c -> c.path("isInUse").asBoolean())
                .findFirst()
                .orElseThrow()
                .path("keyId")
                .asString();

        assertEquals(
                409, service.delete(path + "/tokenSigningCertificates/" + old).status(), "the active one");
        assertEquals(
                204,
                service.patch(path, "{\"preferredTokenSigningKeyThumbprint\":\"" + added.text("/thumbprint") + "\"}")
                        .status());
        assertEquals(
                204, service.delete(path + "/tokenSigningCertificates/" + old).status());

        Response left = service.get(path + "/tokenSigningCertificates");
        assertEquals(1, left.json().at("/value").size());
        assertEquals("active", left.text("/value/0/status"));
        SamlCertificate kept = service
                .store
                .read(stores -> stores.samlCertificates().listAll())
                .stream()
                .filter(c -> c.keyId().equals(added.text("/keyId")))
                .findFirst()
                .orElseThrow();
        signsAndVerifies(kept);
    }

    private static void signsAndVerifies(SamlCertificate kept) throws Exception {
        var sealer = MasterKey.loadOrCreate(folder.resolve("master.key")).sealer(SamlSigningKeys.PURPOSE);
        PrivateKey key =
                SealedPrivateKey.open(sealer, kept.keyId(), kept.sealed()).orElseThrow();
        assertEquals(Optional.empty(), SealedPrivateKey.open(sealer, "another id", kept.sealed()));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update("x".getBytes(StandardCharsets.UTF_8));
        byte[] signed = signature.sign();
        signature.initVerify(kept.certificate());
        signature.update("x".getBytes(StandardCharsets.UTF_8));
        assertTrue(signature.verify(signed));
    }

    @Test
    void aCertificateLastsThreeYearsAtMost() {
        String path = saml("three");

        Response refused = service.post(
                path + "/addTokenSigningCertificate",
                "{\"endDateTime\":\"" + Instant.now().plusSeconds(86_400 * 1200L) + "\"}");

        assertEquals(400, refused.status());
        assertEquals("endDateTime", refused.text("/error/details/0/target"));
    }

    @Test
    void metadataOfAServiceProviderFillsTheSettings() {
        String path = application("imported");

        Response done = service.post(path + "/signOn/importMetadata", "{\"metadata\":" + quoted(METADATA) + "}");

        assertEquals(200, done.status(), done.raw().body());
        assertEquals("urn:sp:imported", done.text("/signOn/identifierUris/0"));
        assertEquals("https://sp.example/acs", done.text("/signOn/replyUrls/0/url"));
        assertEquals(1, done.json().at("/signOn/replyUrls/1/index").asInt());
        assertTrue(done.json().at("/signOn/replyUrls/1/isDefault").asBoolean());
        assertEquals("https://sp.example/slo", done.text("/signOn/logoutUrl"));
        assertEquals("persistent", done.text("/signOn/claimsPolicy/nameId/format"));
        assertEquals("urn:oid:0.9.2342.19200300.100.1.3", done.text("/claimSuggestions/0/claim"));
        assertEquals("mail", done.text("/claimSuggestions/0/attribute"));
        assertEquals("saml", done.text("/signOn/preferredSingleSignOnMode"));
    }

    private static String certificate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return Base64.getEncoder()
                .encodeToString(TestCertificates.authority("sp")
                        .server(generator.generateKeyPair(), "sp")
                        .leaf()
                        .getEncoded());
    }

    /// As the original's scripts turn token encryption on; it is the sign-on document by other names.
    @Test
    void keyCredentialsForEncryptionAndTokenEncryptionKeyIdAreTheSameSetting() throws GeneralSecurityException {
        String path = application("encrypting");
        String appId = service.get(path).text("/appId");
        String application = "/applications/"
                + service.get("/applications?$filter=appId%20eq%20'" + appId + "'")
                        .text("/value/0/id");
        String id = "0f6a9f5e-3d0f-4f0c-9d5e-2b1a4c8d7e6f";

        Response added = service.patch(
                application,
                "{\"keyCredentials\":[{\"type\":\"AsymmetricX509Cert\",\"usage\":\"Encrypt\",\"keyId\":\"" + id
                        + "\",\"key\":\"" + certificate() + "\"}]}");
        Response waits = service.get(application);
        Response active = service.patch(application, "{\"tokenEncryptionKeyId\":\"" + id + "\"}");

        assertEquals(204, added.status(), added.raw().body());
        assertEquals("Encrypt", waits.text("/keyCredentials/0/usage"));
        assertTrue(waits.json().at("/tokenEncryptionKeyId").isNull());
        assertEquals(204, active.status(), active.raw().body());
        assertEquals(id, service.get(application).text("/tokenEncryptionKeyId"));
        assertEquals(id, service.get(path + "/signOn").text("/encryption/activeKeyId"));
        assertEquals(
                204,
                service.patch(application, "{\"tokenEncryptionKeyId\":null}").status());
        assertTrue(service.get(path + "/signOn")
                .json()
                .at("/encryption/activeKeyId")
                .isNull());
        assertEquals(
                400,
                service.patch(application, "{\"tokenEncryptionKeyId\":\"" + appId + "\"}")
                        .status(),
                "an id that no certificate has");
        assertEquals(
                400,
                service.patch(application, "{\"keyCredentials\":[{\"usage\":\"Verify\",\"key\":\"x\"}]}")
                        .status());
    }

    @Test
    void metadataThatNameCiphersChooseTheBestOfThem() throws GeneralSecurityException {
        String path = application("ciphers");
        String certificate = certificate();
        String descriptor = "<md:KeyDescriptor use=\"encryption\">"
                + "<ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>"
                + certificate + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
                + "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/>"
                + "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/>"
                + "</md:KeyDescriptor><md:SingleLogoutService";
        Response before = service.get(path + "/signOn");
        Response done = service.post(
                path + "/signOn/importMetadata",
                "{\"metadata\":"
                        + quoted(METADATA.replace("urn:sp:imported", "urn:sp:ciphers")
                                .replace("<md:SingleLogoutService", descriptor))
                        + "}");
        Response set = service.patch(path + "/signOn", "{\"encryption\":{\"algorithm\":\"aes128Cbc\"}}");
        Response bad = service.patch(path + "/signOn", "{\"encryption\":{\"algorithm\":\"des\"}}");

        assertEquals("aes256Cbc", before.text("/encryption/algorithm"));
        assertEquals(200, done.status(), done.raw().body());
        assertEquals("aes256Gcm", done.text("/signOn/encryption/algorithm"));
        assertEquals(204, set.status(), set.raw().body());
        assertEquals("aes128Cbc", service.get(path + "/signOn").text("/encryption/algorithm"));
        assertEquals(
                1,
                service.get(path + "/signOn")
                        .json()
                        .at("/encryption/certificates")
                        .size());
        assertEquals(400, bad.status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<a/>|metadata",
                "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>|metadata",
                "not xml|metadata"
            })
    void metadataThatIsNoneIsRefused(String xml, String field) {
        String path = application("bad" + Integer.toHexString(xml.hashCode()));

        Response refused = service.post(path + "/signOn/importMetadata", "{\"metadata\":" + quoted(xml) + "}");

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals(field, refused.text("/error/details/0/target"));
        assertEquals("notSupported", service.get(path + "/signOn").text("/preferredSingleSignOnMode"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://sp.example/metadata",
        "https://127.0.0.1/metadata",
        "https://localhost/metadata",
        "https://[::1]/metadata",
        "https://[::ffff:10.0.0.1]/metadata",
        "https://10.1.2.3/metadata",
        "https://192.168.0.1/metadata",
        "https://169.254.169.254/latest/meta-data",
        "https://100.100.100.200/latest",
        "https://[fd00:ec2::254]/latest",
        "https://[64:ff9b::7f00:1]/x",
        "https://0.0.0.0/x",
        "https://user@sp.example/x",
        "file:///etc/passwd"
    })
    void nothingIsFetchedFromInside(String url) {
        String path = application("fetch" + Integer.toHexString(url.hashCode()));

        Response refused = service.post(path + "/signOn/importMetadata", "{\"metadataUrl\":\"" + url + "\"}");

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals("metadataUrl", refused.text("/error/details/0/target"));
    }

    @Test
    void theTestNamesTheStepThatFails() {
        String path = application("tested");
        assertEquals(List.of("mode"), failed(path, "{}"));
        service.patch(path + "/signOn", "{\"preferredSingleSignOnMode\":\"saml\"}");
        assertEquals(List.of("identifier", "replyUrl"), failed(path, "{}"));
        service.patch(
                path + "/signOn",
                "{\"identifierUris\":[\"urn:tested\"],\"replyUrls\":[{\"url\":\"https://t.example/acs\"}]}");
        String user = "{\"user\":\"" + service.user.userPrincipalName() + "\"}";
        assertEquals(List.of("assignment"), failed(path, user));
        service.post(path + "/appRoleAssignedTo", "{\"principalId\":\"" + service.user.id() + "\"}");

        Response ready = service.post(path + "/signOn/test", user);

        assertEquals("ready", ready.text("/result"), ready.raw().body());
        assertEquals("identityProvider", ready.text("/startedBy"));
        assertTrue(ready.text("/startUrl").contains("/saml2/start?appid="), ready.text("/startUrl"));
        assertEquals("a.user@contoso.example", ready.text("/preview/nameId/value"));
        service.patch(path + "/signOn", "{\"loginUrl\":\"https://t.example/login\"}");
        Response bySp = service.post(path + "/signOn/test", user);
        assertEquals("https://t.example/login", bySp.text("/startUrl"));
        assertEquals("serviceProvider", bySp.text("/startedBy"));
        service.patch(path, "{\"accountEnabled\":false}");
        assertEquals(List.of("enabled"), failed(path, user));
    }

    private static List<String> failed(String path, String body) {
        Response report = service.post(path + "/signOn/test", body);
        assertEquals(200, report.status(), report.raw().body());
        var names = new ArrayList<String>();
        report.json().path("steps").forEach(step -> {
            if (step.path("result").asString().equals("failed")) {
                names.add(step.path("name").asString());
            }
        });
        return names;
    }

    @Test
    void thePreviewSaysWhatAnAssertionWouldSay() {
        String path = saml("preview");
        service.patch(
                path + "/signOn",
                "{\"claimsPolicy\":{\"claims\":[{\"name\":\"login\",\"namespace\":\"urn:x\",\"configurations\":["
                        + "{\"attribute\":\"user.userprincipalname\",\"transformations\":["
                        + "{\"type\":\"extractMailPrefix\"},{\"type\":\"toUppercase\"}]}]}]}}");

        Response shown = service.post(
                path + "/signOn/preview",
                "{\"user\":\"" + service.user.id()
                        + "\",\"nameIdFormat\":\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"}");

        assertEquals(200, shown.status(), shown.raw().body());
        assertEquals("urn:x/login", shown.text("/claims/0/name"));
        assertEquals("A.USER", shown.text("/claims/0/values/0"));
        assertEquals("urn:preview", shown.text("/audience"));
        assertEquals(43, shown.text("/nameId/value").length());
        assertEquals(
                404,
                service.post(path + "/signOn/preview", "{\"user\":\"nobody@x.example\"}")
                        .status());
    }

    @Test
    void tileAndUserAccessUrlOpenTheApplicationAtItsSignOn() {
        String path = saml("tiled");
        service.post(path + "/appRoleAssignedTo", "{\"principalId\":\"" + service.administrator.id() + "\"}");
        String appId = service.get(path).text("/appId");
        Map<String, String> signedIn = Map.of(
                DoorFields.SUBJECT,
                service.tenant.id() + "/" + service.administrator.id() + "/" + SessionId.random(),
                "Accept",
                "application/json");
        String ours = "https://login.postern.localhost:8443/" + service.tenant.id() + "/saml2/start?appid=" + appId;
        assertEquals(ours, tile(signedIn, appId));
        assertEquals(ours, location(service.myApps("/launch/" + appId, signedIn)));

        service.patch(path + "/signOn", "{\"loginUrl\":\"https://tiled.example/hub\"}");
        assertEquals("https://tiled.example/hub", tile(signedIn, appId));
        service.patch(path, "{\"tags\":[\"HideApp\"]}");
        assertEquals("", tile(signedIn, appId));
        assertEquals(
                "https://tiled.example/hub",
                location(service.myApps("/launch/" + appId, signedIn)),
                "by its URL still");

        assertEquals(404, service.myApps("/launch/" + appId, Map.of()).status(), "nobody is signed in");
        assertEquals(404, service.myApps("/launch/" + AppId.random(), signedIn).status());
        assertEquals(404, service.myApps("/launch/none", signedIn).status());
    }

    private static String tile(Map<String, String> signedIn, String appId) {
        return service.myApps("/", signedIn)
                .json()
                .path("apps")
                .valueStream()
                .filter(tile -> tile.path("appId").asString().equals(appId))
                .map(tile -> tile.path("url").asString())
                .findFirst()
                .orElse("");
    }

    private static String location(Response response) {
        assertEquals(302, response.status());
        return response.raw().headers().firstValue("Location").orElse("");
    }

    @Test
    void aClaimsPolicyIsReplacedWhole() {
        String path = saml("policy");
        service.patch(path + "/signOn", "{\"claimsPolicy\":{\"audienceOverride\":\"urn:elsewhere\"}}");

        assertEquals(
                204,
                service.api("PUT", path + "/claimsPolicy", "{\"claims\":[],\"includeBasicClaimSet\":false}")
                        .status());

        Response policy = service.get(path + "/claimsPolicy");
        assertEquals(texts(policy.json().path("claims")), List.of());
        assertTrue(policy.json().path("audienceOverride").isMissingNode());
        assertFalse(policy.json().path("includeBasicClaimSet").asBoolean());
    }

    @Test
    void everyChangeIsAudited() {
        String path = saml("audited");
        service.post(path + "/addTokenSigningCertificate", "{}");

        assertTrue(
                service.get("/auditLogs/directoryAudits?$top=10").raw().body().contains("Add signing certificate"));
        assertTrue(service.get("/auditLogs/directoryAudits?$top=10")
                .raw()
                .body()
                .contains("Update single sign-on of application"));
    }

    private static String quoted(String text) {
        return JsonMapper.builder().build().writeValueAsString(text);
    }

    private static final String METADATA = """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:sp:imported">
          <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
                Location="https://sp.example/slo"/>
            <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
            <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                Location="https://sp.example/acs" index="0"/>
            <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                Location="https://sp.example/acs2" index="1" isDefault="true"/>
            <md:AttributeConsumingService index="0">
              <md:ServiceName xml:lang="en">SP</md:ServiceName>
              <md:RequestedAttribute Name="urn:oid:0.9.2342.19200300.100.1.3" isRequired="true"/>
            </md:AttributeConsumingService>
          </md:SPSSODescriptor>
        </md:EntityDescriptor>
        """;
}
