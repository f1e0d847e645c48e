package io.postern.admin.service;

import io.postern.domain.InternalUrl;
import io.postern.domain.health.ProbeTarget;
import io.postern.domain.health.Probed;
import io.postern.domain.health.Verdict;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.store.Connector;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What to believe of a path. A probe counts while the connector keeps its tunnels, for the publication that it was
/// made for, and for three intervals; everything else is unknown. Pure.
final class Judgement {
    private static final int NOT_FOUND = 404;

    private Judgement() {}

    /// @param publishing of the application
    /// @param presence of the connector
    static PathHealth of(
            Application application,
            Publishing publishing,
            Connector connector,
            Presence.State presence,
            Optional<Probed> newest,
            Instant now) {
        if (!presence.here()) {
            return presence.active()
                    ? elsewhere(application, connector, newest)
                    : row(application, publishing, connector, Verdict.NO_TUNNEL, newest, away(connector));
        }
        if (ProbeTarget.of(publishing).isEmpty()) {
            return new PathHealth(
                    application,
                    connector,
                    Verdict.UNKNOWN,
                    Optional.empty(),
                    "a wildcard names no host that could be probed",
                    "to have one of its hosts watched, publish that host as an application or a segment");
        }
        if (newest.isEmpty()) {
            return unknown(application, connector, newest, "not probed yet");
        }
        Probed probed = newest.get();
        if (!ProbeTarget.of(publishing).equals(Optional.of(probed.target()))) {
            return unknown(application, connector, newest, "not probed since the publication changed");
        }
        if (presence.since().filter(probed.time()::isBefore).isPresent()) {
            return unknown(application, connector, newest, "not probed since the connector came back");
        }
        if (probed.isStale(now)) {
            long seconds = Duration.between(probed.time(), now).toSeconds();
            return unknown(
                    application,
                    connector,
                    newest,
                    "the last probe is " + seconds + " s old; it said "
                            + probed.verdict().wireName());
        }
        return row(application, publishing, connector, probed.verdict(), newest, ofWhich(publishing) + probed.detail());
    }

    /// Of a complex application one segment is probed, which must be said.
    private static String ofWhich(Publishing publishing) {
        int segments = publishing.segments().size();
        return segments > 1 ? "the first of " + segments + " segments was probed. " : "";
    }

    private static InternalUrl probed(Publishing publishing) {
        return publishing.segments().isEmpty()
                ? publishing.internalUrl()
                : publishing.segments().getFirst().internalUrl();
    }

    private static String away(Connector connector) {
        if (!connector.enabled()) {
            return "disabled by an administrator";
        }
        return connector.lastSeen().map(seen -> "last seen " + seen).orElse("never seen");
    }

    /// Requests that come to this node cannot take this way, however well it does at others.
    private static PathHealth elsewhere(Application application, Connector connector, Optional<Probed> newest) {
        return new PathHealth(
                application,
                connector,
                Verdict.UNKNOWN,
                newest,
                "it has no tunnel to this node of the service, only to another node, or had one until lately",
                "ask the other nodes; if this lasts, see whether " + connector.machineName()
                        + " can reach every address of the service's name: postern connector check");
    }

    private static PathHealth unknown(
            Application application, Connector connector, Optional<Probed> newest, String why) {
        return new PathHealth(
                application, connector, Verdict.UNKNOWN, newest, why, "probe now: postern app health --probe");
    }

    private static PathHealth row(
            Application application,
            Publishing publishing,
            Connector connector,
            Verdict verdict,
            Optional<Probed> newest,
            String detail) {
        return new PathHealth(
                application,
                connector,
                verdict,
                newest,
                detail,
                remedy(
                        verdict,
                        publishing,
                        connector,
                        newest.map(p -> p.status().orElse(0)).orElse(0)));
    }

    private static String remedy(Verdict verdict, Publishing publishing, Connector connector, int status) {
        String url = probed(publishing).toString();
        String host = probed(publishing).host();
        String machine = connector.machineName();
        return switch (verdict) {
            case OK ->
                status == NOT_FOUND
                        ? "the application answers, but not at " + url + ": check the path of the internal URL"
                        : "";
            case BAD_STATUS ->
                "the application answers with a fault of its own (" + status + "): look into its log; connector and"
                        + " network are well";
            case RESOLVE ->
                "the name " + host + " is not known on " + machine + ": correct the internal URL, or the DNS that the"
                        + " connector's machine uses";
            case CONNECT ->
                "nothing listens at " + probed(publishing).origin() + " as seen from " + machine
                        + ": start the application, check the port, and the firewall between the two";
            case CONNECT_TIMEOUT ->
                probed(publishing).origin() + " does not take connections from " + machine
                        + ": most often a firewall that drops, or a machine that is off";
            case TLS ->
                publishing.internalUrl().origin() + " and the connector do not agree on TLS: check that the port speaks"
                        + " it, in version 1.2 or 1.3";
            case TLS_UNTRUSTED ->
                "nobody that " + machine + " trusts has issued the application's certificate: add its authority to"
                        + " 'backend-ca' there, or pin the certificate";
            case TLS_EXPIRED ->
                "the application's certificate has run out, or does not hold yet: renew it, check clocks";
            case TLS_NAME ->
                "the application's certificate is for another name than "
                        + publishing.settings().backendTls().serverName().orElse(host)
                        + ": use a name in it as internal host, or as backendTls.serverName";
            case TLS_PIN ->
                "the application shows another certificate than the pinned ones: pin the new one if it was renewed,"
                        + " else find out who answers there";
            case TLS_CLIENT_CERTIFICATE ->
                "the application does not take the connector's certificate, or wants one: check"
                        + " backendTls.clientCertificate, and 'client-certificates' on " + machine;
            case FIRST_BYTE_TIMEOUT ->
                "the application takes connections and does not answer: it hangs or is overloaded; restart it, look"
                        + " into its log";
            case BACKEND_CLOSED -> "the application closes the connection without an answer: look into its log";
            case PROTOCOL ->
                "what answers at " + probed(publishing).origin() + " is not HTTP: check scheme and port of the"
                        + " internal URL";
            case NOT_PERMITTED ->
                "the connector on " + machine + " may not reach " + host + ": add it to 'allow' in its connector.yaml,"
                        + " or correct the internal URL";
            case BUSY ->
                "the application has as many connections as 'backend-connections' of the connector allows: it is slow,"
                        + " or needs more";
            case NOT_READY -> "the connector is starting, stopping or being told: try again in some seconds";
            case NO_ANSWER ->
                "the connector on " + machine + " does not answer: look into its log for the exchange, restart it";
            case NO_TUNNEL ->
                !connector.enabled()
                        ? "enable the connector on " + machine + " again, or delete it"
                        : "the connector on " + machine
                                + " is not connected: start it, and look into its log when it does not"
                                + " come; if the machine is gone for good: postern connector delete";
            case UNKNOWN -> "probe now: postern app health --probe";
        };
    }
}
