package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.signon.SamlSignOn;
import io.postern.store.SamlCertificate;
import io.postern.store.ServicePrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Tells of signing certificates that come to their end (3.4.2): in the audit log with the addresses that are to be
/// told, once at each mark whatever the number of nodes. Those that are not active are no news.
public final class SigningCertificateWatch {
    /// Days before the end.
    private static final int[] MARKS = {60, 30, 7, 0};

    private static final Duration REMEMBERED = Duration.ofDays(60);

    private record Due(SamlCertificate certificate, ServicePrincipal principal, List<String> addresses) {}

    private final Ledger ledger;
    private final Notices notices;

    public SigningCertificateWatch(Ledger ledger, Site site) {
        this.ledger = ledger;
        this.notices = new Notices(site);
    }

    /// Writes what is due by now. @return the same, for the log
    public List<String> tell() {
        Instant now = ledger.clock().instant();
        var told = new ArrayList<String>();
        for (SamlCertificate certificate :
                ledger.read(stores -> stores.samlCertificates().listAll())) {
            OptionalInt mark = mark(Duration.between(now, certificate.expires()));
            if (certificate.active() && mark.isPresent()) {
                due(certificate).filter(due -> tell(due, mark.getAsInt())).ifPresent(due -> told.add(sentence(due)));
            }
        }
        return told;
    }

    private Optional<Due> due(SamlCertificate certificate) {
        return ledger.read(stores -> stores.servicePrincipals()
                .findByAppId(certificate.tenant(), certificate.application())
                .map(principal -> new Due(
                        certificate,
                        principal,
                        stores.samlSignOns()
                                .find(certificate.tenant(), certificate.application())
                                .map(SamlSignOn::notificationAddresses)
                                .orElse(List.of()))));
    }

    /// The last one that was passed.
    private static OptionalInt mark(Duration left) {
        return IntStream.of(MARKS)
                .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
                .min();
    }

    private boolean tell(Due due, int mark) {
        SamlCertificate certificate = due.certificate();
        return ledger.change(Actor.service(certificate.tenant()), change -> {
                            boolean first = change.stores()
                                    .once()
                                    .claim(
                                            "signing-certificate-expiry",
                                            certificate.keyId() + "@" + mark,
                                            certificate.expires().plus(REMEMBERED));
                            if (first) {
                                change.note(
                                        mark == 0
                                                ? Activity.SIGNING_CERTIFICATE_EXPIRED
                                                : Activity.SIGNING_CERTIFICATE_EXPIRES,
                                        due.principal().id(),
                                        due.principal().displayName(),
                                        Map.of(
                                                "thumbprint", certificate.thumbprint(),
                                                "expires", certificate.expires().toString(),
                                                "daysLeftAtMost", Integer.toString(mark),
                                                "notificationEmailAddresses", String.join(" ", due.addresses())));
                                String about = "signing-certificate:" + certificate.keyId() + "@" + mark;
                                String kind = mark == 0 ? "certificate.expired" : "certificate.expires";
                                String[] words = {
                                    due.principal().displayName(),
                                    certificate.expires().toString(),
                                    certificate.thumbprint()
                                };
                                due.addresses()
                                        .forEach(address ->
                                                notices.tell(change, address, about, kind, (Object[]) words));
                                Alerts.raise(change, notices, kind, about, words);
                            }
                            return first;
                        })
                        instanceof Outcome.Done<Boolean>(Boolean first)
                && first;
    }

    private static String sentence(Due due) {
        return "signing certificate " + due.certificate().thumbprint() + " of application '"
                + due.principal().displayName() + "' ends on "
                + due.certificate().expires()
                + "; make a new one (postern app sso certificate new), give it to the service provider, then make it"
                + " active";
    }
}
