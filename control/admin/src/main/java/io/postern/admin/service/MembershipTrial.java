package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.membership.Candidate;
import io.postern.domain.membership.Evaluation;
import io.postern.domain.membership.MembershipRule;
import io.postern.store.Group;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tries rules without effect (4.3): what one says of a user and why, and who would come and go.
public final class MembershipTrial {
    private static final int PAGE = 500;
    private static final int SHOWN_MAX = 100;

    /// @param joining the first hundred of them
    /// @param leaving the first hundred of them
    public record Outlook(int joins, int leaves, int stays, List<User> joining, List<User> leaving) {}

    private final Ledger ledger;

    public MembershipTrial(Ledger ledger) {
        this.ledger = ledger;
    }

    /// By the rule that the group has.
    public Outcome<Evaluation> ofUser(TenantId tenant, GroupId group, UserId user) {
        return ledger.look(stores -> {
            Group found = group(stores, tenant, group);
            String text = found.rule()
                    .map(Group.Rule::text)
                    .orElseThrow(() -> Rejected.conflict("the members of group '" + found.displayName()
                            + "' are assigned; give a membershipRule to try one"));
            return explain(stores, tenant, text, user);
        });
    }

    public Outcome<Evaluation> ofUser(TenantId tenant, String rule, UserId user) {
        return ledger.look(stores -> explain(stores, tenant, rule, user));
    }

    private Evaluation explain(Stores stores, TenantId tenant, String text, UserId id) {
        MembershipRule rule = GroupRules.parse(text);
        User user = stores.users().find(tenant, id).orElseThrow(() -> Rejected.notFound("user", id));
        Set<String> groups = stores.groups().groupsOf(tenant, id).stream()
                .map(GroupId::value)
                .collect(Collectors.toSet());
        return rule.explain(Candidates.of(user, groups), now());
    }

    /// Who would come and go with the rule.
    ///
    /// @param group whose members they are compared with; without one everybody comes who is found
    /// @param text without one the rule that the group has
    public Outcome<Outlook> ofAll(TenantId tenant, Optional<GroupId> group, Optional<String> text) {
        return ledger.look(stores -> {
            Optional<Group> found = group.map(id -> group(stores, tenant, id));
            MembershipRule rule =
                    GroupRules.parse(text.or(() -> found.flatMap(Group::rule).map(Group.Rule::text))
                            .orElseThrow(() -> Rejected.invalid("membershipRule", "membershipRule is missing")));
            Set<UserId> members = found.map(g -> Set.copyOf(stores.groups().members(tenant, g.id())))
                    .orElse(Set.of());
            return outlook(stores, tenant, rule, members);
        });
    }

    private Outlook outlook(Stores stores, TenantId tenant, MembershipRule rule, Set<UserId> members) {
        Map<UserId, Set<String>> groups = sources(stores, tenant, rule);
        Instant now = now();
        var joining = new ArrayList<User>();
        var leaving = new ArrayList<User>();
        int joins = 0;
        int leaves = 0;
        int stays = 0;
        List<User> page = stores.users().list(tenant, "", PAGE);
        while (!page.isEmpty()) {
            for (User user : page) {
                Candidate who = Candidates.of(user, groups.getOrDefault(user.id(), Set.of()));
                boolean found = rule.holds(who, now);
                boolean member = members.contains(user.id());
                stays += found && member ? 1 : 0;
                joins += found && !member ? 1 : 0;
                leaves += !found && member ? 1 : 0;
                if (found != member && (found ? joining : leaving).size() < SHOWN_MAX) {
                    (found ? joining : leaving).add(user);
                }
            }
            page = stores.users().list(tenant, page.getLast().userPrincipalName(), PAGE);
        }
        return new Outlook(joins, leaves, stays, List.copyOf(joining), List.copyOf(leaving));
    }

    private static Map<UserId, Set<String>> sources(Stores stores, TenantId tenant, MembershipRule rule) {
        var groups = new HashMap<UserId, Set<String>>();
        for (String source : rule.sources()) {
            stores.groups()
                    .members(tenant, new GroupId(source))
                    .forEach(user ->
                            groups.computeIfAbsent(user, _ -> new HashSet<>()).add(source));
        }
        return groups;
    }

    private static Group group(Stores stores, TenantId tenant, GroupId id) {
        return stores.groups().find(tenant, id).orElseThrow(() -> Rejected.notFound("group", id));
    }

    private Instant now() {
        return ledger.clock().instant();
    }
}
