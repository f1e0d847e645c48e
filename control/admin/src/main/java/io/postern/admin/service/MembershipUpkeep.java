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

/// Keeps the members of dynamic groups right (4.3): takes the notes that changes left, and asks the rules. Every step
/// reads, decides and writes in one transaction, so that what is written is never older than what it was decided by,
/// whoever else writes. One node of a cluster works; another takes over when it stops.
///
/// A user who changed is asked about before anything else, also while a rule is asked about everybody: that goes on
/// page by page in between.
public final class MembershipUpkeep {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int NOTES = 100;
    private static final int PAGE = 500;
    /// So many who come and go with one page are each told of in the audit log; of more it tells how many.
    private static final int TOLD_MAX = 20;

    /// A rule that is being asked about everybody.
    ///
    /// @param notes what asked for it; later ones ask once more
    /// @param after user principal name of the last one who was asked about
    private record Round(TenantId tenant, GroupId group, List<Note> notes, String after) {}

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
        int changed = 0;
        Set<String> subjects = notes.stream().map(Note::subject).collect(Collectors.toCollection(LinkedHashSet::new));
        for (String subject : subjects) {
            Optional<User> user = change.stores().users().find(change.tenant(), new UserId(subject));
            changed += user.isPresent() ? user(change, user.get(), groups) : 0;
        }
        return changed;
    }

    private int user(Change change, User user, List<Group> groups) {
        Set<GroupId> in = new HashSet<>(change.stores().groups().groupsOf(change.tenant(), user.id()));
        Candidate who = Candidates.of(user, in.stream().map(GroupId::value).collect(Collectors.toSet()));
        int changed = 0;
        for (Group group : groups) {
            Optional<MembershipRule> rule = shelf.inForce(group);
            if (rule.isEmpty()) {
                continue;
            }
            boolean member = rule.get().holds(who, change.now());
            rule.get()
                    .turns(who, change.now())
                    .ifPresent(when -> change.stores().memberships().dueBy(change.tenant(), group.id(), when));
            if (member != in.contains(group.id())) {
                bring(change, group, member ? List.of(user) : List.of(), member ? List.of() : List.of(user.id()));
                changed++;
            }
        }
        return changed;
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
        var in = new ArrayList<User>();
        var out = new ArrayList<UserId>();
        var turns = new ArrayList<Instant>();
        for (User user : users) {
            Set<String> groups = ofSources.isEmpty()
                    ? Set.of()
                    : ofSources.keySet().stream()
                            .filter(source ->
                                    ofSources.getOrDefault(source, Set.of()).contains(user.id()))
                            .collect(Collectors.toSet());
            Candidate who = Candidates.of(user, groups);
            boolean member = rule.holds(who, change.now());
            if (member && !members.contains(user.id())) {
                in.add(user);
            } else if (!member && members.contains(user.id())) {
                out.add(user.id());
            }
            rule.turns(who, change.now()).ifPresent(turns::add);
        }
        turns.stream().min(Instant::compareTo).ifPresent(when -> memberships.dueBy(change.tenant(), group.id(), when));
        bring(change, group, in, out);
        return in.size() + out.size();
    }

    private static void bring(Change change, Group group, List<User> in, List<UserId> out) {
        if (in.isEmpty() && out.isEmpty()) {
            return;
        }
        change.stores()
                .memberships()
                .bring(change.tenant(), group.id(), in.stream().map(User::id).toList(), out);
        String rule = group.rule().map(Group.Rule::text).orElse("");
        if (in.size() + out.size() > TOLD_MAX) {
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
        in.forEach(user -> change.note(
                Activity.ADD_MEMBER,
                group.id(),
                group.displayName(),
                Map.of("member", user.userPrincipalName(), "rule", rule)));
        out.forEach(user -> change.note(
                Activity.REMOVE_MEMBER, group.id(), group.displayName(), Map.of("member", user.value(), "rule", rule)));
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
