package io.postern.admin.outbound;

import io.postern.admin.outbound.DeliveryFault.Kind;
import io.postern.admin.outbound.ScimTarget.Operation;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.outbound.OutboundMapping;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.domain.outbound.OutboundUser;
import io.postern.domain.outbound.OutboundUser.Here;
import io.postern.domain.outbound.OutboundUser.Plan;
import io.postern.domain.scim.ResourceType;
import io.postern.store.DuplicateKey;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore;
import io.postern.store.OutboundStore.Link;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Brings one user to an application, whatever has become of him here.
final class UserDelivery {
    private static final OutboundStore.Kind USER = OutboundStore.Kind.USER;

    private final Store store;
    private final OutboundJob job;
    private final OutboundMapping mapping;
    private final ScimTarget target;
    private final InstantSource clock;

    UserDelivery(Store store, OutboundJob job, ScimTarget target, InstantSource clock) {
        this.store = store;
        this.job = job;
        this.mapping = OutboundMapping.of(job.settings().mapping());
        this.target = target;
        this.clock = clock;
    }

    /// A user as he is now.
    private record Facts(OutboundUser user, Optional<Link> link, String name) {}

    private static Facts facts(Stores stores, OutboundJob job, OutboundMapping mapping, String subject, Instant now) {
        TenantId tenant = job.tenant();
        UserId id = new UserId(subject);
        Optional<User> user = stores.users().find(tenant, id);
        Optional<Link> link = stores.outbound().link(job, USER, subject);
        Here here;
        if (user.isEmpty()) {
            here = stores.users().findDeleted(tenant, id).isPresent() ? Here.OUT_OF_SCOPE : Here.GONE;
        } else if (stores.assignments().inForce(tenant, job.resource(), id, now).isEmpty()) {
            here = Here.OUT_OF_SCOPE;
        } else {
            here = user.get().accountEnabled() ? Here.ENTITLED : Here.DISABLED;
        }
        return new Facts(
                new OutboundUser(here, user.map(u -> Told.of(u, mapping)).orElse(Map.of()), link.map(Link::sent)),
                link,
                user.map(User::userPrincipalName).or(() -> link.map(Link::name)).orElse(subject));
    }

    /// What would be done, in a transaction of the caller's.
    static Plan plan(Stores stores, OutboundJob job, OutboundMapping mapping, String subject, Instant now) {
        return facts(stores, job, mapping, subject, now).user().plan(job.settings());
    }

    /// Does it, and keeps what the application knows then.
    void deliver(String subject, DeliveryReport report) throws DeliveryFault {
        Facts facts = store.read(stores -> facts(stores, job, mapping, subject, clock.instant()));
        report.name(facts.name());
        facts.link().ifPresent(link -> report.remote(link.remote()));
        switch (facts.user().plan(job.settings())) {
            case Plan.Nothing(String why) -> nothing(subject, facts, why, report);
            case Plan.Create(Map<String, String> values) -> create(subject, facts.name(), values, report);
            case Plan.Update(Map<String, String> values) ->
                update("update", subject, facts.name(), facts.link().orElseThrow(), values, report);
            case Plan.Disable(Map<String, String> values) ->
                update("disable", subject, facts.name(), facts.link().orElseThrow(), values, report);
            case Plan.Delete _ -> delete(subject, facts.link().orElseThrow(), report);
        }
    }

    /// Of whom nothing is here any more nothing is kept.
    private void nothing(String subject, Facts facts, String why, DeliveryReport report) {
        report.skipped(why);
        if (facts.user().here() == Here.GONE && facts.link().isPresent()) {
            change(stores -> stores.outbound().unlink(job, USER, subject));
        }
    }

    private void create(String subject, String name, Map<String, String> values, DeliveryReport report)
            throws DeliveryFault {
        report.step("scope", "success", "assigned to the application");
        Optional<String> there = match(values);
        if (there.isPresent()) {
            take(subject, name, there.get(), values, report);
            return;
        }
        report.step("match", "success", "the application does not know " + matched(values));
        report.action("create");
        String remote;
        try {
            remote = target.create(USER, document(values));
        } catch (DeliveryFault e) {
            Optional<String> twin = e.kind() == Kind.TAKEN ? match(values) : Optional.empty();
            if (twin.isEmpty()) {
                throw e;
            }
            take(subject, name, twin.get(), values, report);
            return;
        }
        report.remote(remote);
        report.modified(Map.of(), values);
        keep(new Link(USER, subject, remote, name, values, true), true);
        report.done("made in the application");
    }

