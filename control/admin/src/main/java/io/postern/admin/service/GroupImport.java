package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.store.Group;
import io.postern.store.GroupStore;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Many groups and memberships at once, by names: a group that is not there is added, who is not in it joins. All
/// of it in one transaction, or nothing, with every fault of every row.
public final class GroupImport {
    private static final int PAGE = 500;

    public enum Act {
        ADD,
        CHANGE,
        JOIN,
        LEAVE,
        KEEP
    }

    /// @param description not given: it stays
    /// @param member user principal name; empty: only the group
    public record Row(String group, Edit<String> description, Optional<String> member) {}

    /// @param member empty where it is about the group
    public record Step(Act act, String group, String member) {}

    /// Ends the transaction of a plan.
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient List<Step> steps;

        Planned(List<Step> steps) {
            super("planned", null, false, false); // expected: no stack trace
            this.steps = steps;
        }
    }

    private final Ledger ledger;

    public GroupImport(Ledger ledger) {
        this.ledger = ledger;
    }

    /// @param exact who is not named leaves the groups that are
    /// @param planOnly nothing is done, and the steps tell what would be
    public Outcome<List<Step>> run(Actor actor, List<Row> rows, boolean exact, boolean planOnly) {
        try {
            return ledger.changeInTurn(actor, change -> {
                List<Step> steps = new Work(change, rows).run(exact);
                if (planOnly) {
                    throw new Planned(steps);
                }
                return steps;
            });
        } catch (Planned planned) {
            return Outcome.done(planned.steps);
        }
    }

    /// One import while it runs.
    private static final class Work {
        private final Change change;
        private final List<Row> rows;
        private final Map<String, List<Group>> known = new HashMap<>();
        private final Map<String, Group> named = new LinkedHashMap<>();
        private final Map<String, Set<String>> members = new HashMap<>();
        private final List<Step> steps = new ArrayList<>();
        private final List<Outcome.Violation> faults = new ArrayList<>();

        Work(Change change, List<Row> rows) {
            this.change = change;
            this.rows = rows;
        }

        List<Step> run(boolean exact) {
            readGroups();
            for (int i = 0; i < rows.size(); i++) {
                String prefix = "rows[" + i + "].";
                try {
                    row(rows.get(i));
                } catch (Rejected rejected) {
                    tell(rejected.outcome(), prefix);
                }
            }
            if (!faults.isEmpty()) {
                throw Rejected.invalid(faults);
            }
            if (exact) {
                named.values().forEach(this::others);
            }
            return List.copyOf(steps);
        }

        private void readGroups() {
            GroupStore.Position after = GroupStore.Position.START;
            while (true) {
                List<Group> page = change.stores().groups().list(change.tenant(), after, PAGE);
                page.forEach(group -> known.computeIfAbsent(group.displayName(), _ -> new ArrayList<>())
                        .add(group));
                if (page.size() < PAGE) {
                    return;
                }
                after = new GroupStore.Position(
                        page.getLast().displayName(), page.getLast().id().value());
            }
        }

        private void row(Row row) {
            Group group = group(row);
            if (row.member().isEmpty()) {
                return;
            }
            String name = row.member().get();
            User user = change.stores()
                    .users()
                    .findByPrincipalName(name)
                    .filter(found -> found.tenant().equals(change.tenant()))
                    .orElseThrow(() -> Rejected.invalid("member", "there is no user '" + name + "'"));
            members.computeIfAbsent(group.id().value(), _ -> new LinkedHashSet<>())
                    .add(user.id().value());
            boolean joined = Groups.addMember(change, group, user);
            steps.add(new Step(joined ? Act.JOIN : Act.KEEP, group.displayName(), user.userPrincipalName()));
        }

        private Group group(Row row) {
            if (row.group().isBlank()) {
                throw Rejected.invalid("group", "group is missing; give the group's name");
            }
            List<Group> found = known.getOrDefault(row.group(), List.of());
            if (found.size() > 1) {
                throw Rejected.invalid(
                        "group", found.size() + " groups are called '" + row.group() + "'; rename all but one");
            }
            Group group;
            if (found.isEmpty()) {
                group = Groups.create(change, row.group(), row.description().value());
                known.put(row.group(), new ArrayList<>(List.of(group)));
                steps.add(new Step(Act.ADD, group.displayName(), ""));
            } else {
                group = described(found.getFirst(), row.description());
            }
            named.put(group.id().value(), group);
            return group;
        }

        private Group described(Group group, Edit<String> description) {
            if (!description.given() || description.value().equals(group.description())) {
                return group;
            }
            Group changed = Groups.patch(change, group, Edit.none(), description);
            known.put(group.displayName(), new ArrayList<>(List.of(changed)));
            steps.add(new Step(Act.CHANGE, group.displayName(), ""));
            return changed;
        }

        private void others(Group group) {
            Set<String> wanted = members.getOrDefault(group.id().value(), Set.of());
            change.stores().groups().members(change.tenant(), group.id()).stream()
                    .filter(member -> !wanted.contains(member.value()))
                    .flatMap(member -> change.stores().users().find(change.tenant(), member).stream())
                    .filter(user -> Groups.removeMember(change, group, user.id()))
                    .forEach(user -> steps.add(new Step(Act.LEAVE, group.displayName(), user.userPrincipalName())));
        }

        private void tell(Outcome<Object> outcome, String prefix) {
            switch (outcome) {
                case Outcome.Invalid<Object>(List<Outcome.Violation> violations) ->
                    violations.forEach(v -> faults.add(new Outcome.Violation(
                            prefix + (v.field().equals("displayName") ? "group" : v.field()), v.message())));
                case Outcome.NotFound<Object>(String what) -> faults.add(new Outcome.Violation(prefix + "group", what));
                case Outcome.Conflict<Object>(String why) -> faults.add(new Outcome.Violation(prefix + "group", why));
                case Outcome.Forbidden<Object>(String why) -> faults.add(new Outcome.Violation(prefix + "group", why));
                case Outcome.Done<Object> _ -> throw new IllegalStateException("a rejection is never done");
            }
        }
    }
}
