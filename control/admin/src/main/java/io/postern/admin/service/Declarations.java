package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Outcome.Violation;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.GroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import io.postern.store.Assignment;
import io.postern.store.Assignment.PrincipalType;
import io.postern.store.ConnectorGroup;
import io.postern.store.DuplicateKey;
import io.postern.store.Group;
import io.postern.store.GroupStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Many applications at once, as a file has them: all of it is done in one transaction, or nothing.
public final class Declarations {
    private static final int PAGE = 500;
    private static final String HIDE = "HideApp";

    /// One application before and after; absent where it was not, or is not any more.
    public record Step(Optional<Declared> before, Optional<Declared> after, List<String> warnings) {
        public Step {
            warnings = List.copyOf(warnings);
        }
    }

    /// Ends a transaction that was only to show what it would come to.
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient List<Step> steps;

        Planned(List<Step> steps) {
            super("planned", null, false, false);
            this.steps = steps;
        }
    }

    private final Ledger ledger;
    private final Applications applications;
    private final NameCheck names;
    private final SignOns signOns;

    public Declarations(Ledger ledger, Applications applications, NameCheck names, SignOns signOns) {
        this.ledger = ledger;
        this.signOns = signOns;
        this.names = names;
        this.applications = applications;
    }

    /// Every application that is published, signed on to or registered as a client, and not Postern's own.
    public List<Declared> list(TenantId tenant) {
        return ledger.read(stores -> {
            Map<String, String> groups = groupNames(stores, tenant);
            return stores.applications().list(tenant).stream()
                    .filter(a -> !a.system())
                    .map(a -> declared(stores, a, groups))
                    .filter(Declared::isSomething)
                    .toList();
        });
    }

    /// Deletes `doomed`, then brings each application to what is wanted, in this order.
    ///
    /// @param planOnly nothing is done, and the steps tell what would be
    /// @return a step for each doomed and each wanted one; violations name `applications[i].…` by place
    public Outcome<List<Step>> apply(Actor actor, List<Declaration> wanted, List<ObjectId> doomed, boolean planOnly) {
        signOns.prepare(unsigned(actor.tenant(), wanted));
        try {
            Outcome<List<Step>> done = ledger.change(actor, change -> {
                List<Step> steps = work(change, wanted, doomed);
                if (planOnly) {
                    throw new Planned(steps);
                }
                return steps;
            });
            return done instanceof Outcome.Done<List<Step>>(List<Step> steps)
                    ? Outcome.done(withNames(actor.tenant(), steps)) // after the transaction: name servers may be slow
                    : done;
        } catch (Planned planned) {
            return Outcome.done(planned.steps);
        }
    }

    /// How many will get their first signing certificate.
    private int unsigned(TenantId tenant, List<Declaration> wanted) {
        Set<String> saml = wanted.stream()
                .filter(d -> d.signOn()
                        .filter(on -> SignOnMode.SAML.text().equals(on.get("preferredSingleSignOnMode")))
                        .isPresent())
                .map(Declaration::displayName)
                .collect(Collectors.toSet());
        long signed = ledger.read(stores -> stores.applications().list(tenant).stream()
                .filter(a -> saml.contains(a.displayName()))
                .filter(a -> !stores.samlCertificates().list(tenant, a.appId()).isEmpty())
                .count());
        return Math.toIntExact(Math.max(0, saml.size() - signed));
    }

    /// DOM-10, DOM-11.
    private List<Step> withNames(TenantId tenant, List<Step> steps) {
        Map<ObjectId, List<String>> wrong = names.look(steps.stream()
                .filter(step -> !step.before().equals(step.after()))
                .flatMap(step -> step.after().stream())
                .map(Declared::application)
                .toList());
        Map<ObjectId, List<String>> left = names.left(
                tenant,
                steps.stream()
                        .filter(step -> step.after().isEmpty())
                        .flatMap(step -> step.before().stream())
                        .map(Declared::application)
                        .toList());
        return steps.stream()
                .map(step -> {
                    Map<ObjectId, List<String>> said = step.after().isPresent() ? wrong : left;
                    var warnings = new ArrayList<>(step.warnings());
                    step.after()
                            .or(step::before)
                            .map(declared -> declared.application().id())
                            .ifPresent(id -> warnings.addAll(said.getOrDefault(id, List.of())));
                    return new Step(step.before(), step.after(), List.copyOf(warnings));
                })
                .toList();
    }

    private List<Step> work(Change change, List<Declaration> wanted, List<ObjectId> doomed) {
        var steps = new ArrayList<Step>();
        Map<String, String> connectorGroups = groupNames(change.stores(), change.tenant());
        for (ObjectId id : doomed) {
            Application application = Applications.editable(change, id);
            Declared before = declared(change.stores(), application, connectorGroups);
            Applications.remove(change, application);
            steps.add(new Step(Optional.of(before), Optional.empty(), List.of()));
        }
        Map<String, List<GroupId>> groups =
                wanted.stream().anyMatch(d -> d.groups().given())
                        ? groupsByName(change.stores(), change.tenant())
                        : Map.of();
        var faults = new ArrayList<Violation>();
        var seen = new HashSet<String>();
        for (int i : leadersFirst(wanted)) {
            Declaration one = wanted.get(i);
            String place = "applications[" + i + "]";
            if (!seen.add(one.displayName())) {
                faults.add(new Violation(
                        place + ".displayName",
                        "'" + one.displayName() + "' is there twice; give each a name of its own"));
                continue;
            }
            try {
                steps.add(one(change, one, groups, connectorGroups));
            } catch (Rejected e) {
                faults.addAll(faults(place, e.outcome()));
            } catch (DuplicateKey e) {
                faults.add(
                        new Violation(place + "." + e.property(), e.getMessage() + "; choose another " + e.property()));
            }
        }
        if (!faults.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        return List.copyOf(steps);
    }

    /// Who follows another one comes after it, which may be new or have new roles.
    private static List<Integer> leadersFirst(List<Declaration> wanted) {
        var order = new ArrayList<Integer>();
        var followers = new ArrayList<Integer>();
        for (int i = 0; i < wanted.size(); i++) {
            (wanted.get(i).inStepWith().value().isPresent() ? followers : order).add(i);
        }
        order.addAll(followers);
        return order;
    }

    private static List<Violation> faults(String place, Outcome<Object> outcome) {
        return switch (outcome) {
            case Outcome.Invalid<Object>(List<Violation> violations) ->
                violations.stream()
                        .map(v -> new Violation(place + "." + path(v.field()), v.message()))
                        .toList();
            case Outcome.NotFound<Object>(String what) -> List.of(new Violation(place, what));
            case Outcome.Conflict<Object>(String why) -> List.of(new Violation(place + conflictAt(why), why));
            case Outcome.Forbidden<Object>(String why) -> List.of(new Violation(place, why));
            case Outcome.Done<Object> done -> throw new IllegalStateException("rejected by " + done);
        };
    }

    /// Where the declaration has what the single calls name.
    private static String path(String field) {
        return switch (field) {
            case "web.homePageUrl" -> "homePageUrl";
            case "displayName", "notes", "connectorGroup", "onPremisesPublishing" -> field;
            default ->
                field.startsWith("assigned")
                                || field.startsWith("assignmentsInStepWith")
                                || field.startsWith("appRoles")
                                || field.startsWith("web.")
                                || field.startsWith("spa.")
                                || field.startsWith("publicClient.")
                                || field.startsWith("api.")
                                || field.equals("accessTokenLifetimeMinutes")
                                || field.startsWith("tags")
                                || field.startsWith("signOn")
                        ? field
                        : "onPremisesPublishing." + field;
        };
    }

    private static String conflictAt(String why) {
        return why.startsWith("externalUrl")
                ? ".onPremisesPublishing.externalUrl"
                : why.startsWith("internalUrl") ? ".onPremisesPublishing.internalUrl" : "";
    }

    private Step one(
            Change change, Declaration one, Map<String, List<GroupId>> groups, Map<String, String> connectorGroups) {
        List<Application> called = change.applications().named(one.displayName());
        if (called.size() > 1) {
            throw Rejected.invalid(
                    "displayName",
                    called.size() + " applications are called '" + one.displayName()
                            + "', so none can be told from the others; rename or delete all but one");
        }
        Optional<ConnectorGroupId> group = one.connectorGroup().value().map(name -> connectorGroup(change, name));
        Optional<Declared> before = called.stream().findFirst().map(a -> declared(change.stores(), a, connectorGroups));
        Applications.Created made = before.isEmpty()
                ? created(change, one, group)
                : changed(change, before.get().application(), one, group);
        ObjectId id = made.application().id();
        applications.patch(
                change,
                id,
                new Applications.Patch(
                        Edit.none(),
                        Edit.none(),
                        one.registration().redirectUris(),
                        one.homePageUrl(),
                        one.registration().publicClient(),
                        one.registration().appRoles().map(roles -> sameIds(roles, made.application())),
                        one.notes()),
                sameIds(
                        one.registration().client(),
                        change.stores().clientSettings().of(change.tenant(), id)));
        ServicePrincipal principal = change.stores()
                .servicePrincipals()
                .findByAppId(change.tenant(), made.application().appId())
                .orElseGet(() -> Applications.addPrincipal(change, made.application()));
        ServicePrincipals.patch(
                change,
                principal.id(),
                new ServicePrincipals.Patch(one.enabled(), one.assignmentRequired(), tags(principal, one.visible())));
        one.signOn().ifPresent(signOn -> signOn(change, principal, signOn));
        SignOns.checkPreAuthentication(change.stores(), made.application());
        Application after = change.found(change.stores().applications().find(change.tenant(), id), "application", id);
        var warnings = new ArrayList<>(made.warnings());
        step(change, principal, one);
        warnings.addAll(assign(change, after, principal, one, groups));
        Declared now = declared(change.stores(), after, connectorGroups);
        warnings.addAll(NotCarried.warnings(change.stores(), before, now));
        return new Step(before, Optional.of(now), warnings);
    }

    /// A role that the application has by another id keeps that: users are assigned to it.
    private static List<AppRole> sameIds(List<AppRole> wanted, Application application) {
        return wanted.stream()
                .map(role -> application.appRoles().stream()
                        .filter(old -> old.value().isPresent() && old.value().equals(role.value()))
                        .findFirst()
                        .map(old -> new AppRole(
                                old.id(),
                                role.displayName(),
                                role.value(),
                                role.description(),
                                role.memberTypes(),
                                role.enabled()))
                        .orElse(role))
                .toList();
    }

    /// The same for scopes, which were consented to.
    private static ClientPatch sameIds(ClientPatch wanted, ClientSettings settings) {
        return wanted.withScopes(wanted.scopes()
                .map(scopes -> scopes.stream()
                        .map(scope -> settings.scopes().stream()
                                .filter(old -> old.value().equals(scope.value()))
                                .findFirst()
                                .map(old -> new ExposedScope(
                                        old.id(),
                                        scope.value(),
                                        scope.displayName(),
                                        scope.description(),
                                        scope.userMayConsent(),
                                        scope.enabled()))
                                .orElse(scope))
                        .toList()));
    }

    /// Nobody could be assigned, or signed on, without a service principal.
    private Applications.Created created(Change change, Declaration one, Optional<ConnectorGroupId> group) {
        Applications.Created made = applications.create(change, draft(one, group));
        if (made.principal().isEmpty()) {
            Applications.addPrincipal(change, made.application());
        }
        return made;
    }

    private void signOn(Change change, ServicePrincipal principal, Map<String, @Nullable Object> document) {
        try {
            signOns.patch(change, principal, document);
        } catch (Rejected e) {
            throw e.outcome() instanceof Outcome.Invalid<Object>(List<Violation> violations)
                    ? Rejected.invalid(violations.stream()
                            .map(v -> new Violation("signOn." + v.field(), v.message()))
                            .toList())
                    : e;
        }
    }

    private static Applications.Draft draft(Declaration one, Optional<ConnectorGroupId> group) {
        if (one.publishing().isEmpty()
                && one.signOn().isEmpty()
                && one.registration().isNothing()) {
            throw Rejected.invalid(
                    "onPremisesPublishing",
                    "there is no application '" + one.displayName()
                            + "' yet; to publish it, give onPremisesPublishing with its internalUrl, to sign on to it,"
                            + " give signOn, to register it as a client, give its redirect URIs");
        }
        return new Applications.Draft(
                one.displayName(), one.publishing(), group, List.of(), List.of(), Optional.empty(), false);
    }

    private Applications.Created changed(
            Change change, Application old, Declaration one, Optional<ConnectorGroupId> group) {
        boolean moves = group.isPresent() && !group.get().equals(ApplicationRules.effectiveGroup(change, old));
        if (moves) {
            applications.assignGroup(change, old.id(), group);
        }
        return one.publishing().isPresent()
                ? applications.publish(change, old.id(), one.publishing())
                : new Applications.Created(Applications.editable(change, old.id()), Optional.empty(), List.of());
    }

    private static Edit<List<String>> tags(ServicePrincipal principal, Edit<Boolean> visible) {
        if (visible.value().filter(v -> v != principal.isVisible()).isEmpty()) {
            return Edit.none();
        }
        var tags = new ArrayList<>(principal.tags());
        if (!tags.remove(HIDE)) {
            tags.add(HIDE);
        }
        return Edit.to(tags);
    }

    private static void step(Change change, ServicePrincipal principal, Declaration one) {
        if (!one.inStepWith().given()) {
            return;
        }
        Optional<String> leader = one.inStepWith().value();
        if (leader.isPresent()
                && (one.users().given()
                        || one.groups().given()
                        || one.assignmentRequired().given())) {
            throw Rejected.invalid(
                    "assignmentsInStepWith",
                    "an application that is kept in step with '" + leader.get() + "' has no assignedUsers,"
                            + " assignedGroups and appRoleAssignmentRequired of its own; leave them out (STEP-1)");
        }
        Steps.set(change, principal.id(), leader.map(name -> called(change, name)));
    }

    private static ServicePrincipalId called(Change change, String name) {
        List<Application> called = change.applications().named(name);
        return called.stream()
                .filter(_ -> called.size() == 1)
                .findFirst()
                .flatMap(a -> change.stores().servicePrincipals().findByAppId(change.tenant(), a.appId()))
                .map(ServicePrincipal::id)
                .orElseThrow(() -> Rejected.invalid(
                        "assignmentsInStepWith",
                        "there is no application '" + name + "', or more than one; name another, or leave it out"));
    }

    private static List<String> assign(
            Change change,
            Application application,
            ServicePrincipal principal,
            Declaration one,
            Map<String, List<GroupId>> groups) {
        var warnings = new ArrayList<String>();
        one.users()
                .value()
                .ifPresent(users -> warnings.addAll(
                        new DeclaredAssignments(change, application, principal, PrincipalType.USER, "assignedUsers")
                                .bring(users, name -> user(change, name))));
        one.groups()
                .value()
                .ifPresent(wanted -> warnings.addAll(
                        new DeclaredAssignments(change, application, principal, PrincipalType.GROUP, "assignedGroups")
                                .bring(wanted, name -> group(groups, name))));
        return warnings;
    }

    private static Optional<String> user(Change change, String name) {
        return change.stores()
                .users()
                .findByPrincipalName(name)
                .filter(user -> user.tenant().equals(change.tenant()))
                .map(user -> user.id().value());
    }

    private static Optional<String> group(Map<String, List<GroupId>> groups, String name) {
        List<GroupId> called = groups.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        if (called.size() > 1) {
            throw Rejected.invalid(
                    "assignedGroups", "several groups are called '" + name + "'; give them different names");
        }
        return called.stream().map(GroupId::value).findFirst();
    }

    private static ConnectorGroupId connectorGroup(Change change, String name) {
        return change.stores()
                .connectorGroups()
                .findByName(change.tenant(), name)
                .map(ConnectorGroup::id)
                .orElseThrow(() -> Rejected.invalid(
                        "connectorGroup", "there is no connector group '" + name + "'; add it first, or leave it out"));
    }

    private static Declared declared(Stores stores, Application application, Map<String, String> connectorGroups) {
        Optional<ServicePrincipal> principal =
                stores.servicePrincipals().findByAppId(application.tenant(), application.appId());
        List<Assignment> held = principal
                .map(p -> stores.assignments().ofResource(application.tenant(), p.id()))
                .orElse(List.of());
        return new Declared(
                application,
                principal,
                connectorGroups.getOrDefault(
                        application.group().map(ConnectorGroupId::value).orElse(""), ""),
                stores.profiles().notes(application.tenant(), application.id()),
                DeclaredAssignments.of(
                        held,
                        PrincipalType.USER,
                        application,
                        id -> stores.users()
                                .find(application.tenant(), new UserId(id))
                                .map(User::userPrincipalName)),
                DeclaredAssignments.of(
                        held,
                        PrincipalType.GROUP,
                        application,
                        id -> stores.groups()
                                .find(application.tenant(), new GroupId(id))
                                .map(Group::displayName)),
                principal
                        .flatMap(p -> Steps.leaderOf(stores, p.tenant(), p.id()))
                        .map(ServicePrincipal::displayName),
                stores.clientSettings().of(application.tenant(), application.id()),
                principal
                        .flatMap(p -> stores.samlSignOns().stored(p.tenant(), p.appId()))
                        .map(SamlSignOn::alone));
    }

    /// Names by id; that of the Default group also by nothing, since applications without a group are in it
    /// (GRP-3).
    private static Map<String, String> groupNames(Stores stores, TenantId tenant) {
        var names = new HashMap<String, String>();
        for (ConnectorGroup group : stores.connectorGroups().list(tenant)) {
            names.put(group.id().value(), group.name());
        }
        names.put("", stores.connectorGroups().defaultGroup(tenant).name());
        return Map.copyOf(names);
    }

    private static Map<String, List<GroupId>> groupsByName(Stores stores, TenantId tenant) {
        var byName = new HashMap<String, List<GroupId>>();
        GroupStore.Position after = GroupStore.Position.START;
        List<Group> page = stores.groups().list(tenant, after, PAGE);
        while (!page.isEmpty()) {
            page.forEach(group -> byName.computeIfAbsent(
                            group.displayName().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(group.id()));
            Group last = page.getLast();
            after = new GroupStore.Position(last.displayName(), last.id().value());
            page = stores.groups().list(tenant, after, PAGE);
        }
        return byName;
    }
}
