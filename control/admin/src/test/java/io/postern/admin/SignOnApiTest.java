package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.AppId;
import io.postern.domain.DoorFields;
import io.postern.domain.SessionId;
import io.postern.pki.MasterKey;
import io.postern.pki.SamlSigningKeys;
import io.postern.store.SamlCertificate;
import io.postern.token.SealedPrivateKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
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

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(element -> texts.add(element.asString()));
        return texts;
    }

    @Test
    void oneReadShowsWhatIsSetAndWhatToPasteElsewhere() {
        String path = service.saml("whole");

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
        String path = service.saml("shown");
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
        String path = service.saml("again");
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
        String path = service.saml("mistake" + Integer.toHexString(patch.hashCode()));
        String before = service.get(path + "/signOn").raw().body();

        Response refused = service.patch(path + "/signOn", patch);

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals(field, refused.text("/error/details/0/target"));
        assertEquals(before, service.get(path + "/signOn").raw().body());
    }

    @Test
    void anIdentifierOfAnotherApplicationIsAConflict() {
        service.saml("taken");
        String other = service.application("other");

        Response refused = service.patch(other + "/signOn", "{\"identifierUris\":[\"urn:taken\"]}");

        assertEquals(409, refused.status(), refused.raw().body());
    }

    @Test
    void theOriginalsPropertiesOfAServicePrincipalSetTheSameThings() {
        String path = service.application("original");

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
        String path = service.saml("followed");
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
        String path = service.saml("both");
        String application =
                service.get("/applications?$filter=displayName%20eq%20'both'").text("/value/0/id");

        service.patch("/applications/" + application, "{\"web\":{\"redirectUris\":[\"https://both.example/cb\"]}}");

        Response read = service.get(path + "/signOn");
        assertEquals("https://both.example/acs", read.text("/replyUrls/0/url"));
        assertEquals("https://both.example/cb", read.text("/replyUrls/1/url"));
    }

    @Test
    void certificatesRollOverFromInactiveToActive() throws Exception {
        String path = service.saml("rollover");
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
        String path = service.saml("three");

        Response refused = service.post(
                path + "/addTokenSigningCertificate",
                "{\"endDateTime\":\"" + Instant.now().plusSeconds(86_400 * 1200L) + "\"}");

        assertEquals(400, refused.status());
        assertEquals("endDateTime", refused.text("/error/details/0/target"));
    }

    @Test
    void theTestNamesTheStepThatFails() {
        String path = service.application("tested");
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
        String path = service.saml("preview");
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
        String path = service.saml("tiled");
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
        String path = service.saml("policy");
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
        String path = service.saml("audited");
        service.post(path + "/addTokenSigningCertificate", "{}");

        assertTrue(
                service.get("/auditLogs/directoryAudits?$top=10").raw().body().contains("Add signing certificate"));
        assertTrue(service.get("/auditLogs/directoryAudits?$top=10")
                .raw()
                .body()
                .contains("Update single sign-on of application"));
    }
}
