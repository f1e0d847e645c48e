package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.postern.admin.Installation.Response;
import io.postern.base.PasswordSeal;
import io.postern.domain.DoorFields;
import io.postern.store.Connector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Names and passwords for applications (PWD-2), from the API to the connectors, which alone can open them.
class ApplicationPasswordsTest {
    private static final String SETTINGS = "{\"singleSignOnMode\":\"password\",\"passwordSignOnSettings\":"
            + "{\"signOnPage\":\"/login\",\"proofCookie\":\"sid\"}}";

    @TempDir
    Path folder;

    private Installation service;
    private Connector first;
    private final PasswordSeal seal = PasswordSeal.create();
    private String application;
    private String appId;
    private String principal;
    private Socket socket = new Socket();

    @BeforeEach
    void open() {
        service = new Installation(folder);
        first = ScriptedDirectory.connector(service, "first");
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"Wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"https://wiki.corp/\"}}");
        application = "/applications/" + made.text("/id");
        appId = made.text("/appId");
        principal = "/servicePrincipals/"
                + service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                        .text("/value/0/id");
        assertEquals(204, settings(SETTINGS).status());
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        service.close();
    }

    private Response settings(String signOn) {
        return service.patch(application, "{\"onPremisesPublishing\":{\"singleSignOnSettings\":" + signOn + "}}");
    }

