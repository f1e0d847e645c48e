package io.postern.pki;

import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whom a connector certificate of ours was issued to. To be believed only of a certificate that was verified, and
/// even then it says who somebody was, not that he still may.
public record ConnectorSubject(TenantId tenant, ConnectorId connector) {
    private static final Pattern NAME = Pattern.compile("CN=([^,]+),O=([^,]+)"); // as Authority.issueClient has it

    public static Optional<ConnectorSubject> of(X509Certificate certificate) {
        Matcher name = NAME.matcher(certificate.getSubjectX500Principal().getName());
        try {
            return name.matches()
                    ? Optional.of(new ConnectorSubject(new TenantId(name.group(2)), new ConnectorId(name.group(1))))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // none of ours
        }
    }
}
