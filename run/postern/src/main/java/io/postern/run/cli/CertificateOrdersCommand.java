package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// `postern certificate orders`: what is renewed by itself, and how that goes.
@Command(
        name = "orders",
        mixinStandardHelpOptions = true,
        description = "List standing orders: what is renewed by itself, and when.")
final class CertificateOrdersCommand extends Topic.Action {
    @Override
    void run(Api api, Screen screen) {
        List<JsonNode> orders = api.list("/certificateOrders");
        if (json()) {
            screen.json(orders);
            return;
        }
        screen.table(
                List.of("HOSTS", "STATE", "NEXT"),
                orders.stream()
                        .map(order -> List.of(
                                CertificateCommand.hosts(order),
                                order.path("state").asString(),
                                order.path("dueDateTime")
                                        .asString()
                                        .substring(0, 16)
                                        .replace('T', ' ')))
                        .toList(),
                "No order yet; place one with 'postern certificate order HOST'.");
        orders.stream()
                .filter(order -> !order.path("problem").asString("").isEmpty())
                .forEach(order -> screen.line("Warning: " + CertificateCommand.hosts(order) + ": "
                        + order.path("problem").asString()));
    }

    /// `postern certificate cancel`.
    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Cancel a standing order; its certificate stays and is not renewed any more.")
    static final class Cancel extends DeleteCommand {
        @Override
        Doomed find(Api api, Name wanted) {
            String text = wanted.required("order").toLowerCase(Locale.ROOT);
            List<JsonNode> found = api.list("/certificateOrders").stream()
                    .filter(order -> order.path("id").asString().equals(text)
                            || order.path("hosts")
                                    .valueStream()
                                    .anyMatch(host -> host.asString().equals(text)))
                    .toList();
            if (found.size() != 1) {
                throw new Fault((found.isEmpty() ? "no order is" : "several orders are") + " for '" + text
                        + "'; see 'postern certificate orders --json', and give the id");
            }
            String id = found.getFirst().path("id").asString();
            return new Doomed(
                    "/certificateOrders/" + id, id, "the order for " + CertificateCommand.hosts(found.getFirst()));
        }
    }
}
