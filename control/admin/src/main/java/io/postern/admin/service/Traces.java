package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.ObjectId;
import io.postern.domain.PreAuthentication;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.event.Traced;
import io.postern.domain.publish.Application;
import io.postern.domain.snapshot.Trace;
import io.postern.store.TraceRun;
import io.postern.store.User;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Records what goes between one user and one application, for whoever looks for a fault there. It concerns a
/// person: each step is in the audit log, it ends by itself, and what was recorded goes an hour later.
///
/// Every gateway learns of a trace by its snapshot, and every node of the service writes what it saw to the store,
/// so any node can tell the whole.
public final class Traces {
    static final Duration DURATION_MAX = Duration.ofHours(1);
    /// At a time, of a tenant.
    static final int RUNNING_MAX = 8;
    /// Of one trace.
    static final int EXCHANGES_MAX = 1_000;

    static final long BYTES_MAX = 8L * 1024 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Ledger ledger;

    public Traces(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<TraceRun> start(Actor actor, ObjectId applicationId, UserId userId, Duration duration) {
        return ledger.change(actor, change -> {
            if (!duration.isPositive() || duration.compareTo(DURATION_MAX) > 0) {
                throw Rejected.invalid(
                        "duration",
                        "duration is " + duration + "; give one of more than 0 and at most " + DURATION_MAX);
            }
            Application application = change.found(
                    change.stores().applications().find(change.tenant(), applicationId), "application", applicationId);
            User user = change.found(change.stores().users().find(change.tenant(), userId), "user", userId);
            requireSignIn(application);
            long running = change.stores().traces().list(change.tenant()).stream()
                    .filter(run -> run.trace().ends().isAfter(change.now()))
                    .count();
            if (running >= RUNNING_MAX) {
                throw Rejected.conflict(RUNNING_MAX + " traces are running; end one of them first");
            }
            byte[] key = new byte[16];
            RANDOM.nextBytes(key);
            var run = new TraceRun(
                    new Trace(
                            UUID.randomUUID().toString(),
                            application.appId(),
                            user.id(),
                            change.now().plus(duration),
                            Secret.of(key)),
                    change.tenant(),
                    application.id(),
                    application.displayName(),
                    user.userPrincipalName(),
                    actor.name(),
                    change.now(),
                    0,
                    0,
                    0);
            change.stores().traces().insert(run);
            note(change, Activity.START_TRACE, run, Map.of("duration", duration.toString()));
            return run;
        });
    }

    private static void requireSignIn(Application application) {
        boolean signsIn = application
                .publishing()
                .filter(p -> p.preAuthentication() == PreAuthentication.POSTERN)
                .isPresent();
        if (!signsIn) {
            throw Rejected.invalid(
                    "applicationId",
                    "'" + application.displayName() + "' is not published with pre-authentication, so it is not known"
                            + " who uses it; trace an application whose users sign in");
        }
    }

    public List<TraceRun> list(TenantId tenant) {
        return ledger.read(stores -> stores.traces().list(tenant));
    }

    public Outcome<TraceRun> find(TenantId tenant, String id) {
        return ledger.look(
                stores -> stores.traces().find(tenant, id).orElseThrow(() -> Rejected.notFound("trace", id)));
    }

    /// Before its time; a trace that has ended stays as it is.
    public Outcome<TraceRun> end(Actor actor, String id) {
        return ledger.change(actor, change -> {
            TraceRun run = run(change, id);
            if (change.stores().traces().end(change.tenant(), id, change.now())) {
                note(change, Activity.END_TRACE, run, Map.of());
            }
            return run(change, id);
        });
    }

    /// What was recorded so far, as HAR 1.2.
    public Outcome<ObjectNode> read(Actor actor, String id) {
        return ledger.change(actor, change -> {
            TraceRun run = run(change, id);
            note(change, Activity.READ_TRACE, run, Map.of("exchanges", Integer.toString(run.exchanges())));
            return Har.document(run, change.stores().traces().entries(change.tenant(), id));
        });
    }

    public Outcome<TraceRun> delete(Actor actor, String id) {
        return ledger.change(actor, change -> {
            TraceRun run = run(change, id);
            change.stores().traces().delete(change.tenant(), id);
            note(change, Activity.DELETE_TRACE, run, Map.of());
            return run;
        });
    }

    /// Keeps what a gateway of this node recorded.
    ///
    /// @param missed further exchanges that never got here
    public void note(Traced exchange, int missed) {
        ledger.write(stores -> {
            stores.traces()
                    .note(
                            exchange.trace(),
                            exchange.exchange(),
                            exchange.time(),
                            Har.entries(exchange),
                            exchange.missed() + missed,
                            EXCHANGES_MAX,
                            BYTES_MAX);
            return true;
        });
    }

    private static TraceRun run(Change change, String id) {
        return change.found(change.stores().traces().find(change.tenant(), id), "trace", id);
    }

    private static void note(Change change, Activity activity, TraceRun run, Map<String, String> more) {
        var details = new TreeMap<>(more);
        details.put("trace", run.trace().id());
        details.put("user", run.userName());
        details.put("userId", run.trace().user().value());
        change.note(activity, run.application(), run.applicationName(), details);
    }
}
