package io.postern.run.connector;

import io.postern.base.config.ConfigFault;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.enroll.Identity;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.dial.HttpProxy;
import io.postern.net.dial.ProxyChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `postern connector diagnose --data DIR`: a bundle for whoever is to help, without secrets.
@Command(
        name = "postern connector diagnose",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = {
            "Writes a zip file for whoever is to help: versions, configuration, certificate without its key, the"
                    + " pre-flight's findings, the end of the log, counters, process and network of this machine.",
            "Passwords, keys and tokens are struck out. Names and addresses of your network are in it: look through it"
                    + " before you send it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written", "2:an option is wrong", "4:a file cannot be read or written"})
final class DiagnoseCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the connector, which may be running.")
    private Path data = Path.of("");

    @Option(
            names = "--service",
            paramLabel = "URL",
            description = "The service, for the pre-flight; known by itself while the connector runs.")
    private @Nullable String service;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "File to which the connector's standard error goes. Without it: log files in --data, and the"
                    + " system's journal.")
    private @Nullable Path log;

    @Option(names = "--out", paramLabel = "FILE", description = "Default: postern-connector-TIME.zip, here.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    DiagnoseCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        LogSetup.choose("text", false);
        Instant now = Instant.now();
        Path file = out == null ? Path.of("postern-connector-" + STAMP.format(now) + ".zip") : out;
        Optional<RunNote> running = RunNote.read(data);
        Optional<String> url = Optional.ofNullable(service)
                .or(() -> running.map(note -> note.service().split(",", 2)[0]));
        Strike strike = new Strike();
        gatherSecrets(strike);
        List<String> entries;
        try (var bundle = SupportBundle.create(file, strike)) {
            bundle.add("about.json", about(now, running, url));
            bundle.add(
                    "configuration.yaml",
                    network.config().map(HostFacts::file).orElse("# no file was named; all defaults\n"));
            bundle.add("environment.txt", environment());
            bundle.add("certificate.json", certificate());
            if (url.isPresent()) {
                check(bundle, url.get());
            }
            logs(bundle);
            bundle.add("network.txt", HostFacts.network());
            if (running.isPresent()) {
                bundle.add("metrics.txt", HostFacts.metrics(running.get().metrics()));
                bundle.add("process.txt", HostFacts.process(running.get().pid()));
            }
            entries = bundle.entries();
        } catch (IOException e) {
            throw new ConnectorFault(
                    Kind.DATA,
                    "the bundle cannot be written to " + file + " (" + e + "); give another file with --out",
                    e);
        }
        tell(file, entries, strike.count());
        return 0;
    }

    /// Everything secret that this set-up holds, to the letter: what has no secret's form is found so too.
    private void gatherSecrets(Strike strike) {
        for (String name : List.of("key.pem")) {
            Path key = data.resolve("identity").resolve(name);
            if (Files.isReadable(key)) {
                HostFacts.file(key).lines().filter(l -> !l.startsWith("-----")).forEach(strike::add);
            }
        }
        System.getenv().forEach((name, value) -> {
            String plain = name.toLowerCase(java.util.Locale.ROOT);
            if (plain.endsWith("_credentials")) {
                strike.add(value);
                addCredentials(strike, value);
            } else if (plain.endsWith("_proxy") && value.contains("@")) {
                strike.add(value.substring(0, value.lastIndexOf('@')).replaceAll("^[a-z]*://", ""));
                try {
                    HttpProxy.parse(value).credentials().ifPresent(strike::add);
                } catch (IllegalArgumentException e) {
                    strike.add(value); // whatever it is
                }
            }
        });
        try {
            var settings = network.settings();
            for (ProxyChoice way : List.of(settings.proxy(), settings.serve().proxies())) {
                way.proxy().flatMap(HttpProxy::credentials).ifPresent(strike::add);
            }
        } catch (ConfigFault | ConnectorFault e) {
            return; // the pre-flight says what is wrong with it
        }
    }

    private static void addCredentials(Strike strike, String value) {
        try {
            strike.add(HttpProxy.Credentials.parse(value));
        } catch (IllegalArgumentException e) {
            strike.add(value);
        }
    }

    private String about(Instant now, Optional<RunNote> running, Optional<String> url) {
        Runtime runtime = Runtime.getRuntime();
        ObjectNode about = JSON.createObjectNode()
                .put("written", now.toString())
                .put("version", ProgramVersion.TEXT)
                .put("service", url.orElse(""))
                .put("data", data.toAbsolutePath().toString())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("architecture", System.getProperty("os.arch"))
                .put("java", Runtime.version().toString())
                .put("tls", TlsContexts.provider())
                .put("processors", runtime.availableProcessors())
                .put("user", System.getProperty("user.name"));
        running.ifPresentOrElse(
                note -> about.putObject("running")
                        .put("pid", note.pid())
                        .put("version", note.version())
                        .put("metrics", note.metrics())
                        .put(
                                "since",
                                ProcessHandle.of(note.pid())
                                        .flatMap(p -> p.info().startInstant())
                                        .map(Instant::toString)
                                        .orElse("")),
                () -> about.putNull("running"));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(about) + "\n";
    }

    /// Only variables that this program reads.
    private static String environment() {
        var text = new StringBuilder();
        for (String name : List.of(
                "https_proxy",
                "HTTPS_PROXY",
                "no_proxy",
                "NO_PROXY",
                "POSTERN_JAVA_OPTS",
                "JAVA_TOOL_OPTIONS",
                "LANG")) {
            String value = System.getenv(name);
            if (value != null) {
                text.append(name).append('=').append(HttpProxy.redacted(value)).append('\n');
            }
        }
        for (String name : List.of("POSTERN_PROXY_CREDENTIALS", "POSTERN_BACKEND_PROXY_CREDENTIALS")) {
            text.append(name).append(System.getenv(name) == null ? " is not set\n" : " is set\n");
        }
        return text.toString();
    }

    /// Public parts only; the key is not read for this.
    private String certificate() {
        try {
            Optional<Identity> identity = NetworkOptions.identity(data);
            if (identity.isEmpty()) {
                return "{\"registered\":false}\n";
            }
            X509Certificate leaf = identity.get().certificate();
            ObjectNode about = JSON.createObjectNode()
                    .put("registered", true)
                    .put("connectorId", identity.get().connectorId())
                    .put("tenant", identity.get().tenant())
                    .put("group", identity.get().group())
                    .put("subject", leaf.getSubjectX500Principal().toString())
                    .put("issuer", leaf.getIssuerX500Principal().toString())
                    .put("serial", leaf.getSerialNumber().toString(16))
                    .put("notBefore", leaf.getNotBefore().toInstant().toString())
                    .put("notAfter", leaf.getNotAfter().toInstant().toString())
                    .put("sha256", PinnedAuthority.fingerprint(leaf))
                    .put(
                            "authoritySha256",
                            PinnedAuthority.fingerprint(identity.get().authority()));
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(about) + "\n";
        } catch (ConnectorFault e) {
            return JSON.writeValueAsString(JSON.createObjectNode().put("unreadable", String.valueOf(e.getMessage())))
                    + "\n";
        }
    }

    private void check(SupportBundle bundle, String url) throws IOException, InterruptedException {
        var findings = new ArrayList<Finding>();
        var text = new ByteArrayOutputStream();
        var address = NetworkOptions.service(url);
        var screen = new FindingsScreen(new PrintStream(text, true, StandardCharsets.UTF_8), false, Ansi.OFF);
        screen.begin(address);
        try {
            CheckCommand.check(address, data, Optional.empty(), network, finding -> {
                findings.add(finding);
                screen.show(finding);
            });
        } catch (ConnectorFault e) {
            findings.add(Finding.failed(
                    "registration", String.valueOf(e.getMessage()), java.time.Duration.ZERO, "as it says"));
        }
        screen.end(address, findings);
        bundle.add("check.txt", text.toString(StandardCharsets.UTF_8));
        bundle.add(
                "check.json",
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(FindingsScreen.json(address, findings))
                        + "\n");
    }

    private void logs(SupportBundle bundle) throws IOException {
        if (log != null) {
            bundle.add("log.txt", HostFacts.tail(log));
            return;
        }
        for (Path folder : List.of(data, data.resolve("log"))) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.log")) {
                    for (Path one : files) {
                        bundle.add("logs/" + one.getFileName(), HostFacts.tail(one));
                    }
                }
            }
        }
        bundle.add("journal.txt", HostFacts.journal());
    }

    private void tell(Path file, List<String> entries, int struckOut) {
        if (json) {
            ObjectNode told = JSON.createObjectNode()
                    .put("bundle", file.toAbsolutePath().toString())
                    .put("struckOut", struckOut);
            entries.forEach(told.putArray("entries")::add);
            System.out.println(JSON.writeValueAsString(told));
            return;
        }
        System.out.println("Wrote " + file + ", which only you may read.");
        System.out.println();
        System.out.println("  holds       " + String.join(", ", entries));
        System.out.println("  struck out  " + struckOut + (struckOut == 1 ? " place" : " places")
                + " with secrets; the key, passwords and tokens are not in it");
        System.out.println();
        System.out.println("It tells names and addresses of your network: look through it before you send it.");
    }
}
