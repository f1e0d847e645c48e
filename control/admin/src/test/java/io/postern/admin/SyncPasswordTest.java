package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.onpremises.PasswordAnswer;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.account.onpremises.PasswordPlace;
import io.postern.admin.Installation.Response;
import io.postern.base.PasswordSeal;
import io.postern.base.PasswordVerdict;
import io.postern.base.Secret;
import io.postern.domain.DoorFields;
import io.postern.domain.directory.AdminRole;
import io.postern.store.Connector;
import io.postern.store.RoleStore;
import io.postern.store.User;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// PWC-1, PWC-2 and PWC-6 at the service's side: who may choose it, who may take passwords, and where they
/// are not set.
class SyncPasswordTest extends SyncSite {
    private static final String ON = "{\"passwordCheck\":\"onPremises\"}";

    private final PasswordSeal seal = PasswordSeal.create();

    private Response choose(String json) {
        return service.patch("/sync/sources/" + source, json);
    }

    private void chosen() {
        service.holder(AdminRole.GLOBAL_ADMINISTRATOR);
        assertEquals(204, choose(ON).status());
    }

    private Response door(Connector connector, String path, String json) {
        return service.connect(
                "POST",
                path,
                Map.of(
                        DoorFields.DOOR,
                        DoorFields.ENROLL,
                        DoorFields.CLIENT_CERTIFICATE,
                        connector.certificateFingerprint()),
                json);
    }

    private String asking(String directory) {
        return "{\"directories\":[\"" + directory + "\"],\"key\":\"" + seal.publicKey() + "\",\"free\":4}";
    }

    private PasswordPlace alice() {
        directory.user(1, "alice", STAFF);
        directory.cycle();
        chosen();
        User alice = service.store
                .read(s -> s.users().findByPrincipalName("alice@contoso.example"))
                .orElseThrow();
        return service.store.read(s -> PasswordPlace.of(s, alice)).orElseThrow();
    }

    @Test
    void theChoiceIsShownAndReadsNothingAnew() {
        directory.user(1, "alice", STAFF);
        directory.cycle();
        JsonNode before = service.get("/sync/sources/" + source).json();
        assertEquals("here", before.path("passwordCheck").asString());
        chosen();
        assertEquals(
                204,
                choose("{\"passwordTriesMax\":3,\"passwordPauseMinutes\":60}").status());

        JsonNode after = service.get("/sync/sources/" + source).json();
        assertEquals("onPremises", after.path("passwordCheck").asString());
        assertEquals(3, after.path("passwordTriesMax").asInt());
        assertEquals(60, after.path("passwordPauseMinutes").asInt());
        later();
        assertEquals("delta", directory.cycle(), "what is read is the same");
    }

    @Test
    void somebodyMustBeAbleToComeInWithoutTheDirectory() {
        service.store.write(s -> {
            s.roles().holders(service.tenant.id(), RoleStore.GLOBAL_ADMINISTRATOR).stream()
                    .flatMap(holder -> s.users().list(service.tenant.id(), "", 100).stream()
                            .filter(user -> user.id().value().equals(holder)))
                    .forEach(user -> s.users().update(disabled(user)));
            return true;
        });
        Response refused = choose(ON);
        assertEquals(409, refused.status(), refused.json().toString());
        assertTrue(
                refused.text("/error/message").contains("nobody could sign in"),
                refused.json().toString());
        assertEquals(
                "here",
                service.get("/sync/sources/" + source)
                        .json()
                        .path("passwordCheck")
                        .asString());
    }

