package io.postern.run.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern exchange`: what became of single requests.
@Command(
        name = "exchange",
        mixinStandardHelpOptions = true,
        description = "What became of single requests.",
        subcommands = {ExchangeCommand.Show.class, ExchangeTraceCommand.class})
public final class ExchangeCommand extends Topic {
    ExchangeCommand() {}

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Tell why a request failed, by the exchange id of its error page. A node of the service knows"
                    + " its own of the last day.")
    static final class Show extends Topic.Action {
        @Parameters(paramLabel = "ID", description = "The exchange id: 32 digits and letters a to f.")
        private @Nullable String id;

        @Override
        void run(Api api, Screen screen) {
            String wanted = id == null ? "" : id.strip();
            JsonNode exchange = api.get(Api.PROXY + "/exchanges/" + Api.encode(wanted));
            if (json()) {
                screen.json(exchange);
                return;
            }
            line(screen, "Exchange", exchange.path("id").asString(""));
            line(screen, "Time", exchange.path("dateTime").asString(""));
            line(
                    screen,
                    "Request",
                    exchange.path("method").asString("") + " https://"
                            + exchange.path("host").asString("")
                            + exchange.path("path").asString(""));
            line(screen, "From", exchange.path("clientAddress").asString(""));
            line(screen, "User", exchange.path("user").path("userPrincipalName").asString("nobody"));
            line(
                    screen,
                    "Application",
                    exchange.path("application").path("displayName").asString("none"));
            line(
                    screen,
                    "Connector",
                    exchange.path("connector").path("machineName").asString("none reached"));
            line(screen, "Status", status(exchange));
            line(
                    screen,
                    "Reason",
                    exchange.path("reason").asString("") + ": "
                            + exchange.path("meaning").asString(""));
            line(screen, "Remedy", exchange.path("remedy").asString(""));
            line(screen, "Times", times(exchange.path("micros")));
            line(screen, "Node", exchange.path("node").asString(""));
        }

        private static void line(Screen screen, String name, String value) {
            screen.line(name + " ".repeat(13 - name.length()) + value);
        }

        private static String status(JsonNode exchange) {
            int status = exchange.path("status").asInt();
            return (status == 0 ? "none, the client had gone" : Integer.toString(status)) + ", "
                    + exchange.path("outcome").asString("");
        }

        private static String times(JsonNode micros) {
            return "admitted " + millis(micros.path("admitted")) + ", sent to the connector "
                    + millis(micros.path("forwarded")) + ", answer begun " + millis(micros.path("firstByte"))
                    + ", over " + millis(micros.path("done"));
        }

        private static String millis(JsonNode micros) {
            long value = micros.asLong(-1);
            return value < 0 ? "never" : "after " + value / 1000 + "." + value / 100 % 10 + " ms";
        }
    }
}
