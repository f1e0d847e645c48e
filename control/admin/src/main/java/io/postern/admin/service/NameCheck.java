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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Whether the names of published applications lead here (DOM-10). Names under the base domain do by one wildcard
/// record, and are not looked at. Blocks for some seconds while the name service is silent.
public final class NameCheck {
    private static final String DELETE_IT = "; delete it, a name that goes on leading here is a danger (DOM-11)";

    private final Ledger ledger;
    private final Site site;
    private final NameService names;
    private final Map<ObjectId, List<String>> found = new ConcurrentHashMap<>(); // by application

    public NameCheck(Ledger ledger, Site site, NameService names) {
        this.ledger = ledger;
        this.site = site;
        this.names = names;
    }

    /// What the CNAME of each custom name must say.
    public String target(TenantId tenant) {
        return ledger.read(stores -> stores.tenants().find(tenant))
                        .map(Tenant::name)
                        .orElseThrow() + "." + site.baseDomain();
    }

    /// Names under the domain that are published.
    public List<String> published(Domain domain) {
        return ledger.read(stores -> stores.applications().list(domain.tenant())).stream()
                .flatMap(application -> application.publishing().stream())
                .flatMap(publishing -> Certificates.hosts(publishing).stream())
                .filter(domain::contains)
                .distinct()
                .sorted()
                .toList();
    }

    /// Looks at one application's names now. @return what is wrong with them, each with the record to create
    List<String> look(Application application) {
        var wrong = new ArrayList<String>();
        look(application, wrong);
        return wrong;
    }

    /// Looks at several, as [#look] does. Where the name service is silent about a name, the others of that tenant wait
    /// for the next time: each would take seconds, and one tenant's name servers must not hold up the rest.
    ///
    /// @return what is wrong, by application
    Map<ObjectId, List<String>> look(List<Application> applications) {
        var all = new HashMap<ObjectId, List<String>>();
        var silent = new HashSet<TenantId>();
        for (Application application : applications) {
            if (!silent.contains(application.tenant())) {
                var wrong = new ArrayList<String>();
                all.put(application.id(), wrong);
                if (!look(application, wrong)) {
                    silent.add(application.tenant());
                }
            }
        }
        return all;
    }

    /// @return whether the name service answers
    private boolean look(Application application, List<String> wrong) {
        boolean answers = application
                .publishing()
                .map(publishing -> look(application.tenant(), publishing, wrong))
                .orElse(true);
        found.put(application.id(), List.copyOf(wrong));
        return answers;
    }

    /// What the last look found; nothing before the first.
    List<String> known(ObjectId application) {
        return found.getOrDefault(application, List.of());
    }

    /// Looks at every tenant's, as is done once a day. @return for the log
    public List<String> lookAtAll() {
        List<Application> all = ledger.read(stores -> stores.applications().listAll());
        found.keySet().retainAll(all.stream().map(Application::id).toList());
        Map<ObjectId, List<String>> wrong = look(all);
        return all.stream()
                .flatMap(application -> wrong.getOrDefault(application.id(), List.of()).stream()
                        .map(what -> "application '" + application.displayName() + "': " + what))
                .toList();
    }

    /// DOM-11: records of an application that was deleted and still lead here, unless another one is published by the
    /// same name. Whoever gets the name here next would get its users.
    ///
    /// @param deleted of one tenant
    /// @return by application
    Map<ObjectId, List<String>> left(TenantId tenant, List<Application> deleted) {
        List<Domain> domains = ledger.read(stores -> stores.domains().list(tenant));
        Set<String> used = ledger.read(stores -> stores.applications().list(tenant)).stream()
                .flatMap(application -> application.publishing().stream())
                .flatMap(publishing -> Certificates.hosts(publishing).stream())
                .collect(Collectors.toSet());
        var all = new HashMap<ObjectId, List<String>>();
        boolean answers = true;
        for (Application application : deleted) {
            found.remove(application.id());
            var left = new ArrayList<String>();
            all.put(application.id(), left);
            for (String host : application.publishing().map(Certificates::hosts).orElse(List.of())) {
                if (Domains.isProven(domains, host) && !used.contains(host)) {
                    answers = answers && look(host, left); // once silent, each further question would take seconds
                    if (!answers) {
                        left.add("a DNS record of " + host + " may be left" + DELETE_IT);
                    }
                }
            }
        }
        return all;
    }

    /// @return whether the name service answers
    private boolean look(String host, List<String> left) {
        try {
            names.alias(sample(host))
                    .filter(this::isHere)
                    .map(alias -> "the DNS record " + host + ". CNAME " + alias + ". is left" + DELETE_IT)
                    .ifPresent(left::add);
            return true;
        } catch (DnsFault e) {
            return false;
        }
    }

    private boolean isHere(String alias) {
        return alias.equals(site.baseDomain()) || alias.endsWith("." + site.baseDomain());
    }

    /// What stands for a wildcard is any name that it covers.
    private static String sample(String host) {
        return host.startsWith("*.") ? "any" + host.substring(1) : host;
    }

    private boolean look(TenantId tenant, Publishing publishing, List<String> wrong) {
        List<Domain> domains = ledger.read(stores -> stores.domains().list(tenant));
        String target = target(tenant);
        for (String host : Certificates.hosts(publishing)) {
            // CPX-7: of a complex application the segments are reached, by one record for each or by one for all
            boolean isReached = publishing.segments().isEmpty() || !host.startsWith("*.");
            if (!isReached || !Domains.isProven(domains, host)) {
                continue;
            }
            try {
                judge(sample(host), host, target).ifPresent(wrong::add);
            } catch (DnsFault e) {
                wrong.add("'" + host + "' could not be looked up: " + e.getMessage());
                return false; // nor could the others, and each would take seconds
            }
        }
        return true;
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
