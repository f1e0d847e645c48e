package io.postern.admin.service;

import io.postern.admin.dns.DnsFault;
import io.postern.admin.dns.NameService;
import io.postern.base.Outcome;
import io.postern.domain.HostNames;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.store.CertificateOrder;
import io.postern.store.Domain;
import io.postern.store.StoredCertificate;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Custom domains (DOM-4): a tenant claims a name, proves it by a TXT record, and may then publish under it. A name
/// and everything below it belongs to one tenant.
public final class Domains {
    /// Its own label, since a name that is an alias can have no other records.
    private static final String PROOF_LABEL = "_postern.";

    private static final String PROOF_PREFIX = "postern-verification=";
    private static final int PROOF_BYTES = 18;
    private static final int SHOWN_MAX = 3;
    private static final int SHOWN_CHARACTERS_MAX = 80;
    private static final int DOMAINS_MAX = 1_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Ledger ledger;
    private final Site site;
    private final NameService names;

    public Domains(Ledger ledger, Site site, NameService names) {
        this.ledger = ledger;
        this.site = site;
        this.names = names;
    }

    /// Where the proof of a domain belongs.
    public static String proofName(Domain domain) {
        return PROOF_LABEL + domain.name();
    }

    public List<Domain> list(TenantId tenant) {
        return ledger.read(stores -> stores.domains().list(tenant));
    }

    public Outcome<Domain> find(TenantId tenant, String name) {
        return ledger.look(stores -> stores.domains()
                .find(tenant, name.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> Rejected.notFound("domain", name)));
    }

    /// @param automatic certificates for names published under it are ordered without being asked
    public Outcome<Domain> add(Actor actor, String wanted, boolean automatic) {
        return ledger.change(actor, change -> {
            String name = wanted.strip().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
            checkName(name);
            if (change.stores().domains().find(change.tenant(), name).isPresent()) {
                throw Rejected.conflict("domain '" + name + "' is there already; see 'postern domain list'");
            }
            if (change.stores().domains().list(change.tenant()).size() >= DOMAINS_MAX) {
                throw Rejected.conflict("there are " + DOMAINS_MAX + " domains already; remove one first");
            }
            refuseTaken(change, name);
            byte[] proof = new byte[PROOF_BYTES];
            RANDOM.nextBytes(proof);
            var domain = new Domain(
                    change.tenant(),
                    name,
                    PROOF_PREFIX + Base64.getUrlEncoder().encodeToString(proof),
                    automatic,
                    Optional.empty(),
                    change.now());
            change.stores().domains().put(domain);
            change.note(Activity.ADD_DOMAIN, name, name);
            return domain;
        });
    }

    /// Looks for the record. Blocks for some seconds while the name service is silent.
    public Outcome<Domain> verify(Actor actor, String name) {
        return switch (find(actor.tenant(), name)) {
            case Outcome.Done<Domain>(Domain domain) when domain.verified().isPresent() -> Outcome.done(domain);
            case Outcome.Done<Domain>(Domain domain) -> verify(actor, domain);
            case Outcome.NotFound<Domain> missing -> missing;
            case Outcome.Conflict<Domain> other -> other;
            case Outcome.Invalid<Domain> other -> other;
            case Outcome.Forbidden<Domain> other -> other;
        };
    }

    public Outcome<Domain> change(Actor actor, String name, Edit<Boolean> automatic) {
        return ledger.change(actor, change -> {
            Domain old = found(change, name);
            Domain changed = new Domain(
                    old.tenant(),
                    old.name(),
                    old.proof(),
                    automatic.or(old.automatic()),
                    old.verified(),
                    old.created());
            change.stores().domains().put(changed);
            change.note(Activity.UPDATE_DOMAIN, old.name(), old.name());
            return changed;
        });
    }

