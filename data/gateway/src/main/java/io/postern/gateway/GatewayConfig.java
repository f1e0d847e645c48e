package io.postern.gateway;

import io.postern.base.HostPort;
import io.postern.gateway.edge.EdgeLimits;
import io.postern.gateway.edge.Listener;
import io.postern.gateway.intake.IntakeLimits;
import io.postern.gateway.probe.ProbeSettings;
import java.util.List;
import java.util.Optional;

/// How the gateway listens.
///
/// @param listen port 0 means any free
/// @param publicPort port that user agents dial; 0 means the one that was bound
/// @param trustedProxies address ranges (CIDR) whose word about their own clients is believed
/// @param proxyProtocol those proxies send a PROXY protocol header, version 2
/// @param loops event loops; each holds a tunnel of every connector
/// @param node id of this service process, told to connectors
/// @param serviceVersion told to connectors
public record GatewayConfig(
        HostPort listen,
        int publicPort,
        List<String> trustedProxies,
        boolean proxyProtocol,
        int loops,
        EdgeLimits limits,
        IntakeLimits intake,
        ProbeSettings probes,
        String node,
        String serviceVersion,
        Optional<HttpListen> httpListen) {
    /// The port without TLS.
    ///
    /// @param required false: the service goes on without it when it cannot be had
    public record HttpListen(HostPort address, boolean required) {}

    public GatewayConfig {
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(Listener::range);
        if (publicPort < 0 || publicPort > 65_535) {
            throw new IllegalArgumentException("public port " + publicPort + " is outside 0 to 65535");
        }
        if (loops < 1 || loops > 256) {
            throw new IllegalArgumentException("loops is " + loops + "; 1 to 256 are allowed");
        }
        if (proxyProtocol && trustedProxies.isEmpty()) {
            throw new IllegalArgumentException(
                    "the PROXY protocol is on but nobody is trusted to use it; name the balancers in trusted-proxies");
        }
    }

    /// Without a port for http.
    public GatewayConfig(
            HostPort listen,
            int publicPort,
            List<String> trustedProxies,
            boolean proxyProtocol,
            int loops,
            EdgeLimits limits,
            IntakeLimits intake,
            ProbeSettings probes,
            String node,
            String serviceVersion) {
        this(
                listen,
                publicPort,
                trustedProxies,
                proxyProtocol,
                loops,
                limits,
                intake,
                probes,
                node,
                serviceVersion,
                Optional.empty());
    }

    /// @param http empty: off
    public GatewayConfig with(Optional<HttpListen> http) {
        return new GatewayConfig(
                listen,
                publicPort,
                trustedProxies,
                proxyProtocol,
                loops,
                limits,
                intake,
                probes,
                node,
                serviceVersion,
                http);
    }

    public GatewayConfig with(EdgeLimits other) {
        return with(other, intake);
    }

    public GatewayConfig with(EdgeLimits edge, IntakeLimits other) {
        return new GatewayConfig(
                listen,
                publicPort,
                trustedProxies,
                proxyProtocol,
                loops,
                edge,
                other,
                probes,
                node,
                serviceVersion,
                httpListen);
    }

    public GatewayConfig with(ProbeSettings other) {
        return new GatewayConfig(
                listen,
                publicPort,
                trustedProxies,
                proxyProtocol,
                loops,
                limits,
                intake,
                other,
                node,
                serviceVersion,
                httpListen);
    }

    /// One loop per processor, nobody trusted, default limits.
    public static GatewayConfig of(HostPort listen, String node, String serviceVersion) {
        int loops = Math.max(1, Math.min(64, Runtime.getRuntime().availableProcessors()));
        return new GatewayConfig(
                listen,
                0,
                List.of(),
                false,
                loops,
                EdgeLimits.DEFAULTS,
                IntakeLimits.DEFAULTS,
                ProbeSettings.DEFAULTS,
                node,
                serviceVersion);
    }
}
