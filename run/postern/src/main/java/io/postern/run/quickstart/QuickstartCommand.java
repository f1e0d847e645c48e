package io.postern.run.quickstart;

import io.postern.base.HostPort;
import io.postern.gateway.GatewayConfig.HttpListen;
import io.postern.run.service.OutsideConfig;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `postern quickstart`: everything on this machine, with defaults.
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Start the service, a connector and a demo application with defaults, and say what to open.")
public final class QuickstartCommand implements Callable<Integer> {
    @Option(
            names = "--publish",
            paramLabel = "NAME=URL",
            description = "Publish an application of yours, such as wiki=http://127.0.0.1:9000/; may be repeated.")
    private List<String> publish = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for everything that is kept (default: POSTERN_DATA, else ./postern-data).")
    private @Nullable Path data;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8443",
            description = "Where browsers reach the service (default: ${DEFAULT-VALUE}; port 0 = any free).")
    private String listen = "";

    @Option(names = "--no-demo", description = "Do not start and publish the demo application.")
    private boolean noDemo;

    @Option(names = "--no-connector", description = "Do not start a connector.")
    private boolean noConnector;

    @Option(
            names = "--connector-config",
            paramLabel = "FILE",
            description = "Configuration file for the built-in connector.")
    private @Nullable Path connectorConfig;

    @Option(
            names = "--dns-server",
            paramLabel = "HOST:PORT",
            description = "Where custom domains are looked up (default: the machine's name servers).")
    private @Nullable String dnsServer;

    @Option(
            names = "--http-listen",
            paramLabel = "HOST:PORT",
            description = "Where http is redirected to https (default: nowhere; port 0 = any free).")
    private @Nullable String httpListen;

    @Option(
            names = "--json",
            description = "When ready, print one line of JSON on standard output, and nothing else there.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = java.util.Objects.requireNonNull(spec).commandLine();
        QuickstartOptions options;
        try {
            options = options();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = command.getOut();
        Quickstart.run(options, report -> {
            out.println(options.json() ? report.toJson() : report.toText());
            out.flush();
        });
        return CommandLine.ExitCode.OK;
    }

    /// @throws IllegalArgumentException when the options cannot be meant
    QuickstartOptions options() {
        var apps = new ArrayList<WantedApp>();
        var names = new ArrayList<String>();
        for (String text : publish) {
            WantedApp app = WantedApp.parse(text);
            if (names.contains(app.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "--publish names '" + app.name() + "' twice; give each its own name");
            }
            if (!noDemo && app.name().equalsIgnoreCase(Quickstart.DEMO)) {
                throw new IllegalArgumentException(
                        "'" + Quickstart.DEMO + "' is the demo application; choose another" + " name or add --no-demo");
            }
            names.add(app.name().toLowerCase(Locale.ROOT));
            apps.add(app);
        }
        if (connectorConfig != null && !Files.isReadable(connectorConfig)) {
            throw new IllegalArgumentException("--connector-config " + connectorConfig + " cannot be read");
        }
        Path folder = data != null ? data : Path.of(System.getenv().getOrDefault("POSTERN_DATA", "postern-data"));
        return new QuickstartOptions(
                folder,
                HostPort.parse(listen),
                apps,
                !noDemo,
                !noConnector,
                Optional.ofNullable(connectorConfig).map(Path::toAbsolutePath),
                new OutsideConfig(
                        Optional.ofNullable(dnsServer).map(HostPort::parse),
                        Optional.ofNullable(httpListen).map(text -> new HttpListen(HostPort.parse(text), true)),
                        Optional.empty(),
                        false,
                        Optional.empty()),
                json);
    }
}
