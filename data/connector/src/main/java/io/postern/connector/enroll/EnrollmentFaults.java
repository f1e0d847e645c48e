package io.postern.connector.enroll;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.PeerNotBelieved;
import io.postern.net.dial.DialFault;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// What an unreachable or wrong service means, as a sentence for whoever started the connector.
final class EnrollmentFaults {
    private EnrollmentFaults() {}

    static ConnectorFault of(HostPort service, Throwable cause) {
        return new ConnectorFault(Kind.SERVICE, sentence(service, cause), cause);
    }

    private static String sentence(HostPort service, Throwable cause) {
        Optional<PeerNotBelieved> doubted = PeerNotBelieved.in(cause);
        if (doubted.isPresent()) {
            return switch (doubted.get().kind()) {
                case FOREIGN ->
                    "the service at " + service + " is not the service that made the token, or TLS inspection is in the"
                            + " way (" + doubted.get().getMessage()
                            + "); check --service, and exempt it from inspection";
                case NOT_NOW ->
                    "the service at " + service + " cannot be believed at this machine's time ("
                            + doubted.get().getMessage() + "); set the clock (NTP), or look why the service's"
                            + " certificate was not renewed";
                case MISFIT ->
                    "the service at " + service + " has no certificate for that name ("
                            + doubted.get().getMessage() + "); check --service";
            };
        }
        if (cause instanceof DialFault fault) {
            return switch (fault.kind()) {
                case RESOLVE ->
                    "the name '" + service.host()
                            + "' does not resolve; check --service and the DNS of this machine, or give a proxy";
                case TIMEOUT ->
                    "the service at " + service + " does not answer (" + fault.getMessage() + "); check --service and"
                            + " that a firewall lets this machine out to it";
                case CONNECT ->
                    "nothing listens at " + service + " (" + fault.getMessage() + "); check --service and that the"
                            + " service is running";
                case PROXY -> "the service at " + service + " is not reached: " + fault.getMessage();
            };
        }
        if (cause instanceof ReadTimeoutException || cause instanceof TimeoutException) {
            return "the service at " + service + " took the connection and then said nothing; look at its log";
        }
        if (cause instanceof NotSslRecordException) {
            return "what listens at " + service + " does not speak TLS; check --service, and that no sign-in page of"
                    + " this network answers instead";
        }
        if (cause instanceof SSLException) {
            return "what listens at " + service + " is not a Postern service, or a proxy ends TLS before it ("
                    + cause.getMessage() + "); check --service";
        }
        return "the question to the service at " + service + " failed (" + cause.getMessage() + "); try again";
    }
}
