package io.postern.admin.enroll;

import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.ApplicationPasswordCalls;
import io.postern.base.PasswordSeal;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.store.ApplicationPasswordStore.Missing;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /application-passwords/key|copy|fetch|ended`, for connectors that sign users in by name and password
/// (docs/protocol/tunnel.md §6).
final class ApplicationPasswordEndpoint {
    private static final Refused.Kind UNKNOWN = new Refused.Kind(404, "notFound");
    private static final Refused.Kind DISABLED = new Refused.Kind(403, "disabled");
    private static final Refused.Kind NO_COPY = new Refused.Kind(409, "noCopy");
    private static final int KEY_MAX = 200;
    private static final int HELD_MAX = 1_000;
    private static final int SEALED_MAX = 4_000;

    private final ApplicationPasswordCalls calls;

    ApplicationPasswordEndpoint(ApplicationPasswordCalls calls) {
        this.calls = calls;
    }

    ObjectNode key(ServerRequest request, RequestFacts facts) throws Refused {
        String key = Forms.text(Json.readObject(request), "key", KEY_MAX);
        try {
            PasswordSeal.seal(key, new byte[0], "");
        } catch (IllegalArgumentException e) {
            throw new BadRequest("key must be a public key of X25519, base64url of its X.509 form");
        }
        List<Missing> missing =
                Refused.expectDone(calls.key(DirectoryEndpoint.certificate(facts), key), UNKNOWN, DISABLED, NO_COPY);
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode list = body.putArray("missing");
        missing.forEach(one -> list.addObject()
                .put("resource", one.resource().value())
                .put("principal", one.principal())
                .put("version", one.version())
                .put("sealed", one.sealed())
                .put("context", ApplicationPasswordCalls.context(one))
                .put("connector", one.to().value())
                .put("key", one.key()));
        return body;
    }

    ObjectNode copy(ServerRequest request, RequestFacts facts) throws Refused {
        ObjectNode json = Json.readObject(request);
        try {
            var missing = new Missing(
                    new ServicePrincipalId(Forms.text(json, "resource", Forms.TEXT_MAX)),
                    Forms.text(json, "principal", Forms.TEXT_MAX),
                    Forms.text(json, "version", Forms.TEXT_MAX),
                    Forms.text(json, "sealed", SEALED_MAX),
                    new ConnectorId(Forms.text(json, "connector", Forms.TEXT_MAX)),
                    Forms.text(json, "key", KEY_MAX));
            boolean taken = Refused.expectDone(
                    calls.copy(DirectoryEndpoint.certificate(facts), missing, Forms.text(json, "copy", SEALED_MAX)),
                    UNKNOWN,
                    DISABLED,
                    NO_COPY);
            return Json.MAPPER.createObjectNode().put("taken", taken);
        } catch (IllegalArgumentException e) {
            throw new BadRequest("an id is none: " + e.getMessage());
        }
    }

    ObjectNode fetch(ServerRequest request, RequestFacts facts) throws Refused {
        ObjectNode json = Json.readObject(request);
        AppId app;
        UserId user;
        try {
            app = new AppId(Forms.text(json, "app", Forms.TEXT_MAX));
            user = new UserId(Forms.text(json, "user", Forms.TEXT_MAX));
        } catch (IllegalArgumentException e) {
            throw new BadRequest("an id is none: " + e.getMessage());
        }
        ApplicationPasswordCalls.Copy copy = Refused.expectDone(
                calls.fetch(DirectoryEndpoint.certificate(facts), app, user), UNKNOWN, DISABLED, NO_COPY);
        PasswordSignOn settings = copy.settings();
        ObjectNode body = Json.MAPPER
                .createObjectNode()
                .put("version", copy.password().version())
                .put("userName", copy.password().userName())
                .put("sealed", copy.sealed())
                .put("context", copy.context())
                .put("page", settings.page());
        copy.host().ifPresent(host -> body.put("host", host));
        settings.userField().ifPresent(name -> body.put("userField", name));
        settings.passwordField().ifPresent(name -> body.put("passwordField", name));
        settings.proofCookie().ifPresent(name -> body.put("proofCookie", name));
        settings.proofText().ifPresent(text -> body.put("proofText", text));
        settings.signOut().ifPresent(path -> body.put("signOut", path));
        return body;
    }

    ObjectNode ended(ServerRequest request, RequestFacts facts) throws Refused {
        if (!(Json.readObject(request).get("held") instanceof ArrayNode list) || list.size() > HELD_MAX) {
            throw new BadRequest("held must be a list of at most " + HELD_MAX + " sessions");
        }
        List<ApplicationPasswordCalls.Held> held =
                list.valueStream().map(ApplicationPasswordEndpoint::held).toList();
        ArrayNode over = Json.MAPPER.createArrayNode();
        Refused.expectDone(calls.ended(DirectoryEndpoint.certificate(facts), held), UNKNOWN, DISABLED, NO_COPY)
                .forEach(over::add);
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set("ended", over);
        return body;
    }

    private static ApplicationPasswordCalls.Held held(JsonNode json) {
        try {
            String session = json.path("session").asString("");
            return new ApplicationPasswordCalls.Held(
                    new UserId(json.path("user").asString("")),
                    session.equals(PasswordSignOn.NO_SESSION) ? Optional.empty() : Optional.of(new SessionId(session)),
                    Instant.parse(json.path("begun").asString("")));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new BadRequest("held has something that is no session: " + e.getMessage());
        }
    }
}
