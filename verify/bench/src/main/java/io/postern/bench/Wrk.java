package io.postern.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// wrk: as many HTTP/1.1 requests as it gets through, each connection one after another.
///
/// @param script that pins the address, `here.lua`
/// @param isClosing every request on a connection and a handshake of its own
record Wrk(int connections, int seconds, boolean isClosing, Path script) implements Generator {
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([0-9.]+)(us|ms|s|m)");
    private static final Pattern LATENCY = Pattern.compile("(?m)^\\s+(50|99)%\\s+([0-9.]+)(us|ms|s|m)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKETS = Pattern.compile("Socket errors: .*");

    @Override
    public List<String> command(Target target, String path, Path scratch) {
        var command = new ArrayList<>(List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "--latency",
                "-s",
                script.toString()));
        target.fields().forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
        if (isClosing) {
            command.addAll(List.of("-H", "Connection: close"));
        }
        command.add(target.uri(path).toString());
        return command;
    }

    @Override
    public Sample parse(String output, Path scratch) {
        Matcher total = TOTAL.matcher(output);
        if (!total.find()) {
            throw new IllegalStateException("wrk said: " + output.strip().replace("\n", " | "));
        }
        var faults = new ArrayList<String>();
        Matcher refused = REFUSED.matcher(output);
        long bad = refused.find() ? Long.parseLong(refused.group(1)) : 0;
        if (bad > 0) {
            faults.add(bad + " answers not 2xx");
        }
        Matcher sockets = SOCKETS.matcher(output);
        if (sockets.find()) {
            faults.add(sockets.group());
        }
        double p50 = Double.NaN;
        double p99 = Double.NaN;
        Matcher latency = LATENCY.matcher(output);
        while (latency.find()) {
            double millis = seconds(latency.group(2), latency.group(3)) * 1e3;
            if (latency.group(1).equals("50")) {
                p50 = millis;
            } else {
                p99 = millis;
            }
        }
        long done = Long.parseLong(total.group(1)) - bad;
        return new Sample(done, 0, seconds(total.group(2), total.group(3)), p50, p99, faults);
    }

    private static double seconds(String number, String unit) {
        return Double.parseDouble(number)
                * switch (unit) {
                    case "us" -> 1e-6;
                    case "ms" -> 1e-3;
                    case "m" -> 60;
                    default -> 1;
                };
    }
}
