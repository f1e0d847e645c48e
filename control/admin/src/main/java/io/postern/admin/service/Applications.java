package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.store.AuditEntry;
import io.postern.store.ConnectorGroup;
import io.postern.store.ServicePrincipal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Registrations and their publication: three linked things of which none is left alone (1.1, APP-2).
public final class Applications {
    /// What portal and API make when they publish (1.1).
    static final List<String> PUBLISHED_TAGS =
            List.of("WindowsAzureActiveDirectoryOnPremApp", "WindowsAzureActiveDirectoryIntegratedApp");

    /// A new application; `publishing` also creates the service principal.
    public record Draft(
            String displayName,
            Optional<PublishingDraft> publishing,
            Optional<ConnectorGroupId> group,
            List<String> identifierUris,
            List<String> redirectUris,
            Optional<String> homePageUrl,
            boolean publicClient) {
        public Draft {
            identifierUris = List.copyOf(identifierUris);
            redirectUris = List.copyOf(redirectUris);
        }

        public static Draft of(String displayName, Optional<PublishingDraft> publishing) {
            return new Draft(displayName, publishing, Optional.empty(), List.of(), List.of(), Optional.empty(), false);
        }
    }

    /// Changes of the registration; publishing has its own call (GRF-1).
    public record Patch(
            Edit<String> displayName,
            Edit<List<String>> identifierUris,
            Edit<List<String>> redirectUris,
            Edit<String> homePageUrl,
            Edit<Boolean> publicClient,
            Edit<List<AppRole>> appRoles,
            Edit<String> notes) {}

    /// @param principal there when it was made in the same call
    public record Created(Application application, Optional<ServicePrincipal> principal, List<String> warnings) {}

    private static final int NOTES_MAX = 1024;

    private final Ledger ledger;
    private final PublishingRules rules;
    private final Site site;
    private final GroupWarnings groupWarnings;
    private final Certificates certificates;
    private final NameCheck names;

    public Applications(
            Ledger ledger,
            PublishingRules rules,
            Site site,
            GroupWarnings groupWarnings,
            Certificates certificates,
            NameCheck names) {
        this.certificates = certificates;
        this.names = names;
        this.groupWarnings = groupWarnings;
        this.ledger = ledger;
        this.rules = rules;
        this.site = site;
    }

    public List<Application> list(TenantId tenant) {
        return ledger.read(stores -> stores.applications().list(tenant));
    }

    public Outcome<Application> find(TenantId tenant, ObjectId id) {
        return ledger.look(stores ->
                stores.applications().find(tenant, id).orElseThrow(() -> Rejected.notFound("application", id)));
    }

    public Outcome<ConnectorGroup> groupOf(TenantId tenant, ObjectId id) {
        return ledger.look(stores -> stores.applications()
                .find(tenant, id)
                .orElseThrow(() -> Rejected.notFound("application", id))
                .group()
                .flatMap(group -> stores.connectorGroups().find(tenant, group))
                .orElseGet(() -> stores.connectorGroups().defaultGroup(tenant)));
    }

    /// Creates the registration, and with a publishing draft everything that users need to come in.
    public Outcome<Created> create(Actor actor, Draft draft) {
        return create(actor, draft, List.of(), ClientPatch.NONE);
    }

    /// As above, with app roles and what it is to say as a client.
    public Outcome<Created> create(Actor actor, Draft draft, List<AppRole> appRoles, ClientPatch client) {
        Outcome<Created> made = ledger.change(actor, change -> {
            Created created = create(change, draft, appRoles);
            if (!client.isNothing()) {
                Clients.put(change, created.application().id(), client);
            }
            return created;
        });
        return made instanceof Outcome.Done<Created>(Created created)
                ? Outcome.done(withNames(created)) // after the transaction: name servers may be slow
                : made;
    }

    private Created withNames(Created created) {
        var warnings = new ArrayList<>(created.warnings());
        warnings.addAll(names.look(created.application()));
        return new Created(created.application(), created.principal(), List.copyOf(warnings));
    }

    Created create(Change change, Draft draft) {
        return create(change, draft, List.of());
    }

