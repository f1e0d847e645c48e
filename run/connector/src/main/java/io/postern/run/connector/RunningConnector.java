package io.postern.run.connector;

import io.postern.base.HostPort;
import io.postern.connector.Connector;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Enrollment;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.Renewal;
import io.postern.connector.enroll.ServiceCall;
import io.postern.connector.link.LinkStatus;
import io.postern.connector.serve.BackendContexts;
import io.postern.connector.serve.BackendProbe;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.Dialler;
import io.postern.run.connector.directory.DirectoryDoor;
import io.postern.run.connector.directory.DirectoryWatch;
import io.postern.run.connector.directory.PasswordDoor;
import io.postern.run.connector.directory.PasswordWatch;
import io.postern.run.connector.log.Logs;
import io.postern.run.connector.questions.Answering;
import io.postern.run.connector.questions.BackendLook;
import io.postern.run.connector.questions.QuestionDoor;
import io.postern.run.connector.questions.QuestionWatch;
import io.postern.run.connector.signon.PasswordQuestion;
import io.postern.run.connector.signon.PasswordSignOnDoor;
import io.postern.run.connector.signon.PasswordSignOns;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of one connector process, started in order and stopped in reverse. Owned by the main thread; the word
/// to be told to stop may come from any.
final class RunningConnector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector");

    private final ConnectorSettings settings;
    private final Path data;
    private RunNote note;
    private final DataFolder folder;
    private final Identity identity; // at the start; renewed ones are the watch's
    private final Renewal renewal;
    private final DirectoryDoor directoryDoor;
    private final List<PasswordDoor> passwordDoors;
    private final List<QuestionDoor> questionDoors;
    private final BackendLook backendLook;
    private final PasswordSignOns signOns;
    private final Loops loops;
    private final Connector connector;
    private final HostWatch host;
    private volatile MetricsEndpoint metrics;
    private final PrometheusRegistry registry;
    private final Logs logs;
    private final CompletableFuture<String> stopAsked = new CompletableFuture<>();
    private volatile Optional<CertificateWatch> watch = Optional.empty();
    private volatile List<DirectoryWatch> directories = List.of();
    private volatile List<PasswordWatch> passwords = List.of();
    private volatile List<QuestionWatch> questions = List.of();
    private volatile Optional<ConnectorFault> fault = Optional.empty();
    private final CountDownLatch closed = new CountDownLatch(1);

    private RunningConnector(
            ConnectorSettings settings,
            Path data,
            RunNote note,
            DataFolder folder,
            Identity identity,
            Renewal renewal,
            DirectoryDoor directoryDoor,
            List<PasswordDoor> passwordDoors,
            List<QuestionDoor> questionDoors,
            BackendLook backendLook,
            PasswordSignOns signOns,
            Loops loops,
            Connector connector,
            MetricsEndpoint metrics,
            PrometheusRegistry registry,
            HostWatch host,
            Logs logs) {
        this.settings = settings;
        this.data = data;
        this.note = note;
        this.folder = folder;
        this.identity = identity;
        this.renewal = renewal;
        this.directoryDoor = directoryDoor;
        this.passwordDoors = passwordDoors;
        this.questionDoors = questionDoors;
        this.backendLook = backendLook;
        this.signOns = signOns;
        this.loops = loops;
        this.connector = connector;
        this.metrics = metrics;
        this.registry = registry;
        this.host = host;
        this.logs = logs;
    }

    /// @param atWord begin only when standard input has given its first line: the parent starts the service
    /// meanwhile
    /// @throws ConnectorFault when it cannot start; everything begun is ended again with the process
    static RunningConnector start(
            ConnectorSettings settings,
            List<HostPort> services,
            Path data,
            Optional<TokenSource> token,
            InputStream input,
            boolean atWord,
            Optional<Supervision> updater) {
        DataFolder folder = updater.isPresent() ? DataFolder.openUnder(parent(), data) : DataFolder.open(data);
        Loops loops = Loops.open("connector", settings.eventLoops());
        var names = new LocalNames();
        var self = new Enrollment.Self(machineName(), ProgramVersion.TEXT, System.getProperty("os.name", "unknown"));
        var dialler = new Dialler(loops, names, settings.proxy());
        var renewal = new Renewal(dialler, services.getFirst());
        var registration = new Registration(
                data, folder, dialler, new Enrollment(dialler, services.getFirst(), self), renewal, input);
        String before = folder.identity().map(Identity::connectorId).orElse("");
        Logs logs = Logs.open(settings.logs(), data, new Logs.Origin(before, self.machineName(), self.version()));
        Identity identity;
        try {
            identity = registration.identity(token, atWord);
        } catch (ConnectorFault e) {
            logs.close(); // why it cannot start, which the Admin log is to tell too
            throw e;
        }
        if (!identity.connectorId().equals(before)) {
            logs.close();
            logs = Logs.open(
                    settings.logs(), data, new Logs.Origin(identity.connectorId(), self.machineName(), self.version()));
        }
        var registry = new PrometheusRegistry();
        ProcessMetrics.register(registry);
        HostWatch host = HostWatch.start();
        ProcessMetrics.countDropped(registry, logs);
        var passwordSignOn = new PasswordSignOnDoor(
                services.stream().map(at -> new ServiceCall(dialler, at)).toList(), folder);
        var signOns = new PasswordSignOns(passwordSignOn);
        var connector =
                new Connector(settings, services, identity, self, loops, names, host::latest, signOns::ways, registry);
        updater.ifPresent(u -> connector.beOneOfSeveral(u.process(), u.trial()));
        HostPort listen = settings.metricsListen();
        boolean isBeside = updater.filter(Supervision::trial).isPresent(); // another process has the port still
        MetricsEndpoint metrics =
                MetricsEndpoint.open(isBeside ? new HostPort(listen.host(), 0) : listen, registry, connector::status);
        connector.start();
        RunNote note = new RunNote(
                ProcessHandle.current().pid(),
                ProgramVersion.TEXT,
                metrics.url(),
                String.join(",", services.stream().map(at -> "https://" + at).toList()));
        note.write(data);
        LOG.atInfo()
                .addKeyValue("connectorId", identity.connectorId())
                .addKeyValue("tenant", identity.tenant())
                .addKeyValue("group", identity.group())
                .addKeyValue("version", ProgramVersion.TEXT)
                .addKeyValue(
                        "service", services.stream().map(HostPort::toString).collect(Collectors.joining(", ")))
                .addKeyValue("metrics", metrics.url())
                .log("connector started");
        var running = new RunningConnector(
                settings,
                data,
                note,
                folder,
                identity,
                renewal,
                new DirectoryDoor(new ServiceCall(dialler, services.getFirst()), folder),
                services.stream()
                        .map(at -> new PasswordDoor(new ServiceCall(dialler, at), folder))
                        .toList(),
                services.stream()
                        .map(at -> new QuestionDoor(new ServiceCall(dialler, at), folder))
                        .toList(),
                new BackendLook(
                        new BackendProbe(settings.serve(), loops, names, new BackendContexts(settings.backendTls())),
                        loops),
                signOns,
                loops,
                connector,
                metrics,
                registry,
                host,
                logs);
        if (!isBeside) { // one on trial leaves that to the process beside it
            running.watchCertificate();
            running.watchDirectories();
            running.watchQuestions();
        }
        return running;
    }

    private void watchCertificate() {
        watch = Optional.of(
                CertificateWatch.start(data, folder, connector, renewal, identity, InstantSource.system(), this::fail));
    }

    private void watchDirectories() {
        directories = DirectoryWatch.start(settings.directories(), directoryDoor);
        passwords = PasswordWatch.start(settings.directories(), passwordDoors);
    }

    private void watchQuestions() {
        signOns.start();
        questions = QuestionWatch.start(questionKinds(), questionDoors);
    }

    /// What the service may ask this connector (docs/protocol/tunnel.md §6, questions).
    private Map<String, Answering> questionKinds() {
        var kinds = new HashMap<String, Answering>();
        kinds.put(BackendLook.KIND, backendLook);
        signOns.question().ifPresent(question -> kinds.put(PasswordQuestion.KIND, question));
        settings.kerberos()
                .ifPresent(kerberos -> kinds.put(
                        KerberosQuestion.KIND, new KerberosQuestion(kerberos, settings, loops, new LocalNames())));
        return kinds;
    }

    private void fail(ConnectorFault why) {
        fault = Optional.of(why);
        stopAsked.complete("certificate expired");
    }

    /// Why it stopped by itself; empty when it was told to.
    Optional<ConnectorFault> fault() {
        return fault;
    }

    /// Waits until the tunnels are up, however long that takes.
    ///
    /// @return empty when told to stop before
    Optional<LinkStatus> awaitReady() throws InterruptedException {
        try {
            return switch (CompletableFuture.anyOf(connector.ready(), stopAsked).get()) {
                case LinkStatus ready -> Optional.of(ready);
                default -> Optional.empty();
            };
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither future fails", e);
        }
    }

    /// The trial is over: clients' exchanges come from now on.
    CompletableFuture<LinkStatus> serve() {
        LOG.info("proved; serving from now on");
        watchCertificate();
        watchDirectories();
        watchQuestions();
        return connector.serve();
    }

    /// The process beside this one has ended, and with it what used the configured port.
    void becomeAlone() {
        if (settings.metricsListen().port() == 0) {
            return;
        }
        MetricsEndpoint before = metrics;
        metrics = MetricsEndpoint.open(settings.metricsListen(), registry, connector::status);
        before.close();
        note = note.withMetrics(metrics.url());
        note.write(data);
        LOG.atInfo().addKeyValue("metrics", metrics.url()).log("metrics are at their usual place");
    }

    void stopBecause(String reason) {
        stopAsked.complete(reason);
    }

    private static long parent() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
    }

    String readyLine(int tunnels) {
        return "{\"ready\":true,\"connectorId\":\"" + identity.connectorId() + "\",\"version\":\""
                + ProgramVersion.TEXT + "\",\"tunnels\":" + tunnels
                + ",\"metrics\":\"" + metrics.url() + "\"}";
    }

    void awaitStop() throws InterruptedException {
        try {
            LOG.atInfo().addKeyValue("reason", stopAsked.get()).log("stopping");
        } catch (ExecutionException e) {
            throw new IllegalStateException("this future does not fail", e);
        }
    }

    /// A signal drains and ends with status 0: being told to stop is no fault.
    void stopOnSignal() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (closed.getCount() == 0) {
                                return; // the main thread ends by itself, with its own status
                            }
                            stopAsked.complete("signal");
                            try {
                                if (closed.await(stopMillis() + 2_000, TimeUnit.MILLISECONDS)) {
                                    Runtime.getRuntime().halt(0);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop"));
    }

    void stopWithInput(InputStream input) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (input.read() >= 0) {
                    // whatever the parent says; only its end counts
                }
            } catch (IOException e) {
                LOG.debug("standard input failed", e);
            }
            stopAsked.complete("parent ended");
        });
    }

    @Override
    public void close() {
        watch.ifPresent(CertificateWatch::close);
        directories.forEach(DirectoryWatch::stop);
        passwords.forEach(PasswordWatch::stop);
        signOns.close();
        questions.forEach(QuestionWatch::stop);
        try {
            connector.stop(settings.grace()).get(stopMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("tunnels did not end within the grace period", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        directories.forEach(DirectoryWatch::close);
        passwords.forEach(PasswordWatch::close);
        questions.forEach(QuestionWatch::close);
        metrics.close();
        host.close();
        loops.close(Duration.ofMillis(500)).awaitUninterruptibly(1_000);
        note.remove(data);
        folder.close();
        LOG.info("stopped");
        logs.close();
        closed.countDown();
    }

    /// Until the tunnels are gone, with a second for the threads.
    private long stopMillis() {
        return settings.grace().plus(Connector.FAREWELL).toMillis() + 1_000;
    }

    private static String machineName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
