package io.postern.admin.outbound;

import io.postern.admin.outbound.DeliveryFault.Kind;
import io.postern.admin.outbound.ScimTarget.Operation;
import io.postern.domain.GroupId;
import io.postern.domain.outbound.OutboundMapping;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.domain.scim.ResourceType;
import io.postern.store.Assignment.PrincipalType;
import io.postern.store.DuplicateKey;
import io.postern.store.Group;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore;
import io.postern.store.OutboundStore.Link;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.web.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Brings one group to an application, with those of its direct members whom the application knows.
final class GroupDelivery {
    private static final OutboundStore.Kind GROUP = OutboundStore.Kind.GROUP;

    /// So many members are told of at a time.
    private static final int BATCH = 100;

    private final Store store;
    private final OutboundJob job;
    private final ScimTarget target;
    private final InstantSource clock;

    GroupDelivery(Store store, OutboundJob job, ScimTarget target, InstantSource clock) {
        this.store = store;
        this.job = job;
        this.target = target;
        this.clock = clock;
    }

    /// A group as it is now.
    ///
    /// @param group empty: it is gone, or not assigned
    /// @param wanted members, by our ids: the application's
    /// @param sent members, by our ids
    private record Facts(Optional<Group> group, Optional<Link> link, Map<String, String> wanted, Set<String> sent) {}

    private static Facts facts(Stores stores, OutboundJob job, String subject, Instant now) {
        boolean assigned = stores.assignments().ofPrincipal(job.tenant(), subject).stream()
                .anyMatch(a -> a.principalType() == PrincipalType.GROUP
                        && a.resource().equals(job.resource())
                        && a.isInForce(now));
        Optional<Group> group =
                stores.groups().find(job.tenant(), new GroupId(subject)).filter(_ -> assigned);
        return new Facts(
                group,
                stores.outbound().link(job, GROUP, subject),
                group.isPresent() ? stores.outbound().knownMembers(job, subject) : Map.of(),
                stores.outbound().members(job, subject));
    }

    /// Whether the application has to be told of anything, in a transaction of the caller's.
    static boolean differs(Stores stores, OutboundJob job, String subject, Instant now) {
        Facts facts = facts(stores, job, subject, now);
        if (facts.group().isEmpty()) {
            return facts.link().isPresent() && job.settings().may(Step.DELETE);
        }
        return facts.link().isEmpty()
                || !facts.link().get().sent().equals(told(facts.group().get()))
                || !facts.wanted().keySet().equals(facts.sent());
    }

    void deliver(String subject, DeliveryReport report) throws DeliveryFault {
        Facts facts = store.read(stores -> facts(stores, job, subject, clock.instant()));
        report.name(facts.group()
                .map(Group::displayName)
                .or(() -> facts.link().map(Link::name))
                .orElse(subject));
        facts.link().ifPresent(link -> report.remote(link.remote()));
        if (facts.group().isEmpty()) {
            leave(subject, facts, report);
        } else if (facts.link().isEmpty()) {
            create(subject, facts, facts.group().get(), report);
        } else {
            update(subject, facts, facts.group().get(), facts.link().get(), report);
        }
    }

    private void leave(String subject, Facts facts, DeliveryReport report) throws DeliveryFault {
        if (facts.link().isEmpty() || !job.settings().may(Step.DELETE)) {
            report.skipped(facts.link().isEmpty() ? "not assigned to the application" : "delete is switched off");
            return;
        }
        report.action("delete");
        target.delete(GROUP, facts.link().get().remote());
        change(stores -> stores.outbound().unlink(job, GROUP, subject));
        report.done("deleted in the application");
    }

    private void create(String subject, Facts facts, Group group, DeliveryReport report) throws DeliveryFault {
        if (!job.settings().may(Step.CREATE)) {
            report.skipped("create is switched off");
            return;
        }
        Map<String, String> told = told(group);
        String attribute = job.settings().match() == Match.EXTERNAL_ID
                ? OutboundMapping.EXTERNAL_ID
                : OutboundMapping.DISPLAY_NAME;
        Optional<String> there = target.find(GROUP, attribute, told.getOrDefault(attribute, ""));
        String remote;
        if (there.isPresent()) {
            report.action("update");
            remote = there.get();
            refuseTaken(subject, remote);
            if (job.settings().may(Step.UPDATE)) {
                target.patch(GROUP, remote, UserDelivery.operations(Map.of(), told));
            }
        } else {
            report.action("create");
            Map<String, Object> document = new TreeMap<>(told);
            document.put("schemas", List.of(ResourceType.GROUP_SCHEMA));
            remote = target.create(GROUP, document);
        }
        report.remote(remote);
        report.modified(Map.of(), told);
        var link = new Link(GROUP, subject, remote, group.displayName(), told, true);
        try {
            change(stores -> stores.outbound().put(job, link));
        } catch (DuplicateKey e) {
            throw taken(remote);
        }
        members(subject, remote, facts, report);
        report.done(there.isPresent() ? "taken over" : "made in the application");
    }