    private Response door(Connector as, String path, String json) {
        return service.connect(
                "POST",
                "/application-passwords/" + path,
                Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_CERTIFICATE, as.certificateFingerprint()),
                json);
    }

    private JsonNode register(Connector as, PasswordSeal key) {
        Response answer = door(as, "key", "{\"key\":\"" + key.publicKey() + "\"}");
        assertEquals(200, answer.status(), answer.raw().body());
        return answer.json().path("missing");
    }

    private Response create(String whose, String name, String password) {
        return service.post(
                principal + "/createPasswordSingleSignOnCredentials",
                "{\"id\":\"" + whose + "\",\"credentials\":[{\"fieldId\":\"user\",\"value\":\"" + name
                        + "\",\"type\":\"username\"},{\"fieldId\":\"password\",\"value\":\"" + password
                        + "\",\"type\":\"password\"}]}");
    }

    private Response fetch(Connector as) {
        return door(as, "fetch", "{\"app\":\"" + appId + "\",\"user\":\"" + service.user.id() + "\"}");
    }

    private static String opened(PasswordSeal with, JsonNode copy) throws Exception {
        return new String(
                with.open(copy.path("sealed").asString(), copy.path("context").asString()), StandardCharsets.UTF_8);
    }

    @Test
    void settingsAreReadBackAndNeedTheirPage() {
        JsonNode shown =
                service.get(application + "/onPremisesPublishing").json().path("singleSignOnSettings");
        assertEquals("password", shown.path("singleSignOnMode").asString());
        assertEquals("/login", shown.at("/passwordSignOnSettings/signOnPage").asString());
        assertEquals("form", shown.at("/passwordSignOnSettings/way").asString());

        Response other = settings("{\"passwordSignOnSettings\":{\"signOnPage\":\"https://elsewhere/\"}}");
        assertEquals(400, other.status());
        assertTrue(
                other.raw().body().contains("is no path of the backend"),
                other.raw().body());
        assertEquals(
                400,
                service.patch(application, "{\"onPremisesPublishing\":{\"externalAuthenticationType\":\"passthru\"}}")
                        .status());
        assertEquals(204, settings("{\"singleSignOnMode\":\"none\"}").status());
    }

    @Test
    void onlyTheConnectorOpensWhatWasSet() throws Exception {
        register(first, seal);

        Response set = create(service.user.id().value(), "alice", "p\\u00e4ss \\\"1\\\"");

        assertEquals(200, set.status(), set.raw().body());
        assertFalse(
                set.raw().body().contains("p\u00e4"),
                "a password is never shown: " + set.raw().body());
        JsonNode copy = fetch(first).json();
        assertEquals("päss \"1\"", opened(seal, copy));
        assertEquals("alice", copy.path("userName").asString());
        assertEquals("/login", copy.path("page").asString());
        JsonNode listed =
                service.get(principal + "/passwordSingleSignOnCredentials").json();
        assertEquals("alice", listed.at("/value/0/credentials/0/value").asString());
        assertTrue(listed.at("/value/0/credentials/1/value").isNull());
    }

    @Test
    void withoutAConnectorThatCouldOpenItNothingIsSaved() {
        Response refused = create(service.user.id().value(), "alice", "x");

        assertEquals(409, refused.status());
        assertTrue(
                refused.raw().body().contains("no connector of the group"),
                refused.raw().body());
        assertEquals(
                0,
                service.get(principal + "/passwordSingleSignOnCredentials")
                        .json()
                        .path("value")
                        .size());
    }

    @Test
    void anotherConnectorGetsItsCopyFromTheFirst() throws Exception {
        register(first, seal);
        create(service.user.id().value(), "alice", "s3cret");
        Connector second = ScriptedDirectory.connector(service, "second");
        PasswordSeal its = PasswordSeal.create();
        assertTrue(register(second, its).isEmpty()); // it has nothing to give
        assertEquals("noCopy", fetch(second).json().at("/error/code").asString());

        JsonNode missing = register(first, seal).path(0);
        byte[] password = seal.open(
                missing.path("sealed").asString(), missing.path("context").asString());
        String copy = PasswordSeal.seal(
                missing.path("key").asString(),
                password,
                missing.path("context").asString());
        Response taken = door(
                first,
                "copy",
                ((tools.jackson.databind.node.ObjectNode) missing)
                        .put("copy", copy)
                        .toString());

        assertTrue(taken.json().path("taken").asBoolean(), taken.raw().body());
        assertEquals("s3cret", opened(its, fetch(second).json()));
        assertTrue(register(first, seal).isEmpty());
    }

    @Test
    void aCopyThatNobodyAskedForIsNotTaken() {
        register(first, seal);
        create(service.user.id().value(), "alice", "s3cret");
        Connector second = ScriptedDirectory.connector(service, "second");
        register(second, PasswordSeal.create());
        JsonNode missing = register(first, seal).path(0);

        Response forged = door(
                second,
                "copy",
                ((tools.jackson.databind.node.ObjectNode) missing)
                        .put("copy", "x")
                        .toString());

        assertFalse(forged.json().path("taken").asBoolean(true), forged.raw().body());
    }

    @Test
    void anotherKeyOfAConnectorMakesItsCopiesGo() {
        register(first, seal);
        create(service.user.id().value(), "alice", "s3cret");

        register(first, PasswordSeal.create());

        assertEquals("noCopy", fetch(first).json().at("/error/code").asString());
    }

    @Test
    void whatIsSetForAGroupHoldsForMembersWithoutTheirOwn() throws Exception {
        register(first, seal);
        String group = service.post(
                        "/groups",
                        "{\"displayName\":\"Team\",\"mailNickname\":\"team\",\"mailEnabled\":false,\"securityEnabled\":true}")
                .text("/id");
        assertEquals(200, create(group, "shared", "of-group").status());
        assertEquals(404, fetch(first).status());
        service.post(
                "/groups/" + group + "/members/$ref",
                "{\"@odata.id\":\"https://x/directoryObjects/" + service.user.id() + "\"}");
        assertEquals("of-group", opened(seal, fetch(first).json()));

        create(service.user.id().value(), "alice", "own");

        assertEquals("own", opened(seal, fetch(first).json()));
        service.post(principal + "/deletePasswordSingleSignOnCredentials", "{\"id\":\"" + service.user.id() + "\"}");
        assertEquals("of-group", opened(seal, fetch(first).json()));
    }

    @Test
    void noAuditEntryNamesAPassword() {
        register(first, seal);
        create(service.user.id().value(), "alice", "audited-s3cret");
        create(service.user.id().value(), "alice2", "audited-s3cret");

        String log = service.get("/auditLogs/directoryAudits").raw().body();
        assertTrue(log.contains("Add password single sign-on credentials"), log);
        assertTrue(log.contains("Update password single sign-on credentials"), log);
        assertTrue(log.contains("alice2"), log);
        assertFalse(log.contains("audited-s3cret"), log);
    }

    /// The bar of the issue: after saving, no heap dump of the service has the password in it.
    @Test
    void noHeapDumpHasThePasswordOnceItIsSaved() throws Exception {
        register(first, seal);
        byte[] mask = new byte[24];
        byte[] masked = saveMasked(mask);
        Path dump = folder.resolve("heap.hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);

        byte[] needle = xor(masked, mask);
        String text = new String(needle, StandardCharsets.US_ASCII);
        // what is looked for was not in the dump yet, and what the dump must have is found
        assertTrue(isIn(dump, "ApplicationPasswordsTest".getBytes(StandardCharsets.US_ASCII)));
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertFalse(isIn(dump, text.getBytes(charset)), "found as " + charset);
        }
        assertFalse(isIn(dump, Base64.getEncoder().withoutPadding().encode(needle)), "found as base64");
    }

    /// @return the password, masked: neither text nor bytes of it live on in this test
    private byte[] saveMasked(byte[] mask) throws IOException {
        var random = new SecureRandom();
        random.nextBytes(mask);
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        send(password);
        return xor(password.getBytes(StandardCharsets.US_ASCII), mask);
    }

    /// By a socket of its own, since the JDK's client keeps what it has sent. The service ends the
    /// connection with its answer: a buffer of a connection that stays would hold what was read.
    private void send(String password) throws IOException {
        String body =
                "{\"id\":\"" + service.user.id() + "\",\"credentials\":[{\"fieldId\":\"user\",\"value\":\"alice\","
                        + "\"type\":\"username\"},{\"fieldId\":\"password\",\"value\":\"" + password
                        + "\",\"type\":\"password\"}]}";
        socket = new Socket(InetAddress.getLoopbackAddress(), service.apiPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("POST /v1.0" + principal
                                + "/createPasswordSingleSignOnCredentials HTTP/1.1\r\nHost: localhost\r\n"
                                + "Authorization: Bearer " + service.apiToken + "\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readAllBytes(); // until the server closes
        assertTrue(new String(answer, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200 "));
    }

    private static byte[] xor(byte[] bytes, byte[] mask) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = (byte) (bytes[i] ^ mask[i]);
        }
        return result;
    }

    private static boolean isIn(Path dump, byte[] needle) throws IOException {
        byte[] all = Files.readAllBytes(dump);
        for (int i = 0; i <= all.length - needle.length; i++) {
            int j = 0;
            while (j < needle.length && all[i + j] == needle[j]) {
                j++;
            }
            if (j == needle.length) {
                return true;
            }
        }
        return false;
    }
}
