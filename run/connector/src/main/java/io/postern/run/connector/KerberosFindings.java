package io.postern.run.connector;

import io.postern.base.HostPort;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.kerberos.KerberosCheck;
import io.postern.connector.kerberos.KerberosSettings;
import io.postern.connector.serve.BackendContexts;
import io.postern.connector.serve.BackendProbe;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.BackendTlsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Walks from the keytab to the backend's answer to a user's ticket, as the running connector would (3.2). Waits.
///
/// @param loops for the backend
record KerberosFindings(KerberosSettings kerberos, ConnectorSettings settings, Loops loops, LocalNames names) {
    private static final Duration STEP = Duration.ofSeconds(5);

    /// @param user as the application's login identity names him
    /// @param bare a bare Kerberos token, not SPNEGO
    /// @param url of the backend; empty: it is not asked
    /// @param tls what the backend must prove before it sees the ticket, as for requests
    record Wanted(String user, String spn, boolean bare, Optional<URI> url, BackendTlsSettings tls) {}

    void look(Wanted wanted, Consumer<Finding> sink) throws InterruptedException {
        KerberosCheck.Walk walk = KerberosCheck.walk(kerberos, wanted.user(), wanted.spn(), wanted.bare());
        for (KerberosCheck.Step step : walk.steps()) {
            sink.accept(new Finding(step.name(), verdict(step.state()), step.detail(), Duration.ZERO, step.remedy()));
        }
        if (wanted.url().isEmpty() || walk.authorization().isEmpty()) {
            sink.accept(Finding.skipped("http", wanted.url().isEmpty() ? "no --url was given" : "not reached"));
            return;
        }
        sink.accept(http(wanted.url().get(), wanted, walk.authorization().get()));
    }

    private static Finding.Verdict verdict(KerberosCheck.State state) {
        return switch (state) {
            case PASSED -> Finding.Verdict.OK;
            case FAILED -> Finding.Verdict.FAILED;
            case SKIPPED -> Finding.Verdict.SKIPPED;
        };
    }

    private Finding http(URI url, Wanted wanted, String authorization) throws InterruptedException {
        long begun = System.nanoTime();
        int port = url.getPort() > 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        String name = url.getScheme() + "://" + new HostPort(url.getHost(), port);
        String target = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var backend = new BackendSettings("check", url.getScheme(), url.getHost(), port, wanted.tls(), STEP, STEP);
        var probe = new BackendProbe(settings.serve(), loops, names, new BackendContexts(settings.backendTls()));
        try {
            BackendProbe.Seen seen = Waiting.on(
                    probe.ask(
                            backend,
                            loops.next(),
                            STEP,
                            new BackendProbe.Ask(target, Map.of("authorization", authorization))),
                    STEP.multipliedBy(3));
            Duration took = Preflight.since(begun);
            if (seen.failure().isPresent()) {
                return Finding.failed(
                        "http", seen.why(), took, "see 'postern connector check', which looks at backends");
            }
            if (seen.status() == 401) { // KCD-4
                return Finding.failed(
                        "http",
                        name + " answers 401 to the ticket (event 13022)",
                        took,
                        "look at the backend's own log: its keytab or account is not that of '" + wanted.spn()
                                + "', it wants "
                                + (wanted.bare() ? "SPNEGO" : "a bare Kerberos token (mechanism kerberos)")
                                + ", or the user may not enter");
            }
            String what = name + " answers " + seen.status() + " to the user's ticket";
            return seen.status() >= 400
                    ? Finding.warning("http", what, took, "look at the backend's own log: it knows the user now")
                    : Finding.ok("http", what, took);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return Finding.failed("http", name + ": " + Preflight.text(e), Preflight.since(begun), "");
        }
    }
}
