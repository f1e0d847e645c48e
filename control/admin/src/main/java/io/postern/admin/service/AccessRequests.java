package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.store.AccessOffer;
import io.postern.store.AccessRequest;
import io.postern.store.AccessRequest.State;
import io.postern.store.Group;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Users ask for access and approvers decide (4.4). What comes of it is a membership, which may end by
/// itself.
public final class AccessRequests {
    /// Who has not been answered by then may ask again.
    private static final Duration PATIENCE = Duration.ofDays(30);

    private static final int WORDS_MAX = 1_024;
    private static final int BATCH = 200;

    private final Ledger ledger;
    private final Notices notices;

    AccessRequests(Ledger ledger, Notices notices) {
        this.ledger = ledger;
        this.notices = notices;
    }

    /// @param actor the user himself
    /// @return granted at once where nobody has to agree
    public Outcome<AccessRequest> ask(Actor actor, String target, String reason) {
        return ledger.change(actor, change -> {
            User user = himself(change);
            AccessOffer offer = change.stores()
                    .access()
                    .offer(change.tenant(), target)
                    .filter(found -> AccessCatalogue.mayAsk(change.stores(), found, user))
                    .orElseThrow(() -> Rejected.notFound("application or group to ask for", target));
            if (change.stores().groups().groupsOf(change.tenant(), user.id()).contains(offer.group())) {
                throw Rejected.conflict("'" + user.userPrincipalName() + "' has this access already");
            }
            Optional<String> why = words("reason", reason);
            if (offer.approval() && why.isEmpty()) {
                throw Rejected.invalid("reason", "reason is missing; say what the access is for");
            }
            var request = new AccessRequest(
                    change.tenant(),
                    UUID.randomUUID().toString(),
                    target,
                    offer.group(),
                    user.id(),
                    State.PENDING,
                    why,
                    change.now(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            change.stores().access().insert(request);
            note(change, Activity.ASK_ACCESS, request, user, Map.of());
            if (offer.approval()) {
                tellApprovers(change, offer, request, user);
            }
            return offer.approval() ? request : grant(change, offer, request, user, Optional.empty(), Optional.empty());
        });
    }

    /// Whoever asks, withdraws and asks again is told of once a day.
    private void tellApprovers(Change change, AccessOffer offer, AccessRequest request, User user) {
        String about = "access-request:" + request.target() + ":" + user.id() + ":"
                + change.now().truncatedTo(ChronoUnit.DAYS);
        String name = AccessCatalogue.name(change.stores(), request);
        Alerts.raise(
                change,
                notices,
                Alerts.REQUEST,
                about,
                user.displayName(),
                name,
                user.userPrincipalName(),
                request.reason().orElse(""));
        offer.approvers().stream()
                .filter(approver -> !approver.equals(user.id()))
                .flatMap(approver -> change.stores().users().find(change.tenant(), approver).stream())
                .filter(User::accountEnabled)
                .forEach(approver -> notices.tell(
                        change,
                        approver,
                        about,
                        "request",
                        "/approvals",
                        user.displayName(),
                        name,
                        user.userPrincipalName(),
                        request.reason().orElse("")));
    }

    private void tellAsker(Change change, AccessRequest request, User user, String key) {
        String name = AccessCatalogue.name(change.stores(), request);
        notices.tell(
                change,
                user,
                key + ":" + request.id(),
                key,
                key.equals("granted") ? "/" : "/requests",
                name,
                request.answer().orElse(""));
    }

    /// @param actor the user who asked
    public Outcome<AccessRequest> withdraw(Actor actor, String id) {
        return ledger.change(actor, change -> {
            User user = himself(change);
            AccessRequest request = change.stores()
                    .access()
                    .find(change.tenant(), id)
                    .filter(found -> found.user().equals(user.id()))
                    .orElseThrow(() -> Rejected.notFound("request", id));
            AccessRequest closed = close(change, request.closed(State.WITHDRAWN, change.now()), State.PENDING);
            note(change, Activity.WITHDRAW_REQUEST, closed, user, Map.of());
            return closed;
        });
    }

    /// @param actor one of the approvers, who never decides what he asked for himself
    /// @param answer in his words; may be empty
    public Outcome<AccessRequest> decide(Actor actor, String id, boolean granted, String answer) {
        return ledger.change(actor, change -> {
            User approver = himself(change);
            AccessRequest request = change.found(change.stores().access().find(change.tenant(), id), "request", id);
            AccessOffer offer = change.stores()
                    .access()
                    .offer(change.tenant(), request.target())
                    .filter(found -> found.approvers().contains(approver.id()))
                    .filter(_ -> !request.user().equals(approver.id()))
                    .orElseThrow(() -> Rejected.notFound("request", id));
            Optional<String> words = words("answer", answer);
            Optional<String> by = Optional.of(approver.userPrincipalName());
            User user = change.found(change.stores().users().find(change.tenant(), request.user()), "user", id);
            if (granted) {
                if (!user.accountEnabled()) {
                    throw Rejected.conflict("'" + user.userPrincipalName() + "' is disabled; nothing can be granted");
                }
                return grant(change, offer, request, user, by, words);
            }
            AccessRequest denied = close(
                    change, request.decided(State.DENIED, change.now(), by, words, Optional.empty()), State.PENDING);
            note(change, Activity.REJECT_REQUEST, denied, user, Map.of());
            tellAsker(change, denied, user, "denied");
            return denied;
        });
    }

    /// The offer's group may be another one than when the user asked: what counts is what is offered now.
    private AccessRequest grant(
            Change change,
            AccessOffer offer,
            AccessRequest request,
            User user,
            Optional<String> by,
            Optional<String> words) {
        Optional<Instant> ends = offer.days().map(days -> change.now().plus(Duration.ofDays(days)));
        AccessRequest granted = close(
                change,
                request.into(offer.group()).decided(State.GRANTED, change.now(), by, words, ends),
                State.PENDING);
        note(
                change,
                Activity.APPROVE_REQUEST,
                granted,
                user,
                ends.map(end -> Map.of("endDateTime", end.toString())).orElse(Map.of()));
        Group group =
                change.found(change.stores().groups().find(change.tenant(), offer.group()), "group", offer.group());
        Groups.addMember(change, group, user);
        if (by.isPresent()) { // else he sees it at once
            tellAsker(change, granted, user, "granted");
        }
        return granted;
    }

    /// Ends what came to its end, and what nobody decided. Blocking. @return how many requests that were
    public int work() {
        Instant now = ledger.clock().instant();
        int ended = 0;
        for (AccessRequest over : ledger.read(stores -> stores.access().over(now, BATCH))) {
            ended += done(ledger.change(Actor.service(over.tenant()), change -> end(change, over))) ? 1 : 0;
        }
        for (AccessRequest old : ledger.read(stores -> stores.access().pendingSince(now.minus(PATIENCE), BATCH))) {
            ended += done(ledger.change(Actor.service(old.tenant()), change -> lapse(change, old))) ? 1 : 0;
        }
        return ended;
    }

    private static boolean done(Outcome<AccessRequest> outcome) {
        return outcome instanceof Outcome.Done<AccessRequest>;
    }

    /// Those who have the membership by another request too keep it.
    private AccessRequest end(Change change, AccessRequest over) {
        AccessRequest ended = close(change, over.closed(State.ENDED, change.now()), State.GRANTED);
        boolean kept = !change.stores()
                .access()
                .granted(change.tenant(), over.group(), over.user())
                .isEmpty();
        if (!kept && Groups.isByHand(change, over.group())) {
            change.stores().groups().removeMember(change.tenant(), over.group(), over.user());
        }
        User user = change.found(change.stores().users().find(change.tenant(), over.user()), "user", over.user());
        note(change, Activity.END_ACCESS, ended, user, Map.of());
        if (!kept) {
            tellAsker(change, ended, user, "ended");
        }
        return ended;
    }

    private static AccessRequest lapse(Change change, AccessRequest old) {
        AccessRequest lapsed = close(change, old.closed(State.LAPSED, change.now()), State.PENDING);
        User user = change.found(change.stores().users().find(change.tenant(), old.user()), "user", old.user());
        note(change, Activity.LAPSE_REQUEST, lapsed, user, Map.of());
        return lapsed;
    }

    /// Those that wait for an answer about what is no longer offered; the caller writes the entry.
    static int lapse(Change change, String target) {
        List<AccessRequest> pending = change.stores().access().pending(change.tenant(), target);
        pending.forEach(request -> close(change, request.closed(State.LAPSED, change.now()), State.PENDING));
        return pending.size();
    }

    /// Somebody took the user out of the group before the granted time was over: that time ends now, so
    /// that it does not take away later what he may be given meanwhile.
    static void left(Change change, GroupId group, UserId user) {
        change.stores()
                .access()
                .granted(change.tenant(), group, user)
                .forEach(granted -> close(change, granted.closed(State.ENDED, change.now()), State.GRANTED));
    }

    private static AccessRequest close(Change change, AccessRequest closed, State from) {
        if (!change.stores().access().close(closed, from)) {
            throw Rejected.conflict("this request was decided meanwhile; look at it again");
        }
        return closed;
    }

    /// Nobody asks or decides in another one's name, nor when his account is disabled.
    private static User himself(Change change) {
        return change.stores()
                .users()
                .find(change.tenant(), new UserId(change.actor().principal()))
                .filter(User::accountEnabled)
                .orElseThrow(() -> Rejected.forbidden("'" + change.actor().name() + "' is no user who can sign in"));
    }

    private static Optional<String> words(String property, String text) {
        String stripped = text.strip();
        if (stripped.length() > WORDS_MAX || stripped.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r')) {
            throw Rejected.invalid(property, property + " must be a text of at most " + WORDS_MAX + " characters");
        }
        return Optional.of(stripped).filter(words -> !words.isEmpty());
    }

    private static void note(
            Change change, Activity activity, AccessRequest request, User user, Map<String, String> more) {
        var details = new HashMap<>(more);
        details.put("request", request.id());
        details.put("target", request.target());
        details.put("user", user.userPrincipalName());
        request.reason().ifPresent(reason -> details.put("reason", reason));
        request.answer().ifPresent(answer -> details.put("answer", answer));
        change.note(activity, request.group(), groupName(change, request.group()), details);
    }

    private static String groupName(Change change, GroupId group) {
        return change.stores()
                .groups()
                .find(change.tenant(), group)
                .map(Group::displayName)
                .orElse("");
    }

    /// @return true for people of the tenant; guests do not see what they are not given
    static boolean isMember(User user) {
        return user.accountEnabled() && !user.attributes().userType().equals(Attributes.GUEST);
    }
}
