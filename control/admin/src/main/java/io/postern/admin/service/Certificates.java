package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.pki.CertificateRefused;
import io.postern.pki.ServerCertificates;
import io.postern.store.CertificateOrder;
import io.postern.store.Domain;
import io.postern.store.StoredCertificate;
import io.postern.store.Stores;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Certificates for custom domains (DOM-5 to DOM-9): taken, kept sealed, presented by name, warned of before they
/// expire. A new one counts for every application that it covers at once, and what it replaces goes.
public final class Certificates {
    /// Warned of from here on.
    public static final Duration SOON = Duration.ofDays(30);
    /// And more loudly.
    public static final Duration URGENT = Duration.ofDays(7);
    /// An expired one is of no use to anybody, but tells why something stopped.
    static final Duration EXPIRED_KEPT = Duration.ofDays(30);

    private static final String REMEDY = "; renew it and upload the new one, or order one: postern certificate order";

    /// @param applications display names of those that it is presented for
    /// @param warnings about its end
    public record Seen(StoredCertificate certificate, List<String> applications, List<String> warnings) {}

    private final Ledger ledger;
    private final ServerCertificates vault;

    public Certificates(Ledger ledger, ServerCertificates vault) {
        this.ledger = ledger;
        this.vault = vault;
    }

    public List<Seen> list(TenantId tenant) {
        Instant now = ledger.clock().instant();
        return ledger.read(stores ->
                seen(stores.certificates().list(tenant), stores.applications().list(tenant), now));
    }

    /// Of every tenant, for metrics and the log.
    public List<StoredCertificate> listAll() {
        return ledger.read(stores -> stores.certificates().listAll());
    }

    public Outcome<Seen> find(TenantId tenant, String id) {
        return list(tenant).stream()
                .filter(seen -> seen.certificate().id().equals(id))
                .findFirst()
                .map(Outcome::done)
                .orElseGet(() -> new Outcome.NotFound<>("there is no certificate '" + id + "'"));
    }

    public Outcome<Seen> upload(Actor actor, CertificateUpload upload) {
        return ledger.change(actor, change -> {
            StoredCertificate kept = keep(change, judged(change, upload, "pfx"), false);
            return seen(List.of(kept), change.stores().applications().list(change.tenant()), change.now())
                    .getFirst();
        });
    }

    /// What an order brought.
    Outcome<StoredCertificate> keepOrdered(Actor actor, EdgeCertificate certificate) {
        return ledger.change(actor, change -> keep(change, certificate, true));
    }

    /// Not while an application depends on it alone.
    public Outcome<StoredCertificate> remove(Actor actor, String id) {
        return ledger.change(actor, change -> {
            StoredCertificate certificate =
                    change.found(change.stores().certificates().find(change.tenant(), id), "certificate", id);
            List<StoredCertificate> others = change.stores().certificates().list(change.tenant()).stream()
                    .filter(other -> !other.id().equals(id))
                    .toList();
            if (certificate.expires().isAfter(change.now())) {
                for (Application application : change.stores().applications().list(change.tenant())) {
                    for (String host : hosts(application)) {
                        if (covers(certificate, host)
                                && choice(others, host, change.now()).isEmpty()) {
                            throw Rejected.conflict("application '" + application.displayName() + "' needs it for '"
                                    + host + "'; upload or order another one first, it takes its place");
                        }
                    }
                }
            }
            remove(change, certificate);
            return certificate;
        });
    }

    /// Removes what expired long ago. @return how many
    public int removeExpired() {
        Instant before = ledger.clock().instant().minus(EXPIRED_KEPT);
        int removed = 0;
        for (StoredCertificate certificate : listAll()) {
            if (certificate.expires().isBefore(before)
                    && ledger.change(Actor.service(certificate.tenant()), change -> {
                                remove(change, certificate);
                                return certificate;
                            })
                            instanceof Outcome.Done) {
                removed++;
            }
        }
        return removed;
    }

    /// A certificate that came with a publication must cover its host (DOM-5, DOM-6); then it is kept (DOM-8).
    void keep(Change change, PublishingDraft draft, Publishing publishing) {
        draft.certificate().ifPresent(upload -> {
            String field = "verifiedCustomDomainKeyCredential";
            EdgeCertificate certificate = judged(change, upload, field);
            String host = publishing.externalUrl().host().value();
            if (!certificate.covers(host)) {
                throw Rejected.invalid(
                        field,
                        "the certificate is for " + String.join(", ", certificate.hosts()) + " and does not cover '"
                                + host + "'; a wildcard covers one label (DOM-6): send a certificate that names it");
            }
            keep(change, certificate, false);
        });
    }

    /// @param field of the request that held it
    EdgeCertificate judged(Change change, CertificateUpload upload, String field) {
        try {
            return upload.judged(change.now());
        } catch (CertificateRefused e) {
            throw Rejected.invalid(field, String.valueOf(e.getMessage()));
        }
    }

