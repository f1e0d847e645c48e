package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.Cause;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The error page of each cause, provoked through a real gateway and tunnel (section 6.1): status, exchange id, time,
/// the form that the client reads, the cause noted for the administrator, and nothing of what lies inside. Causes of
/// sign-in are provoked in `admit`, those of real backends in `verify/system`. The browser prefers German: pages are in
/// it, and what programs read is not.
class ErrorCatalogueTest {
    private static final List<String> FORMS = List.of("text/html", "application/json", "*/*");
    /// Of the scripted backend and connector.
    private static final List<String> INSIDE =
            List.of("inside.corp", ":8080", "/wiki", House.CONNECTOR.value(), House.GROUP.value(), "127.0.0.1");

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private House house;

    @BeforeEach
    void open() {
        house = House.open(log.factory(() -> ScriptedBackend.manual(true)));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatAConnectorReports(TunnelFailure failure) {
        for (String form : FORMS) {
            try (var client = house.client()) {
                client.send(request("GET /app/x?a=b HTTP/1.1", form));
                log.next()
                        .head(
                                new DefaultHttp2Headers()
                                        .status("502")
                                        .set(TunnelProtocol.FAILURE, failure.wireName())
                                        .set(TunnelProtocol.REASON, "inside.corp:8080 at 127.0.0.1: refused"),
                                true);
                checked(client.response(), form, Cause.of(failure.wireName()).orElseThrow());
            }
        }
    }

    static Stream<Arguments> tunnelFaults() {
        return Stream.of(
                fault(Cause.MALFORMED_STATUS, s -> s.head(new DefaultHttp2Headers().set("x-status", "200"), false)),
                fault(Cause.BODY_BEFORE_HEAD, s -> s.data("inside.corp", false)),
                fault(
                        Cause.UNKNOWN_FAILURE,
                        s -> s.head(
                                new DefaultHttp2Headers().status("502").set(TunnelProtocol.FAILURE, "of-tomorrow"),
                                true)),
                fault(Cause.UPSTREAM_PROTOCOL, s -> s.stream().reset(Http2Error.PROTOCOL_ERROR)),
                fault(Cause.UPSTREAM_SHORT_OF_MEMORY, s -> s.stream().reset(Http2Error.ENHANCE_YOUR_CALM)));
    }

    private static Arguments fault(Cause cause, Consumer<ScriptedBackend> script) {
        return Arguments.of(cause, script);
    }

    @ParameterizedTest
    @MethodSource("tunnelFaults")
    void whatGoesWrongInTheTunnel(Cause cause, Consumer<ScriptedBackend> script) {
        for (String form : FORMS) {
            try (var client = house.client()) {
                client.send(request("GET /app/ HTTP/1.1", form));
                script.accept(log.next());
                checked(client.response(), form, cause);
            }
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Cause.NOTHING_PUBLISHED, "GET /elsewhere HTTP/1.1"),
                Arguments.of(Cause.RESERVED_PATH, "GET /.postern/nothing HTTP/1.1"),
                Arguments.of(Cause.MALFORMED_REQUEST, "GET /app/%2e%2e/x HTTP/1.1"),
                Arguments.of(Cause.LONG_TARGET, "GET /app/" + "a".repeat(66_000) + " HTTP/1.1"),
                Arguments.of(Cause.LARGE_HEAD, "GET /app/ HTTP/1.1\r\nX-Large: " + "a".repeat(66_000)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatTheGatewayRefuses(Cause cause, String line) {
        for (String form : FORMS) {
            try (var client = house.client()) {
                client.send(request(line, form));
                checked(client.response(), cause == Cause.LARGE_HEAD || cause == Cause.LONG_TARGET ? "" : form, cause);
            }
        }
        assertTrue(log.streams.isEmpty(), "nothing reaches the backend");
    }

    @ParameterizedTest
    @EnumSource(
            value = Cause.class,
            names = {"MAINTENANCE", "NO_CONNECTOR", "CONNECTOR_LOST"})
    void whatStandsInTheWay(Cause cause) {
        switch (cause) {
            case MAINTENANCE -> house.maintain();
            case NO_CONNECTOR -> house.loseTunnels();
            default -> {}
        }
        if (cause == Cause.NO_CONNECTOR) {
            House.await(() -> !house.gateway.isConnected(House.GROUP));
        }
        for (String form : cause == Cause.CONNECTOR_LOST ? List.of("text/html") : FORMS) {
            try (var client = house.client()) {
                client.send(request("POST /app/ HTTP/1.1\r\nContent-Length: 1", form) + "x");
                if (cause == Cause.CONNECTOR_LOST) {
                    ScriptedBackend stream = log.next();
                    House.await(() -> stream.ended);
                    house.loseTunnels();
                }
                checked(client.response(), form, cause);
            }
        }
    }

    private static String request(String line, String form) {
        return RawClient.head(
                line, "Host: app.example.test", "Accept: " + form, "Accept-Language: fr, de-DE;q=0.7, en;q=0.2");
    }

    /// @param form empty: that the client was still speaking when it was refused, so its wishes are not known
    private void checked(RawClient.Response response, String form, Cause cause) {
        AccessEvent event = house.event();
        assertEquals(Optional.of(cause), event.cause());
        assertEquals(event.status(), response.status());
        assertTrue(response.body().contains(event.exchange()), "the id that the administrator looks up");
        String day = event.time().toString().substring(0, 11);
        assertTrue(response.body().contains(day), "the time");
        assertTrue(response.body().contains(Integer.toString(response.status())), "the status");
        String type = response.headers().getOrDefault("content-type", "").strip();
        if (!form.isEmpty()) {
            assertEquals(
                    form.equals("*/*") ? "text/plain; charset=utf-8" : form,
                    type.replace("html; charset=utf-8", "html"));
        }
        boolean german = form.equals("text/html");
        assertEquals(
                german ? "de" : "en",
                response.headers().getOrDefault("content-language", "").strip());
        assertEquals(german, response.body().contains("<html lang=\"de\">"));
        assertEquals(german, response.body().contains("Was Sie tun k"));
        String all = response.headers() + response.body();
        for (String inside : INSIDE) {
            assertFalse(all.contains(inside), () -> inside + " in " + all);
        }
    }
}
