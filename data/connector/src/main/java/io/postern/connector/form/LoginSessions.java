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

/// Sessions at applications by application, backend, user and the user's session here; the least recently used go
/// first. One sign-in at a time for each. Thread-safe; callbacks run on virtual threads.
final class LoginSessions {
    static final int SESSIONS_MAX = 20_000;
    static final int WAITING_MAX = 4_000;

    /// For one application, so that one that is dead leaves room for others.
    static final int WAITING_FOR_ONE_MAX = 250;

    /// Without a request for so long, a session is ended.
    static final Duration IDLE = Duration.ofHours(1);

    /// A user whose sign-in is not tried now: so often the service is asked whether there is another password.
    private static final Duration ASKED_AGAIN = Duration.ofMinutes(1);

    private static final int FETCHES_AT_ONCE = 32;

    /// @param backend scheme, host and port
    /// @param session of the user at the gateway
    record Key(String application, String backend, String user, String session) {}

    /// @param version that the request asks for
    private record Wanted(Key key, String version) {}

    private record Who(String application, String backend, String user, String version) {
        static Who of(Wanted wanted) {
            Key key = wanted.key();
            return new Who(key.application(), key.backend(), key.user(), wanted.version());
        }
    }

    /// What a sign-in needs. Both block.
    interface Way {
        /// @return to be closed
        /// @throws LoginFault as [Credentials#fetch]
        Credential fetch();

        FormBackend backend(Credential credential);
    }

    private final InstantSource clock;
    private final LoginGuard guard;
    private final Rests<Who> rests;
    private final Semaphore fetches = new Semaphore(FETCHES_AT_ONCE);
    private final Map<Key, LoginSession> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Wanted, CompletableFuture<LoginSession>> underWay = new HashMap<>();
    private final Map<String, Integer> waiting = new HashMap<>(); // of those, by application

    LoginSessions(InstantSource clock) {
        this.clock = clock;
        this.guard = new LoginGuard(clock);
        this.rests = new Rests<>(clock);
    }

    /// One that can be used at once, without asking anybody.
    synchronized Optional<LoginSession> ready(Key key, String version) {
        Instant now = clock.instant();
        return Optional.ofNullable(sessions.get(key))
                .filter(session -> session.answers(version, now) && session.isSure(now))
                .map(session -> {
                    session.use(now);
                    return session;
                });
    }

    /// One that was there, if the application still knows it, or a new one.
    ///
    /// @return fails with [LoginFault], which is told to others for a while
    CompletableFuture<LoginSession> get(Key key, String version, Way way) {
        var wanted = new Wanted(key, version);
        CompletableFuture<LoginSession> mine;
        synchronized (this) {
            CompletableFuture<LoginSession> other = underWay.get(wanted);
            if (other != null) {
                return other;
            }
            Optional<LoginFault> fault = rests.of(Who.of(wanted)).or(() -> crowded(key.application()));
            if (fault.isPresent()) {
                return CompletableFuture.failedFuture(fault.get());
            }
            mine = new CompletableFuture<>();
            underWay.put(wanted, mine);
            waiting.merge(key.application(), 1, Integer::sum);
        }
        Thread.ofVirtual().name("form-sign-on").start(() -> run(wanted, way, mine));
        return mine;
    }

    private Optional<LoginFault> crowded(String application) {
        int here = waiting.getOrDefault(application, 0);
        return here >= WAITING_FOR_ONE_MAX || underWay.size() >= WAITING_MAX
                ? Optional.of(new LoginFault(
                        Kind.BUSY,
                        here + " sign-ins at this application are under way already, " + underWay.size() + " at all"))
                : Optional.empty();
    }

    /// Whatever happens, nobody waits for ever.
    private void run(Wanted wanted, Way way, CompletableFuture<LoginSession> mine) {
        Optional<LoginSession> before = session(wanted.key());
        try {
            LoginSession made = make(wanted, way);
            done(wanted);
            mine.complete(made);
        } catch (LoginFault e) {
            failed(wanted, before, e);
            done(wanted);
            mine.completeExceptionally(e);
        } catch (InterruptedException | RuntimeException | Error e) {
            done(wanted);
            mine.completeExceptionally(e);
        }
    }

