package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.membership.Candidate;
import io.postern.domain.membership.MembershipRule;
import io.postern.store.Group;
import io.postern.store.MembershipStore;
import io.postern.store.MembershipStore.Note;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keeps the members of dynamic groups right (DYN-1): takes the notes that changes left, and asks the rules. Every step
/// reads, decides and writes in one transaction, so that what is written is never older than what it was decided by,
/// whoever else writes. One node of a cluster works; another takes over when it stops.
///
/// A user who changed is asked about before anything else, also while a rule is asked about everybody: that goes on
/// page by page in between.
public final class MembershipUpkeep {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int NOTES = 500;
    private static final int PAGE = 500;
    /// So many who come and go with one page, or one batch of notes, are each told of in the audit log; of more it
    /// tells how many.
    private static final int TOLD_MAX = 20;

    /// A rule that is being asked about everybody.
    ///
    /// @param notes what asked for it; later ones ask once more
    /// @param after user principal name of the last one who was asked about
    private record Round(TenantId tenant, GroupId group, List<Note> notes, String after) {}

    /// Who comes into a group and who goes, as its rule is asked about one user after the other.
    ///
    /// @param turns when the clock alone may change an answer
    private record Moves(List<User> in, List<User> out, List<Instant> turns) {
        static Moves none() {
            return new Moves(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void ask(MembershipRule rule, Candidate who, User user, boolean member, Instant now) {
            boolean found = rule.holds(who, now);
            if (found != member) {
                (found ? in : out).add(user);
            }
            rule.turns(who, now).ifPresent(turns::add);
        }

        int count() {
            return in.size() + out.size();
        }

        void write(Change change, Group group) {
            MembershipStore memberships = change.stores().memberships();
            turns.stream()
                    .min(Instant::compareTo)
                    .ifPresent(when -> memberships.dueBy(change.tenant(), group.id(), when));
            if (count() == 0) {
                return;
            }
            memberships.bring(
                    change.tenant(),
                    group.id(),
                    in.stream().map(User::id).toList(),
                    out.stream().map(User::id).toList());
            String rule = group.rule().map(Group.Rule::text).orElse("");
            if (count() > TOLD_MAX) {
                change.note(
                        Activity.EVALUATE_RULE,
                        group.id(),
                        group.displayName(),
                        Map.of(
                                "rule", rule,
                                "joined", Integer.toString(in.size()),
                                "left", Integer.toString(out.size())));
                return;
            }
            in.forEach(user -> tell(change, Activity.ADD_MEMBER, group, user, rule));
            out.forEach(user -> tell(change, Activity.REMOVE_MEMBER, group, user, rule));
        }

        private static void tell(Change change, Activity activity, Group group, User user, String rule) {
            change.note(
                    activity,
                    group.id(),
                    group.displayName(),
                    Map.of(
                            "member",
                            user.userPrincipalName(),
                            "memberId",
                            user.id().value(),
                            "rule",
                            rule));
        }
    }

    private record Step(int changed, Optional<Round> next) {}

    private final Ledger ledger;
    private final RuleShelf shelf = new RuleShelf();
    private final String holder = UUID.randomUUID().toString();
    private final ReentrantLock working = new ReentrantLock();
    private Instant leased = Instant.MIN; // under the lock
    private @Nullable Round round; // under the lock

    public MembershipUpkeep(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Does what is to be done now. Blocking; costs next to nothing where there is nothing.
    ///
    /// @return how many memberships began or ended
    public int work() {
        working.lock();
        try {
            int changed = 0;
            while (ledger.read(stores -> stores.memberships().pending(now())) && lease()) {
                ledger.write(stores -> {
                    stores.memberships().noteDue(now());
                    return true;
                });
                changed += users() + page();
            }
            return changed;
        } finally {
            round = null; // whoever has the lease then begins anew: the notes are still there
            working.unlock();
        }
    }

    private boolean lease() {
        Instant now = now();
        if (now.isBefore(leased.plus(LEASE.dividedBy(2)))) {
            return true;
        }
        boolean got = ledger.write(stores -> stores.memberships().lease(holder, now, now.plus(LEASE)));
        leased = got ? now : Instant.MIN;
        return got;
    }

    private int users() {
        int changed = 0;
        List<Note> notes = ledger.read(stores -> stores.memberships().notes(true, NOTES));
        while (!notes.isEmpty()) {
            Map<TenantId, List<Note>> byTenant = notes.stream().collect(Collectors.groupingBy(Note::tenant));
            for (Map.Entry<TenantId, List<Note>> of : byTenant.entrySet()) {
                changed += done(ledger.change(Actor.service(of.getKey()), change -> users(change, of.getValue())));
            }
            notes = lease() ? ledger.read(stores -> stores.memberships().notes(true, NOTES)) : List.of();
        }
        return changed;
    }

    private int users(Change change, List<Note> notes) {
        MembershipStore memberships = change.stores().memberships();
        memberships.done(notes);
        List<Group> groups = memberships.inForce(change.tenant());
        var moves = new HashMap<GroupId, Moves>();
        Set<String> subjects = notes.stream().map(Note::subject).collect(Collectors.toCollection(LinkedHashSet::new));
        for (String subject : subjects) {
            change.stores()
                    .users()
                    .find(change.tenant(), new UserId(subject))
                    .ifPresent(user -> ask(change, user, groups, moves));
        }
        groups.forEach(group -> moves.getOrDefault(group.id(), Moves.none()).write(change, group));
        return moves.values().stream().mapToInt(Moves::count).sum();
    }

    private void ask(Change change, User user, List<Group> groups, Map<GroupId, Moves> moves) {
        Set<GroupId> in = new HashSet<>(change.stores().groups().groupsOf(change.tenant(), user.id()));
        Candidate who = Candidates.of(user, in.stream().map(GroupId::value).collect(Collectors.toSet()));
        for (Group group : groups) {
            shelf.inForce(group)
                    .ifPresent(rule -> moves.computeIfAbsent(group.id(), _ -> Moves.none())
                            .ask(rule, who, user, in.contains(group.id()), change.now()));
        }
    }

    /// The next page of the round that is under way, or of a new one.
    private int page() {
        if (round == null) {
            round = ledger.read(stores -> stores.memberships().notes(false, NOTES)).stream()
                    .findFirst()
                    .map(this::begin)
                    .orElse(null);
        }
        Round now = round;
        if (now == null) {
            return 0;
        }
        Step step = done(ledger.change(Actor.service(now.tenant()), change -> page(change, now)));
        round = step.next().orElse(null);
        return step.changed();
    }

    private Round begin(Note first) {
        List<Note> notes = ledger.read(stores -> stores.memberships().notes(false, Integer.MAX_VALUE)).stream()
                .filter(note ->
                        note.tenant().equals(first.tenant()) && note.subject().equals(first.subject()))
                .toList();
        return new Round(first.tenant(), new GroupId(first.subject()), notes, "");
    }

    private Step page(Change change, Round now) {
        MembershipStore memberships = change.stores().memberships();
        Optional<Group> group = change.stores().groups().find(now.tenant(), now.group());
        Optional<MembershipRule> rule = group.flatMap(shelf::inForce);
        List<User> users = rule.isEmpty() ? List.of() : change.stores().users().list(now.tenant(), now.after(), PAGE);
        int changed = 0;
        if (!users.isEmpty()) {
            changed = page(change, group.get(), rule.get(), now.after(), users);
        }
        if (users.size() < PAGE) {
            memberships.done(now.notes());
            return new Step(changed, Optional.empty());
        }
        String last = users.getLast().userPrincipalName();
        return new Step(changed, Optional.of(new Round(now.tenant(), now.group(), now.notes(), last)));
    }

    private static int page(Change change, Group group, MembershipRule rule, String after, List<User> users) {
        MembershipStore memberships = change.stores().memberships();
        String last = users.getLast().userPrincipalName();
        var members = new HashSet<>(memberships.members(change.tenant(), group.id(), after, last));
        var ofSources = new HashMap<String, Set<UserId>>();
        for (String source : rule.sources()) {
            ofSources.put(source, Set.copyOf(memberships.members(change.tenant(), new GroupId(source), after, last)));
        }
        Moves moves = Moves.none();
        for (User user : users) {
            Set<String> groups = ofSources.entrySet().stream()
                    .filter(source -> source.getValue().contains(user.id()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            moves.ask(rule, Candidates.of(user, groups), user, members.contains(user.id()), change.now());
        }
        moves.write(change, group);
        return moves.count();
    }

    private Instant now() {
        return ledger.clock().instant();
    }

    private static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T>(T value)) {
            return value;
        }
        throw new IllegalStateException("members of dynamic groups were not brought up to date: " + outcome);
    }
}
