package io.postern.admin.enroll;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.admin.service.Enrollment;
import io.postern.base.EnrollmentToken;
import io.postern.base.Outcome;
import io.postern.domain.DoorFields;
import io.postern.store.StoreUnavailable;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import io.postern.web.SecurityFields;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// `POST /enroll` on the connectors' door (docs/protocol/tunnel.md §6). Answers only what came over the
/// enrolment handshake, on which the connector has checked the service by the token's fingerprint.
public final class EnrollEndpoint {
    /// Tokens cannot be guessed; this keeps logs and database quiet when somebody tries.
    private static final int FAILURES_MAX = 10;

    private static final Duration FAILURES_WITHIN = Duration.ofMinutes(1);
    private static final int ADDRESSES_MAX = 100_000;
    private static final int CSR_CHARACTERS_MAX = 16_384;
    private static final int TEXT_MAX = 255;

    private static final Logger LOG = LoggerFactory.getLogger(EnrollEndpoint.class);

    /// An answer other than 200.
    private record Refusal(int status, String code, String message) {}

    private final Enrollment enrollment;
    private final Runnable afterChange;
    private final Cache<String, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(ADDRESSES_MAX)
            .expireAfterWrite(FAILURES_WITHIN)
            .build();

    /// @param afterChange called when a connector was registered, before the answer: it dials next
    public EnrollEndpoint(Enrollment enrollment, Runnable afterChange) {
        this.enrollment = enrollment;
        this.afterChange = afterChange;
    }

    public void mount(HttpRouting.Builder connect) {
        connect.addFilter(new SecurityFields());
        connect.post("/enroll", this::handle);
        connect.any((_, response) ->
                send(response, new Refusal(404, "notFound", "only connectors find something here, at POST /enroll")));
    }

    private void handle(ServerRequest request, ServerResponse response) {
        RequestFacts facts = RequestFacts.of(request);
        if (!request.headers()
                .all(HeaderNames.create(DoorFields.DOOR), List::of)
                .equals(List.of(DoorFields.ENROLL))) {
            send(response, new Refusal(404, "notFound", "enrolment is possible over ALPN postern-enroll/1 only"));
            return;
        }
        AtomicInteger failed = failures.get(facts.clientAddress(), _ -> new AtomicInteger());
        if (failed.get() >= FAILURES_MAX) {
            response.header(HeaderNames.RETRY_AFTER, Long.toString(FAILURES_WITHIN.toSeconds()));
            send(
                    response,
                    new Refusal(429, "tooManyRequests", "too many refused tokens from this address; wait a minute"));
            return;
        }
        try {
            switch (enrollment.register(read(Json.readObject(request), facts))) {
                case Outcome.Done<Enrollment.Registered>(Enrollment.Registered registered) -> {
                    afterChange.run();
                    send(response, registered);
                }
                case Outcome.Forbidden<Enrollment.Registered>(String why) -> {
                    failed.incrementAndGet();
                    LOG.warn("enrolment refused exchange={} clientAddress={}", facts.exchange(), facts.clientAddress());
                    send(response, new Refusal(401, "invalidToken", why));
                }
                case Outcome.Invalid<Enrollment.Registered>(List<Outcome.Violation> violations) ->
                    send(
                            response,
                            new Refusal(
                                    400, "invalidRequest", violations.getFirst().message()));
                case Outcome.NotFound<Enrollment.Registered>(String what) ->
                    send(response, new Refusal(401, "invalidToken", what));
                case Outcome.Conflict<Enrollment.Registered>(String why) ->
                    send(response, new Refusal(400, "invalidRequest", why));
            }
        } catch (BadRequest e) {
            send(
                    response,
                    new Refusal(e.status() == 413 ? 413 : 400, "invalidRequest", String.valueOf(e.getMessage())));
        } catch (StoreUnavailable e) {
            LOG.error("enrolment failed exchange={}: {}", facts.exchange(), e.getMessage());
            send(response, new Refusal(503, "unavailable", "the service's database cannot be used; try again"));
        } catch (RuntimeException e) {
            LOG.error("enrolment failed exchange={}", facts.exchange(), e);
            send(
                    response,
                    new Refusal(500, "fault", "this is a fault of the service; its log knows " + facts.exchange()));
        }
    }

    /// Unknown properties are let pass: a newer connector may tell more (tunnel.md, versions).
    private static Enrollment.Request read(ObjectNode json, RequestFacts facts) {
        String secret = text(json, "token", TEXT_MAX);
        byte[] csr;
        try {
            csr = Base64.getDecoder().decode(text(json, "csr", CSR_CHARACTERS_MAX));
        } catch (IllegalArgumentException e) {
            throw new BadRequest("csr is not base64");
        }
        return new Enrollment.Request(
                hash(secret),
                csr,
                printable(text(json, "machineName", TEXT_MAX)),
                printable(text(json, "version", TEXT_MAX)),
                Optional.of(facts.clientAddress()));
    }

    /// A text of the wrong form is as wrong as an unknown one: it has no hash in the store.
    private static String hash(String secret) {
        try {
            return new EnrollmentToken(secret, "0".repeat(64)).secretHash();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String text(ObjectNode json, String name, int max) {
        if (json.get(name) instanceof tools.jackson.databind.node.StringNode node
                && !node.stringValue().isBlank()
                && node.stringValue().length() <= max) {
            return node.stringValue();
        }
        throw new BadRequest(name + " must be a text of 1 to " + max + " characters");
    }

    /// It comes from a machine that nobody has vouched for yet, and is shown in lists and logs.
    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static void send(ServerResponse response, Enrollment.Registered registered) {
        Json.send(
                response,
                200,
                Json.MAPPER
                        .createObjectNode()
                        .put("connectorId", registered.connector().value())
                        .put("tenant", registered.tenant())
                        .put("group", registered.group())
                        .put("certificate", registered.certificate().certificatePem())
                        .put("authority", registered.certificate().authorityPem()));
    }

    private static void send(ServerResponse response, Refusal refusal) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putObject("error").put("code", refusal.code()).put("message", refusal.message());
        Json.send(response, refusal.status(), body);
    }
}