    private void update(String subject, Facts facts, Group group, Link link, DeliveryReport report)
            throws DeliveryFault {
        Map<String, String> told = told(group);
        boolean renamed = !told.equals(link.sent());
        if (!job.settings().may(Step.UPDATE)
                || (!renamed && facts.wanted().keySet().equals(facts.sent()))) {
            report.skipped(
                    job.settings().may(Step.UPDATE)
                            ? "the application knows everything already"
                            : "update is switched off");
            return;
        }
        report.action("update");
        try {
            if (renamed) {
                target.patch(GROUP, link.remote(), UserDelivery.operations(link.sent(), told));
                report.modified(link.sent(), told);
                var changed = new Link(GROUP, subject, link.remote(), group.displayName(), told, true);
                change(stores -> stores.outbound().put(job, changed));
            }
            members(subject, link.remote(), facts, report);
        } catch (DeliveryFault e) {
            if (e.kind() == Kind.GONE) {
                change(stores -> {
                    stores.outbound().unlink(job, GROUP, subject);
                    stores.outbound().note(job, GROUP, List.of(subject));
                });
            }
            throw e;
        }
        report.done("updated in the application");
    }

    /// Batch by batch, and what was taken is kept after each.
    private void members(String subject, String remote, Facts facts, DeliveryReport report) throws DeliveryFault {
        var joined = new TreeSet<>(facts.wanted().keySet());
        joined.removeAll(facts.sent());
        var left = new TreeSet<>(facts.sent());
        left.removeAll(facts.wanted().keySet());
        for (List<String> batch : batches(joined)) {
            List<Map<String, String>> values = batch.stream()
                    .map(user -> Map.of("value", facts.wanted().getOrDefault(user, "")))
                    .toList();
            target.patch(GROUP, remote, List.of(new Operation("add", "members", Optional.of(values))));
            change(stores -> stores.outbound().addMembers(job, subject, batch));
        }
        for (List<String> batch : batches(left)) {
            // whoever is not known any more was deleted there, and is no member of anything
            List<Operation> operations = store.read(stores -> batch.stream()
                    .flatMap(user -> stores.outbound().link(job, OutboundStore.Kind.USER, user).stream())
                    .map(link -> new Operation("remove", "members[value eq " + Json.MAPPER.writeValueAsString(link.remote()) + "]", Optional.empty()))
                    .toList());
            if (!operations.isEmpty()) {
                target.patch(GROUP, remote, operations);
            }
            change(stores -> stores.outbound().removeMembers(job, subject, batch));
        }
        if (!joined.isEmpty() || !left.isEmpty()) {
            report.step("members", "success", joined.size() + " joined, " + left.size() + " left");
        }
    }

    private static List<List<String>> batches(Set<String> users) {
        var all = new ArrayList<>(users);
        var batches = new ArrayList<List<String>>();
        for (int from = 0; from < all.size(); from += BATCH) {
            batches.add(List.copyOf(all.subList(from, Math.min(all.size(), from + BATCH))));
        }
        return batches;
    }

    private void refuseTaken(String subject, String remote) throws DeliveryFault {
        if (store.read(stores -> stores.outbound().linkOf(job, GROUP, remote))
                .filter(other -> !other.subject().equals(subject))
                .isPresent()) {
            throw taken(remote);
        }
    }

    private static DeliveryFault taken(String remote) {
        return new DeliveryFault(Kind.TAKEN, "the application's '" + remote + "' is another group's of ours already");
    }

    private static Map<String, String> told(Group group) {
        return Map.of(
                OutboundMapping.DISPLAY_NAME,
                group.displayName(),
                OutboundMapping.EXTERNAL_ID,
                group.id().value());
    }

    private void change(Consumer<Stores> work) {
        store.write(stores -> {
            work.accept(stores);
            return true;
        });
    }
}
