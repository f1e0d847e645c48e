package io.postern.admin.enroll;

import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.ConnectorQuestions;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /questions/ask|answer`, for a connector that answers what only it can see (docs/protocol/tunnel.md
/// §6). The first one waits until there is a question.
final class QuestionEndpoint {
    private static final Refused.Kind UNKNOWN = new Refused.Kind(401, "unknownCertificate");
    private static final Refused.Kind DISABLED = new Refused.Kind(403, "disabled");
    private static final Refused.Kind CONFLICT = new Refused.Kind(409, "conflict");
    private static final int KINDS_MAX = 32;
    private static final int FREE_MAX = 16;
    private static final int ANSWER_BYTES_MAX = 256 * 1024;

    /// Until a process that was sent away may come again.
    private static final int REPLACED_SECONDS = 5;

    private final ConnectorQuestions questions;

    QuestionEndpoint(ConnectorQuestions questions) {
        this.questions = questions;
    }

    ObjectNode ask(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = DirectoryEndpoint.certificate(facts);
        ObjectNode json = Json.readObject(request);
        int free = json.path("free").isInt() ? json.path("free").intValue() : 0;
        if (free < 1 || free > FREE_MAX) {
            throw new BadRequest("free must be a number from 1 to " + FREE_MAX);
        }
        var offer = new ConnectorQuestions.Offer(kinds(json), Forms.text(json, "process", Forms.TEXT_MAX), free);
        ConnectorQuestions.Turn turn =
                Refused.expectDone(questions.await(certificate, offer), UNKNOWN, DISABLED, CONFLICT);
        ObjectNode body = Json.MAPPER.createObjectNode().put("wait", turn.again() ? 0 : REPLACED_SECONDS);
        ArrayNode list = body.putArray("questions");
        turn.taken()
                .forEach(taken -> list.addObject()
                        .put("id", taken.id())
                        .put("kind", taken.question().kind())
                        .put("limitMillis", taken.question().limit().toMillis())
                        .set("body", taken.question().body()));
        return body;
    }

    ObjectNode answer(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = DirectoryEndpoint.certificate(facts);
        ObjectNode json = Json.readObject(request, ANSWER_BYTES_MAX);
        if (!(json.get("body") instanceof ObjectNode body)) {
            throw new BadRequest("body must be an object: the answer");
        }
        boolean taken = Refused.expectDone(
                questions.answer(certificate, Forms.text(json, "id", Forms.TEXT_MAX), body),
                UNKNOWN,
                DISABLED,
                CONFLICT);
        return Json.MAPPER.createObjectNode().put("taken", taken);
    }

    private static Set<String> kinds(ObjectNode json) {
        if (!(json.get("kinds") instanceof ArrayNode names)
                || names.isEmpty()
                || names.size() > KINDS_MAX
                || names.valueStream().anyMatch(name -> !name.asString("").matches("[a-z0-9-]{1,64}"))) {
            throw new BadRequest("kinds must be a list of 1 to " + KINDS_MAX + " words of a-z, 0-9 and -");
        }
        return names.valueStream().map(name -> name.asString("")).collect(Collectors.toSet());
    }
}
