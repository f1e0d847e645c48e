package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.store.StoredCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Tells of certificates that come to their end (DOM-9): in the audit log and
/// to administrators, once at each mark whatever the number of
/// nodes. Those that others have replaced are no news.
public final class CertificateWatch {
    /// Days before the end.
    private static final int[] MARKS = {30, 14, 7, 1, 0};

    private final Ledger ledger;
    private final Certificates certificates;
    private final Notices notices;

    public CertificateWatch(Ledger ledger, Certificates certificates, Site site) {
        this.ledger = ledger;
        this.certificates = certificates;
        this.notices = new Notices(site);
    }

    /// Writes what is due by now. @return the same, for the log
    public List<String> tell() {
        Instant now = ledger.clock().instant();
        var told = new ArrayList<String>();
        List<StoredCertificate> all = certificates.listAll();
        for (StoredCertificate certificate : all) {
            OptionalInt mark = mark(Duration.between(now, certificate.expires()));
            if (mark.isPresent() && isNeeded(all, certificate) && tell(certificate, mark.getAsInt())) {
                told.addAll(Certificates.warnings(certificate, now));
            }
        }
        return told;
    }

    /// The last one that was passed.
    private static OptionalInt mark(Duration left) {
        return IntStream.of(MARKS)
                .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
                .min();
    }

    /// Some name has no other that lasts longer.
    private static boolean isNeeded(List<StoredCertificate> all, StoredCertificate certificate) {
        return certificate.hosts().stream()
                .anyMatch(host -> all.stream()
                        .noneMatch(other -> other.tenant().equals(certificate.tenant())
                                && other.expires().isAfter(certificate.expires())
                                && Certificates.covers(other, host)));
    }

    private boolean tell(StoredCertificate certificate, int mark) {
        return ledger.change(Actor.service(certificate.tenant()), change -> {
                            boolean first = change.stores()
                                    .once()
                                    .claim(
                                            "certificate-expiry",
                                            certificate.id() + "@" + mark,
                                            certificate.expires().plus(Certificates.EXPIRED_KEPT));
                            if (first) {
                                change.note(
                                        mark == 0 ? Activity.CERTIFICATE_EXPIRED : Activity.CERTIFICATE_EXPIRES,
                                        certificate.id(),
                                        certificate.subject(),
                                        Map.of(
                                                "hosts",
                                                String.join(", ", certificate.hosts()),
                                                "expires",
                                                certificate.expires().toString(),
                                                "daysLeftAtMost",
                                                Integer.toString(mark)));
                                Alerts.raise(
                                        change,
                                        notices,
                                        mark == 0 ? "server-certificate.expired" : "server-certificate.expires",
                                        "server-certificate:" + certificate.id() + "@" + mark,
                                        String.join(", ", certificate.hosts()),
                                        certificate.expires().toString());
                            }
                            return first;
                        })
                        instanceof Outcome.Done<Boolean>(Boolean first)
                && first;
    }
}
