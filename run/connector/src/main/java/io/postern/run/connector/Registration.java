package io.postern.run.connector;

import io.postern.base.EnrollmentToken;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Enrollment;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.Renewal;
import io.postern.net.dial.Dialler;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who this connector is at its start: the one in its data folder, or a new one where a token is given and the folder
/// holds none, one whose certificate has expired, or one that the service does not know any more.
record Registration(
        Path data, DataFolder folder, Dialler dialler, Enrollment enrollment, Renewal renewal, InputStream input) {
    private static final Logger LOG = LoggerFactory.getLogger("connector");

    /// @param atWord begin only when standard input has given its first line, which holds a token where one is needed
    Identity identity(Optional<TokenSource> token, boolean atWord) {
        Optional<Identity> known = folder.identity();
        if (known.isEmpty()) {
            return enroll(token.orElseThrow(() -> new ConnectorFault(
                    Kind.USAGE,
                    "there is no identity in " + data + " yet; give --token-file with a token from 'postern connector"
                            + " token'")));
        }
        Identity identity = known.get();
        boolean isOver = isExpired(identity)
                && folder.next().filter(next -> !isExpired(next)).isEmpty();
        if (atWord && !isOver) {
            TokenSource.awaitLine(input);
            return identity;
        }
        if (isOver) {
            if (token.isEmpty()) {
                throw CertificateWatch.tell(CertificateWatch.expired(identity, data));
            }
            LOG.atWarn()
                    .addKeyValue("event", CertificateWatch.EVENT_TRUST_EXPIRED)
                    .log("registering again: the certificate expired at {}", Renewal.expires(identity));
            return enroll(token.get());
        }
        if (token.isPresent() && isForgotten(identity)) {
            LOG.atWarn()
                    .addKeyValue("connectorId", identity.connectorId())
                    .log("registering again: the service does not know this connector any more");
            return enroll(token.get());
        }
        return identity;
    }

    private static boolean isExpired(Identity identity) {
        return !Instant.now().isBefore(Renewal.expires(identity));
    }

    /// Asked only when a token is at hand. A service that cannot be reached has forgotten nobody.
    private boolean isForgotten(Identity identity) {
        try {
            return renewal.standing(identity) == Renewal.Standing.UNKNOWN;
        } catch (ConnectorFault e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("standing not known yet");
            return false;
        }
    }

    private Identity enroll(TokenSource source) {
        EnrollmentToken token = source.read(input, dialler);
        folder.probe();
        Identity enrolled = enrollment.enroll(token);
        folder.discardNext();
        folder.keep(enrolled);
        LOG.atInfo().addKeyValue("connectorId", enrolled.connectorId()).log("enrolled");
        return enrolled;
    }
}
