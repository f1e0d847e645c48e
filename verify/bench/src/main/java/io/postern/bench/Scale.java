package io.postern.bench;

import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Many published applications in one service: how long publishing them takes, how soon a change is in force at the
/// gateway, and how long a start takes.
@Command(
        name = "bench scale",
        description = {
            "Publish many applications with one service, each tenth by a folder of a shared host; then change one, some"
                    + " times, and restart the service. Prints how long the gateway went on with the old setting after"
                    + " the change was answered, and after it was asked for, and how long the start took."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Scale implements Callable<Integer> {
    private static final int AT_ONCE = 250; // the API takes 256
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
    private static final String PROFILE = "/v1.0/onPremisesPublishingProfiles/applicationProxy";

    @Option(names = "--checkout", hidden = true, required = true)
    private Path checkout = Path.of("");

    @Option(
            names = "--applications",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many changes are timed (default: ${DEFAULT-VALUE}).")
    private int changes;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Scale())
                .setExecutionExceptionHandler((e, line, result) -> {
                    System.err.println("bench: " + e);
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (count < 1 || changes < 1) {
            throw new IllegalArgumentException("--applications and --changes must be 1 at least");
        }
        try (Workbench bench = Workbench.open(checkout)) {
            int port = FreePort.find();
            PosternFiles files = PosternFiles.write(bench, port, port);
            Daemon service = files.startService(Map.of());
            Administrator.of(files, service);
            try (HttpClient client = Browser.client(files.authority())) {
                publish(files, client);
                System.out.printf(Locale.ROOT, "after publishing: service %d MiB resident%n", resident(service));
                change(files, client);
                service.stop(Duration.ofSeconds(30));
                for (int i = 0; i < 3; i++) {
                    restart(files, client);
                }
            }
            return 0;
        }
    }

    private static long resident(Daemon service) {
        return Machine.residentBytes(List.of(service.handle())) >> 20;
    }

    private void publish(PosternFiles files, HttpClient client) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        for (int from = 0; from < count; from += AT_ONCE) {
            String applications = IntStream.range(from, Math.min(count, from + AT_ONCE))
                    .mapToObj(Scale::application)
                    .collect(Collectors.joining(","));
            api(files, client, "POST", PROFILE + "/declarations/apply", "{\"applications\":[" + applications + "]}");
            if (from / AT_ONCE % 4 == 0) {
                System.err.printf(Locale.ROOT, "bench: %d of %d applications, %.0f s%n", from, count, seconds(begun));
            }
        }
        System.out.printf(Locale.ROOT, "published %d applications in %.1f s%n", count, seconds(begun));
    }

    /// A tenth lies in folders of hosts that ten share.
    private static String application(int number) {
        String external = number % 10 == 0
                ? "https://shared%d.%s/team%d/".formatted(number / 100, PosternFiles.BASE_DOMAIN, number)
                : "https://app%d.%s/".formatted(number, PosternFiles.BASE_DOMAIN);
        return """
                {"displayName": "app%1$d", "onPremisesPublishing": {"internalUrl": "http://app%1$d.corp/",
                 "externalUrl": "%2$s", "externalAuthenticationType": "%3$s"}}
                """.formatted(number, external, number == 1 ? "passthru" : "aadPreAuthentication");
    }

    /// By maintenance, which the gateway answers itself.
    private void change(PosternFiles files, HttpClient client) throws IOException, InterruptedException {
        double worstAsked = 0;
        double worstAnswered = 0;
        for (int i = 0; i < changes; i++) {
            boolean closed = i % 2 == 0;
            long asked = System.nanoTime();
            api(files, client, "POST", PROFILE + "/declarations/apply", """
                    {"applications":[{"displayName":"app1","onPremisesPublishing":{"isMaintenanceModeEnabled":%b}}]}
                    """.formatted(closed));
            long answered = System.nanoTime();
            awaitClosed(files, client, closed);
            worstAsked = Math.max(worstAsked, seconds(asked));
            worstAnswered = Math.max(worstAnswered, seconds(answered));
        }
        System.out.printf(
                Locale.ROOT,
                "of %d changes the slowest was in force %.2f s after it was asked for, %.2f s after it was answered%n",
                changes,
                worstAsked,
                worstAnswered);
    }

    private static void awaitClosed(PosternFiles files, HttpClient client, boolean closed)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        // without a connector it is 504 when it is open
        while ((status(files, client) == 503) != closed) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("the change is not in force within " + LIMIT.toMinutes() + " minutes");
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private static int status(PosternFiles files, HttpClient client) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(files.url("app1")).timeout(LIMIT).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void restart(PosternFiles files, HttpClient client) throws InterruptedException {
        long begun = System.nanoTime();
        Daemon service = files.startService(Map.of());
        service.awaitPort(files.port(), LIMIT);
        while (true) {
            try {
                status(files, client);
                break;
            } catch (IOException e) {
                LockSupport.parkNanos(LOOK_AGAIN.toNanos()); // not there yet
            }
        }
        System.out.printf(
                Locale.ROOT, "start: first answer after %.2f s, %d MiB resident%n", seconds(begun), resident(service));
        service.stop(Duration.ofSeconds(30));
    }

    private static void api(PosternFiles files, HttpClient client, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(files.url("api").resolve(path))
                .header("Authorization", "Bearer " + files.environment().get("POSTERN_TOKEN"))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private static double seconds(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }
}
