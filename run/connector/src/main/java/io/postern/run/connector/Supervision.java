package io.postern.run.connector;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An updater runs this process and speaks to it on standard input, a word a line; answers go to standard output, one
/// JSON object a line. Updater and connector may be of different versions, so words are only ever added:
///
/// | word | meaning | answer |
/// |---|---|---|
/// | (start) | | `{"ready":true,"version":...}` when tunnels are up |
/// | `serve` | the trial is over | `{"serving":true}` when the service sends clients' exchanges |
/// | `alone` | the process beside this one has ended | |
/// | (end of input) | the updater has died | goes on for a while, then drains and ends |
///
/// @param process this process's name, told to the service
/// @param trial begin on trial
record Supervision(String process, boolean trial) {
    private static final Logger LOG = LoggerFactory.getLogger("connector");

    /// An updater that was killed is started again within seconds, and its new process serves before this one stops.
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(10);

    void listen(InputStream input, RunningConnector running) {
        Thread.ofPlatform().daemon().name("updater-words").start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII))) {
                lines.lines().forEach(word -> obey(word, running));
            } catch (IOException | UncheckedIOException e) {
                LOG.debug("standard input failed", e);
            }
            LOG.warn("the updater has ended; this process serves on for {} s", ORPHAN_PATIENCE.toSeconds());
            try {
                Thread.sleep(ORPHAN_PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.stopBecause("updater ended");
        });
    }

    private static void obey(String word, RunningConnector running) {
        switch (word) {
            case "serve" ->
                running.serve().thenAccept(status -> {
                    System.out.println("{\"serving\":true,\"tunnels\":" + status.tunnels() + "}");
                    System.out.flush();
                });
            case "alone" -> running.becomeAlone();
            default -> LOG.debug("a word of a newer updater: {}", word);
        }
    }
}
