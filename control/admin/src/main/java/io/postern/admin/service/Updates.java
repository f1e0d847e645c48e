package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.update.Proof;
import io.postern.domain.update.Prover;
import io.postern.domain.update.UpdatePolicy;
import io.postern.store.Connector;
import io.postern.store.ConnectorUpdate;
import io.postern.store.ConnectorUpdate.State;
import io.postern.store.UpdateLease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Who may update now (2.6): major releases by themselves when the policy allows, any release at an administrator's
/// word, in each group one connector at a time. The right to update is a lease that runs out unless it is kept, so an
/// updater that dies does not hold up the others.
public final class Updates {
    /// Its holder asks again at a third of this.
    public static final Duration LEASE_LIFE = Duration.ofSeconds(60);

    private static final int REASON_MAX = 1_000;

    /// @param offered newer version that the updater could install
    /// @param problem why it has no usable manifest; else empty
    /// @param lease that it holds
    public record Question(String running, Optional<String> offered, String problem, Optional<String> lease) {}

    /// @param lease there: update now
    public record Answer(Optional<String> lease, String reason) {}

    /// @param requested whether an administrator's word is still to be carried out
    public record Seen(ConnectorUpdate update, String machineName, boolean requested) {}

    private final Ledger ledger;
    private volatile Prover prover = (connector, process) ->
            CompletableFuture.completedFuture(new Proof(false, "the service is starting; try again"));

    public Updates(Ledger ledger) {
        this.ledger = ledger;
    }

    /// The data plane is made after this; until it is, nothing is proved.
    public void proveWith(Prover dataPlane) {
        prover = dataPlane;
    }

    // ---- what updaters ask

    /// @param certificate SHA-256 of the one that the caller proved
    /// @return not found for a certificate that is no connector's; forbidden for a connector that is disabled
    public Outcome<Answer> ask(String certificate, Optional<String> address, Question question) {
        return asConnector(certificate, address, (change, connector) -> {
            ConnectorUpdate before = before(change, connector, question.running());
            if (question.lease().isPresent()) {
                return keep(change, connector, question.lease().get());
            }
            if (!question.problem().isEmpty()) {
                return note(change, before, question, State.FAULT, question.problem());
            }
            if (question.offered().isEmpty()) {
                return note(change, before, question, State.CURRENT, "");
            }
            Optional<String> obstacle = obstacle(change, connector, before, question);
            if (obstacle.isPresent()) {
                // what failed stays so in the list until it is tried again
                boolean isTheFailed = before.failed().equals(question.offered()) && !before.requested();
                return note(change, before, question, isTheFailed ? State.ROLLED_BACK : State.WAITING, obstacle.get());
            }
            return grant(change, connector, before, question);
        });
    }

    /// Blocks while requests are sent through the new process, up to a minute; outside of any transaction.
    public Outcome<Proof> prove(String certificate, String lease, String process) {
        return asConnector(certificate, Optional.empty(), (change, connector) -> {
                    held(change, connector, lease);
                    return connector.id();
                })
                .then(id -> Outcome.done(prover.prove(id, process).join()));
    }

    /// @param reason why it was rolled back; else empty
    public Outcome<Boolean> end(
            String certificate, Optional<String> address, String lease, boolean updated, String reason) {
        return asConnector(certificate, address, (change, connector) -> {
            UpdateLease ended = held(change, connector, lease);
            change.stores().updates().endLease(lease);
            ConnectorUpdate before = before(change, connector, connector.version());
            change.stores()
                    .updates()
                    .put(new ConnectorUpdate(
                            connector.tenant(),
                            connector.id(),
                            updated ? ended.version() : before.running(),
                            updated ? Optional.empty() : Optional.of(ended.version()),
                            updated ? Optional.empty() : Optional.of(ended.version()),
                            false,
                            updated ? State.CURRENT : State.ROLLED_BACK,
                            cut(reason),
                            change.now(),
                            Optional.of(change.now())));
            change.note(
                    updated ? Activity.FINISH_UPDATE : Activity.ROLL_BACK_UPDATE,
                    connector.id(),
                    connector.machineName(),
                    updated
                            ? Map.of("version", ended.version())
                            : Map.of("version", ended.version(), "reason", cut(reason)));
            return updated;
        });
    }

