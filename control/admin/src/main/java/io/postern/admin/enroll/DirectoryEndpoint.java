package io.postern.admin.enroll;

import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.Synchronisation;
import io.postern.admin.service.Synchronisation.End;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.SyncFault;
import io.postern.domain.sync.SyncSettings;
import io.postern.store.SyncJob;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /directory/ask|page|end`, for a connector that can read a directory (docs/protocol/directory.md).
/// Nothing in the request names a connector.
final class DirectoryEndpoint {
    private static final Refused.Kind UNKNOWN = new Refused.Kind(401, "unknownCertificate");
    private static final Refused.Kind DISABLED = new Refused.Kind(403, "disabled");
    private static final Refused.Kind LOST = new Refused.Kind(409, "job-lost");

    /// A page of groups with many members.
    private static final int PAGE_BYTES_MAX = 4 * 1024 * 1024;

    private static final int DIRECTORIES_MAX = 32;
    private static final int CURSOR_MAX = 262_144;
    private static final int WARNINGS_MAX = 8;
    private static final int REASON_MAX = 1_000;

    private final Synchronisation synchronisation;

    DirectoryEndpoint(Synchronisation synchronisation) {
        this.synchronisation = synchronisation;
    }

    ObjectNode ask(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = certificate(facts);
        ObjectNode json = Json.readObject(request);
        if (!(json.get("directories") instanceof ArrayNode names) || names.size() > DIRECTORIES_MAX) {
            throw new BadRequest("directories must be a list of at most " + DIRECTORIES_MAX + " names");
        }
        List<String> directories = names.valueStream()
                .map(node -> {
                    if (!node.isString()
                            || node.stringValue().isBlank()
                            || node.stringValue().length() > 255) {
                        throw new BadRequest("directories must be names of 1 to 255 characters");
                    }
                    return node.stringValue();
                })
                .toList();
        Optional<String> working = json.has("working") && !json.path("working").isNull()
                ? Optional.of(Forms.text(json, "working", Forms.TEXT_MAX))
                : Optional.empty();
        Synchronisation.Answer answer = Refused.expectDone(
                synchronisation.ask(
                        certificate,
                        Optional.of(facts.clientAddress()),
                        new Synchronisation.Question(directories, working)),
                UNKNOWN,
                DISABLED,
                LOST);
        ObjectNode body = Json.MAPPER.createObjectNode().put("wait", answer.pause());
        if (answer.standby()) {
            body.put("standby", true);
        }
        answer.task().ifPresent(task -> body.set("job", shape(task)));
        return body;
    }

    ObjectNode page(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = certificate(facts);
        ObjectNode json = Json.readObject(request, PAGE_BYTES_MAX);
        if (!json.path("sequence").isInt() || json.path("sequence").intValue() < 0) {
            throw new BadRequest("sequence must be a number from 0");
        }
        int next = Refused.expectDone(
                synchronisation.page(
                        certificate,
                        Optional.of(facts.clientAddress()),
                        Forms.text(json, "job", Forms.TEXT_MAX),
                        json.path("sequence").intValue(),
                        EntryForm.entries(json)),
                UNKNOWN,
                DISABLED,
                LOST);
        return Json.MAPPER.createObjectNode().put("next", next);
    }

    ObjectNode end(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = certificate(facts);
        ObjectNode json = Json.readObject(request);
        Refused.expectDone(
                synchronisation.end(
                        certificate,
                        Optional.of(facts.clientAddress()),
                        Forms.text(json, "job", Forms.TEXT_MAX),
                        ending(json)),
                UNKNOWN,
                DISABLED,
                LOST);
        return Json.MAPPER.createObjectNode();
    }

    private static End ending(ObjectNode json) {
        String outcome = Forms.text(json, "outcome", Forms.TEXT_MAX);
        return switch (outcome) {
            case "done" ->
                new End.Done(
                        json.hasNonNull("cursor")
                                ? Optional.of(Forms.text(json, "cursor", CURSOR_MAX))
                                : Optional.empty(),
                        warning(json));
            case "failed" -> {
                if (!(json.get("error") instanceof ObjectNode error)) {
                    throw new BadRequest("error must say what failed");
                }
                yield new End.Failed(fault(error));
            }
            default -> throw new BadRequest("outcome is '" + Forms.printable(outcome) + "' but must be done or failed");
        };
    }

    private static SyncFault fault(ObjectNode json) {
        return new SyncFault(
                Forms.printable(Forms.text(json, "code", 64)),
                Forms.printable(Forms.text(json, "message", REASON_MAX)),
                json.path("remedy").asString("").isBlank()
                        ? ""
                        : Forms.printable(Forms.text(json, "remedy", REASON_MAX)));
    }

    /// Of several, as one.
    private static Optional<SyncFault> warning(ObjectNode json) {
        if (!json.hasNonNull("warnings")) {
            return Optional.empty();
        }
        if (!(json.get("warnings") instanceof ArrayNode list) || list.size() > WARNINGS_MAX) {
            throw new BadRequest("warnings must be a list of at most " + WARNINGS_MAX);
        }
        return list.valueStream()
                .map(node -> {
                    if (node instanceof ObjectNode warning) {
                        return fault(warning);
                    }
                    throw new BadRequest("warnings must be a list of objects");
                })
                .reduce((one, other) -> new SyncFault(
                        one.code() + " " + other.code(),
                        one.message() + "; " + other.message(),
                        one.remedy() + "; " + other.remedy()));
    }

    private static ObjectNode shape(Synchronisation.Task task) {
        SyncJob job = task.job();
        SyncSettings settings = task.source().settings();
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("id", job.id())
                .put("directory", task.source().directory())
                .put("kind", job.kind().name().toLowerCase(Locale.ROOT))
                .put("cursor", task.cursor().orElse(null));
        settings.bases().stream().map(DirectoryName::text).forEach(json.putArray("bases")::add);
        settings.excluded().stream().map(DirectoryName::text).forEach(json.putArray("excluded")::add);
        json.put("userFilter", settings.selection().orElse(null))
                .put("groupFilter", settings.groupFilter().orElse(null));
        task.mapping().userAttributes().forEach(json.putArray("userAttributes")::add);
        task.mapping().groupAttributes().forEach(json.putArray("groupAttributes")::add);
        return json.put("pageEntries", Synchronisation.PAGE_ENTRIES);
    }

    static String certificate(RequestFacts facts) throws Refused {
        return facts.clientCertificate()
                .orElseThrow(() -> new Refused(
                        401, "noCertificate", "a connector proves itself by its certificate in the TLS handshake"));
    }
}
