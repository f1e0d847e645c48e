package io.postern.run.connector.update;

import io.postern.base.HostPort;
import io.postern.base.config.ConfigFault;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.ServiceCall;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.Dialler;
import io.postern.run.connector.LogSetup;
import io.postern.run.connector.NetworkOptions;
import io.postern.run.connector.ProgramVersion;
import io.postern.run.connector.Service;
import io.postern.run.connector.release.ReleaseFault;
import io.postern.run.connector.release.ReleaseKeys;
import io.postern.run.connector.release.Version;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/// `postern updater --service URL ...`: runs the connector in a process of its own, and keeps it up to date.
@Command(
        name = "postern updater",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = "Runs a connector and keeps it up to date: a new version is started beside the old one, proved"
                + " through the tunnel, and only then the old one is drained (docs/operate/updates.md).",
        footerHeading = "%nEvery other option is the connector's; see 'postern connector --help' and"
                + " docs/operate/connectors.md.%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped as asked",
            "1:something unforeseen",
            "2:an option, the configuration or the token's text is wrong",
            "3:the service refused the token",
            "4:the data folder cannot be used, or another connector uses it"
        })
public final class UpdaterMain implements Callable<Integer> {
    private static final Duration CHECK_MIN = Duration.ofSeconds(1);

    @Option(
            names = "--service",
            required = true,
            paramLabel = "URL",
            split = ",",
            description = "The service: https://connect.BASE-DOMAIN[:PORT].")
    private List<String> services = List.of();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the connector's key and certificate; made when missing.")
    private Path data = Path.of("");

    @Option(names = "--token-file", paramLabel = "FILE", description = "One-time token, for the first start only.")
    private @Nullable Path tokenFile;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(names = "--grace", paramLabel = "SECONDS", description = "Overrides 'grace' of the configuration.")
    private @Nullable Integer graceSeconds;