    // ---- what administrators do

    public UpdatePolicy policy(TenantId tenant) {
        return ledger.read(stores -> stores.updates().policy(tenant));
    }

    public Outcome<UpdatePolicy> setPolicy(Actor actor, Function<UpdatePolicy, UpdatePolicy> edit) {
        return ledger.change(actor, change -> {
            UpdatePolicy policy = edit.apply(change.stores().updates().policy(change.tenant()));
            change.stores().updates().setPolicy(change.tenant(), policy);
            change.note(Activity.SET_UPDATE_POLICY, change.tenant(), "", details(policy));
            return policy;
        });
    }

    /// Connectors whose updaters were heard of.
    public List<Seen> list(TenantId tenant) {
        return ledger.read(stores -> stores.updates().list(tenant).stream()
                .flatMap(update -> stores.connectors().find(tenant, update.connector()).stream()
                        .map(connector -> new Seen(update, connector.machineName(), update.requested())))
                .toList());
    }

    /// Updates a connector at the next question of its updater, whatever the policy says.
    ///
    /// @return conflict where no updater was heard of (UPD-5), or nothing newer is offered
    public Outcome<ConnectorUpdate> request(Actor actor, ConnectorId id) {
        return ledger.change(actor, change -> {
            Connector connector = change.found(change.stores().connectors().find(change.tenant(), id), "connector", id);
            ConnectorUpdate before = change.stores()
                    .updates()
                    .find(change.tenant(), id)
                    .orElseThrow(() -> Rejected.conflict("no updater was heard of for connector '"
                            + connector.machineName() + "'; install the new version there by hand (UPD-5)"));
            String offered = before.offered()
                    .orElseThrow(() -> Rejected.conflict("the updater of connector '" + connector.machineName()
                            + "' offers nothing newer than " + before.running()));
            var requested = new ConnectorUpdate(
                    before.tenant(),
                    before.connector(),
                    before.running(),
                    before.offered(),
                    before.failed(),
                    true,
                    before.state(),
                    before.reason(),
                    before.since(),
                    before.asked());
            change.stores().updates().put(requested);
            change.note(Activity.REQUEST_UPDATE, id, connector.machineName(), Map.of("version", offered));
            return requested;
        });
    }

    // ---- how it is decided

    /// Why this connector may not update now.
    private static Optional<String> obstacle(
            Change change, Connector connector, ConnectorUpdate before, Question question) {
        String offered = question.offered().orElseThrow();
        Optional<UpdateLease> other = change.stores()
                .updates()
                .lease(connector.tenant(), connector.group())
                .filter(lease -> lease.expires().isAfter(change.now()))
                .filter(lease -> !lease.connector().equals(connector.id()));
        if (other.isPresent()) { // UPD-2
            return Optional.of("connector " + other.get().connector() + " of the group is being updated");
        }
        if (before.requested()) {
            return Optional.empty();
        }
        if (before.failed().equals(Optional.of(offered))) {
            return Optional.of(before.reason().isEmpty() ? "it was rolled back" : before.reason());
        }
        if (major(offered) <= major(question.running())) { // UPD-1
            return Optional.of("no major release: 'postern update start' takes it");
        }
        UpdatePolicy policy = change.stores().updates().policy(connector.tenant());
        return policy.opens(change.now()).isAfter(change.now())
                ? Optional.of(policy.reason(change.now()))
                : Optional.empty();
    }

