package io.postern.connector.enroll;

import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.PinnedAuthority;
import io.postern.net.dial.Dialler;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A new certificate for whoever proves the old one (REG-5; tunnel.md §6), with a key made for it on this machine.
/// Calls wait for the service: not for an event loop.
public final class Renewal {
    /// A certificate older than this is renewed, one of a shorter life at half of it.
    private static final Duration AGE = Duration.ofDays(180);

    /// How often the certificate's age is looked at, one of a shorter life more often.
    private static final Duration CHECK = Duration.ofHours(6);

    private static final int CHECKS_IN_A_LIFE = 20;
    private static final Duration CHECK_MIN = Duration.ofSeconds(1);
    private static final JsonMapper JSON = new JsonMapper();

    /// How the service stands to a certificate.
    public enum Standing {
        /// tunnels may be opened with it
        GOOD,
        /// an administrator has disabled the connector
        DISABLED,
        /// it is no connector's, or no more
        UNKNOWN
    }

    private final ServiceCall call;

    /// @param dialler knows the proxy on the way, if there is one
    public Renewal(Dialler dialler, HostPort service) {
        this.call = new ServiceCall(dialler, service);
    }

    public static boolean isDue(Identity identity, Instant now) {
        Duration half = life(identity).dividedBy(2);
        return !now.isBefore(begin(identity).plus(half.compareTo(AGE) < 0 ? half : AGE));
    }

    public static Instant expires(Identity identity) {
        return identity.certificate().getNotAfter().toInstant();
    }

    public static Duration checkEvery(Identity identity) {
        Duration part = life(identity).dividedBy(CHECKS_IN_A_LIFE);
        Duration wanted = part.compareTo(CHECK) < 0 ? part : CHECK;
        return wanted.compareTo(CHECK_MIN) < 0 ? CHECK_MIN : wanted;
    }

    /// @return the same connector with another key; the old identity is good until the new one has been used
    /// @throws ConnectorFault with a sentence about what went wrong; the old identity is as good as before
    public Identity renew(Identity old) {
        CertificateRequest request = CertificateRequest.create();
        ServiceCall.Answer answer = call.post(old, "/renew", JSON.writeValueAsBytes(Map.of("csr", request.pkcs10())));
        if (answer.status() != 200) {
            throw new ConnectorFault(
                    answer.status() == 401 || answer.status() == 403 ? Kind.REFUSED : Kind.SERVICE,
                    "the service at " + call.service() + " did not renew the certificate (status " + answer.status()
                            + answer.said() + ")");
        }
        Identity renewed = IssuedIdentity.read(
                answer.body(), request, PinnedAuthority.fingerprint(old.authority()), call.service());
        if (!renewed.connectorId().equals(old.connectorId())) {
            throw new ConnectorFault(
                    Kind.SERVICE,
                    "the service at " + call.service() + " renewed the certificate of connector "
                            + renewed.connectorId() + ", which is not this one");
        }
        return renewed;
    }

    /// @throws ConnectorFault when nobody can be asked
    public Standing standing(Identity identity) {
        ServiceCall.Answer answer = call.get(identity, "/registration");
        return switch (answer.status()) {
            case 200 ->
                JSON.readTree(answer.body()).path("accountEnabled").asBoolean(true) ? Standing.GOOD : Standing.DISABLED;
            case 401 -> Standing.UNKNOWN;
            default ->
                throw new ConnectorFault(
                        Kind.SERVICE,
                        "the service at " + call.service() + " cannot tell about this connector (status "
                                + answer.status() + answer.said() + ")");
        };
    }

    private static Instant begin(Identity identity) {
        return identity.certificate().getNotBefore().toInstant();
    }

    private static Duration life(Identity identity) {
        X509Certificate certificate = identity.certificate();
        return Duration.between(begin(identity), certificate.getNotAfter().toInstant());
    }
}
