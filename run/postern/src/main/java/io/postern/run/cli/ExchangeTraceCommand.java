package io.postern.run.cli;

import io.postern.run.Fault;
import io.postern.run.PrivateFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern exchange trace`: starts a recording, waits for its end, fetches it and deletes it at the service.
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = "Record what goes between one user and one application, on both sides of the gateway and on every"
                + " node, as HAR 1.2 for the network view of a browser's tools. No bodies, no secrets. Tell the user:"
                + " it is in the audit log. Ctrl-C ends it early and keeps what is there.")
final class ExchangeTraceCommand extends Topic.Action {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int STEPS_AFTER_END = 2; // what was under way is written then

    @Option(names = "--app", required = true, paramLabel = "NAME", description = "The application's name or id.")
    private String app = "";

    @Option(names = "--user", required = true, paramLabel = "UPN", description = "Whose exchanges.")
    private String user = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long, such as 30s, 5m or 1h; an hour at most. Default: ${DEFAULT-VALUE}.")
    private String time = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the recording goes, readable by you only. Default: standard output.")
    private @Nullable Path file;

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch written = new CountDownLatch(1);

    @Override
    void run(Api api, Screen screen) {
        var lookup = new Lookup(api);
        JsonNode application = lookup.application(app);
        JsonNode person = lookup.user(user);
        Duration duration = duration(time);
        JsonNode trace = api.post(
                Api.PROXY + "/traces",
                Api.object()
                        .put("applicationId", application.path("id").asString())
                        .put("userId", person.path("id").asString())
                        .put("duration", duration.toString()));
        String path = Api.PROXY + "/traces/" + Api.encode(trace.path("id").asString());
        tell("Recording " + trace.path("userPrincipalName").asString() + " with '"
                + trace.path("applicationDisplayName").asString() + "' until "
                + trace.path("endDateTime").asString() + "; Ctrl-C ends it now.");
        var stop = new Thread(this::onInterrupt, "trace-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            await(api, path);
            JsonNode har = api.post(path + "/read", Api.object());
            api.delete(path);
            write(har, screen);
        } finally {
            written.countDown();
            if (interrupted.getCount() > 0) {
                Runtime.getRuntime().removeShutdownHook(stop);
            }
        }
    }

    /// Keeps the process alive until the file is there.
    private void onInterrupt() {
        interrupted.countDown();
        try {
            written.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Api api, String path) {
        boolean ended = false;
        for (int left = STEPS_AFTER_END; left > 0; ) {
            if (pause() && !ended) {
                api.post(path + "/end", Api.object());
            }
            ended = api.get(path).path("status").asString().equals("ended");
            left -= ended ? 1 : 0;
        }
    }

    /// @return whether somebody pressed Ctrl-C
    private boolean pause() {
        try {
            if (interrupted.getCount() == 0) {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
                return true;
            }
            return interrupted.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault("the recording was interrupted", e);
        }
    }

    private void write(JsonNode har, Screen screen) {
        int entries = har.path("log").path("entries").size();
        if (file == null) {
            screen.json(har);
        } else {
            PrivateFile.write(file, har + "\n");
            screen.line(entries + " entries written to " + file + ".");
            screen.line("Next: open it in the network view of a browser's developer tools (import HAR).");
        }
        if (entries == 0) {
            tell("Nothing was recorded: did the user sign in and use the application in that time?");
        }
    }

    /// Beside the recording, which may go to standard output.
    private void tell(String text) {
        err().println(text);
        err().flush();
    }

    private static Duration duration(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        try {
            return Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
        } catch (DateTimeParseException e) {
            throw new Fault("--for is '" + text + "'; give a time such as 30s, 5m or 1h", e);
        }
    }
}
