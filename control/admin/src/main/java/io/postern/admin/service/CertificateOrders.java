package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.OrderProofs;
import io.postern.pki.ServerCertificates;
import io.postern.pki.acme.AcmeClient;
import io.postern.pki.acme.AcmeFault;
import io.postern.pki.acme.AcmeSettings;
import io.postern.pki.acme.Proofs;
import io.postern.store.CertificateOrder;
import io.postern.store.CertificateOrder.State;
import io.postern.store.CertificateOrderStore.Challenge;
import io.postern.store.Domain;
import io.postern.store.StoredCertificate;
import io.postern.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Certificates ordered from an ACME server. An order stands: when a third of its certificate's life is left it falls
/// due again, and what fails is tried again. Of several nodes one carries out each attempt.
public final class CertificateOrders {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateOrders.class);
    private static final int HOSTS_MAX = 100; // of one certificate, as ACME servers have it
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(5);
    private static final Duration PAUSE_MAX = Duration.ofDays(1);
    /// An attempt is over by then; a node that died in the middle does not keep it longer.
    private static final Duration ATTEMPT_MAX = Duration.ofMinutes(30);
    /// Other nodes hear of a change within a second.
    private static final Duration EVERYWHERE = Duration.ofMillis(1100);

    private final Ledger ledger;
    private final Site site;
    private final Certificates certificates;
    private final ServerCertificates vault;
    private final Optional<AcmeSettings> settings;
    private final Optional<AcmeClient> client;
    private final Runnable catchUp;

    /// @param client empty where no ACME server is configured
    /// @param catchUp returns when this node's gateway knows what the store holds
    public CertificateOrders(
            Ledger ledger,
            Site site,
            Certificates certificates,
            ServerCertificates vault,
            Optional<AcmeSettings> settings,
            Optional<AcmeClient> client,
            Runnable catchUp) {
        this.ledger = ledger;
        this.site = site;
        this.certificates = certificates;
        this.vault = vault;
        this.settings = settings;
        this.client = client;
        this.catchUp = catchUp;
    }

    public List<CertificateOrder> list(TenantId tenant) {
        return ledger.read(stores -> stores.certificateOrders().list(tenant));
    }

    public Outcome<CertificateOrder> find(TenantId tenant, String id) {
        return ledger.look(stores -> stores.certificateOrders()
                .find(tenant, id)
                .orElseThrow(() -> Rejected.notFound("certificate order", id)));
    }

    /// Places an order, or has the standing one for the same hosts carried out again now.
    public Outcome<CertificateOrder> order(Actor actor, List<String> wanted) {
        return ledger.change(actor, change -> {
            List<String> hosts = wanted.stream()
                    .map(host -> host.strip().toLowerCase(Locale.ROOT))
                    .distinct()
                    .toList();
            check(change.stores().domains().list(change.tenant()), hosts);
            return place(change, hosts);
        });
    }

    /// Its certificate stays, and is not renewed any more.
    public Outcome<CertificateOrder> cancel(Actor actor, String id) {
        return ledger.change(actor, change -> {
            CertificateOrder order = change.found(
                    change.stores().certificateOrders().find(change.tenant(), id), "certificate order", id);
            change.stores().certificateOrders().delete(change.tenant(), id);
            change.note(Activity.CANCEL_CERTIFICATE_ORDER, id, order.hosts().getFirst());
            return order;
        });
    }

    /// Carries out what is due, one after the other. Blocks, for minutes when an ACME server is slow.
    public void work() {
        if (client.isEmpty()) {
            return;
        }
        placeAutomatic();
        Instant now = ledger.clock().instant();
        for (CertificateOrder order :
                ledger.read(stores -> stores.certificateOrders().due(now))) {
            String attempt = order.id() + "@" + order.due();
            boolean ours = ledger.decide(time ->
                                    stores -> stores.once().claim("certificate-order", attempt, time.plus(ATTEMPT_MAX)))
                            instanceof Outcome.Done<Boolean>(Boolean claimed)
                    && claimed;
            if (ours) {
                carryOut(order, client.get());
            }
        }
    }

    private void carryOut(CertificateOrder order, AcmeClient acme) {
        try {
            EdgeCertificate made = acme.order(order.hosts(), new Shown());
            switch (certificates.keepOrdered(Actor.service(order.tenant()), made)) {
                case Outcome.Done<StoredCertificate>(StoredCertificate kept) -> {
                    put(order, State.VALID, "", 0, renewal(kept), Optional.of(kept.id()));
                    LOG.info("certificate for {} was ordered, good until {}", order.hosts(), kept.expires());
                }
                case Outcome.Invalid<StoredCertificate>(var violations) ->
                    failed(order, violations.getFirst().message());
                case Outcome.Conflict<StoredCertificate>(String why) -> failed(order, why);
                case Outcome.NotFound<StoredCertificate>(String what) -> failed(order, what);
                case Outcome.Forbidden<StoredCertificate>(String why) -> failed(order, why);
            }
        } catch (AcmeFault e) {
            failed(order, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // an attempt's border: the others go on
            LOG.error("order of a certificate for {} failed", order.hosts(), e);
            failed(order, "a fault of the service; its log says more");
        }
    }

    private void failed(CertificateOrder order, String problem) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(order.attempts(), 10));
        Instant again = ledger.clock().instant().plus(pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX);
        put(order, State.FAILED, problem, order.attempts() + 1, again, order.certificate());
        ledger.change(Actor.service(order.tenant()), change -> {
            change.refuse(
                    Activity.ORDER_CERTIFICATE,
                    order.id(),
                    "not_issued",
                    Map.of(
                            "hosts", String.join(", ", order.hosts()),
                            "problem", problem,
                            "attempt", Integer.toString(order.attempts() + 1),
                            "again", again.toString()));
            return again;
        });
        LOG.warn("no certificate for {}, tried again at {}: {}", order.hosts(), again, problem);
    }

    private void put(
            CertificateOrder order, State state, String problem, int attempts, Instant due, Optional<String> made) {
        ledger.decide(now -> stores -> {
            if (stores.certificateOrders().find(order.tenant(), order.id()).isPresent()) { // else cancelled meanwhile
                stores.certificateOrders()
                        .put(new CertificateOrder(
                                order.tenant(),
                                order.id(),
                                order.hosts(),
                                state,
                                problem,
                                attempts,
                                due,
                                made,
                                order.created()));
            }
            return state;
        });
    }

    /// A third of its life before the end, and up to a thirtieth earlier, so that not all fall due at once.
    private static Instant renewal(StoredCertificate certificate) {
        Duration life = Duration.between(certificate.issued(), certificate.expires());
        long jitter = ThreadLocalRandom.current()
                .nextLong(Math.max(1, life.dividedBy(30).toMillis()));
        return certificate.expires().minus(life.dividedBy(3)).minusMillis(jitter);
    }

    // ---- what may be ordered

    private void check(List<Domain> domains, List<String> hosts) {
        if (settings.isEmpty()) {
            throw Rejected.conflict("no ACME server is configured; set 'acme.directory', or upload a certificate:"
                    + " postern certificate add");
        }
        if (hosts.isEmpty() || hosts.size() > HOSTS_MAX) {
            throw Rejected.invalid("hosts", "a certificate is for 1 to " + HOSTS_MAX + " hosts");
        }
        for (String host : hosts) {
            if (!Domains.isProven(domains, host)) {
                throw Rejected.invalid(
                        "hosts",
                        "host '" + host + "' lies in no verified domain of yours; add and verify it first: postern"
                                + " domain add");
            }
            if (isOurs(host)) {
                throw Rejected.invalid(
                        "hosts",
                        "host '" + host + "' lies under the base domain, whose certificate is the operator's affair");
            }
            if (host.startsWith("*.") && settings.get().way() != AcmeSettings.Way.DNS) {
                throw Rejected.invalid(
                        "hosts",
                        "'" + host + "' is a wildcard, which needs 'acme.challenge: dns-01' and 'acme.dns-hook';"
                                + " this service is set to "
                                + settings.get().way().type());
            }
        }
    }

    private boolean isOurs(String host) {
        return host.equals(site.baseDomain()) || host.endsWith("." + site.baseDomain());
    }

    private static CertificateOrder place(Change change, List<String> hosts) {
        Optional<CertificateOrder> standing = change.stores().certificateOrders().list(change.tenant()).stream()
                .filter(order -> order.hosts().equals(hosts))
                .findFirst();
        var order = new CertificateOrder(
                change.tenant(),
                standing.map(CertificateOrder::id)
                        .orElseGet(() -> UUID.randomUUID().toString()),
                hosts,
                State.PENDING,
                "",
                0,
                change.now(),
                standing.flatMap(CertificateOrder::certificate),
                standing.map(CertificateOrder::created).orElse(change.now()));
        change.stores().certificateOrders().put(order);
        change.note(Activity.ORDER_CERTIFICATE, order.id(), String.join(", ", hosts));
        return order;
    }

    /// For names published under a domain whose certificates are ordered without being asked.
    private void placeAutomatic() {
        List<Domain> automatic = ledger.read(stores -> stores.domains().listProven()).stream()
                .filter(Domain::automatic)
                .toList();
        for (Domain domain : automatic) {
            List<String> missing = ledger.read(stores -> missing(stores, domain));
            for (String host : missing) {
                ledger.change(Actor.service(domain.tenant()), change -> place(change, List.of(host)));
            }
        }
    }

    private List<String> missing(Stores stores, Domain domain) {
        Instant now = ledger.clock().instant();
        List<StoredCertificate> there = stores.certificates().list(domain.tenant());
        List<CertificateOrder> orders = stores.certificateOrders().list(domain.tenant());
        return stores.applications().list(domain.tenant()).stream()
                .map(Application::publishing)
                .flatMap(Optional::stream)
                .flatMap(publishing -> Certificates.hosts(publishing).stream())
                .distinct()
                .filter(host -> domain.contains(host) && !host.startsWith("*.") && !isOurs(host))
                .filter(host -> Certificates.choice(there, host, now).isEmpty())
                .filter(host -> orders.stream().noneMatch(order -> order.hosts().contains(host)))
                .toList();
    }

    /// Shows proofs on every gateway, by way of the store.
    private final class Shown implements Proofs {
        @Override
        public void showText(String host, String token, String text) {
            show(new Challenge(Challenge.Kind.HTTP, OrderProofs.place(host, token), text, end()));
        }

        @Override
        public void showCertificate(String host, EdgeCertificate certificate) {
            show(new Challenge(Challenge.Kind.TLS_ALPN, host, vault.seal("acme/" + host, certificate), end()));
        }

        @Override
        public void hideText(String host, String token) {
            hide(Challenge.Kind.HTTP, OrderProofs.place(host, token));
        }

        @Override
        public void hideCertificate(String host) {
            hide(Challenge.Kind.TLS_ALPN, host);
        }

        private Instant end() {
            return ledger.clock().instant().plus(ATTEMPT_MAX);
        }

        private void show(Challenge challenge) {
            ledger.decide(now -> stores -> {
                stores.certificateOrders().putChallenge(challenge);
                stores.changes().bump();
                return challenge;
            });
            catchUp.run();
            LockSupport.parkNanos(EVERYWHERE.toNanos());
        }

        private void hide(Challenge.Kind kind, String name) {
            ledger.decide(now -> stores -> {
                stores.changes().bump();
                return stores.certificateOrders().deleteChallenge(kind, name);
            });
        }
    }
}
