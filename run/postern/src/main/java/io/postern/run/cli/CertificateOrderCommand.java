package io.postern.run.cli;

import io.postern.run.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern certificate order`: has the service get a certificate from its ACME server, and waits until it did.
@Command(
        name = "order",
        mixinStandardHelpOptions = true,
        description = "Order a certificate from the ACME server that is configured; it is renewed by itself.")
final class CertificateOrderCommand extends Topic.Action {
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(500).toNanos();
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @Parameters(arity = "1..*", paramLabel = "HOST", description = "Names of one certificate, in verified domains.")
    private List<String> hosts = new ArrayList<>();

    @Option(names = "--no-wait", description = "Do not wait for the certificate.")
    private boolean noWait;

    @Override
    void run(Api api, Screen screen) {
        ObjectNode body = Api.object();
        hosts.forEach(body.putArray("hosts")::add);
        JsonNode order = api.post("/certificateOrders", body);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!noWait && order.path("state").asString().equals("pending") && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            order = api.get("/certificateOrders/" + order.path("id").asString());
        }
        String names = String.join(", ", hosts);
        String state = order.path("state").asString();
        if (state.equals("failed")) {
            throw new Fault("no certificate for " + names + ": "
                    + order.path("problem").asString() + "; it is tried again at "
                    + order.path("dueDateTime").asString());
        }
        if (json()) {
            screen.json(order);
        } else if (state.equals("valid")) {
            screen.line("The certificate for " + names + " is in force; it will be renewed from "
                    + order.path("dueDateTime").asString().substring(0, 10) + " on.");
        } else {
            screen.line("Ordered a certificate for " + names + "; see 'postern certificate list'.");
        }
    }
}
