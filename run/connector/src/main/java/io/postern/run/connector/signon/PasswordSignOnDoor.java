package io.postern.run.connector.signon;

import io.postern.base.PasswordSeal;
import io.postern.connector.ConnectorFault;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.ServiceCall;
import io.postern.connector.form.Credential;
import io.postern.connector.form.Credentials;
import io.postern.connector.form.HeldSession;
import io.postern.connector.form.LoginFault;
import io.postern.connector.form.LoginSettings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The service, asked for passwords that are sealed for this connector (docs/protocol/tunnel.md §6), with its own
/// certificate. Calls block; thread-safe.
public final class PasswordSignOnDoor implements Credentials {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int HELD_MAX = 1_000;

    private final List<ServiceCall> services;
    private final DataFolder folder;

    /// @param services names of the service, of which the first that answers is enough
    public PasswordSignOnDoor(List<ServiceCall> services, DataFolder folder) {
        this.services = List.copyOf(services);
        this.folder = folder;
    }

    /// @throws LoginFault as [Credentials]
    @Override
    public Credential fetch(String application, String user) {
        JsonNode answer =
                call("fetch", JSON.createObjectNode().put("app", application).put("user", user));
        byte[] password;
        try {
            password = folder.seal()
                    .open(
                            answer.path("sealed").asString(""),
                            answer.path("context").asString(""));
        } catch (GeneralSecurityException | ConnectorFault e) {
            throw LoginFault.unavailable(
                    "the password was not sealed for this connector's key; set it anew, or wait for a copy");
        }
        try {
            LoginSettings settings = SignOnAnswer.settings(answer);
            return new Credential(
                    answer.path("version").asString(""),
                    settings,
                    text(answer, "host"),
                    answer.path("userName").asString(""),
                    password);
        } catch (IllegalArgumentException e) {
            Arrays.fill(password, (byte) 0);
            throw LoginFault.unavailable(
                    "the service describes the sign-on in a way that this release does not know: " + e.getMessage());
        }
    }

    /// Registers this connector's key and seals for others of the group what they lack.
    ///
    /// @return how many copies were taken
    /// @throws LoginFault when the service cannot be asked
    int share() {
        PasswordSeal seal = folder.seal();
        int taken = 0;
        JsonNode answer = call("key", JSON.createObjectNode().put("key", seal.publicKey()));
        for (JsonNode missing : answer.path("missing")) {
            if (missing instanceof ObjectNode one && copy(seal, one)) {
                taken++;
            }
        }
        return taken;
    }

    /// Which of these are over, since the user signed out, was disabled, or an administrator ended the session.
    ///
    /// @throws LoginFault when the service cannot be asked
    List<HeldSession> ended(List<HeldSession> held) {
        var over = new ArrayList<HeldSession>();
        for (int from = 0; from < held.size(); from += HELD_MAX) {
            List<HeldSession> some = held.subList(from, Math.min(held.size(), from + HELD_MAX));
            ObjectNode body = JSON.createObjectNode();
            ArrayNode list = body.putArray("held");
            some.forEach(one -> list.addObject()
                    .put("user", one.user())
                    .put("session", one.session())
                    .put("begun", one.begun().toString()));
            call("ended", body)
                    .path("ended")
                    .valueStream()
                    .map(index -> index.asInt(-1))
                    .filter(index -> index >= 0 && index < some.size())
                    .forEach(index -> over.add(some.get(index)));
        }
        return over;
    }

    private boolean copy(PasswordSeal seal, ObjectNode missing) {
        String context = missing.path("context").asString("");
        byte[] password;
        try {
            password = seal.open(missing.path("sealed").asString(""), context);
        } catch (GeneralSecurityException e) {
            return false; // of a key that this connector had before
        }
        try {
            ObjectNode body = missing.deepCopy()
                    .put("copy", PasswordSeal.seal(missing.path("key").asString(""), password, context));
            return call("copy", body).path("taken").asBoolean(false);
        } catch (IllegalArgumentException e) {
            return false; // no key
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private JsonNode call(String what, ObjectNode body) {
        Optional<LoginFault> last = Optional.empty();
        for (ServiceCall service : services) {
            try {
                return call(service, "/application-passwords/" + what, body);
            } catch (ConnectorFault e) {
                last = Optional.of(LoginFault.unavailable("the service cannot be asked: " + e.getMessage()));
            }
        }
        throw last.orElseGet(() -> LoginFault.unavailable("there is no service to ask"));
    }

    private JsonNode call(ServiceCall service, String path, ObjectNode body) {
        Identity identity =
                folder.identity().orElseThrow(() -> LoginFault.unavailable("the connector is not registered yet"));
        ServiceCall.Answer answer =
                service.post(identity, path, body.toString().getBytes(StandardCharsets.UTF_8), LIMIT);
        return switch (answer.status()) {
            case 200 -> read(answer);
            case 404 -> throw LoginFault.noCredential("the service knows none" + answer.said());
            default ->
                throw LoginFault.unavailable(
                        "the service answered " + path + " with " + answer.status() + answer.said());
        };
    }

    private static JsonNode read(ServiceCall.Answer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException e) {
            throw LoginFault.unavailable("the service answered with no JSON");
        }
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.of(json.path(name).asString("")).filter(text -> !text.isEmpty());
    }
}
