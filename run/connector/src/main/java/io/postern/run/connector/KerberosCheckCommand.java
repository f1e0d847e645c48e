package io.postern.run.connector;

import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.ConnectorSettings;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.tunnel.BackendTlsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `postern connector kerberos-check --config FILE --user USER --spn SPN`.
@Command(
        name = "postern connector kerberos-check",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = {
            "Walks from the keytab of this connector to a user's ticket for a backend, and with --url to the backend's"
                    + " answer to it. Stops at the first step that fails, and names the command that mends it.",
            "Changes nothing. The backend sees one request of the user."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing failed", "1:something failed", "2:an option is wrong"})
final class KerberosCheckCommand implements Callable<Integer> {
    @Option(
            names = "--user",
            required = true,
            paramLabel = "USER",
            description = "User principal name, or name of the account.")
    private String user = "";

    @Option(
            names = "--spn",
            required = true,
            paramLabel = "SPN",
            description = "Service principal name of the backend, such as HTTP/app.corp.test.")
    private String spn = "";

    @Option(names = "--url", paramLabel = "URL", description = "The backend, to show it the ticket.")
    private @Nullable String url;

    @Option(names = "--bare", description = "A bare Kerberos token, not SPNEGO.")
    private boolean bare;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    KerberosCheckCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        LogSetup.choose("text", false);
        ConnectorSettings settings = network.settings();
        var kerberos = settings.kerberos()
                .orElseThrow(() -> new ConnectorFault(
                        Kind.USAGE,
                        "the configuration has no section 'kerberos'; name the connector.yaml that has it with"
                                + " --config"));
        Optional<URI> backend;
        try {
            backend = Optional.ofNullable(url).map(KerberosQuestion::url);
        } catch (IllegalArgumentException e) {
            throw new ConnectorFault(Kind.USAGE, "--url " + e.getMessage(), e);
        }
        var findings = new ArrayList<Finding>();
        var screen = new FindingsScreen(System.out, json, Ansi.AUTO);
        screen.begin("Getting a ticket of " + user + " for", spn);
        Loops loops = Loops.open("check", 1);
        try {
            new KerberosFindings(kerberos, settings, loops, new LocalNames())
                    .look(
                            new KerberosFindings.Wanted(user, spn, bare, backend, BackendTlsSettings.of(true)),
                            finding -> {
                                findings.add(finding);
                                screen.show(finding);
                            });
        } finally {
            loops.close(Duration.ZERO).awaitUninterruptibly(2_000);
        }
        screen.end(
                FindingsScreen.json(
                        new JsonMapper().createObjectNode().put("user", user).put("spn", spn), findings),
                findings);
        return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.FAILED) ? 1 : 0;
    }
}
