package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.outbound.OutboundMapping;
import io.postern.domain.outbound.OutboundSettings;
import io.postern.domain.outbound.OutboundSettings.Login;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.domain.sync.DeletionLimit;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore;
import io.postern.store.OutboundStore.Kind;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.token.Sealer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Provisioning of users and groups to applications, as administrators set and see it; one job for each
/// application. What we sign in with there is sealed, never shown, and has to be given anew with another
/// address: who may change settings must not learn it.
public final class OutboundJobs {
    private static final int FAULTS_SHOWN = 100;
    private static final Duration KEPT = Duration.ofDays(30);
    private static final List<AdminRole> TOLD =
            List.of(AdminRole.GLOBAL_ADMINISTRATOR, AdminRole.APPLICATION_ADMINISTRATOR);

    /// @param users that the application knows
    /// @param groups the same
    /// @param waiting for their turn, those with faults among them
    public record Seen(
            OutboundJob job, String application, long users, long groups, long waiting, List<Fault> faults) {}

    /// Who is not there as he is here.
    public record Fault(Kind kind, String subject, String name, String message, Instant again) {}

    private final Ledger ledger;
    private final Sealer sealer;
    private final Notices notices;

    public OutboundJobs(Ledger ledger, Sealer sealer, Site site) {
        this.ledger = ledger;
        this.sealer = sealer;
        this.notices = new Notices(site);
    }

    public Outcome<Seen> find(TenantId tenant, ServicePrincipalId resource) {
        return ledger.look(stores -> seen(stores, job(stores, tenant, resource)));
    }

    /// Makes it, or changes what is given. It sends nothing until it is started.
    public Outcome<Seen> set(Actor actor, ServicePrincipalId resource, OutboundDraft draft) {
        return ledger.change(actor, change -> {
            ServicePrincipal application = application(change.stores(), change.tenant(), resource);
            Optional<OutboundJob> old = change.stores().outbound().find(change.tenant(), resource);
            OutboundSettings settings = settings(old.map(OutboundJob::settings), draft);
            var job = new OutboundJob(
                    change.tenant(),
                    resource,
                    settings,
                    sealed(old, settings, resource, draft.secret()),
                    old.map(OutboundJob::enabled).orElse(false),
                    old.map(OutboundJob::created).orElse(change.now()),
                    OutboundJob.State.at(change.now()));
            change.stores().outbound().put(job);
            old.ifPresent(_ -> change.stores().outbound().due(change.tenant(), resource, change.now()));
            change.note(
                    old.isPresent() ? Activity.UPDATE_PROVISIONING : Activity.ADD_PROVISIONING,
                    resource,
                    application.displayName(),
                    old.map(was -> Differences.between(was.settings(), settings))
                            .orElse(List.of()),
                    draft.secret().given()
                            ? Map.of("target", settings.target(), "secret", "changed")
                            : Map.of("target", settings.target()));
            return seen(change.stores(), job(change.stores(), change.tenant(), resource));
        });
    }

    /// Sends from now on; also ends a quarantine.
    ///
    /// @param anew everything is sent again, whatever the application knows
    /// @param removals that are allowed now, in place of the limit
    public Outcome<Seen> start(Actor actor, ServicePrincipalId resource, boolean anew, Optional<Integer> removals) {
        return ledger.change(actor, change -> {
            ServicePrincipal application = application(change.stores(), change.tenant(), resource);
            OutboundJob job = job(change.stores(), change.tenant(), resource);
            if (removals.filter(count -> count < 0).isPresent()) {
                throw Rejected.invalid("allowedRemovals", "allowedRemovals must be a number from 0");
            }
            OutboundStore outbound = change.stores().outbound();
            outbound.put(job.withEnabled(true));
            outbound.restart(change.tenant(), resource, change.now(), removals);
            if (anew) {
                outbound.forgetSent(change.tenant(), resource);
            }
            change.note(
                    Activity.START_PROVISIONING,
                    resource,
                    application.displayName(),
                    Map.of(
                            "anew",
                            Boolean.toString(anew),
                            "allowedRemovals",
                            removals.map(count -> Integer.toString(count)).orElse("")));
            return seen(change.stores(), job(change.stores(), change.tenant(), resource));
        });
    }