    private Created create(Change change, Draft draft, List<AppRole> appRoles) {
        checkName(draft.displayName());
        draft.group()
                .ifPresent(group -> change.found(
                        change.stores().connectorGroups().find(change.tenant(), group), "connector group", group));
        Optional<PublishingRules.Checked> checked =
                draft.publishing().map(p -> check(change, p, Optional.empty(), draft.displayName()));
        Application bare = new Application(
                change.tenant(),
                ObjectId.random(),
                AppId.random(),
                draft.displayName(),
                draft.identifierUris(),
                redirects(draft.redirectUris()),
                home(draft.homePageUrl()),
                Optional.empty(),
                draft.group(),
                draft.publicClient(),
                false,
                change.now(),
                appRoles);
        AppRoles.check(appRoles);
        Application application = checked.map(c -> ManagedParts.published(bare, Optional.of(c.publishing())))
                .orElse(bare);
        ApplicationRules.check(change, application);
        draft.publishing()
                .ifPresent(p ->
                        certificates.keep(change, p, application.publishing().orElseThrow()));
        change.applications().insert(application);
        var details = new HashMap<>(details(application));
        Owners.begin(change, application).ifPresent(owner -> details.put("owner", owner.userPrincipalName()));
        change.note(Activity.ADD_APPLICATION, application.id(), application.displayName(), details);
        Optional<ServicePrincipal> principal = checked.map(_ -> addPrincipal(change, application));
        return new Created(
                application,
                principal,
                checked.map(c -> warnings(change, application, c)).orElse(List.of()));
    }

    /// @param client what is to change of it as a client
    /// @param encryption what is to change in the document of its sign-on
    public Outcome<Application> patch(
            Actor actor,
            ObjectId id,
            Patch patch,
            ClientPatch client,
            Map<String, ? extends @Nullable Object> encryption) {
        return ledger.change(actor, change -> patch(change, id, patch, client, encryption));
    }

    Application patch(Change change, ObjectId id, Patch patch, ClientPatch client) {
        return patch(change, id, patch, client, Map.of());
    }

    private Application patch(
            Change change,
            ObjectId id,
            Patch patch,
            ClientPatch client,
            Map<String, ? extends @Nullable Object> encryption) {
        Application old = editable(change, id);
        String name = patch.displayName().or(old.displayName());
        checkName(name);
        Set<String> managed = ManagedParts.redirects(old.publishing());
        var redirects = new TreeSet<>(redirects(patch.redirectUris().or(old.redirectUris())));
        redirects.addAll(managed); // APP-1: not the administrator's to take away
        Application changed = new Application(
                old.tenant(),
                old.id(),
                old.appId(),
                name,
                patch.identifierUris().or(old.identifierUris()),
                List.copyOf(redirects),
                home(patch.homePageUrl().orKeep(old.homePageUrl())),
                old.publishing(),
                old.group(),
                patch.publicClient().or(old.publicClient()),
                old.system(),
                old.created(),
                AppRoles.changed(change, old, patch.appRoles().or(old.appRoles())));
        if (!changed.appRoles().equals(old.appRoles())) {
            change.stores()
                    .servicePrincipals()
                    .findByAppId(change.tenant(), old.appId())
                    .ifPresent(principal -> Steps.refuseFollower(change, principal));
        }
        ApplicationRules.check(change, changed);
        var modified = new ArrayList<>(Differences.between(old, changed));
        if (!changed.equals(old)) {
            change.applications().update(changed);
            Steps.followRoles(change, changed);
        }
        if (!name.equals(old.displayName())) {
            rename(change, changed);
        }
        if (!client.isNothing()) {
            ClientSettings before = change.stores().clientSettings().of(change.tenant(), id);
            modified.addAll(Differences.between(before, Clients.put(change, id, client)));
        }
        if (patch.notes().given()) {
            modified.addAll(keepNotes(change, changed, patch.notes().value()));
        }
        modified.addAll(RegistrationMirror.follow(change, old, changed, patch));
        modified.addAll(SignOns.encrypt(change, changed, encryption));
        if (!modified.isEmpty()) { // one event, whatever of it changed
            change.note(Activity.UPDATE_APPLICATION, id, name, modified, details(changed));
        }
        return changed;
    }

    /// @return empty where there are none, or no such application
    public Optional<String> notes(TenantId tenant, ObjectId id) {
        return ledger.read(stores -> stores.profiles().notes(tenant, id));
    }

    public Map<ObjectId, String> notesOfAll(TenantId tenant) {
        return ledger.read(stores -> stores.profiles().notesOfAll(tenant));
    }

    static void note(Change change, Application application, Optional<String> asked) {
        List<AuditEntry.Modified> modified = keepNotes(change, application, asked);
        if (!modified.isEmpty()) {
            change.note(Activity.UPDATE_APPLICATION, application.id(), application.displayName(), modified, Map.of());
        }
    }

