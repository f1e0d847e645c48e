package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// h2load: HTTP/1.1 or HTTP/2, a number of requests or a time of them, at full speed or at a fixed rate.
///
/// @param streams at once on each connection
/// @param amount how much
/// @param perSecond requests on each connection, 0 for as many as go through
/// @param upload file sent with each request; null for GET
record H2load(
        Protocol protocol,
        int connections,
        int streams,
        Amount amount,
        int perSecond,
        @Nullable Path upload) implements Generator {
    private static final Pattern FINISHED = Pattern.compile("finished in ([0-9.]+)(us|ms|s|m)");
    private static final Pattern REQUESTS = Pattern.compile(
            "requests: (\\d+) total, (\\d+) started, (\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
    private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");
    /// 4 MiB for a stream, 16 MiB for a connection, so that the generator's windows limit nobody.
    private static final List<String> WINDOWS = List.of("-w", "22", "-W", "24");

    sealed interface Amount {
        record Requests(int count) implements Amount {}

        record Seconds(int count) implements Amount {}
    }

    static H2load full(Protocol protocol, int connections, int streams, int seconds) {
        return new H2load(protocol, connections, streams, new Amount.Seconds(seconds), 0, null);
    }

    static H2load paced(Protocol protocol, int connections, int perSecond, int seconds) {
        return new H2load(
                protocol, connections, 1, new Amount.Requests(perSecond * seconds), perSecond / connections, null);
    }

    static H2load bulk(Protocol protocol, int connections, int streams, int requests, @Nullable Path upload) {
        return new H2load(protocol, connections, streams, new Amount.Requests(requests), 0, upload);
    }

    @Override
    public List<String> command(Target target, String path, Path scratch) {
        var command = new ArrayList<>(List.of("h2load", "-c", "" + connections, "-m", "" + streams));
        command.addAll(WINDOWS);
        switch (amount) {
            case Amount.Requests(int count) -> command.addAll(List.of("-n", "" + count));
            case Amount.Seconds(int count) -> command.addAll(List.of("-D", "" + count));
        }
        if (protocol == Protocol.H1) {
            command.add("--h1");
        }
        if (perSecond > 0) {
            command.addAll(List.of("--rps", "" + perSecond));
        }
        if (upload != null) {
            command.addAll(List.of("-d", upload.toString()));
        }
        command.addAll(List.of("--log-file", scratch.toString(), "--connect-to", "127.0.0.1:" + target.port()));
        target.fields().forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
        command.add(target.uri(path).toString());
        return command;
    }

    @Override
    public Sample parse(String output, Path scratch) {
        try {
            return parse(output, Files.readAllLines(scratch));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param log one line for each request: time of start in µs, status, duration in µs
    static Sample parse(String output, List<String> log) {
        Matcher finished = FINISHED.matcher(output);
        Matcher requests = REQUESTS.matcher(output);
        Matcher data = DATA.matcher(output);
        if (!finished.find() || !requests.find() || !data.find()) {
            throw new IllegalStateException("h2load said: " + output.strip().replace("\n", " | "));
        }
        var faults = new ArrayList<String>();
        for (int group : new int[] {5, 6, 7}) {
            long count = Long.parseLong(requests.group(group));
            if (count > 0) {
                faults.add(count + List.of(" failed", " errored", " timed out").get(group - 5));
            }
        }
        long bad = log.stream()
                .filter(line -> !line.split("\t")[1].startsWith("2"))
                .count();
        if (bad > 0) {
            faults.add(bad + " answers not 2xx");
        }
        long[] micros = log.stream()
                .mapToLong(line -> Long.parseLong(line.split("\t")[2]))
                .sorted()
                .toArray();
        double seconds = Double.parseDouble(finished.group(1))
                * switch (finished.group(2)) {
                    case "us" -> 1e-6;
                    case "ms" -> 1e-3;
                    case "m" -> 60;
                    default -> 1;
                };
        return new Sample(
                Long.parseLong(requests.group(4)),
                Long.parseLong(data.group(1)),
                seconds,
                percentileMillis(micros, 0.50),
                percentileMillis(micros, 0.99),
                faults);
    }

    private static double percentileMillis(long[] sortedMicros, double part) {
        int at = Math.min(sortedMicros.length - 1, (int) (sortedMicros.length * part));
        return at < 0 ? Double.NaN : sortedMicros[at] / 1e3;
    }
}