    private synchronized void done(Wanted wanted) {
        underWay.remove(wanted);
        String application = wanted.key().application();
        if (waiting.merge(application, -1, Integer::sum) <= 0) {
            waiting.remove(application);
        }
    }

    private synchronized Optional<LoginSession> session(Key key) {
        return Optional.ofNullable(sessions.get(key));
    }

    private LoginSession make(Wanted wanted, Way way) throws InterruptedException {
        Optional<LoginSession> before =
                session(wanted.key()).filter(one -> one.answers(wanted.version(), clock.instant()));
        if (before.isPresent()) {
            if (isThere(wanted.key(), before.get())) {
                return before.get();
            }
            requireOnceTaken(wanted.key(), before.get());
        }
        try (Credential credential = fetch(way)) {
            var account = Account.of(wanted.key().application(), wanted.key().backend(), credential);
            return guard.alone(account, () -> make(wanted, account, credential, way));
        }
    }

    private Credential fetch(Way way) throws InterruptedException {
        fetches.acquire();
        try {
            return way.fetch();
        } finally {
            fetches.release();
        }
    }

    private LoginSession make(Wanted wanted, Account account, Credential credential, Way way) {
        Optional<LoginSession> there = session(wanted.key()).filter(one -> one.isOf(account));
        if (there.isPresent() && isThere(wanted.key(), there.get())) {
            there.get().answersTo(wanted.version(), clock.instant());
            return there.get();
        }
        FormBackend backend = way.backend(credential);
        Login.Begun begun = guard.signIn(account, backend, credential);
        var made = new LoginSession(account, wanted.version(), begun, backend, clock.instant());
        keep(wanted.key(), made);
        return made;
    }

    private boolean isThere(Key key, LoginSession session) {
        if (!session.isSure(clock.instant())) {
            guard.placed(key.application(), key.backend(), () -> {
                session.check(clock.instant());
                return session;
            });
        }
        session.use(clock.instant());
        return session.isOf(session.account());
    }

    private void requireOnceTaken(Key key, LoginSession lost) {
        if (lost.wasNeverTaken()) {
            throw disproved(
                    key,
                    lost,
                    "the sign-in seemed to work, and the application does not know the user: say by what it is known"
                            + " (proofCookie, proofText)");
        }
    }

    private void keep(Key key, LoginSession made) {
        List<LoginSession> gone = new ArrayList<>();
        synchronized (this) {
            Optional.ofNullable(sessions.put(key, made)).ifPresent(gone::add);
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

    private void failed(Wanted wanted, Optional<LoginSession> before, LoginFault why) {
        Duration pause = switch (why.kind()) {
            case REFUSED -> ASKED_AGAIN;
            case NO_FORM, NO_CREDENTIAL, UNREACHABLE -> LoginGuard.OTHERWISE;
            case BUSY -> Duration.ZERO;
        };
        if (pause.isPositive()) {
            rests.failed(Who.of(wanted), why, pause, pause);
        }
        if (why.kind() != Kind.BUSY && why.kind() != Kind.UNREACHABLE) {
            before.ifPresent(session -> drop(wanted.key(), session));
        }
    }

    private void drop(Key key, LoginSession session) {
        boolean isGone;
        synchronized (this) {
            isGone = sessions.remove(key, session);
        }
        if (isGone) {
            end(session);
        }
    }

    /// A sign-in that counted as one was none: the application does not know the user of the session that has just
    /// begun. As after any refusal, its name and password are not tried for a while.
    private LoginFault disproved(Key key, LoginSession session, String why) {
        var fault = new LoginFault(Kind.REFUSED, why);
        guard.refused(session.account(), fault);
        drop(key, session);
        return fault;
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
