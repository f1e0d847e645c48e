package io.postern.admin.enroll;

import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.Enrollment;
import io.postern.base.EnrollmentToken;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `POST /enroll`: a token becomes a connector.
final class RegisterEndpoint {
    private static final Refused.Kind UNKNOWN_TOKEN = new Refused.Kind(401, "invalidToken");

    private final Enrollment enrollment;
    private final Runnable afterChange;

    RegisterEndpoint(Enrollment enrollment, Runnable afterChange) {
        this.enrollment = enrollment;
        this.afterChange = afterChange;
    }

    ObjectNode enroll(ServerRequest request, RequestFacts facts) throws Refused {
        ObjectNode json = Json.readObject(request);
        var asked = new Enrollment.Request(
                hash(Forms.text(json, "token", Forms.TEXT_MAX)),
                Forms.csr(json),
                Forms.printable(Forms.text(json, "machineName", Forms.TEXT_MAX)),
                Forms.printable(Forms.text(json, "version", Forms.TEXT_MAX)),
                Optional.of(facts.clientAddress()));
        Enrollment.Registered registered =
                Refused.expectDone(enrollment.register(asked), UNKNOWN_TOKEN, UNKNOWN_TOKEN, Refused.REPLAYED);
        afterChange.run();
        return Forms.identity(
                registered.connector().value(), registered.tenant(), registered.group(), registered.certificate());
    }

    /// A text of the wrong form is as wrong as an unknown one: it has no hash in the store.
    private static String hash(String secret) {
        try {
            return new EnrollmentToken(secret, "0".repeat(64)).secretHash();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
