package io.postern.admin.enroll;

import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.Renewal;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `POST /renew` and `GET /registration`, for whoever has proved a connector's certificate in the TLS
/// handshake. Who asks is known from that alone: nothing in the request names a connector.
final class RenewEndpoint {
    private static final Refused.Kind UNKNOWN = new Refused.Kind(401, "unknownCertificate");
    private static final Refused.Kind DISABLED = new Refused.Kind(403, "disabled");

    private final Renewal renewal;
    private final Runnable afterChange;

    RenewEndpoint(Renewal renewal, Runnable afterChange) {
        this.renewal = renewal;
        this.afterChange = afterChange;
    }

    ObjectNode renew(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = certificate(facts);
        ObjectNode json = Json.readObject(request);
        var asked = new Renewal.Request(certificate, Forms.csr(json), Optional.of(facts.clientAddress()));
        Renewal.Renewed renewed = Refused.expectDone(renewal.renew(asked), UNKNOWN, DISABLED, Refused.REPLAYED);
        afterChange.run();
        Renewal.Standing standing = renewed.standing();
        return Forms.identity(standing.connector().value(), standing.tenant(), standing.group(), renewed.certificate());
    }

    ObjectNode registration(ServerRequest request, RequestFacts facts) throws Refused {
        Renewal.Standing standing =
                Refused.expectDone(renewal.standing(certificate(facts)), UNKNOWN, DISABLED, Refused.REPLAYED);
        return Json.MAPPER
                .createObjectNode()
                .put("connectorId", standing.connector().value())
                .put("tenant", standing.tenant())
                .put("group", standing.group())
                .put("accountEnabled", standing.enabled())
                .put("certificateExpirationDateTime", standing.expires().toString());
    }

    private String certificate(RequestFacts facts) throws Refused {
        if (facts.clientCertificate().isEmpty()) {
            renewal.noteMissingCertificate(Optional.of(facts.clientAddress()));
            throw new Refused(
                    401, "noCertificate", "a connector proves itself by its certificate in the TLS handshake");
        }
        return facts.clientCertificate().get();
    }
}
