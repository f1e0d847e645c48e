package io.postern.connector.form;

import io.postern.connector.form.LoginFault.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Sessions at applications by application, user and the user's session here; the least recently used go first. One
/// sign-in at a time for each, and after one that failed none for a while, so that no account is locked by us.
/// Thread-safe; callbacks run on virtual threads.
final class LoginSessions {
    static final int SESSIONS_MAX = 20_000;
    static final int AT_ONCE = 32;
    static final int WAITING_MAX = 1_000;

    /// Without a request for so long, a session is ended.
    static final Duration IDLE = Duration.ofHours(1);

    /// Before it is used again after so long, the application is asked whether it knows it still.
    static final Duration UNSEEN = Duration.ofMinutes(2);

    /// Locks of accounts count a handful of wrong passwords within half an hour.
    private static final Duration REFUSED = Duration.ofMinutes(10);

    private static final Duration REFUSED_MAX = Duration.ofHours(4);
    private static final Duration OTHERWISE = Duration.ofSeconds(5);

    /// @param session of the user at the gateway
    record Key(String application, String user, String session) {}

    private record Account(String application, String user) {}

    /// @param times one after another
    private record Rest(String version, Instant until, int times, LoginFault why) {}

    private final InstantSource clock;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Map<Key, LoginSession> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Key, CompletableFuture<LoginSession>> underWay = new HashMap<>();
    private final Map<Account, Rest> rests = new LinkedHashMap<>();

    LoginSessions(InstantSource clock) {
        this.clock = clock;
    }

    /// One that can be used at once, without asking anybody.
    synchronized Optional<LoginSession> ready(Key key, String version) {
        Instant now = clock.instant();
        return Optional.ofNullable(sessions.get(key))
                .filter(session -> session.isOf(version)
                        && !session.isDoubtful()
                        && session.used().plus(UNSEEN).isAfter(now))
                .map(session -> {
                    session.use(now);
                    return session;
                });
    }

    /// One that was there, if the application still knows it, or a new one.
    ///
    /// @param signIn blocks; a [LoginFault] is kept for a while and told to others
    /// @return fails with [LoginFault]
    CompletableFuture<LoginSession> get(Key key, String version, Supplier<LoginSession> signIn) {
        CompletableFuture<LoginSession> mine;
        LoginSession before;
        synchronized (this) {
            CompletableFuture<LoginSession> other = underWay.get(key);
            if (other != null) {
                return other;
            }
            Optional<LoginFault> rest = resting(key, version);
            if (rest.isPresent()) {
                return CompletableFuture.failedFuture(rest.get());
            }
            if (underWay.size() >= WAITING_MAX) {
                return CompletableFuture.failedFuture(
                        new LoginFault(Kind.BUSY, WAITING_MAX + " sign-ins at applications are under way already"));
            }
            mine = new CompletableFuture<>();
            underWay.put(key, mine);
            before = sessions.get(key);
        }
        Thread.ofVirtual().name("form-sign-on").start(() -> {
            try {
                LoginSession made = make(Optional.ofNullable(before), version, signIn);
                kept(key, made);
                mine.complete(made);
            } catch (LoginFault e) {
                failed(key, version, e);
                mine.completeExceptionally(e);
            } catch (InterruptedException | RuntimeException e) { // a fault of ours; nobody may wait for ever
                synchronized (this) {
                    underWay.remove(key);
                }
                mine.completeExceptionally(e);
            }
        });
        return mine;
    }

    private LoginSession make(Optional<LoginSession> before, String version, Supplier<LoginSession> signIn)
            throws InterruptedException {
        places.acquire();
        try {
            if (before.isPresent() && before.get().isOf(version)) {
                before.get().check(clock.instant());
                if (before.get().isOf(version)) {
                    before.get().use(clock.instant());
                    return before.get();
                }
                if (before.get().wasNeverTaken()) { // else an account is locked by a proof that holds for everybody
                    throw new LoginFault(
                            Kind.REFUSED,
                            "the sign-in seemed to work, and the application does not know the user: look at its proof"
                                    + " (proofCookie, proofText)");
                }
            }
            return signIn.get();
        } finally {
            places.release();
        }
    }

    private synchronized Optional<LoginFault> resting(Key key, String version) {
        Rest rest = rests.get(new Account(key.application(), key.user()));
        return rest != null && rest.version().equals(version) && clock.instant().isBefore(rest.until())
                ? Optional.of(rest.why())
                : Optional.empty();
    }

    private void kept(Key key, LoginSession made) {
        List<LoginSession> gone = new ArrayList<>();
        synchronized (this) {
            underWay.remove(key);
            rests.remove(new Account(key.application(), key.user()));
            sessions.put(key, made);
            while (sessions.size() > SESSIONS_MAX) {
                gone.add(pollEldest());
            }
        }
        gone.forEach(LoginSessions::end);
    }

    private LoginSession pollEldest() {
        var all = sessions.values().iterator();
        LoginSession eldest = all.next();
        all.remove();
        return eldest;
    }

    private synchronized void failed(Key key, String version, LoginFault why) {
        underWay.remove(key);
        sessions.remove(key);
        var account = new Account(key.application(), key.user());
        Rest before = rests.remove(account);
        int times = before != null && before.version().equals(version) && why.kind() == Kind.REFUSED
                ? before.times() + 1
                : 1;
        Duration pause = why.kind() == Kind.REFUSED ? refused(times) : OTHERWISE;
        if (rests.size() >= SESSIONS_MAX) {
            rests.remove(rests.keySet().iterator().next());
        }
        rests.put(account, new Rest(version, clock.instant().plus(pause), times, why));
    }

    private static Duration refused(int times) {
        Duration pause = REFUSED.multipliedBy(1L << Math.min(times - 1, 10));
        return pause.compareTo(REFUSED_MAX) > 0 ? REFUSED_MAX : pause;
    }

    /// Ends what nobody uses any more.
    void sweep() {
        Instant before = clock.instant().minus(IDLE);
        List<LoginSession> idle;
        synchronized (this) {
            idle = sessions.values().stream()
                    .filter(session -> session.used().isBefore(before))
                    .toList();
            sessions.values().removeAll(idle);
        }
        idle.forEach(LoginSessions::end);
    }

    /// By users and their sessions here.
    synchronized List<HeldSession> held() {
        var held = new LinkedHashMap<List<String>, HeldSession>();
        sessions.forEach((key, session) -> held.merge(
                List.of(key.user(), key.session()),
                new HeldSession(key.user(), key.session(), session.begun()),
                (a, b) -> a.begun().isBefore(b.begun()) ? a : b));
        return List.copyOf(held.values());
    }

    /// The user's session here is over, and with it all of these at applications.
    void end(HeldSession over) {
        List<LoginSession> gone;
        synchronized (this) {
            List<Key> keys = sessions.keySet().stream()
                    .filter(key ->
                            key.user().equals(over.user()) && key.session().equals(over.session()))
                    .toList();
            gone = keys.stream()
                    .flatMap(key -> Optional.ofNullable(sessions.remove(key)).stream())
                    .toList();
        }
        gone.forEach(LoginSessions::end);
    }

    synchronized int size() {
        return sessions.size();
    }

    private static void end(LoginSession session) {
        Thread.ofVirtual().name("form-sign-out").start(session::end);
    }
}
