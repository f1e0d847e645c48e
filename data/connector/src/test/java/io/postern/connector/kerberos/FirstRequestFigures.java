package io.postern.connector.kerberos;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.kerberos.Delegated.Mechanism;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.SambaDomain;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Not a test: what a request through the tunnel costs more for a user's ticket, his first and a later one, and
/// what of that is the application's own work. Medians, one request at a time.
final class FirstRequestFigures {
    private static final int WARM = 200;
    private static final int WARM_REQUESTS = 5_000;

    private FirstRequestFigures() {}

    /// @param rounds users that nobody has heard of; the domain has 200 more
    static void print(SambaDomain domain, int rounds) throws Exception {
        KerberosSettings settings = KerberosRig.settings(domain, "svc-connector");
        try (KerberosSite site = KerberosSite.start(domain);
                KerberosRig rig = KerberosRig.open(settings, site)) {
            List<Long> plain = new ArrayList<>();
            List<Long> first = new ArrayList<>();
            List<Long> again = new ArrayList<>();
            for (int i = 0; i < WARM_REQUESTS; i++) { // a connector that has run for a while
                as(rig, "bulk00001");
            }
            for (int user = 1; user <= WARM + rounds; user++) {
                if (user == WARM + 1) {
                    List.of(plain, first, again).forEach(List::clear);
                }
                String name = "bulk%05d".formatted(user);
                plain.add(timed(() -> plain(rig)));
                first.add(timed(() -> as(rig, name)));
                again.add(timed(() -> as(rig, name)));
            }
            double base = median(plain);
            System.out.printf("plain request: %.2f ms%n", base);
            System.out.printf("a user's first: %.2f ms more%n", median(first) - base);
            System.out.printf(
                    "his next: %.2f ms more, of which the application takes %.2f%n",
                    median(again) - base, application(settings, site, WARM + rounds));
        }
    }

    /// What Apache takes longer to answer where it looks at a ticket, asked without anything of ours.
    private static double application(KerberosSettings settings, KerberosSite site, int rounds) throws Exception {
        List<Long> plain = new ArrayList<>();
        List<Long> signedIn = new ArrayList<>();
        var user = new TicketDesk.Key("bulk00001", ServicePrincipal.of("HTTP/app.corp.test"));
        try (var desk = new TicketDesk(
                        settings, new KerberosMetrics(new PrometheusRegistry()), InstantSource.system());
                HttpClient client = HttpClient.newHttpClient()) {
            for (int round = 0; round < rounds; round++) {
                if (round == rounds / 2) {
                    plain.clear();
                    signedIn.clear();
                }
                String token = desk.ticket(user)
                        .join()
                        .token(Mechanism.NEGOTIATED, false, desk.faults())
                        .field();
                plain.add(timed(() -> ask(client, site, "/public/", "none")));
                signedIn.add(timed(() -> ask(client, site, "/app/", token)));
            }
        }
        return median(signedIn) - median(plain);
    }

    private static void ask(HttpClient client, KerberosSite site, String path, String authorization) throws Exception {
        URI uri = URI.create("http://localhost:" + site.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", authorization)
                .build();
        expect(client.send(request, BodyHandlers.ofString()).statusCode());
    }

    private static void plain(KerberosRig rig) throws Exception {
        Http2Headers head = TunnelRig.request("GET", "app", "/public/");
        expect(rig.rig().open(head, true).awaitEnd().status());
    }

    private static void as(KerberosRig rig, String user) throws Exception {
        String way = KerberosRig.way(user, "onPremisesSAMAccountName", KerberosRig.SPN, " mechanism=spnego mutual=0");
        TestStream answer = rig.get("/app/", way);
        expect(answer.status());
    }

    private static void expect(int status) {
        if (status != 200) {
            throw new IllegalStateException("status " + status);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static long timed(Step step) throws Exception {
        long begun = System.nanoTime();
        step.run();
        return System.nanoTime() - begun;
    }

    private static double median(List<Long> nanos) {
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2) / 1e6;
    }
}
