package io.postern.admin.enroll;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.admin.service.ApplicationPasswordCalls;
import io.postern.admin.service.ConnectorQuestions;
import io.postern.admin.service.Enrollment;
import io.postern.admin.service.PasswordCalls;
import io.postern.admin.service.Renewal;
import io.postern.admin.service.Synchronisation;
import io.postern.admin.service.Updates;
import io.postern.domain.DoorFields;
import io.postern.store.StoreUnavailable;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import io.postern.web.SecurityFields;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The connectors' door (docs/protocol/tunnel.md §6): registration with a token, renewal and updates with a
/// certificate.
/// Answers only what came over ALPN `postern-enroll/1`, where the connector has checked the service by the token's
/// fingerprint or its authority, and the gateway the connector's certificate if it has one.
public final class ConnectDoor {
    /// Tokens cannot be guessed; this keeps logs and database quiet when somebody tries.
    private static final int FAILURES_MAX = 10;

    private static final Duration FAILURES_WITHIN = Duration.ofMinutes(1);
    private static final int ADDRESSES_MAX = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectDoor.class);

    /// What to do with a request that may be looked at.
    interface Answering {
        /// @throws Refused for any answer other than 200
        ObjectNode answer(ServerRequest request, RequestFacts facts) throws Refused;
    }

    private final RegisterEndpoint register;
    private final RenewEndpoint renew;
    private final UpdateEndpoint updates;
    private final DirectoryEndpoint directory;
    private final PasswordEndpoint passwords;
    private final ApplicationPasswordEndpoint applicationPasswords;
    private final QuestionEndpoint questions;
    private final Cache<String, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(ADDRESSES_MAX)
            .expireAfterWrite(FAILURES_WITHIN)
            .build();

    /// @param afterChange called when a connector has a new certificate, before the answer: it dials next
    public ConnectDoor(
            Enrollment enrollment,
            Renewal renewal,
            Updates updates,
            Synchronisation synchronisation,
            PasswordCalls passwords,
            ApplicationPasswordCalls applicationPasswords,
            ConnectorQuestions questions,
            Runnable afterChange) {
        this.register = new RegisterEndpoint(enrollment, afterChange);
        this.renew = new RenewEndpoint(renewal, afterChange);
        this.updates = new UpdateEndpoint(updates);
        this.directory = new DirectoryEndpoint(synchronisation);
        this.passwords = new PasswordEndpoint(passwords);
        this.applicationPasswords = new ApplicationPasswordEndpoint(applicationPasswords);
        this.questions = new QuestionEndpoint(questions);
    }

    public void mount(HttpRouting.Builder connect) {
        connect.addFilter(new SecurityFields());
        connect.post("/enroll", guarded(register::enroll));
        connect.post("/renew", guarded(renew::renew));
        connect.get("/registration", guarded(renew::registration));
        connect.post("/updates/ask", guarded(updates::ask));
        connect.post("/updates/prove", guarded(updates::prove));
        connect.post("/updates/end", guarded(updates::end));
        connect.post("/directory/ask", guarded(directory::ask));
        connect.post("/directory/page", guarded(directory::page));
        connect.post("/directory/end", guarded(directory::end));
        connect.post("/password/ask", guarded(passwords::ask));
        connect.post("/password/answer", guarded(passwords::answer));
        connect.post("/application-passwords/key", guarded(applicationPasswords::key));
        connect.post("/application-passwords/copy", guarded(applicationPasswords::copy));
        connect.post("/application-passwords/fetch", guarded(applicationPasswords::fetch));
        connect.post("/application-passwords/ended", guarded(applicationPasswords::ended));
        connect.post("/questions/ask", guarded(questions::ask));
        connect.post("/questions/answer", guarded(questions::answer));
        connect.any((_, response) -> send(
                response,
                new Refused(
                        404,
                        "notFound",
                        "only connectors find something here: POST /enroll, POST /renew, GET /registration,"
                                + " POST /updates/ask, /updates/prove, /updates/end,"
                                + " POST /directory/ask, /directory/page, /directory/end,"
                                + " POST /application-passwords/key, /copy, /fetch, /ended,"
                                + " POST /password/ask, /password/answer,"
                                + " POST /questions/ask, /questions/answer")));
    }

    private Handler guarded(Answering answering) {
        return (request, response) -> {
            RequestFacts facts = RequestFacts.of(request);
            try {
                refuseOtherHandshakes(request);
                refuseWhoFailsOften(facts);
                Json.send(response, 200, answering.answer(request, facts));
            } catch (Refused e) {
                note(e, facts);
                send(response, e);
            } catch (BadRequest e) {
                send(
                        response,
                        new Refused(e.status() == 413 ? 413 : 400, "invalidRequest", String.valueOf(e.getMessage())));
            } catch (StoreUnavailable e) {
                LOG.error("request of a connector failed exchange={}: {}", facts.exchange(), e.getMessage());
                send(response, new Refused(503, "unavailable", "the service's database cannot be used; try again"));
            } catch (RuntimeException e) { // the border of a handler: whatever it is, it is ours
                LOG.error("request of a connector failed exchange={}", facts.exchange(), e);
                send(
                        response,
                        new Refused(500, "fault", "this is a fault of the service; its log knows " + facts.exchange()));
            }
        };
    }

    private static void refuseOtherHandshakes(ServerRequest request) throws Refused {
        List<String> doors = request.headers().all(HeaderNames.create(DoorFields.DOOR), List::of);
        if (!doors.equals(List.of(DoorFields.ENROLL))) {
            throw new Refused(404, "notFound", "connectors come over ALPN postern-enroll/1 only");
        }
    }

    private void refuseWhoFailsOften(RequestFacts facts) throws Refused {
        AtomicInteger failed = failures.getIfPresent(facts.clientAddress());
        if (failed != null && failed.get() >= FAILURES_MAX) {
            throw new Refused(429, "tooManyRequests", "too many refusals for this address; wait a minute");
        }
    }

    private void note(Refused refused, RequestFacts facts) {
        if (refused.isAttempt()) {
            failures.get(facts.clientAddress(), _ -> new AtomicInteger()).incrementAndGet();
            LOG.warn(
                    "connector refused exchange={} clientAddress={} code={}",
                    facts.exchange(),
                    facts.clientAddress(),
                    refused.code());
        }
    }

    private static void send(ServerResponse response, Refused refused) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putObject("error").put("code", refused.code()).put("message", String.valueOf(refused.getMessage()));
        if (refused.status() == 429) {
            response.header(HeaderNames.RETRY_AFTER, Long.toString(FAILURES_WITHIN.toSeconds()));
        }
        Json.send(response, refused.status(), body);
    }
}
