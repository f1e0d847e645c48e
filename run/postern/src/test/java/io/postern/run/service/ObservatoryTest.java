package io.postern.run.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.run.Fault;
import io.postern.run.service.Observatory.Check;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservatoryTest {
    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private String problem = "";
    private final Observatory observatory =
            Observatory.start(new HostPort("127.0.0.1", 0), metrics, () -> List.of(new Check("database", problem)));

    @AfterEach
    void stop() {
        observatory.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + observatory.port() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    @Test
    void showsMetricsInPrometheusText() throws Exception {
        Counter.builder()
                .name("postern_things_total")
                .help("Things")
                .register(metrics)
                .inc();
        HttpResponse<String> answer = get("/metrics");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("postern_things_total 1.0"), answer.body());
    }

    @Test
    void isReadyWhileEveryCheckIsWell() throws Exception {
        HttpResponse<String> answer = get("/readyz");
        assertEquals(200, answer.statusCode());
        assertEquals("{\"status\":\"ready\",\"checks\":{\"database\":\"ok\"}}\n", answer.body());
    }

    @Test
    void tellsWhyItIsNotReady() throws Exception {
        problem = "the database does not answer";
        HttpResponse<String> answer = get("/readyz");
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("the database does not answer"));
        assertEquals(200, get("/healthz").statusCode(), "not ready is not dead");
    }

    @Test
    void namesThePortThatIsTaken() {
        var taken = new HostPort("127.0.0.1", observatory.port());
        Fault fault = assertThrows(Fault.class, () -> Observatory.start(taken, metrics, List::of));
        assertTrue(String.valueOf(fault.getMessage()).contains(taken.toString()));
    }
}
