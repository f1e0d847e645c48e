package io.postern.run.connector;

import io.postern.base.EnrollmentToken;
import io.postern.base.HostPort;
import io.postern.base.config.ConfigFault;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.Identity;
import io.postern.net.Loops;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `postern connector check --service URL ...`: the pre-flight.
@Command(
        name = "postern connector check",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = {
            "Walks the way of a connector on this machine step by step: name, proxy, TCP, TLS, clock, registration,"
                    + " tunnel, backends, directories. Each step has a verdict, a time and, where it fails, a remedy.",
            "Changes nothing: no token is spent, and no user's request is taken."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing failed (there may be warnings)", "1:something failed", "2:an option is wrong"})
final class CheckCommand implements Callable<Integer> {
    @Option(
            names = "--service",
            required = true,
            paramLabel = "URL",
            description = "The service: https://connect.BASE-DOMAIN[:PORT].")
    private String service = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of a connector that is registered: its certificate, its tunnel and its backends are"
                    + " checked too. The connector may be running.")
    private @Nullable Path data;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Token for a connector that is not registered yet: says which authority to expect. It is not"
                    + " spent.")
    private @Nullable String tokenFile;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    CheckCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        LogSetup.choose("text", false);
        HostPort address = NetworkOptions.service(service);
        var findings = new ArrayList<Finding>();
        var screen = new FindingsScreen(System.out, json, Ansi.AUTO);
        screen.begin(address);
        check(address, data, Optional.ofNullable(tokenFile), network, finding -> {
            findings.add(finding);
            screen.show(finding);
        });
        screen.end(address, findings);
        return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.FAILED) ? 1 : 0;
    }

    /// Also for the support bundle.
    static void check(
            HostPort address,
            @Nullable Path data,
            Optional<String> tokenFile,
            NetworkOptions network,
            Consumer<Finding> sink)
            throws InterruptedException {
        long begun = System.nanoTime();
        ConnectorSettings settings;
        try {
            settings = network.settings();
        } catch (ConfigFault e) {
            sink.accept(Finding.failed(
                    "configuration",
                    String.join("; ", e.faults()),
                    Duration.ofNanos(System.nanoTime() - begun),
                    "correct " + network.config().map(Path::toString).orElse("the environment")));
            return;
        }
        List<String> said = new ArrayList<>();
        said.add(network.config().map(Path::toString).orElse("no file, all defaults"));
        settings.proxy()
                .proxy()
                .ifPresent(p -> said.add("proxy " + p + " (" + settings.proxy().origin() + ")"));
        settings.serve().proxies().proxy().ifPresent(p -> said.add("proxy for backends " + p));
        sink.accept(Finding.ok("configuration", String.join("; ", said), Duration.ofNanos(System.nanoTime() - begun)));
        Optional<EnrollmentToken> token =
                tokenFile.map(place -> TokenSource.of(place).read(System.in));
        Optional<Identity> identity = NetworkOptions.identity(data);
        Loops loops = Loops.open("check", 1);
        try {
            new Preflight(settings, address, identity, token, loops, sink).run();
        } finally {
            loops.close(Duration.ZERO).awaitUninterruptibly(2_000);
        }
        new DirectoryFindings(settings.directories(), sink).look();
        if (data != null) {
            OwnSockets.finding(data).ifPresent(sink);
        }
    }
}
