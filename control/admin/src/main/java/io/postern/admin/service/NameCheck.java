package io.postern.admin.service;

import io.postern.admin.dns.DnsFault;
import io.postern.admin.dns.NameService;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.store.Domain;
import io.postern.store.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether the names of published applications lead here (DOM-10). Names under the base domain do by one wildcard
/// record, and are not looked at. Blocks for some seconds while the name service is silent.
public final class NameCheck {
    private final Ledger ledger;
    private final Site site;
    private final NameService names;

    public NameCheck(Ledger ledger, Site site, NameService names) {
        this.ledger = ledger;
        this.site = site;
        this.names = names;
    }

    /// What a custom name's CNAME must say.
    public static String target(String tenantName, Site site) {
        return tenantName + "." + site.baseDomain();
    }

    /// What is wrong with the names of one publication, each with the record to create.
    List<String> of(TenantId tenant, Publishing publishing) {
        List<Domain> domains = ledger.read(stores -> stores.domains().list(tenant));
        String target = ledger.read(stores -> stores.tenants().find(tenant))
                .map(Tenant::name)
                .map(name -> target(name, site))
                .orElseThrow();
        var warnings = new ArrayList<String>();
        for (String host : Certificates.hosts(publishing)) {
            if (Domains.isProven(domains, host)) {
                // what stands for a wildcard is any name that it covers
                judge(host.startsWith("*.") ? "any" + host.substring(1) : host, host, target)
                        .ifPresent(warnings::add);
            }
        }
        return warnings;
    }

    /// Of every tenant; for the log, once a day.
    public List<String> ofAll() {
        return ledger.read(stores -> stores.applications().listAll()).stream()
                .filter(application -> application.publishing().isPresent())
                .flatMap(this::of)
                .toList();
    }

    private Stream<String> of(Application application) {
        return application.publishing().stream()
                .flatMap(publishing -> of(application.tenant(), publishing).stream())
                .map(warning -> "application '" + application.displayName() + "': " + warning);
    }

    private Optional<String> judge(String host, String published, String target) {
        String record = "; create the record: " + published + ". CNAME " + target + ". (DOM-10)";
        try {
            Optional<String> alias = names.alias(host);
            if (alias.isPresent()) {
                boolean ours = alias.get().equals(site.baseDomain())
                        || alias.get().endsWith("." + site.baseDomain());
                return ours
                        ? Optional.empty()
                        : Optional.of("'" + published + "' leads to '" + alias.get() + "', not here" + record);
            }
            return Optional.of(
                    names.hasAddress(host)
                            ? "'" + published + "' has an address of its own, which does not follow a move of this"
                                    + " service" + record
                            : "'" + published + "' leads nowhere, users from outside cannot reach it" + record);
        } catch (DnsFault e) {
            return Optional.of("'" + published + "' could not be looked up: " + e.getMessage());
        }
    }
}
