package io.postern.connector;

import io.netty.handler.ssl.SslContext;
import io.postern.base.HostPort;
import io.postern.connector.enroll.Enrollment;
import io.postern.connector.enroll.Identity;
import io.postern.connector.link.Link;
import io.postern.connector.link.LinkStatus;
import io.postern.connector.serve.ServeMetrics;
import io.postern.connector.serve.Serving;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.dial.DialSettings;
import io.postern.tunnel.dial.TunnelDialer;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/// One connector, wired: tunnels to the service, and what serves their streams. Starts no thread of its
/// own; everything runs on the loops that it is given. Any thread may call it.
public final class Connector {
    private final Serving serving;
    private final Link link;

    public Connector(
            ConnectorSettings settings,
            HostPort service,
            Identity identity,
            Enrollment.Self self,
            Loops loops,
            LocalNames names,
            PrometheusRegistry registry) {
        SslContext backendTls = settings.trustedAuthorities().isEmpty()
                ? TlsContexts.backend(true)
                : TlsContexts.backend(settings.trustedAuthorities());
        serving = new Serving(settings.serve(), loops, names, backendTls, new ServeMetrics(registry));
        Instant startedAt = Instant.now();
        var dialer = new TunnelDialer(
                DialSettings.DEFAULT,
                loops,
                names,
                WindowBudget.ofProcess(),
                () -> new HelloAnswer(TunnelProtocol.VERSION, self.version(), self.machineName(), self.os(), startedAt),
                serving);
        SslContext tunnelTls = TlsContexts.mutualClient(
                identity.key(), identity.certificates(), PinnedAuthority.of(identity.authority()), TunnelProtocol.ALPN);
        link = new Link(loops, dialer, service, tunnelTls, settings.tunnelsMin(), new SecureRandom());
        count(registry);
    }

    public void start() {
        link.start();
    }

    /// Done when the tunnels are up and know their backends.
    public CompletableFuture<LinkStatus> ready() {
        return link.ready();
    }

    public LinkStatus status() {
        return link.status();
    }

    /// Takes no more exchanges, lets the open ones end, at most for `grace`.
    public CompletableFuture<Void> stop(Duration grace) {
        return link.stop(grace).whenComplete((done, fault) -> serving.close());
    }

    private void count(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("connector_tunnels")
                .help("Tunnels that are ready for exchanges")
                .callback(callback -> callback.call(link.status().tunnels()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("connector_backends")
                .help("Backends published to this connector")
                .callback(callback -> callback.call(link.status().backends()))
                .register(registry);
    }
}
