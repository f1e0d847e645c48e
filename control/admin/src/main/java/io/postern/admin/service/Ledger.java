package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.store.DuplicateKey;
import io.postern.store.Store;
import io.postern.store.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Runs the work of a service call in one transaction: all of it is done, audited and announced, or none.
public final class Ledger {
    private final Store store;
    private final InstantSource clock;
    private final ReentrantLock turn = new ReentrantLock(true);

    public Ledger(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @param work may run more than once; throws [Rejected] to end without effect
    <T> Outcome<T> change(Actor actor, Function<Change, T> work) {
        try {
            return Outcome.done(store.write(stores ->
                    work.apply(new Change(stores, actor, clock.instant().truncatedTo(ChronoUnit.MILLIS)))));
        } catch (Rejected e) {
            return e.outcome();
        } catch (DuplicateKey e) {
            return new Outcome.Conflict<>(e.getMessage() + "; choose another " + e.property());
        }
    }

    /// As [#change], one after the other: for programs that send many changes at once. Every change counts up the
    /// configuration's version, so of those that run at once all but one would have to be tried again.
    <T> Outcome<T> changeInTurn(Actor actor, Function<Change, T> work) {
        turn.lock();
        try {
            return change(actor, work);
        } finally {
            turn.unlock();
        }
    }

    /// As [#change], for work that finds out itself who acts.
    <T> Outcome<T> decide(Function<Instant, Function<Stores, T>> work) {
        try {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            return Outcome.done(store.write(work.apply(now)));
        } catch (Rejected e) {
            return e.outcome();
        }
    }

    <T> T read(Function<Stores, T> work) {
        return store.read(work);
    }

    /// What nobody asked for: without an audit entry, and without a change of the configuration.
    <T> T write(Function<Stores, T> work) {
        return store.write(work);
    }

    /// What the service does of itself in a tenant; audited by the work.
    <T> T write(TenantId tenant, Function<Change, T> work) {
        return store.write(stores -> work.apply(
                new Change(stores, Actor.service(tenant), clock.instant().truncatedTo(ChronoUnit.MILLIS))));
    }

    /// A reading that may end with [Rejected].
    <T> Outcome<T> look(Function<Stores, T> work) {
        try {
            return Outcome.done(store.read(work));
        } catch (Rejected e) {
            return e.outcome();
        }
    }

    InstantSource clock() {
        return clock;
    }
}
