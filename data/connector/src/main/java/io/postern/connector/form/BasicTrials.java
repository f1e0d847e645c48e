package io.postern.connector.form;

import io.postern.connector.form.LoginFault.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which names and passwords applications have taken by HTTP Basic. Until one has had an answer other than 401, one
/// request at a time shows it, and the others wait for what becomes of that; after a 401 none shows it for a while.
/// One that was taken before needs a second 401, as that of a single page may mean something else. Thread-safe.
final class BasicTrials {
    static final int WAITING_MAX = 200;

    /// When the first answer takes so long, the next request is let through.
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MAX = 20_000;

    /// Somebody's request; told one of both, on any thread.
    interface Request {
        void show(Showing showing);

        void refuse(LoginFault why);
    }

    /// One request that shows the name and password. Told what became of it.
    ///
    /// @param isTrial nobody knew whether they are right when it went out
    record Showing(Account account, boolean isTrial) {}

    private static final class Trial {
        private final ArrayDeque<Request> waiting = new ArrayDeque<>();
        private boolean proven;
        private Optional<Instant> out = Optional.empty(); // since when a request tries
    }

    private final InstantSource clock;
    private final Rests<Account> rests;
    private final Map<Account, Trial> trials = new LinkedHashMap<>(16, 0.75f, true);

    BasicTrials(InstantSource clock) {
        this.clock = clock;
        this.rests = new Rests<>(clock);
    }

    /// @return whether it waits, so that [#letThrough] is to be called now and then
    boolean ask(Account account, Request request) {
        Optional<LoginFault> fault;
        Optional<Showing> showing = Optional.empty();
        synchronized (this) {
            fault = rests.of(account);
            Trial trial = trial(account);
            if (fault.isEmpty() && mayShow(trial)) {
                showing = Optional.of(showing(account, trial));
            } else if (fault.isEmpty() && trial.waiting.size() >= WAITING_MAX) {
                fault = Optional.of(
                        new LoginFault(Kind.BUSY, WAITING_MAX + " requests wait for the application's first answer"));
            } else if (fault.isEmpty()) {
                trial.waiting.add(request);
                return true;
            }
        }
        fault.ifPresent(request::refuse);
        showing.ifPresent(request::show);
        return false;
    }

    private boolean mayShow(Trial trial) {
        return trial.proven
                || trial.out.isEmpty()
                || !clock.instant().isBefore(trial.out.get().plus(PATIENCE));
    }

    private Showing showing(Account account, Trial trial) {
        if (!trial.proven) {
            trial.out = Optional.of(clock.instant());
        }
        return new Showing(account, !trial.proven);
    }

    private Trial trial(Account account) {
        Trial trial = trials.computeIfAbsent(account, _ -> new Trial());
        var all = trials.values().iterator();
        if (trials.size() > MAX && all.next().waiting.isEmpty()) {
            all.remove();
        }
        return trial;
    }

    /// The next that waits, where the one before has no answer yet for long.
    ///
    /// @return whether some wait still
    boolean letThrough(Account account) {
        Optional<Request> next = Optional.empty();
        Optional<Showing> showing = Optional.empty();
        boolean isMore;
        synchronized (this) {
            Trial trial = trial(account);
            if (!trial.waiting.isEmpty() && mayShow(trial)) {
                next = Optional.of(trial.waiting.remove());
                showing = Optional.of(showing(account, trial));
            }
            isMore = !trial.waiting.isEmpty();
        }
        if (next.isPresent()) {
            next.get().show(showing.orElseThrow());
        }
        return isMore;
    }

    /// An answer that is no 401.
    void taken(Showing showing) {
        if (!showing.isTrial()) {
            return;
        }
        List<Request> free;
        synchronized (this) {
            Trial trial = trial(showing.account());
            trial.proven = true;
            trial.out = Optional.empty();
            free = drain(trial);
        }
        free.forEach(request -> request.show(new Showing(showing.account(), false)));
    }

    /// No answer, or none that tells: the next tries.
    void unheard(Showing showing) {
        if (showing.isTrial()) {
            synchronized (this) {
                trial(showing.account()).out = Optional.empty();
            }
            letThrough(showing.account());
        }
    }

    /// An answer 401.
    ///
    /// @return how long the name and password are not tried now; empty where they were taken before
    Optional<Duration> refused(Showing showing, LoginFault why) {
        Duration rest;
        List<Request> refused;
        synchronized (this) {
            Trial trial = trial(showing.account());
            if (!showing.isTrial()) {
                trial.proven = false;
                return Optional.empty();
            }
            trial.proven = false;
            trial.out = Optional.empty();
            rest = rests.failed(showing.account(), why, LoginGuard.REFUSED, LoginGuard.REFUSED_MAX);
            refused = drain(trial);
        }
        refused.forEach(request -> request.refuse(why));
        return Optional.of(rest);
    }

    private static List<Request> drain(Trial trial) {
        var all = new ArrayList<>(trial.waiting);
        trial.waiting.clear();
        return all;
    }
}
