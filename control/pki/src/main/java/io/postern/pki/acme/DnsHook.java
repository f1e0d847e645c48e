package io.postern.pki.acme;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The operator's command that makes TXT records. Blocking.
///
/// @param patience it may wait until every name server has the record
record DnsHook(Path command, Duration patience) {
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int SAID_MAX = 300;

    void add(String name, String text) throws AcmeFault {
        run("add", name, text);
    }

    void remove(String name, String text) throws AcmeFault {
        run("remove", name, text);
    }

    private void run(String what, String name, String text) throws AcmeFault {
        try {
            Process process = new ProcessBuilder(List.of(command.toString(), what, name, text))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var said = new CompletableFuture<String>();
            // not a virtual thread: reading a pipe holds the thread that carries it
            Thread.ofPlatform().daemon().start(() -> said.complete(head(process.getInputStream())));
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AcmeFault("the hook " + command + " " + what + " " + name + " did not end within "
                        + patience.toSeconds() + " s and was ended; try it by hand");
            }
            if (process.exitValue() != 0) {
                throw new AcmeFault("the hook " + command + " " + what + " " + name + " ended with "
                        + process.exitValue() + ": "
                        + said.completeOnTimeout("", 1, TimeUnit.SECONDS)
                                .join() // a child of it may still hold the pipe
                        + "; try it by hand");
            }
        } catch (IOException e) {
            throw new AcmeFault(
                    "the hook " + command + " cannot be run (" + e.getMessage() + "); check 'acme.dns-hook'", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AcmeFault("interrupted", e);
        }
    }

    /// The beginning of what it says; the rest is taken, so that it does not wait for a reader.
    private static String head(InputStream output) {
        try (output) {
            String head = new String(output.readNBytes(SAID_MAX), StandardCharsets.UTF_8).strip();
            output.transferTo(OutputStream.nullOutputStream());
            return head;
        } catch (IOException e) {
            return "";
        }
    }
}
