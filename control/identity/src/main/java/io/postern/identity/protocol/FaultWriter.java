package io.postern.identity.protocol;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.web.Json;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place where faults become pages, JSON and redirect parameters.
public final class FaultWriter {
    private static final Logger LOG = LoggerFactory.getLogger(FaultWriter.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private final Pages pages;
    private final Clock clock;

    public FaultWriter(Pages pages, Clock clock) {
        this.pages = pages;
        this.clock = clock;
    }

    /// For faults that must not go to a redirect URI.
    public void page(ServerRequest request, ServerResponse response, Fault fault) {
        log(request, fault);
        pages.send(response, fault.status(), pageOf(request, fault));
    }

    public MessagePage pageOf(ServerRequest request, Fault fault) {
        String heading = fault.number() == 50105
                ? pages.texts().of("fault.notAssigned.heading")
                : pages.texts().of("fault.signIn.heading");
        return pages.fault(request, heading, fault.text(), "AADSTS" + fault.number());
    }

    /// Error body of the token endpoint (RFC 6749 §5.2, extended as in 6.2).
    public void json(ServerRequest request, ServerResponse response, Fault fault) {
        log(request, fault);
        String trace = trace(request);
        String correlation = correlation(request);
        String time = TIME.format(clock.instant());
        var body = Json.MAPPER.createObjectNode();
        body.put("error", fault.error());
        body.put("error_description", description(fault, trace, correlation, time));
        body.putArray("error_codes").add(fault.number());
        body.put("timestamp", time);
        body.put("trace_id", trace);
        body.put("correlation_id", correlation);
        if (fault.status() == 401) {
            response.header(
                    HeaderNames.WWW_AUTHENTICATE,
                    (fault.error().equals("invalid_token")
                            ? "Bearer error=\"invalid_token\""
                            : "Basic realm=\"token\""));
        }
        response.header(HeaderNames.PRAGMA, "no-cache");
        Json.send(response, fault.status(), body);
    }

    /// Parameters for the redirect URI (RFC 6749 §4.1.2.1).
    public SequencedMap<String, String> parameters(ServerRequest request, Fault fault) {
        log(request, fault);
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("error", fault.error());
        parameters.put(
                "error_description",
                description(fault, trace(request), correlation(request), TIME.format(clock.instant())));
        return parameters;
    }

    /// RFC 6749 §4.1.2.1 allows printable ASCII without quotation mark and backslash.
    private static String description(Fault fault, String trace, String correlation, String time) {
        String text = "AADSTS" + fault.number() + ": " + fault.text() + " Trace ID: " + trace + " Correlation ID: "
                + correlation + " Timestamp: " + time;
        return text.replace('"', '\'').replaceAll("[^\\x20-\\x7e]|\\\\", "?");
    }

    private static String trace(ServerRequest request) {
        return RequestFacts.of(request).exchange();
    }

    private static String correlation(ServerRequest request) {
        List<String> sent = request.headers().values(HeaderNames.create("client-request-id"));
        if (sent.size() == 1) {
            try {
                return UUID.fromString(sent.getFirst()).toString();
            } catch (IllegalArgumentException e) {
                return trace(request); // not an id: not echoed
            }
        }
        return trace(request);
    }

    private static void log(ServerRequest request, Fault fault) {
        LOG.info(
                "refused error={} code={} exchange={} path={}",
                fault.error(),
                fault.number(),
                RequestFacts.of(request).exchange(),
                request.path().rawPath());
    }
}