    private static Answer grant(Change change, Connector connector, ConnectorUpdate before, Question question) {
        String version = question.offered().orElseThrow();
        var lease = new UpdateLease(
                connector.tenant(),
                connector.group(),
                UUID.randomUUID().toString(),
                connector.id(),
                version,
                change.now().plus(LEASE_LIFE));
        change.stores().updates().putLease(lease);
        note(change, before, question, State.UPDATING, "");
        change.note(
                Activity.START_UPDATE,
                connector.id(),
                connector.machineName(),
                Map.of("from", question.running(), "to", version));
        return new Answer(Optional.of(lease.id()), before.requested() ? "an administrator wants it" : "it is due");
    }

    private static Answer keep(Change change, Connector connector, String id) {
        Optional<UpdateLease> lease =
                change.stores().updates().lease(id).filter(l -> l.connector().equals(connector.id()));
        if (lease.isEmpty()) {
            return new Answer(Optional.empty(), "the lease ran out, and another connector has one");
        }
        UpdateLease old = lease.get();
        change.stores()
                .updates()
                .putLease(new UpdateLease(
                        old.tenant(),
                        old.group(),
                        old.id(),
                        old.connector(),
                        old.version(),
                        change.now().plus(LEASE_LIFE)));
        return new Answer(Optional.of(id), "");
    }

    private static UpdateLease held(Change change, Connector connector, String id) {
        return change.stores()
                .updates()
                .lease(id)
                .filter(lease -> lease.connector().equals(connector.id()))
                .orElseThrow(() -> Rejected.conflict("connector '" + connector.machineName()
                        + "' does not hold its group's turn to update any more: the lease was not kept for "
                        + LEASE_LIFE.toSeconds() + " s, or was given back; end the new version and ask for another"
                        + " turn"));
    }

    private static Answer note(Change change, ConnectorUpdate before, Question question, State state, String reason) {
        String kept = cut(reason);
        boolean same = before.state() == state
                && before.reason().equals(kept)
                && before.offered().equals(question.offered());
        change.stores()
                .updates()
                .put(new ConnectorUpdate(
                        before.tenant(),
                        before.connector(),
                        question.running(),
                        question.offered(),
                        before.failed(),
                        before.requested() && question.offered().isPresent(),
                        state,
                        kept,
                        same ? before.since() : change.now(),
                        Optional.of(change.now())));
        return new Answer(Optional.empty(), kept);
    }

    private static ConnectorUpdate before(Change change, Connector connector, String running) {
        return change.stores()
                .updates()
                .find(connector.tenant(), connector.id())
                .orElseGet(() -> new ConnectorUpdate(
                        connector.tenant(),
                        connector.id(),
                        running,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        State.CURRENT,
                        "",
                        change.now(),
                        Optional.empty()));
    }

    private interface Work<T> {
        T run(Change change, Connector connector);
    }

    /// Who asks is known from his certificate alone.
    private <T> Outcome<T> asConnector(String certificate, Optional<String> address, Work<T> work) {
        return ledger.decide(now -> stores -> {
            Connector connector = stores.connectors()
                    .findByCertificate(certificate)
                    .orElseThrow(() -> Rejected.notFound("connector with certificate", certificate));
            if (!connector.enabled()) {
                throw Rejected.forbidden("connector '" + connector.machineName() + "' is disabled");
            }
            var actor = new Actor(connector.tenant(), connector.id().value(), connector.machineName(), address);
            return work.run(new Change(stores, actor, now), connector);
        });
    }

    private static Map<String, String> details(UpdatePolicy policy) {
        return Map.of(
                "allowUpdateConfigurationOverride",
                Boolean.toString(policy.override()),
                "deferUpdateDateTime",
                policy.deferUntil().map(Instant::toString).orElse(""),
                "updateWindow",
                policy.window().map(w -> w.start() + " to " + w.end()).orElse(""));
    }

    private static int major(String version) {
        int dot = version.indexOf('.');
        return Integer.parseInt(version.substring(0, dot));
    }

    private static String cut(String reason) {
        return reason.substring(0, Math.min(reason.length(), REASON_MAX));
    }
}
