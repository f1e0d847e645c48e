package io.postern.admin.service;

import io.postern.admin.dns.DnsFault;
import io.postern.admin.dns.NameService;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.store.Domain;
import io.postern.store.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Whether the names of published applications lead here (DOM-10). Names under the base domain do by one wildcard
/// record, and are not looked at. Blocks for some seconds while the name service is silent.
public final class NameCheck {
    private final Ledger ledger;
    private final Site site;
    private final NameService names;
    private final Map<ObjectId, List<String>> found = new ConcurrentHashMap<>(); // by application

    public NameCheck(Ledger ledger, Site site, NameService names) {
        this.ledger = ledger;
        this.site = site;
        this.names = names;
    }

    /// What a custom name's CNAME must say.
    public static String target(String tenantName, Site site) {
        return tenantName + "." + site.baseDomain();
    }

    /// Looks at one application's names now. @return what is wrong with them, each with the record to create
    List<String> look(Application application) {
        List<String> wrong = application
                .publishing()
                .map(publishing -> of(application.tenant(), publishing))
                .orElse(List.of());
        found.put(application.id(), wrong);
        return wrong;
    }

    /// What the last look found; nothing before the first.
    List<String> known(ObjectId application) {
        return found.getOrDefault(application, List.of());
    }

    /// Looks at every tenant's, as is done once a day. @return for the log
    public List<String> lookAtAll() {
        List<Application> all = ledger.read(stores -> stores.applications().listAll());
        found.keySet().retainAll(all.stream().map(Application::id).toList());
        return all.stream()
                .flatMap(application -> look(application).stream()
                        .map(wrong -> "application '" + application.displayName() + "': " + wrong))
                .toList();
    }

    /// DOM-11: records of an application that was deleted and still lead here, unless another one is published by the
    /// same name. Whoever gets the name here next would get its users.
    List<String> left(Application deleted) {
        found.remove(deleted.id());
        List<Domain> domains = ledger.read(stores -> stores.domains().list(deleted.tenant()));
        List<String> used = ledger.read(stores -> stores.applications().list(deleted.tenant())).stream()
                .flatMap(application -> application.publishing().stream())
                .flatMap(publishing -> Certificates.hosts(publishing).stream())
                .toList();
        return deleted.publishing().map(Certificates::hosts).orElse(List.of()).stream()
                .filter(host -> Domains.isProven(domains, host) && !used.contains(host))
                .flatMap(host -> record(host).stream())
                .toList();
    }

    private Optional<String> record(String host) {
        String doing = "; delete it, a name that goes on leading here is a danger (DOM-11)";
        try {
            return names.alias(sample(host))
                    .filter(this::isHere)
                    .map(alias -> "the DNS record " + host + ". CNAME " + alias + ". is left" + doing);
        } catch (DnsFault e) {
            return Optional.of("a DNS record of " + host + " may be left" + doing);
        }
    }

    private boolean isHere(String alias) {
        return alias.equals(site.baseDomain()) || alias.endsWith("." + site.baseDomain());
    }

    /// What stands for a wildcard is any name that it covers.
    private static String sample(String host) {
        return host.startsWith("*.") ? "any" + host.substring(1) : host;
    }

    private List<String> of(TenantId tenant, Publishing publishing) {
        List<Domain> domains = ledger.read(stores -> stores.domains().list(tenant));
        String target = ledger.read(stores -> stores.tenants().find(tenant))
                .map(Tenant::name)
                .map(name -> target(name, site))
                .orElseThrow();
        var warnings = new ArrayList<String>();
        for (String host : Certificates.hosts(publishing)) {
            if (!Domains.isProven(domains, host)) {
                continue;
            }
            try {
                judge(sample(host), host, target).ifPresent(warnings::add);
            } catch (DnsFault e) {
                warnings.add("'" + host + "' could not be looked up: " + e.getMessage());
                return warnings; // nor could the others, and each would take seconds
            }
        }
        return warnings;
    }

    private Optional<String> judge(String host, String published, String target) throws DnsFault {
        String record = "; create the record: " + published + ". CNAME " + target + ". (DOM-10)";
        Optional<String> alias = names.alias(host);
        if (alias.isPresent()) {
            return isHere(alias.get())
                    ? Optional.empty()
                    : Optional.of("'" + published + "' leads to '" + alias.get() + "', not here" + record);
        }
        return Optional.of(
                names.hasAddress(host)
                        ? "'" + published + "' has an address of its own, which does not follow a move of this"
                                + " service" + record
                        : "'" + published + "' leads nowhere, users from outside cannot reach it" + record);
    }
}
