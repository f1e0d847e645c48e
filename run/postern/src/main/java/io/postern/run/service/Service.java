package io.postern.run.service;

import io.helidon.webserver.http.HttpRouting;
import io.postern.account.Accounts;
import io.postern.account.PasswordHash;
import io.postern.admin.Administration;
import io.postern.admin.logging.LogExport;
import io.postern.admin.logging.LogRetention;
import io.postern.admin.logging.Receiver;
import io.postern.admin.notice.AlertHook;
import io.postern.admin.notice.Envelope;
import io.postern.admin.notice.MailServer;
import io.postern.admin.notice.Outbox;
import io.postern.admin.service.Bootstrap;
import io.postern.admin.service.Site;
import io.postern.base.HostPort;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.health.PathProber;
import io.postern.domain.links.LinkRecorder;
import io.postern.gateway.Gateway;
import io.postern.gateway.GatewayConfig;
import io.postern.identity.Identity;
import io.postern.identity.OutsideAccess;
import io.postern.pki.KeyRingLoader;
import io.postern.pki.MasterKey;
import io.postern.pki.OperatorCertificates;
import io.postern.pki.Pki;
import io.postern.pki.SamlSigningKeys;
import io.postern.run.Fault;
import io.postern.run.PrivateFile;
import io.postern.run.Version;
import io.postern.run.service.Observatory.Check;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.sql.SqlStore;
import io.postern.token.KeyRing;
import io.postern.web.Pages;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running service. [#start] is the wiring: it builds each room with what it needs, from the store
/// upwards, and hands it to [Rooms], which closes them in reverse.
public final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final ServiceConfig config;
    private final HostPort listen;
    private final ServiceAddress address;
    private final Tenant tenant;
    private final Administration administration;
    private final Identity identity;
    private final Accounts accounts;
    private final PasswordHash hashes;
    private final Store store;
    private final Gateway gateway;
    private final Observatory observatory;

    private Service(ServiceConfig config, Rooms rooms, Consumer<ServiceAddress> whenSettled) {
        this.config = config;
        rooms.add(FolderLock.take(config.data()));
        listen = ListenPort.settle(config.listen());
        int publicPort = config.publicPort().orElse(listen.port());
        address = new ServiceAddress(config.baseDomain(), publicPort);
        whenSettled.accept(address);
        var clock = Clock.systemUTC();

        store = rooms.add(SqlStore.open(config.database()));
        var masterKey = MasterKey.loadOrCreate(config.data().resolve("master.key"));
        var pki = Pki.open(store, masterKey, config.baseDomain(), config.connectorCertificateLife(), clock);
        PrivateFile.write(config.data().resolve("ca.pem"), pki.browserAuthorityPem());
        var operator = OperatorCertificates.open(config.certificates(), clock);
        KeyRing ring = KeyRingLoader.load(store, masterKey, clock);

        var site = new Site(config.baseDomain(), publicPort);
        var pages = new Pages(ring, clock);
        hashes = new PasswordHash();
        accounts = new Accounts(store, hashes, clock);
        administration = rooms.add(Administration.open(
                site,
                nodeName(),
                store,
                pki,
                operator,
                accounts,
                pages,
                new LateProber(this::prober),
                config.outside().settings(),
                new LateLinks(this::links),
                tenant -> identity().firstKey(tenant),
                (tenant, application, user, audience) -> identity().identityClaims(tenant, application, user, audience),
                clock));
        tenant = administration
                .bootstrap()
                .ensureTenant(config.tenantName(), config.tenantName(), config.tenantDomain());
        identity = new Identity(
                store,
                ring,
                masterKey.sealer("signing-key"),
                masterKey.sealer("authentication-method"),
                masterKey.sealer(SamlSigningKeys.PURPOSE),
                pki.desktopSealer(),
                masterKey.sealer(Pki.FEDERATION),
                pki.pairwiseIds(),
                hashes,
                administration.passwords(),
                OutsideAccess.of(config.outside().settings().fetchInternal()),
                address,
                clock);
        identity.rotateKeys();
        rooms.add(identity::tellRest);

        var metrics = new PrometheusRegistry();
        ControlDoors doors = rooms.add(ControlDoors.open(config.data(), controlRooms()));
        administration.catchUp();
        gateway = new Gateway(
                gatewayConfig(publicPort),
                administration.snapshots(),
                administration.events(),
                ring,
                doors.addresses(),
                metrics,
                clock);
        administration.services().updates().proveWith(gateway.prover());
        gateway.start();
        rooms.add(() -> gateway.stop(config.grace()).join());
        rooms.add(Jobs.start(
                pki,
                operator,
                administration,
                identity,
                new LogRetention(store, config.logs().signIns(), config.logs().audit(), clock),
                () -> ring.become(KeyRingLoader.load(store, masterKey, clock))));
        countOwn(metrics);
        List<LogExport> exports = config.logs().receivers().stream()
                .map(receiver -> rooms.add(LogExport.start(store, receiver, nodeName(), clock)))
                .toList();
        LogMetrics.register(metrics, exports);
        config.notices().ifPresent(hook -> LogMetrics.register(metrics, rooms.add(webhook(hook, clock))));
        config.mail().ifPresent(server -> LogMetrics.register(metrics, rooms.add(outbox(server, pki, clock))));
        HealthMetrics.register(metrics, administration.services());
        observatory = rooms.add(Observatory.start(config.metricsListen(), metrics, this::checks));
    }

    /// Starts everything; when it throws, `rooms` holds what had been started.
    ///
    /// @param whenSettled told the address as soon as it is certain, for what can begin meanwhile
    /// @throws io.postern.run.Fault and the rooms' own faults, each with a sentence for a person
    public static Service start(ServiceConfig config, Rooms rooms, Consumer<ServiceAddress> whenSettled) {
        return new Service(config, rooms, whenSettled);
    }

    /// The public address with the port in force.
    public HostPort listen() {
        return listen;
    }

    public int publicPort() {
        return config.publicPort().orElse(listen.port());
    }

    public ServiceAddress address() {
        return address;
    }

    public String metricsUrl() {
        return observatory.metricsUrl();
    }

    public Tenant tenant() {
        return tenant;
    }

    public Store store() {
        return store;
    }

    public PasswordHash hashes() {
        return hashes;
    }

    public Administration administration() {
        return administration;
    }

    public Gateway gateway() {
        return gateway;
    }

    /// The API token kept in the file while it opens the API; else a fresh one is put there, since whoever
    /// owns this process and its files owns the service anyway. It belongs to a service principal.
    public String apiToken(Path file) {
        Bootstrap bootstrap = administration.bootstrap();
        Optional<String> kept = PrivateFile.read(file).filter(bootstrap::isValid);
        if (kept.isPresent()) {
            return kept.get();
        }
        ServicePrincipal principal = bootstrap.ensureQuickstart(tenant);
        String token = bootstrap
                .issueApiToken(tenant, principal.id(), principal.displayName())
                .reveal();
        PrivateFile.write(file, token + "\n");
        return token;
    }

    /// What is told at start: the settings in force, and the way in where nobody could sign in yet.
    void announce() {
        config.lines().forEach(line -> LOG.info("configuration: {}", line));
        config.apiTokenFile().ifPresent(this::apiToken);
        LOG.info("postern {} listens on {}, metrics at {}", Version.NUMBER, listen, metricsUrl());
        identity.firstAdministrator().invite().ifPresent(link -> {
            // to the terminal and not into the log, which others may read
            System.err.println(
                    "\nNobody administers this service yet. Make the first administrator within an hour:\n\n  " + link
                            + "\n");
        });
    }

    private Map<OwnHost, Consumer<HttpRouting.Builder>> controlRooms() {
        var rooms = new EnumMap<OwnHost, Consumer<HttpRouting.Builder>>(OwnHost.class);
        rooms.put(OwnHost.LOGIN, identity::mount);
        rooms.put(OwnHost.MYAPPS, administration::mountMyApps);
        rooms.put(OwnHost.API, administration::mountApi);
        rooms.put(OwnHost.CONNECT, administration::mountConnect);
        return rooms;
    }

    private Identity identity() {
        return identity;
    }

    private PathProber prober() {
        return gateway.prober();
    }

    private LinkRecorder links() {
        return gateway.links();
    }

    private GatewayConfig gatewayConfig(int publicPort) {
        String node = UUID.randomUUID().toString();
        GatewayConfig plain = GatewayConfig.of(listen, node, Version.NUMBER);
        return new GatewayConfig(
                listen,
                publicPort,
                config.trustedProxies(),
                config.proxyProtocol(),
                plain.loops(),
                config.limits().edge(),
                config.limits().intake(),
                config.probes(),
                node,
                Version.NUMBER,
                config.outside().httpListen());
    }

    private Outbox outbox(MailServer server, Pki pki, Clock clock) {
        try {
            return Outbox.open(store, server, new Envelope(pki.noticeSealer()), clock)
                    .start();
        } catch (IOException e) {
            throw new Fault("mail: " + e.getMessage() + "; name a PEM file with certificates in 'authority'", e);
        }
    }

    private AlertHook webhook(Receiver.Webhook to, Clock clock) {
        try {
            return AlertHook.open(store, to, clock).start();
        } catch (IOException e) {
            throw new Fault("notices: " + e.getMessage() + "; name a PEM file with certificates in 'authority'", e);
        }
    }

    /// By the machine's name, and the port where several share a machine.
    private String nodeName() {
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + listen.port();
        } catch (UnknownHostException e) {
            return "unknown:" + listen.port();
        }
    }

    private List<Check> checks() {
        return List.of(
                new Check("database", Jobs.problemOf(store::version)),
                new Check("configuration", administration.fault().orElse("")));
    }

    private void countOwn(PrometheusRegistry metrics) {
        // not the whole set: its native memory part asks a management bean for 40 ms, and most of it is never read
        ProcessMetrics.builder().register(metrics);
        JvmMemoryMetrics.builder().register(metrics);
        JvmBufferPoolMetrics.builder().register(metrics);
        JvmThreadsMetrics.builder().register(metrics);
        JvmGarbageCollectorMetrics.builder().register(metrics);
        JvmRuntimeInfoMetric.builder().register(metrics);
        Info.builder()
                .name("postern_build_info")
                .help("The version that runs.")
                .labelNames("version")
                .register(metrics)
                .setLabelValues(Version.NUMBER);
        CounterWithCallback.builder()
                .name("postern_events_dropped_total")
                .help("Access events lost to a full queue.")
                .callback(counter -> counter.call((double) administration.droppedEvents()))
                .register(metrics);
        CounterWithCallback.builder()
                .name("postern_sign_in_log_left_out_total")
                .help("Entries about nobody that the sign-in log did not take: strangers sent too many.")
                .callback(counter -> counter.call((double) identity.leftOut()))
                .register(metrics);
    }
}