    private static List<AuditEntry.Modified> keepNotes(Change change, Application application, Optional<String> asked) {
        Optional<String> notes = asked.filter(text -> !text.isEmpty());
        if (notes.filter(text -> text.length() > NOTES_MAX).isPresent()) {
            throw Rejected.invalid(
                    "notes",
                    "notes has " + notes.get().length() + " characters; it may have " + NOTES_MAX + " at most (4.1)");
        }
        Optional<String> before = change.stores().profiles().notes(change.tenant(), application.id());
        if (notes.equals(before)) {
            return List.of();
        }
        change.stores().profiles().setNotes(change.tenant(), application.id(), notes);
        return List.of(new AuditEntry.Modified("notes", before.orElse(""), notes.orElse("")));
    }

    /// Publishes, changes the publication, or with an empty draft takes it back.
    ///
    /// @return the application, with warnings
    public Outcome<Created> publish(Actor actor, ObjectId id, Optional<PublishingDraft> draft) {
        Outcome<Created> published = ledger.change(actor, change -> {
            Created done = publish(change, id, draft);
            SignOns.checkPreAuthentication(change.stores(), done.application());
            return done;
        });
        return published instanceof Outcome.Done<Created>(Created created)
                ? Outcome.done(withNames(created))
                : published;
    }

    Created publish(Change change, ObjectId id, Optional<PublishingDraft> draft) {
        Application old = editable(change, id);
        Optional<PublishingRules.Checked> checked =
                draft.map(d -> check(change, d, old.publishing(), old.displayName()));
        Application changed = ManagedParts.published(old, checked.map(PublishingRules.Checked::publishing));
        ApplicationRules.check(change, changed);
        draft.ifPresent(d -> certificates.keep(change, d, changed.publishing().orElseThrow()));
        update(change, old, changed);
        boolean alone = change.stores()
                .servicePrincipals()
                .findByAppId(change.tenant(), old.appId())
                .isEmpty();
        Optional<ServicePrincipal> principal = checked.isPresent() && alone
                ? Optional.of(addPrincipal(change, changed)) // nobody could be assigned without it
                : Optional.empty();
        return new Created(
                changed,
                principal,
                checked.map(c -> warnings(change, changed, c)).orElse(List.of()));
    }

    /// @param group empty: the tenant's Default group (GRP-3)
    public Outcome<Application> assignGroup(Actor actor, ObjectId id, Optional<ConnectorGroupId> group) {
        return ledger.change(actor, change -> assignGroup(change, id, group));
    }

    Application assignGroup(Change change, ObjectId id, Optional<ConnectorGroupId> group) {
        Application old = editable(change, id);
        group.ifPresent(
                g -> change.found(change.stores().connectorGroups().find(change.tenant(), g), "connector group", g));
        Application changed = new Application(
                old.tenant(),
                old.id(),
                old.appId(),
                old.displayName(),
                old.identifierUris(),
                old.redirectUris(),
                old.homePageUrl(),
                old.publishing(),
                group,
                old.publicClient(),
                old.system(),
                old.created(),
                old.appRoles());
        ApplicationRules.check(change, changed);
        update(change, old, changed);
        return changed;
    }

    /// Deletes registration and service principal together (APP-2).
    public Outcome<Application> delete(Actor actor, ObjectId id) {
        return ledger.change(actor, change -> remove(change, editable(change, id)));
    }

    /// What a deletion left behind outside (DOM-11). Blocks while the name service is silent.
    public List<String> leftBy(Application deleted) {
        return names.left(deleted.tenant(), List.of(deleted)).getOrDefault(deleted.id(), List.of());
    }

    /// The same from the other side: enterprise applications are deleted with their registration.
    public Outcome<Application> deleteOf(Actor actor, ServicePrincipalId id) {
        return ledger.change(actor, change -> {
            ServicePrincipal principal = change.found(
                    change.stores().servicePrincipals().find(change.tenant(), id), "service principal", id);
            Application application = change.found(
                    change.stores().applications().findByAppId(principal.appId()), "application", principal.appId());
            return remove(change, editable(change, application.id()));
        });
    }

    /// Those of the rules, and APP-7: of a group that cannot do its work.
    private List<String> warnings(Change change, Application application, PublishingRules.Checked checked) {
        var all = new ArrayList<>(checked.warnings());
        all.addAll(Certificates.missing(change.stores(), change.tenant(), checked.publishing(), change.now()));
        change.stores()
                .connectorGroups()
                .find(change.tenant(), ApplicationRules.effectiveGroup(change, application))
                .ifPresent(group -> all.addAll(groupWarnings.of(change.stores(), group)));
        return List.copyOf(all);
    }

