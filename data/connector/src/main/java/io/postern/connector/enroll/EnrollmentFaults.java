package io.postern.connector.enroll;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// What an unreachable or wrong service means, as a sentence for whoever started the connector.
final class EnrollmentFaults {
    private EnrollmentFaults() {}

    static ConnectorFault of(HostPort service, Throwable cause) {
        return new ConnectorFault(Kind.SERVICE, sentence(service, cause), cause);
    }

    private static String sentence(HostPort service, Throwable cause) {
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof UnknownHostException) {
                return "the name '" + service.host()
                        + "' does not resolve; check --service and the DNS of this machine";
            }
            if (inner instanceof ConnectTimeoutException
                    || inner instanceof ReadTimeoutException
                    || inner instanceof TimeoutException) {
                return "the service at " + service + " does not answer; check --service and that a firewall lets this"
                        + " machine out to it";
            }
            if (inner instanceof ConnectException) {
                return "nothing listens at " + service + "; check --service and that the service is running";
            }
            if (inner instanceof CertificateException) {
                return "the service at " + service + " is not the service that made the token, or TLS inspection is"
                        + " in the way (" + inner.getMessage() + "); check --service, and exempt it from inspection";
            }
        }
        if (cause instanceof SSLException) {
            return "what listens at " + service + " is not a Postern service, or a proxy ends TLS before it ("
                    + cause.getMessage() + "); check --service";
        }
        return "the enrolment at " + service + " failed (" + cause.getMessage() + "); start again";
    }
}
