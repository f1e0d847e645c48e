package io.postern.connector.enroll;

import io.postern.base.EnrollmentToken;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.dial.Dialler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.json.JsonMapper;

/// Turns a one-time token into an identity (tunnel.md §6). The service is believed only if its chain
/// holds the authority that the token names; the token leaves this machine after that check, not before.
///
/// Called once at start by the main thread, which waits.
public final class Enrollment {
    /// What the connector says about itself.
    public record Self(String machineName, String version, String os) {}

    private static final JsonMapper JSON = new JsonMapper();

    /// A service that is overloaded, as when a whole fleet registers at once, says 503 before it looks at the token.
    private static final int ATTEMPTS_MAX = 6;

    private static final Duration PAUSE_FIRST = Duration.ofMillis(500);

    private final ServiceCall call;
    private final Self self;

    /// @param dialler knows the proxy on the way, if there is one
    public Enrollment(Dialler dialler, HostPort service, Self self) {
        this.call = new ServiceCall(dialler, service);
        this.self = self;
    }

    /// @throws ConnectorFault with a sentence about what went wrong; the token may be used up then
    public Identity enroll(EnrollmentToken token) {
        CertificateRequest request = CertificateRequest.create();
        ServiceCall.Answer answer = ask(token, request);
        for (int attempt = 1; answer.status() == 503 && attempt < ATTEMPTS_MAX; attempt++) {
            pause(PAUSE_FIRST.multipliedBy(1L << attempt));
            answer = ask(token, request);
        }
        if (answer.status() != 200) {
            throw refused(answer);
        }
        return IssuedIdentity.read(answer.body(), request, token.caFingerprint(), call.service());
    }

    private ServiceCall.Answer ask(EnrollmentToken token, CertificateRequest request) {
        return call.post(
                TlsContexts.client(PinnedAuthority.ofFingerprint(token.caFingerprint()), ServiceCall.PROTOCOL),
                "/enroll",
                JSON.writeValueAsBytes(Map.of(
                        "token", token.secret(),
                        "csr", request.pkcs10(),
                        "machineName", self.machineName(),
                        "version", self.version(),
                        "os", self.os())));
    }

    /// Half the time and up to the whole, so that many do not come back together.
    private static void pause(Duration longest) {
        long half = longest.toMillis() / 2;
        try {
            Thread.sleep(half + ThreadLocalRandom.current().nextLong(half));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectorFault(Kind.SERVICE, "told to stop while the service was overloaded; start again", e);
        }
    }

    private ConnectorFault refused(ServiceCall.Answer answer) {
        HostPort service = call.service();
        return switch (answer.status()) {
            case 401 ->
                new ConnectorFault(
                        Kind.REFUSED,
                        "the service at " + service + " does not take this token: it is unknown, used or expired"
                                + answer.said() + "; mint a new one with 'postern connector token'");
            case 429 ->
                new ConnectorFault(
                        Kind.REFUSED,
                        "the service at " + service + " has seen too many enrolments from here" + answer.said()
                                + "; wait a minute and start again");
            case 400, 409 ->
                new ConnectorFault(
                        Kind.SERVICE,
                        "the service at " + service + " does not understand this connector's enrolment" + answer.said()
                                + "; check that connector and service are of the same release");
            default ->
                new ConnectorFault(
                        Kind.SERVICE,
                        "the service at " + service + " cannot enrol connectors now (status " + answer.status()
                                + answer.said() + "); look at its log and start again");
        };
    }
}