    /// Of the hosts it names, those count that lie in the tenant's proven domains; what it replaces is removed (DOM-8).
    StoredCertificate keep(Change change, EdgeCertificate certificate, boolean ordered) {
        List<Domain> domains = change.stores().domains().list(change.tenant());
        List<String> hosts = certificate.hosts().stream()
                .filter(host -> Domains.isProven(domains, host))
                .toList();
        if (hosts.isEmpty()) {
            throw Rejected.invalid(
                    "pfx",
                    "the certificate is for " + String.join(", ", certificate.hosts())
                            + ", and none of these lies in a verified domain of yours; add and verify the domain first:"
                            + " postern domain add");
        }
        X509Certificate leaf = certificate.chain().getFirst();
        String id = UUID.randomUUID().toString();
        var kept = new StoredCertificate(
                change.tenant(),
                id,
                hosts,
                ServerCertificates.thumbprint(leaf),
                leaf.getSubjectX500Principal().getName(),
                leaf.getIssuerX500Principal().getName(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                ordered,
                vault.seal(id, certificate),
                change.now());
        for (StoredCertificate old : change.stores().certificates().list(change.tenant())) {
            if (hosts.containsAll(old.hosts())) {
                remove(change, old);
            }
        }
        change.stores().certificates().insert(kept);
        change.note(Activity.ADD_CERTIFICATE, id, kept.subject(), details(kept));
        return kept;
    }

    static void remove(Change change, StoredCertificate certificate) {
        change.stores().certificates().delete(change.tenant(), certificate.id());
        change.note(Activity.REMOVE_CERTIFICATE, certificate.id(), certificate.subject(), details(certificate));
    }

    /// Which of them is presented for the host: an exact name before a wildcard (one label, DOM-6), the newest of
    /// several, as the gateway chooses.
    ///
    /// @param certificates newest first
    static Optional<StoredCertificate> choice(List<StoredCertificate> certificates, String host, Instant now) {
        List<StoredCertificate> good =
                certificates.stream().filter(c -> c.expires().isAfter(now)).toList();
        return good.stream()
                .filter(c -> c.hosts().contains(host))
                .findFirst()
                .or(() -> good.stream().filter(c -> covers(c, host)).findFirst());
    }

    /// What a publication under a custom domain lacks; empty when all is well.
    static List<String> missing(Stores stores, TenantId tenant, Publishing publishing, Instant now) {
        var warnings = new ArrayList<String>();
        List<Domain> domains = stores.domains().list(tenant);
        List<StoredCertificate> certificates = stores.certificates().list(tenant);
        List<CertificateOrder> orders = stores.certificateOrders().list(tenant);
        for (String host : hosts(publishing)) {
            if (!Domains.isProven(domains, host)) {
                continue; // under the base domain, or the operator's
            }
            orders.stream()
                    .filter(order -> order.state() == CertificateOrder.State.FAILED && covers(order.hosts(), host))
                    .map(Certificates::failure)
                    .forEach(warnings::add);
            Optional<StoredCertificate> chosen = choice(certificates, host, now);
            if (chosen.isEmpty()) {
                warnings.add("no certificate covers '" + host
                        + "', browsers will refuse it; upload one (postern certificate add) or order one (postern"
                        + " certificate order " + host + ")");
            } else {
                warnings.addAll(warnings(chosen.get(), now));
            }
        }
        return warnings;
    }

    /// One sentence: why, and when it is tried again.
    static String failure(CertificateOrder order) {
        return "no new certificate for " + String.join(", ", order.hosts()) + ", " + order.attempts() + " times tried: "
                + order.problem() + "; it is tried again at " + order.due();
    }

    static boolean covers(StoredCertificate certificate, String host) {
        return covers(certificate.hosts(), host);
    }

    private static boolean covers(List<String> names, String host) {
        int dot = host.indexOf('.');
        return names.contains(host) || (dot > 0 && names.contains("*" + host.substring(dot)));
    }

    /// Of its end, from [#SOON] on.
    public static List<String> warnings(StoredCertificate certificate, Instant now) {
        String name = "certificate for " + String.join(", ", certificate.hosts());
        Duration left = Duration.between(now, certificate.expires());
        if (left.isNegative()) {
            return List.of(name + " expired on " + certificate.expires() + " and is presented no more" + REMEDY);
        }
        if (left.compareTo(URGENT) < 0) {
            return List.of("urgent: " + name + " expires in " + days(left) + ", on " + certificate.expires() + REMEDY);
        }
        return left.compareTo(SOON) < 0
                ? List.of(name + " expires in " + days(left) + ", on " + certificate.expires() + REMEDY)
                : List.of();
    }

    private static String days(Duration left) {
        long days = left.toDays();
        return days == 1 ? "1 day" : days + " days";
    }

    private static List<Seen> seen(List<StoredCertificate> certificates, List<Application> applications, Instant now) {
        var seen = new ArrayList<Seen>();
        for (StoredCertificate certificate : certificates) {
            List<String> users = applications.stream()
                    .filter(a -> hosts(a).stream()
                            .anyMatch(host -> choice(certificates, host, now)
                                    .filter(certificate::equals)
                                    .isPresent()))
                    .map(Application::displayName)
                    .sorted()
                    .toList();
            seen.add(new Seen(certificate, users, warnings(certificate, now)));
        }
        return List.copyOf(seen);
    }

    private static List<String> hosts(Application application) {
        return application.publishing().map(Certificates::hosts).orElse(List.of());
    }

    /// Every external name of a publication, the alternate one (FE-2) and those of segments included.
    static List<String> hosts(Publishing publishing) {
        var hosts = new ArrayList<String>();
        hosts.add(publishing.externalUrl().host().value());
        publishing
                .settings()
                .alternateUrl()
                .ifPresent(url -> hosts.add(url.host().value()));
        publishing
                .segments()
                .forEach(segment -> hosts.add(segment.externalUrl().host().value()));
        return hosts.stream().distinct().toList();
    }

    private static Map<String, String> details(StoredCertificate certificate) {
        return Map.of(
                "hosts",
                String.join(", ", certificate.hosts()),
                "thumbprint",
                certificate.thumbprint(),
                "expires",
                certificate.expires().toString());
    }
}
