package io.postern.admin.service;

import io.postern.domain.GroupId;
import io.postern.domain.membership.MembershipRule;
import io.postern.domain.membership.RuleFault;
import io.postern.store.Group;
import io.postern.store.Stores;
import java.util.List;
import java.util.Optional;

/// Which rule a group gets (4.3, DYN-4), and what follows from it.
final class GroupRules {
    static final String RULE = "membershipRule";
    private static final String STATE = "membershipRuleProcessingState";
    private static final String TYPES = "groupTypes";
    private static final int PER_TENANT_MAX = 15_000;

    private GroupRules() {}

    /// @param old of a group that is changed
    /// @throws Rejected when rule and kind do not fit together, or the rule cannot be
    static Optional<Group.Rule> changed(Change change, GroupId group, Optional<Group.Rule> old, RuleEdit edit) {
        boolean dynamic = edit.dynamic().or(old.isPresent());
        if (!dynamic) {
            if (edit.text().given() || edit.paused().given()) {
                throw Rejected.invalid(
                        edit.text().given() ? RULE : STATE,
                        (edit.text().given() ? RULE : STATE) + " is for dynamic groups; give " + TYPES
                                + " [\"DynamicMembership\"] too");
            }
            return Optional.empty();
        }
        String text = edit.text()
                .value()
                .or(() -> old.map(Group.Rule::text))
                .orElseThrow(() -> Rejected.invalid(RULE, "a dynamic group needs a " + RULE));
        var rule = new Group.Rule(
                text, edit.paused().or(old.map(Group.Rule::paused).orElse(false)));
        if (old.isEmpty()) {
            begin(change, group);
        }
        if (old.map(Group.Rule::text).filter(text::equals).isEmpty()) {
            checkSources(change.stores(), change, group, parse(text));
        }
        return Optional.of(rule);
    }

    /// @throws Rejected with the place of the fault
    static MembershipRule parse(String text) {
        try {
            return MembershipRule.parse(text);
        } catch (RuleFault e) {
            throw Rejected.invalid(RULE, RULE + ", " + e.getMessage());
        }
    }

    private static void begin(Change change, GroupId group) {
        if (change.stores().memberships().count(change.tenant()) >= PER_TENANT_MAX) {
            throw Rejected.conflict(
                    "there are " + PER_TENANT_MAX + " dynamic groups; delete one first, a tenant has no more");
        }
        if (!change.stores().nestings().members(change.tenant(), group).isEmpty()) {
            throw Rejected.conflict("the group has groups as members; remove them first, a rule finds users only");
        }
    }

    /// Rules that ask for members found by such rules would run in circles, so they stop after one step, as the
    /// original's do.
    private static void checkSources(Stores stores, Change change, GroupId group, MembershipRule rule) {
        if (rule.sources().isEmpty()) {
            return;
        }
        if (!stores.memberships().dependents(change.tenant(), group).isEmpty()) {
            throw Rejected.invalid(
                    RULE,
                    "other rules ask by memberOf for the members of this group, so its own rule must do without"
                            + " memberOf");
        }
        for (GroupId source : sources(rule)) {
            Group found = stores.groups()
                    .find(change.tenant(), source)
                    .filter(_ -> !source.equals(group))
                    .orElseThrow(() -> Rejected.invalid(
                            RULE,
                            source.equals(group)
                                    ? "the rule asks by memberOf for the members of its own group"
                                    : "memberOf: there is no group '" + source + "'"));
            if (found.rule().filter(r -> !parse(r.text()).sources().isEmpty()).isPresent()) {
                throw Rejected.invalid(
                        RULE,
                        "memberOf: the rule of group '" + found.displayName()
                                + "' uses memberOf itself; ask for the groups that it asks for");
            }
        }
    }

    private static List<GroupId> sources(MembershipRule rule) {
        return rule.sources().stream().sorted().map(GroupId::new).toList();
    }

    /// After the group was written: everybody is asked when the rule is new, another one, or goes on.
    static void written(Change change, GroupId group, Optional<Group.Rule> old, Optional<Group.Rule> now) {
        if (now.isEmpty()) {
            if (old.isPresent()) {
                change.stores().memberships().ruleGone(change.tenant(), group);
            }
        } else if (!now.equals(old)) {
            change.stores()
                    .memberships()
                    .ruleSet(change.tenant(), group, sources(parse(now.get().text())));
        }
    }

    /// DYN-2.
    ///
    /// @throws Rejected where a rule finds the members
    static void refuseByHand(Group group) {
        if (group.rule().isPresent()) {
            throw Rejected.conflict("a rule finds the members of group '" + group.displayName() + "'; change its "
                    + RULE + ", or make it an assigned group by " + TYPES + " []");
        }
    }
}