    /// With its certificates, but not while an application is published under it.
    public Outcome<Domain> remove(Actor actor, String name) {
        return ledger.change(actor, change -> {
            Domain domain = found(change, name);
            for (Application application : change.stores().applications().list(change.tenant())) {
                application.publishing().map(Certificates::hosts).orElse(List.of()).stream()
                        .filter(domain::contains)
                        .findFirst()
                        .ifPresent(host -> {
                            throw Rejected.conflict("application '" + application.displayName() + "' is published as '"
                                    + host + "'; give it another external URL or delete it first");
                        });
            }
            change.stores().domains().delete(change.tenant(), domain.name());
            List<Domain> left = change.stores().domains().list(change.tenant());
            for (StoredCertificate certificate : change.stores().certificates().list(change.tenant())) {
                if (certificate.hosts().stream().noneMatch(host -> isProven(left, host))) {
                    Certificates.remove(change, certificate);
                }
            }
            for (CertificateOrder order : change.stores().certificateOrders().list(change.tenant())) {
                if (!order.hosts().stream().allMatch(host -> isProven(left, host))) {
                    change.stores().certificateOrders().delete(change.tenant(), order.id());
                }
            }
            change.note(Activity.REMOVE_DOMAIN, domain.name(), domain.name());
            return domain;
        });
    }

    /// @param host may begin with `*.`
    static boolean isProven(List<Domain> domains, String host) {
        String plain = host.startsWith("*.") ? host.substring(2) : host;
        return domains.stream().anyMatch(domain -> domain.verified().isPresent() && domain.contains(plain));
    }

    private Outcome<Domain> verify(Actor actor, Domain domain) {
        String place = proofName(domain);
        try {
            List<String> texts = names.texts(place);
            if (!texts.contains(domain.proof())) {
                return new Outcome.Conflict<>("domain '" + domain.name() + "' is not proven: "
                        + (texts.isEmpty()
                                ? "there is no TXT record at '" + place + "'"
                                : "the TXT record at '" + place + "' says " + shown(texts))
                        + "; create it with the text " + domain.proof()
                        + " and try again, name servers may need some minutes (DOM-4)");
            }
        } catch (DnsFault e) {
            return new Outcome.Conflict<>(String.valueOf(e.getMessage()));
        }
        return ledger.change(actor, change -> {
            Domain now = found(change, domain.name());
            refuseTaken(change, now.name());
            var verified = new Domain(
                    now.tenant(), now.name(), now.proof(), now.automatic(), Optional.of(change.now()), now.created());
            change.stores().domains().put(verified);
            change.note(Activity.VERIFY_DOMAIN, now.name(), now.name(), Map.of("record", place));
            return verified;
        });
    }

    /// What strangers wrote into their name server ends on somebody's terminal.
    private static List<String> shown(List<String> texts) {
        return texts.stream()
                .limit(SHOWN_MAX)
                .map(text -> text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS_MAX)))
                .map(text -> text.replaceAll("[^ -~]", "?"))
                .toList();
    }

    private void checkName(String name) {
        if (!HostNames.isDomainName(name) || name.indexOf('.') < 0 || name.indexOf('_') >= 0) {
            throw Rejected.invalid("id", "'" + name + "' is no domain name such as contoso.com");
        }
        if (name.equals(site.baseDomain()) || name.endsWith("." + site.baseDomain())) {
            throw Rejected.invalid(
                    "id",
                    "'" + name + "' lies under the base domain '" + site.baseDomain()
                            + "', whose names need no proof; add a domain of your own");
        }
    }

    /// Neither the name, nor one above it or below it, may be another tenant's.
    private static void refuseTaken(Change change, String name) {
        for (Domain other : change.stores().domains().listProven()) {
            boolean related = other.contains(name)
                    || name.equals(other.name())
                    || other.name().endsWith("." + name);
            if (related && !other.tenant().equals(change.tenant())) {
                throw Rejected.conflict("domain '" + name + "' belongs, whole or in part, to another tenant of this"
                        + " service; its administrators must remove it there first");
            }
        }
    }

    /// The operator's certificates open names to every tenant; one that has proven such a name keeps it to itself.
    static void refuseForeign(Change change, List<String> hosts) {
        for (Domain other : change.stores().domains().listProven()) {
            for (String host : hosts) {
                if (other.contains(host) && !other.tenant().equals(change.tenant())) {
                    throw Rejected.invalid(
                            "externalUrl",
                            "host '" + host + "' lies in a domain that another tenant has verified; choose another"
                                    + " (DOM-4)");
                }
            }
        }
    }

    private static Domain found(Change change, String name) {
        return change.found(
                change.stores().domains().find(change.tenant(), name.toLowerCase(Locale.ROOT)), "domain", name);
    }
}
