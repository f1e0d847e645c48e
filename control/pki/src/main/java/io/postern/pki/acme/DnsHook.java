package io.postern.pki.acme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The operator's command that makes TXT records. Blocking.
record DnsHook(Path command) {
    private static final long MINUTES_MAX = 10; // it may wait until every name server has the record
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
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AcmeFault("the hook " + command + " " + what + " did not end in " + MINUTES_MAX + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new AcmeFault("the hook " + command + " " + what + " " + name + " ended with "
                        + process.exitValue() + ": " + said.substring(0, Math.min(said.length(), SAID_MAX))
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
}
