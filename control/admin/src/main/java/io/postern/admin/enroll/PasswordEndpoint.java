package io.postern.admin.enroll;

import io.helidon.webserver.http.ServerRequest;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.admin.service.PasswordCalls;
import io.postern.base.PasswordSeal;
import io.postern.base.PasswordVerdict;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /password/ask|answer`, for a connector that can check passwords in a directory
/// (docs/protocol/directory.md). The
/// first one waits until there is something to check.
final class PasswordEndpoint {
    private static final Refused.Kind UNKNOWN = new Refused.Kind(401, "unknownCertificate");
    private static final Refused.Kind DISABLED = new Refused.Kind(403, "disabled");
    private static final Refused.Kind CONFLICT = new Refused.Kind(409, "conflict");
    private static final int DIRECTORIES_MAX = 32;
    private static final int FREE_MAX = 64;
    private static final int KEY_MAX = 200;
    private static final int DETAIL_MAX = 1_000;

    private final PasswordCalls calls;

    PasswordEndpoint(PasswordCalls calls) {
        this.calls = calls;
    }

    ObjectNode ask(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = DirectoryEndpoint.certificate(facts);
        ObjectNode json = Json.readObject(request);
        int free = json.path("free").isInt() ? json.path("free").intValue() : 0;
        if (free < 1 || free > FREE_MAX) {
            throw new BadRequest("free must be a number from 1 to " + FREE_MAX);
        }
        PasswordDesk.Turn turn = Refused.expectDone(
                calls.await(certificate, directories(json), key(json), free), UNKNOWN, DISABLED, CONFLICT);
        ObjectNode body = Json.MAPPER.createObjectNode().put("wait", turn.again() ? 0 : 5);
        ArrayNode checks = body.putArray("checks");
        turn.taken()
                .forEach(taken -> checks.addObject()
                        .put("id", taken.id())
                        .put("directory", taken.directory())
                        .put("object", taken.object())
                        .put("limitMillis", taken.limit().toMillis())
                        .put("sealed", taken.sealed()));
        return body;
    }

    ObjectNode answer(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = DirectoryEndpoint.certificate(facts);
        ObjectNode json = Json.readObject(request);
        String word = Forms.text(json, "verdict", Forms.TEXT_MAX);
        // a word of a newer connector decides nothing
        PasswordVerdict verdict = PasswordVerdict.of(word).orElse(PasswordVerdict.FAILED);
        String detail = json.path("detail").asString("").isBlank()
                ? ""
                : Forms.printable(Forms.text(json, "detail", DETAIL_MAX));
        boolean taken = Refused.expectDone(
                calls.answer(certificate, Forms.text(json, "id", Forms.TEXT_MAX), verdict, detail),
                UNKNOWN,
                DISABLED,
                CONFLICT);
        return Json.MAPPER.createObjectNode().put("taken", taken);
    }

    private static Set<String> directories(ObjectNode json) {
        if (!(json.get("directories") instanceof ArrayNode names)
                || names.isEmpty()
                || names.size() > DIRECTORIES_MAX
                || names.valueStream()
                        .anyMatch(name ->
                                name.asString("").isBlank() || name.asString("").length() > Forms.TEXT_MAX)) {
            throw new BadRequest("directories must be a list of 1 to " + DIRECTORIES_MAX + " names");
        }
        return names.valueStream().map(name -> name.asString("")).collect(Collectors.toSet());
    }

    /// One that passwords can be sealed with.
    private static String key(ObjectNode json) {
        String key = Forms.text(json, "key", KEY_MAX);
        try {
            PasswordSeal.seal(key, new byte[0], "");
            return key;
        } catch (IllegalArgumentException e) {
            throw new BadRequest("key must be a public key of X25519, base64url of its X.509 form");
        }
    }
}