    @Option(
            names = "--manifest",
            paramLabel = "FILE|URL",
            description = "Where new versions are announced: a file or an https URL. Left out: no updates.")
    private @Nullable String manifest;

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "Ed25519 public key (PEM) with which manifests must be signed. Needed with --manifest.")
    private @Nullable Path publicKey;

    @Option(
            names = "--versions",
            paramLabel = "DIR",
            description = "Where versions are installed side by side (default: DATA/versions).")
    private @Nullable Path versions;

    @Option(
            names = "--check-every",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How often to look for a new version, half more or less by chance (default: 300).")
    private int checkEverySeconds;

    @Option(
            names = "--log-format",
            paramLabel = "text|json|journal",
            defaultValue = "text",
            description = "Form of the log on standard error (default: text).")
    private String logFormat = "text";

    /// Whatever else the connector knows; it complains of what it does not.
    @Unmatched
    private List<String> more = new ArrayList<>();

    @Option(names = "--verbose", description = "Logs each tunnel and exchange.")
    private boolean verbose;

    @Option(names = "--json", description = "Prints one line of JSON on standard output when ready.")
    private boolean json;

    UpdaterMain() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String[] args) {
        return new CommandLine(new UpdaterMain())
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((fault, line, parsed) -> report(fault))
                .setParameterExceptionHandler((fault, rest) -> {
                    System.err.println("postern updater: " + fault.getMessage() + "; see --help");
                    return Kind.USAGE.exitCode();
                })
                .execute(args);
    }

    @Override
    public Integer call() throws InterruptedException {
        check();
        LogSetup.choose(logFormat, verbose);
        Logger log = LoggerFactory.getLogger("connector.updater");
        HostPort service = Service.parse(services.getFirst());
        ConnectorSettings settings = network.settings();
        Path folder = data.toAbsolutePath();
        var over = new AtomicBoolean();
        try (DataFolder held = DataFolder.open(folder)) {
            Versions installed =
                    Versions.open(versions == null ? folder.resolve("versions") : versions.toAbsolutePath(), own());
            var keeper = new Keeper(installed, options(folder));
            stopOnSignal(keeper, over);
            announce(keeper);
            if (manifest != null && publicKey != null) {
                var dialler = new Dialler(Loops.open("updater", 1), new LocalNames(), settings.proxy());
                Source source = Source.of(manifest, ReleaseKeys.publicKey(publicKey), new HttpsFetch(dialler)::open);
                var asked = new TunnelService(new ServiceCall(dialler, service), held);
                var updater = new Updater(keeper, installed, source, asked);
                Thread.ofVirtual().name("updates").start(() -> look(updater));
            } else {
                log.info("no --manifest: the connector runs, and is not updated");
            }
            keeper.run();
            return keeper.hopeless().getNow(0);
        } finally {
            over.set(true);
        }
    }

    private void look(Updater updater) {
        try {
            updater.run(Duration.ofSeconds(checkEverySeconds), new SecureRandom());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check() {
        if (!LogSetup.FORMATS.contains(logFormat)) {
            throw new ConnectorFault(
                    Kind.USAGE, "--log-format is '" + logFormat + "' but must be text, json or journal");
        }
        if (tokenFile != null && tokenFile.toString().equals("-")) {
            throw new ConnectorFault(Kind.USAGE, "--token-file is '-' but must be a file: the updater reads no input");
        }
        if (Duration.ofSeconds(checkEverySeconds).compareTo(CHECK_MIN) < 0) {
            throw new ConnectorFault(Kind.USAGE, "--check-every is " + checkEverySeconds + " but must be at least 1");
        }
        if ((manifest == null) != (publicKey == null)) {
            throw new ConnectorFault(
                    Kind.USAGE,
                    "--manifest and --public-key belong together: a manifest is believed for its signature only");
        }
        try {
            services.forEach(Service::parse);
        } catch (IllegalArgumentException e) {
            throw new ConnectorFault(Kind.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /// What this program came with, through its launcher.
    private static Versions.Installed own() {
        String launcher = System.getProperty("postern.launcher", "");
        if (launcher.isEmpty()) {
            throw new ConnectorFault(Kind.USAGE, "the updater cannot run without bin/postern; start that");
        }
        return new Versions.Installed(Version.parse(ProgramVersion.TEXT), Path.of(launcher));
    }

    private List<String> options(Path folder) {
        var options = new ArrayList<String>();
        options.addAll(List.of("--service", String.join(",", services), "--data", folder.toString()));
        options.addAll(List.of("--log-format", logFormat));
        if (tokenFile != null) {
            options.addAll(List.of("--token-file", tokenFile.toAbsolutePath().toString()));
        }
        options.addAll(network.asGiven());
        if (graceSeconds != null) {
            options.addAll(List.of("--grace", graceSeconds.toString()));
        }
        if (verbose) {
            options.add("--verbose");
        }
        options.addAll(more);
        return List.copyOf(options);
    }

    private void announce(Keeper keeper) {
        if (!json) {
            return;
        }
        keeper.current().ready().thenAccept(version -> {
            System.out.println("{\"ready\":true,\"version\":\"" + version + "\",\"pid\":"
                    + keeper.current().pid() + "}");
            System.out.flush();
        });
    }

    /// Being told to stop drains the connector, and is no fault.
    private static void stopOnSignal(Keeper keeper, AtomicBoolean over) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (!over.get()) { // else this process ends by itself, with its own status
                                keeper.stop();
                                Runtime.getRuntime().halt(0);
                            }
                        },
                        "stop"));
    }

    private static int report(Exception fault) {
        System.err.println("postern updater: " + fault.getMessage());
        return switch (fault) {
            case ConnectorFault known -> known.kind().exitCode();
            case ConfigFault wrong -> Kind.USAGE.exitCode();
            case ReleaseFault wrong -> Kind.USAGE.exitCode();
            case UpdateFailed failed -> Kind.INTERNAL.exitCode();
            default -> {
                fault.printStackTrace(System.err);
                yield Kind.INTERNAL.exitCode();
            }
        };
    }
}