    static Application remove(Change change, Application application) {
        change.stores()
                .servicePrincipals()
                .findByAppId(change.tenant(), application.appId())
                .ifPresent(principal -> {
                    change.stores().servicePrincipals().delete(change.tenant(), principal.id());
                    change.note(Activity.DELETE_SERVICE_PRINCIPAL, principal.id(), principal.displayName());
                });
        change.applications().delete(application.id());
        change.note(Activity.DELETE_APPLICATION, application.id(), application.displayName(), details(application));
        return application;
    }

    static Application editable(Change change, ObjectId id) {
        Application application =
                change.found(change.stores().applications().find(change.tenant(), id), "application", id);
        if (application.system()) {
            throw Rejected.forbidden(
                    "application '" + application.displayName() + "' belongs to Postern itself and cannot be changed");
        }
        return application;
    }

    private PublishingRules.Checked check(
            Change change, PublishingDraft draft, Optional<Publishing> current, String displayName) {
        String tenantName = change.found(change.stores().tenants().find(change.tenant()), "tenant", change.tenant())
                .name();
        PublishingRules.Checked checked = rules.check(
                draft,
                current,
                displayName,
                tenantName,
                change.stores().domains().list(change.tenant()));
        Domains.refuseForeign(change, Certificates.hosts(checked.publishing()));
        return checked;
    }

    static ServicePrincipal addPrincipal(Change change, Application application) {
        var principal = new ServicePrincipal(
                change.tenant(),
                ServicePrincipalId.random(),
                application.appId(),
                application.displayName(),
                true,
                true, // CONFLICT 14: only assigned users, until somebody decides otherwise
                PUBLISHED_TAGS,
                change.now());
        change.stores().servicePrincipals().insert(principal);
        change.note(Activity.ADD_SERVICE_PRINCIPAL, principal.id(), principal.displayName());
        return principal;
    }

    /// What changes nothing is no change: no audit entry, no new configuration.
    private static void update(Change change, Application old, Application changed) {
        if (changed.equals(old)) {
            return;
        }
        change.applications().update(changed);
        change.note(
                Activity.UPDATE_APPLICATION,
                changed.id(),
                changed.displayName(),
                Differences.between(old, changed),
                details(changed));
    }

    private static void rename(Change change, Application changed) {
        change.stores()
                .servicePrincipals()
                .findByAppId(change.tenant(), changed.appId())
                .ifPresent(sp -> change.stores()
                        .servicePrincipals()
                        .update(new ServicePrincipal(
                                sp.tenant(),
                                sp.id(),
                                sp.appId(),
                                changed.displayName(),
                                sp.accountEnabled(),
                                sp.appRoleAssignmentRequired(),
                                sp.tags(),
                                sp.created())));
    }

    private static void checkName(String displayName) {
        if (displayName.isBlank() || displayName.length() > 120) {
            throw Rejected.invalid("displayName", "displayName must have 1 to 120 characters");
        }
    }

    /// Exact, absolute, without a fragment (RFC 6749 §3.1.2); http on loopback only.
    private List<String> redirects(List<String> uris) {
        return uris.stream()
                .map(uri -> checkedUrl("web.redirectUris", uri))
                .distinct()
                .toList();
    }

    private Optional<String> home(Optional<String> url) {
        return url.map(u -> checkedUrl("web.homePageUrl", u));
    }

    private String checkedUrl(String field, String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme())
                            && Set.of("localhost", "127.0.0.1", "[::1]").contains(String.valueOf(uri.getHost())));
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                boolean ours = uri.getHost().endsWith("." + site.baseDomain());
                return ours ? site.withoutPort(text) : text;
            }
        } catch (URISyntaxException e) {
            throw Rejected.invalid(field, field + " '" + text + "' is not a URL: " + e.getReason());
        }
        throw Rejected.invalid(
                field,
                field + " '" + text + "' must be https://host/path (http only for localhost), without a fragment");
    }

    private static Map<String, String> details(Application application) {
        return application
                .publishing()
                .map(p -> Map.of(
                        "externalUrl", p.externalUrl().toString(),
                        "internalUrl", p.internalUrl().toString(),
                        "externalAuthenticationType", p.preAuthentication().graphValue()))
                .orElse(Map.of());
    }
}
