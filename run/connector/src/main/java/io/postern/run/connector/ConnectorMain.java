package io.postern.run.connector;

import io.postern.base.HostPort;
import io.postern.base.config.ConfigFault;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.ConnectorSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `postern connector --service URL ...`: runs one connector until it is told to stop.
@Command(
        name = "connector",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = "Runs a connector: dials out to the service and serves published applications from here.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped as asked",
            "1:something unforeseen",
            "2:an option, the configuration or the token's text is wrong",
            "3:the service refused the token",
            "4:the data folder cannot be used, or another connector uses it",
            "5:the service cannot be reached, or is not the one that made the token",
            "6:the connector's certificate has expired; register again with a new token"
        })
public final class ConnectorMain implements Callable<Integer> {
    @Option(
            names = "--service",
            required = true,
            paramLabel = "URL",
            split = ",",
            description = "The service: https://connect.BASE-DOMAIN[:PORT]. Where its nodes have names of their own,"
                    + " give all of them: tunnels are kept to each.")
    private List<String> services = List.of();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder for this connector's key and certificate; made when missing.")
    private Path data = Path.of("");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "One-time token from 'postern connector token'; - reads one line of standard input."
                    + " Needed at the first start, and to register again when the certificate has expired or the"
                    + " connector was deleted.")
    private @Nullable String tokenFile;

    @Option(
            names = "--sign-in",
            description = "Instead of a token: prints a code, and an Application or Global Administrator signs in"
                    + " with it in a browser. Nothing of that sign-in is kept here.")
    private boolean signIn;

    @Option(names = "--tenant", paramLabel = "NAME", description = "For --sign-in: the tenant's name, domain or id.")
    private @Nullable String tenant;

    @Option(
            names = "--sign-in-ca",
            paramLabel = "FILE",
            description = "For --sign-in: authorities (PEM) to trust when the service's certificate is not public.")
    private @Nullable Path signInAuthority;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(names = "--grace", paramLabel = "SECONDS", description = "Overrides 'grace' of the configuration.")
    private @Nullable Integer graceSeconds;

    @Option(
            names = "--log-format",
            paramLabel = "text|json|journal",
            defaultValue = "text",
            description = "Form of the log on standard error (default: text).")
    private String logFormat = "text";

    @Option(names = "--verbose", description = "Logs each tunnel and exchange.")
    private boolean verbose;

    @Option(names = "--json", description = "Prints one line of JSON on standard output when ready.")
    private boolean json;

    /// For a parent that holds the other end: however it dies, this process ends too.
    @Option(names = "--exit-with-stdin", hidden = true)
    private boolean exitWithStdin;

    /// Given by the updater: this process is one of perhaps two with the same data folder.
    @Option(names = "--process", hidden = true)
    private @Nullable String process;

    /// Given by the updater: serve nobody before it says so.
    @Option(names = "--trial", hidden = true)
    private boolean trial;

    ConnectorMain() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String[] args) {
        String first = args.length == 0 ? "" : args[0];
        String[] rest = switch (first) {
            case "check", "diagnose", "kerberos-check" -> Arrays.copyOfRange(args, 1, args.length);
            default -> args;
        };
        return new CommandLine(
                        switch (first) {
                            case "check" -> new CheckCommand();
                            case "diagnose" -> new DiagnoseCommand();
                            case "kerberos-check" -> new KerberosCheckCommand();
                            default -> new ConnectorMain();
                        })
                .setExecutionExceptionHandler((fault, line, parsed) -> report(fault))
                .setParameterExceptionHandler((fault, all) -> {
                    System.err.println("postern connector: " + fault.getMessage() + "; see --help");
                    return Kind.USAGE.exitCode();
                })
                .execute(rest);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!LogSetup.FORMATS.contains(logFormat)) {
            throw new ConnectorFault(
                    Kind.USAGE, "--log-format is '" + logFormat + "' but must be text, json or journal");
        }
        List<HostPort> addresses =
                services.stream().map(NetworkOptions::service).distinct().toList();
        LogSetup.choose(logFormat, verbose);
        ConnectorSettings settings = network.settings();
        if (graceSeconds != null) {
            settings = settings.withGrace(Duration.ofSeconds(Math.max(0, graceSeconds)));
        }
        Optional<Supervision> updater = Optional.ofNullable(process).map(p -> new Supervision(p, trial));
        try (var running = RunningConnector.start(
                settings,
                addresses,
                data,
                tokenSource(addresses.getFirst()),
                System.in,
                exitWithStdin && "-".equals(tokenFile),
                updater)) {
            running.stopOnSignal();
            updater.ifPresent(u -> u.listen(System.in, running));
            if (exitWithStdin) {
                running.stopWithInput(System.in);
            }
            running.awaitReady().ifPresent(ready -> announce(running, ready.tunnels()));
            System.gc(); // what the start left behind would lie there for hours
            running.awaitStop();
            if (running.fault().isPresent()) {
                throw running.fault().get();
            }
        }
        return 0;
    }

    private Optional<TokenSource> tokenSource(HostPort service) {
        if (!signIn) {
            if (tenant != null || signInAuthority != null) {
                throw new ConnectorFault(Kind.USAGE, "--tenant and --sign-in-ca belong to --sign-in");
            }
            return Optional.ofNullable(tokenFile).map(TokenSource::of);
        }
        if (tokenFile != null) {
            throw new ConnectorFault(Kind.USAGE, "--sign-in and --token-file are two ways to register; give one");
        }
        if (tenant == null) {
            throw new ConnectorFault(Kind.USAGE, "--sign-in needs --tenant NAME: whose administrator signs in");
        }
        return Optional.of(new SignInToken(service, tenant, Optional.ofNullable(signInAuthority), System.err));
    }

    private void announce(RunningConnector running, int tunnels) {
        if (json) {
            System.out.println(running.readyLine(tunnels));
            System.out.flush();
        }
    }

    private static int report(Exception fault) {
        return switch (fault) {
            case ConnectorFault known -> {
                System.err.println("postern connector: " + known.getMessage());
                yield known.kind().exitCode();
            }
            case ConfigFault wrong -> {
                System.err.println("postern connector: " + wrong.getMessage());
                yield Kind.USAGE.exitCode();
            }
            default -> {
                System.err.println("postern connector: unforeseen fault, please report it: " + fault);
                fault.printStackTrace(System.err);
                yield Kind.INTERNAL.exitCode();
            }
        };
    }
}