    /// Somebody who is there already is he.
    private void take(String subject, String name, String remote, Map<String, String> values, DeliveryReport report)
            throws DeliveryFault {
        report.step("match", "success", "the application knows " + matched(values) + " as '" + remote + "'");
        report.action("update");
        report.remote(remote);
        var link = new Link(USER, subject, remote, name, Map.of(), true);
        if (store.read(stores -> stores.outbound().linkOf(job, USER, remote))
                .filter(other -> !other.subject().equals(subject))
                .isPresent()) {
            throw new DeliveryFault(Kind.TAKEN, "the application's '" + remote + "' is another user's of ours already");
        }
        if (job.settings().may(Step.UPDATE)) {
            target.patch(USER, remote, operations(Map.of(), values));
            link = new Link(USER, subject, remote, name, values, true);
        }
        report.modified(Map.of(), link.sent());
        keep(link, true);
        report.done(job.settings().may(Step.UPDATE) ? "taken over and updated" : "taken over; update is switched off");
    }

    private void update(
            String action, String subject, String name, Link link, Map<String, String> values, DeliveryReport report)
            throws DeliveryFault {
        report.step(
                "scope", "success", action.equals("disable") ? "not entitled any more" : "known to the application");
        report.action(action);
        try {
            target.patch(USER, link.remote(), operations(link.sent(), values));
        } catch (DeliveryFault e) {
            if (e.kind() != Kind.GONE) {
                throw e;
            }
            change(stores -> {
                stores.outbound().unlink(job, USER, subject);
                stores.outbound().note(job, USER, List.of(subject));
            });
            throw e;
        }
        report.modified(link.sent(), values);
        boolean active = isActive(values);
        keep(new Link(USER, subject, link.remote(), name, values, active), active != link.active());
        report.done(action.equals("disable") ? "disabled in the application" : "updated in the application");
    }

    private void delete(String subject, Link link, DeliveryReport report) throws DeliveryFault {
        report.step("scope", "success", "deleted here");
        report.action("delete");
        target.delete(USER, link.remote());
        change(stores -> stores.outbound().unlink(job, USER, subject));
        report.done("deleted in the application");
    }

    private Optional<String> match(Map<String, String> values) throws DeliveryFault {
        String attribute = job.settings().match().attribute();
        String value = values.getOrDefault(attribute, "");
        if (value.isEmpty()) {
            throw new DeliveryFault(Kind.OBJECT, "the user has no " + attribute + " to be found by; see the mapping");
        }
        return target.find(USER, attribute, value);
    }

    private String matched(Map<String, String> values) {
        String attribute = job.settings().match().attribute();
        return attribute + " '" + values.getOrDefault(attribute, "") + "'";
    }

    /// @param groups whether groups have to be told of him
    private void keep(Link link, boolean groups) throws DeliveryFault {
        try {
            change(stores -> {
                stores.outbound().put(job, link);
                if (groups) {
                    stores.outbound().noteGroupsOf(job, link.subject());
                }
            });
        } catch (DuplicateKey e) {
            throw new DeliveryFault(
                    Kind.TAKEN, "the application's '" + link.remote() + "' is another user's of ours already");
        }
    }

    private void change(Consumer<Stores> work) {
        store.write(stores -> {
            work.accept(stores);
            return true;
        });
    }

    private static boolean isActive(Map<String, String> values) {
        return !values.getOrDefault(OutboundMapping.ACTIVE, "true").equals("false");
    }

    private static Map<String, Object> document(Map<String, String> values) {
        var mapped = new TreeMap<>(values);
        mapped.remove(OutboundMapping.ACTIVE);
        Map<String, Object> document = new TreeMap<>(OutboundMapping.document(mapped));
        document.put(OutboundMapping.ACTIVE, isActive(values));
        var schemas = new ArrayList<>(List.of(ResourceType.USER_SCHEMA));
        document.keySet().stream().filter(name -> name.startsWith("urn:")).forEach(schemas::add);
        document.put("schemas", schemas);
        return document;
    }

    /// One for each attribute that differs; `add` where the application may not have it yet.
    static List<Operation> operations(Map<String, String> before, Map<String, String> after) {
        var operations = new ArrayList<Operation>();
        after.forEach((path, value) -> {
            if (!value.equals(before.get(path))) {
                Object sent = path.equals(OutboundMapping.ACTIVE) ? (Object) value.equals("true") : value;
                boolean replaces = before.containsKey(path) || path.equals(OutboundMapping.ACTIVE);
                operations.add(new Operation(replaces ? "replace" : "add", path, Optional.of(sent)));
            }
        });
        before.keySet().stream()
                .filter(path -> !after.containsKey(path))
                .forEach(path -> operations.add(new Operation("remove", path, Optional.empty())));
        return operations;
    }
}
