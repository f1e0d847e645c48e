package io.postern.connector.link;

import io.postern.base.HostPort;
import io.postern.tunnel.TunnelEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// What the log says of a link: that it stands, and why it does not, once for each reason. Confined to the link's
/// loop.
final class LinkNews {
    private static final Logger LOG = LoggerFactory.getLogger("connector.link");

    /// In the Admin log (docs/operate/logs.md): the service trusts this connector no more, so enrol again.
    private static final int EVENT_TRUST_GONE = 1000;

    private boolean saidConnected;
    private String problem = "";
    private String told = ""; // the problem that was warned of

    /// Why the last try failed; empty while all is well.
    String problem() {
        return problem;
    }

    void onFailed(TunnelEnd end) {
        problem = end.toString();
    }

    /// Nothing serves.
    ///
    /// @param isTrying something is still under way, so the warning can wait
    void onDown(TunnelEnd end, HostPort service, boolean isTrying) {
        saidConnected = false;
        if (isTrying || problem.equals(told)) {
            return;
        }
        told = problem;
        LoggingEventBuilder line = LOG.atWarn().addKeyValue("service", service).addKeyValue("reason", problem);
        if (end.cause() == TunnelEnd.Cause.UNKNOWN_CERTIFICATE) {
            line = line.addKeyValue("event", EVENT_TRUST_GONE);
        }
        line.log(remedy(end));
    }

    /// @param ready tunnels that serve, of so many `wanted`
    void onUp(int ready, int wanted, ServiceAddresses service) {
        if (!saidConnected) {
            saidConnected = true;
            told = "";
            LOG.atInfo()
                    .addKeyValue("service", service)
                    .addKeyValue("tunnels", wanted)
                    .log("connected to the service");
        }
        if (ready >= wanted) {
            problem = "";
        }
    }

    private static String remedy(TunnelEnd end) {
        return switch (end.cause()) {
            case RESOLVE -> "no tunnel: the service's name does not resolve; trying on";
            case CONNECT -> "no tunnel: the service cannot be reached; trying on";
            case PROXY -> "no tunnel: the proxy does not let this connector through; trying on";
            case TLS -> "no tunnel: the service or this connector is not who the other expects; trying on";
            case TLS_OPENED ->
                "no tunnel: TLS inspection is in the way, or this is another service; exempt the service's name from"
                        + " inspection; trying on";
            case CLOCK ->
                "no tunnel: this machine's clock is off, or the service's certificate was not renewed; set the clock"
                        + " (NTP); trying on";
            case NO_TUNNELS -> "no tunnel: what answers is not a Postern service; trying on";
            case UNKNOWN_CERTIFICATE, IDENTITY_GONE ->
                "no tunnel: the service does not know this connector any more; if it was deleted, or removed after ten"
                        + " days without a tunnel, start it again with a new token in --token-file; trying on";
            case DISABLED ->
                "no tunnel: an administrator has disabled this connector; 'postern connector enable' lets it back;"
                        + " trying on";
            case VERSION -> "no tunnel: the service speaks another protocol version; update the older one; trying on";
            case DRAINED, PEER_DRAINED, STOPPED, LOST, DEAD, PROTOCOL, HELLO_TIMEOUT ->
                "no tunnel: the connection to the service ended; trying on";
        };
    }
}
