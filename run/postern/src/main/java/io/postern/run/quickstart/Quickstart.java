package io.postern.run.quickstart;

import io.postern.base.HostPort;
import io.postern.domain.OwnHost;
import io.postern.gateway.probe.ProbeSettings;
import io.postern.pki.Pki;
import io.postern.run.Fault;
import io.postern.run.service.LogSetup;
import io.postern.run.service.LogsConfig;
import io.postern.run.service.Rooms;
import io.postern.run.service.Service;
import io.postern.run.service.ServiceConfig;
import io.postern.run.service.ServiceLimits;
import io.postern.sense.SenseDemo;
import io.postern.store.sql.DatabaseAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts service, demo and connector on one data folder, and waits until everything that was asked for
/// can be used. Every start with the same folder goes on where the last one ended.
final class Quickstart {
    /// Name of the demo application.
    static final String DEMO = "sense";

    private static final String BASE_DOMAIN = "postern.localhost";
    private static final String TENANT = "contoso";
    private static final String TENANT_DOMAIN = "contoso.example";
    /// A connector is up within two seconds; a machine under load gets ten times that.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final QuickstartOptions options;
    private final DataFolder data;
    private final Rooms rooms;
    private @Nullable ConnectorProcess connector;

    private Quickstart(QuickstartOptions options, Rooms rooms) {
        this.options = options;
        this.data = DataFolder.open(options.data());
        this.rooms = rooms;
    }

    /// Runs until the process is asked to stop.
    ///
    /// @param whenReady told once, when tunnels are up and every application is routed
    static void run(QuickstartOptions options, Consumer<ReadyReport> whenReady) {
        LogSetup.apply(LogSetup.Format.TEXT, LogSetup.Level.INFO);
        Rooms.runUntilStopped(rooms -> whenReady.accept(new Quickstart(options, rooms).start()));
    }

    private ReadyReport start() {
        Optional<WantedApp> demo = options.demo() ? Optional.of(startDemo()) : Optional.empty();
        Service service = Service.start(config(), rooms, address -> {
            if (options.connector()) {
                connector = ConnectorProcess.start(
                        address.origin(OwnHost.CONNECT), data.connector(), options.connectorConfig());
            }
        });
        String api = service.address().origin(OwnHost.API) + "/";
        var user = FirstUser.ensure(service, data);
        String token = service.apiToken(data.apiToken());
        var catalogue = new Catalogue(service, user.user());
        options.apps().forEach(app -> catalogue.publish(app, true));
        demo.ifPresent(app -> catalogue.publish(app, false));
        data.announce(api);
        ConnectorProcess waiting = connector;
        if (waiting != null) {
            bringUp(waiting, catalogue);
        }
        Reachability.warnAbout(options.apps());
        return new ReadyReport(
                BASE_DOMAIN,
                service.listen(),
                service.publicPort(),
                Optional.of(token),
                data.authority(),
                service.tenant().name(),
                user.user().userPrincipalName(),
                user.password(),
                catalogue.report(options.demo()),
                service.metricsUrl());
    }

    private ServiceConfig config() {
        return new ServiceConfig(
                BASE_DOMAIN,
                options.listen(),
                OptionalInt.empty(),
                data.path(),
                new DatabaseAddress.Sqlite(data.database()),
                TENANT,
                TENANT_DOMAIN,
                Optional.empty(),
                List.of(),
                List.of(),
                false,
                new HostPort("127.0.0.1", 0),
                Duration.ofSeconds(1), // a stop may take 5 s with everything
                Pki.CONNECTOR_LIFE,
                ServiceLimits.defaults(),
                ProbeSettings.DEFAULTS,
                options.outside(),
                LogsConfig.DEFAULTS,
                Optional.empty(),
                Optional.empty(),
                LogSetup.Format.TEXT,
                LogSetup.Level.INFO);
    }

    private WantedApp startDemo() {
        try {
            SenseDemo demo = rooms.add(SenseDemo.start(new HostPort("127.0.0.1", 0)));
            return WantedApp.parse(DEMO + "=http://127.0.0.1:" + demo.port() + "/");
        } catch (IOException e) {
            throw new Fault("the demo application cannot start (" + e.getMessage() + "); try --no-demo", e);
        }
    }

    private void bringUp(ConnectorProcess connector, Catalogue catalogue) {
        rooms.add(connector).letGo(() -> enrolmentToken(catalogue)); // until now it would have died with us by itself
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!catalogue.isRouted()) {
            if (rooms.isClosed()) {
                throw new Fault("stopped while starting");
            }
            if (connector.isUseless() || Instant.now().isAfter(deadline)) {
                throw new Fault("the connector did not come up; its last words: " + connector.lastLine());
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /// A connector that has enrolled keeps its certificate and renews it itself; it needs no token, unless it
    /// was off until that expired.
    private Optional<String> enrolmentToken(Catalogue catalogue) {
        return data.isConnectorRegistered(Instant.now()) ? Optional.empty() : Optional.of(catalogue.enrolmentToken());
    }
}