    private static User disabled(User user) {
        return new User(
                user.tenant(),
                user.id(),
                user.userPrincipalName(),
                user.displayName(),
                user.givenName(),
                user.surname(),
                user.mail(),
                false,
                user.passwordHash(),
                user.forceChangePassword(),
                user.sessionsValidFrom(),
                user.created(),
                user.attributes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"passwordCheck\":\"there\"}",
                "{\"passwordTriesMax\":0}",
                "{\"passwordTriesMax\":11}",
                "{\"passwordPauseMinutes\":0}",
                "{\"passwordPauseMinutes\":1441}"
            })
    void whatIsNoChoiceChangesNothing(String json) {
        service.holder(AdminRole.GLOBAL_ADMINISTRATOR);
        JsonNode before = service.get("/sync/sources/" + source).json();
        assertEquals(400, choose(json).status());
        assertEquals(before, service.get("/sync/sources/" + source).json());
    }

    @Test
    void aConnectorTakesAPasswordAndBringsTheAnswer() throws Exception {
        PasswordPlace place = alice();
        PasswordDesk desk = service.administration.passwords();
        try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> asked = crowd.submit(() -> door(directory.connector, "/password/ask", asking("corp")));
            while (desk.connectors(place.tenant(), place.group(), "corp").isEmpty()) {
                Thread.onSpinWait();
            }
            assertEquals("dc-reader", service.get("/sync/sources/" + source).text("/status/passwordConnectors/0"));
            Future<PasswordAnswer> answer = crowd.submit(() -> desk.ask(place, Secret.of("correct horse")));
            JsonNode check = asked.get().json().path("checks").path(0);
            String id = check.path("id").asString();
            assertEquals("corp", check.path("directory").asString());
            assertEquals(ScriptedDirectory.id(1), check.path("object").asString());
            assertEquals(
                    "correct horse",
                    new String(seal.open(check.path("sealed").asString(), id), StandardCharsets.UTF_8));
            String said = "{\"id\":\"" + id + "\",\"verdict\":\"right\"}";
            Connector other = ScriptedDirectory.connector(service, "other");
            assertFalse(
                    door(other, "/password/answer", said).json().path("taken").asBoolean(), "was not asked");
            assertTrue(door(directory.connector, "/password/answer", said)
                    .json()
                    .path("taken")
                    .asBoolean());
            assertEquals(
                    new PasswordAnswer.Result.Said(PasswordVerdict.RIGHT),
                    answer.get().result());
        }
    }

    @Test
    void strangersAndDisabledConnectorsGetNoPassword() {
        assertEquals(
                401,
                service.connect("POST", "/password/ask", Map.of(DoorFields.DOOR, DoorFields.ENROLL), asking("corp"))
                        .status());
        assertEquals(
                401,
                service.connect(
                                "POST",
                                "/password/ask",
                                Map.of(
                                        DoorFields.DOOR,
                                        DoorFields.ENROLL,
                                        DoorFields.CLIENT_CERTIFICATE,
                                        "0".repeat(64)),
                                asking("corp"))
                        .status());
        for (String wrong : List.of(
                "{}",
                asking("corp").replace("\"free\":4", "\"free\":0"),
                asking("corp").replace("\"free\":4", "\"free\":65"),
                asking("corp").replace("[\"corp\"]", "[]"),
                asking("corp").replace(seal.publicKey(), "AAAA"))) {
            assertEquals(400, door(directory.connector, "/password/ask", wrong).status(), wrong);
        }
        assertEquals(
                400,
                door(directory.connector, "/password/answer", "{\"id\":\"x\"}").status());
        service.store.write(s -> s.connectors().update(directory.connector.withEnabled(false)));
        assertEquals(
                403, door(directory.connector, "/password/ask", asking("corp")).status());
    }

    @Test
    void hisPasswordIsNotSetHere() {
        alice();
        String reset = "{\"passwordProfile\":{\"password\":\"correct horse battery\"}}";
        Response refused = service.patch("/users/alice@contoso.example", reset);
        assertEquals(400, refused.status());
        assertTrue(
                refused.json().toString().contains("in his directory on premises"),
                refused.json().toString());

        assertEquals(204, choose("{\"passwordCheck\":\"here\"}").status());
        assertEquals(204, service.patch("/users/alice@contoso.example", reset).status());
    }
}