    /// Sends nothing any more; what changes meanwhile is found at the next start.
    public Outcome<Seen> pause(Actor actor, ServicePrincipalId resource) {
        return ledger.change(actor, change -> {
            ServicePrincipal application = application(change.stores(), change.tenant(), resource);
            OutboundJob job = job(change.stores(), change.tenant(), resource);
            change.stores().outbound().put(job.withEnabled(false));
            change.note(Activity.PAUSE_PROVISIONING, resource, application.displayName());
            return seen(change.stores(), job.withEnabled(false));
        });
    }

    /// Users and groups stay in the application; what we know of them there goes.
    public Outcome<String> remove(Actor actor, ServicePrincipalId resource) {
        return ledger.change(actor, change -> {
            ServicePrincipal application = application(change.stores(), change.tenant(), resource);
            job(change.stores(), change.tenant(), resource);
            change.stores().outbound().delete(change.tenant(), resource);
            change.note(Activity.REMOVE_PROVISIONING, resource, application.displayName());
            return application.displayName();
        });
    }

    /// Somebody wants one user brought now.
    public Outcome<Seen> requested(Actor actor, ServicePrincipalId resource, String user) {
        return ledger.change(actor, change -> {
            OutboundJob job = job(change.stores(), change.tenant(), resource);
            String name = change.stores()
                    .users()
                    .find(change.tenant(), new UserId(user))
                    .map(User::userPrincipalName)
                    .or(() -> change.stores()
                            .outbound()
                            .link(job, Kind.USER, user)
                            .map(OutboundStore.Link::name))
                    .orElseThrow(() -> Rejected.notFound("user", user));
            change.note(Activity.PROVISION_ON_DEMAND, user, name, Map.of("servicePrincipal", resource.value()));
            return seen(change.stores(), job);
        });
    }

    public List<OutboundStore.Entry> log(TenantId tenant, OutboundStore.Query query) {
        return ledger.read(stores -> stores.outbound().log(tenant, query));
    }

    public Outcome<OutboundStore.Entry> logged(TenantId tenant, String id) {
        return ledger.look(
                stores -> stores.outbound().logged(tenant, id).orElseThrow(() -> Rejected.notFound("log entry", id)));
    }

    /// Removes what is older than the log is kept.
    public int purge() {
        Instant before = ledger.clock().instant().minus(KEPT);
        return ledger.write(stores -> stores.outbound().purgeLog(before));
    }

    /// What we sign in with; empty when the master key is another one.
    public Optional<byte[]> open(OutboundJob job) {
        return sealer.open(job.sealed(), job.resource().value());
    }

    /// The application fails for long; tells whoever administers applications, once for each quarantine.
    public void quarantined(OutboundJob job, String fault) {
        tell(job, Activity.QUARANTINE_PROVISIONING, "quarantine", "provisioning.quarantine", fault);
    }

    /// More removals than may be without somebody's word.
    public void held(OutboundJob job, int removals, String objection) {
        tell(job, Activity.HOLD_REMOVALS, "held:" + removals, "provisioning.held", objection);
    }

    private void tell(OutboundJob job, Activity activity, String about, String key, String why) {
        ledger.write(job.tenant(), change -> {
            String name =
                    application(change.stores(), job.tenant(), job.resource()).displayName();
            change.note(activity, job.resource(), name, Map.of("reason", why));
            TOLD.stream()
                    .flatMap(role -> change.stores().roles().holders(job.tenant(), role.templateId()).stream())
                    .distinct()
                    .flatMap(id -> change.stores().users().find(job.tenant(), new UserId(id)).stream())
                    .filter(user -> user.accountEnabled())
                    .forEach(user -> notices.tell(
                            change,
                            user,
                            "provisioning:" + job.resource() + ":" + about + "@" + change.now(),
                            key,
                            "",
                            name,
                            why));
            return job;
        });
    }

    private OutboundSettings settings(Optional<OutboundSettings> old, OutboundDraft draft) {
        String target = draft.target()
                .map(text -> url("targetUrl", text))
                .or(old.map(OutboundSettings::target).orElse(""));
        if (target.isEmpty()) {
            throw Rejected.invalid("targetUrl", "targetUrl is missing; give the URL of the application's SCIM service");
        }
        Login login = draft.client().given()
                ? draft.client().value().map(OutboundJobs::login).orElseGet(Login.Token::new)
                : old.map(OutboundSettings::login).orElseGet(Login.Token::new);
        Map<String, String> mapping =
                draft.mapping().or(old.map(OutboundSettings::mapping).orElse(Map.of()));
        try {
            OutboundMapping.of(mapping);
        } catch (IllegalArgumentException e) {
            throw Rejected.invalid("attributeMappings", String.valueOf(e.getMessage()));
        }
        return new OutboundSettings(
                target,
                login,
                draft.match().or(old.map(OutboundSettings::match).orElse(Match.USER_NAME)),
                draft.steps()
                        .<Set<Step>>map(Set::copyOf)
                        .or(old.map(OutboundSettings::steps).orElse(EnumSet.allOf(Step.class))),
                draft.groups().or(old.map(OutboundSettings::groups).orElse(true)),
                mapping,
                limit(old.map(OutboundSettings::deletions).orElse(DeletionLimit.DEFAULT), draft));
    }

    private static DeletionLimit limit(DeletionLimit old, OutboundDraft draft) {
        try {
            return new DeletionLimit(
                    draft.deletions().or(old.count()), draft.deletionsPercent().or(old.percent()));
        } catch (IllegalArgumentException e) {
            throw Rejected.invalid("deletionThreshold", String.valueOf(e.getMessage()));
        }
    }

    private static Login login(OutboundDraft.Client client) {
        if (client.id().isBlank()) {
            throw Rejected.invalid("clientId", "clientId is missing; it is what the token endpoint calls us");
        }
        return new Login.ClientCredentials(
                url("tokenUrl", client.tokenUrl()),
                client.id().strip(),
                client.scope().strip());
    }

    private static String url(String field, String text) {
        String stripped = text.strip().replaceFirst("/+$", "");
        try {
            var uri = new URI(stripped);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && stripped.length() <= 2_000) {
                return stripped;
            }
        } catch (URISyntaxException e) {
            throw Rejected.invalid(field, field + " '" + text + "' is no URL: " + e.getReason());
        }
        throw Rejected.invalid(
                field, field + " '" + text + "' must be https://host/path, without user, query and fragment");
    }

    private String sealed(
            Optional<OutboundJob> old, OutboundSettings settings, ServicePrincipalId resource, Edit<Secret> secret) {
        if (secret.value().isPresent()) {
            String text = secret.value().get().reveal();
            if (text.isBlank() || text.length() > 8_192 || text.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
                throw Rejected.invalid("secret", "secret must have 1 to 8192 printable ASCII characters");
            }
            return sealer.seal(text.getBytes(StandardCharsets.UTF_8), resource.value());
        }
        return old.filter(was -> was.settings().login().equals(settings.login())
                        && was.settings().target().equals(settings.target()))
                .map(OutboundJob::sealed)
                .orElseThrow(() -> Rejected.invalid(
                        "secret", "secret is missing; it has to be given with each new address, and is never shown"));
    }

    private static Seen seen(Stores stores, OutboundJob job) {
        OutboundStore outbound = stores.outbound();
        List<Fault> faults = outbound.faults(job, FAULTS_SHOWN).stream()
                .map(note -> new Fault(
                        note.kind(),
                        note.subject(),
                        name(stores, job, note),
                        note.fault().orElse(""),
                        note.due()))
                .toList();
        return new Seen(
                job,
                application(stores, job.tenant(), job.resource()).displayName(),
                outbound.links(job, Kind.USER),
                outbound.links(job, Kind.GROUP),
                outbound.waiting(job),
                faults);
    }

    private static String name(Stores stores, OutboundJob job, OutboundStore.Note note) {
        Stream<String> here = switch (note.kind()) {
            case USER ->
                stores.users().find(job.tenant(), new UserId(note.subject())).map(u -> u.userPrincipalName()).stream();
            case GROUP ->
                stores.groups().find(job.tenant(), new GroupId(note.subject())).map(g -> g.displayName()).stream();
        };
        return here.findFirst().orElse(note.subject());
    }

    private static OutboundJob job(Stores stores, TenantId tenant, ServicePrincipalId resource) {
        application(stores, tenant, resource);
        return stores.outbound()
                .find(tenant, resource)
                .orElseThrow(() -> Rejected.notFound("provisioning to service principal", resource));
    }

    private static ServicePrincipal application(Stores stores, TenantId tenant, ServicePrincipalId resource) {
        return stores.servicePrincipals()
                .find(tenant, resource)
                .orElseThrow(() -> Rejected.notFound("service principal", resource));
    }
}
