package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorId;
import io.postern.pki.IssuedConnector;
import io.postern.pki.Pki;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.EnrollmentTokenStore;
import io.postern.store.Store;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Registration of a connector: the token is taken and the connector noted in one transaction, so a token
/// never makes two connectors and is not lost to a certificate request that is refused.
public final class Enrollment {
    /// @param secretHash SHA-256 of the token's secret part, hex
    /// @param address where the connector called from
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(
            String secretHash, byte[] csrDer, String machineName, String version, Optional<String> address) {}

    public record Registered(ConnectorId connector, String tenant, String group, IssuedConnector certificate) {}

    private final Store store;
    private final Certifier certifier;
    private final Refusals refusals;
    private final InstantSource clock;

    public Enrollment(Store store, Pki pki, Refusals refusals, InstantSource clock) {
        this.store = store;
        this.certifier = new Certifier(pki);
        this.refusals = refusals;
        this.clock = clock;
    }

    /// @return forbidden for a token that is unknown, used or expired, without telling which; conflict for a
    ///     certificate request that came before
    public Outcome<Registered> register(Request request) {
        ConnectorId id = ConnectorId.random();
        try {
            return Outcome.done(store.write(stores -> {
                EnrollmentTokenStore.Row token = stores.enrollmentTokens()
                        .take(request.secretHash(), clock.instant(), id)
                        .orElseThrow(
                                () -> Rejected.forbidden(
                                        "the connector token is unknown, used or expired; mint a new one with 'postern connector token'"));
                var actor = new Actor(token.tenant(), id.value(), "connector token", request.address());
                return register(new Change(stores, actor, clock.instant()), id, token, request);
            }));
        } catch (Rejected e) {
            Outcome<Registered> refused = e.outcome();
            audit(refused, request);
            return refused;
        }
    }

    private Registered register(Change change, ConnectorId id, EnrollmentTokenStore.Row token, Request request) {
        ConnectorGroup group = change.stores()
                .connectorGroups()
                .find(token.tenant(), token.group())
                .orElseGet(() -> change.stores().connectorGroups().defaultGroup(token.tenant()));
        IssuedConnector certificate = certifier.certify(change, token.tenant(), id, request.csrDer());
        boolean first = change.stores().connectors().list(token.tenant()).isEmpty();
        change.stores()
                .connectors()
                .insert(new Connector(
                        token.tenant(),
                        id,
                        group.id(),
                        request.machineName(),
                        request.address(),
                        request.version(),
                        certificate.fingerprint(),
                        certificate.expires(),
                        change.now(),
                        Optional.empty(),
                        true,
                        Optional.empty()));
        if (first) {
            change.note(Activity.ENABLE_PROXY, token.tenant(), ""); // REG-2
        }
        change.note(
                Activity.REGISTER_CONNECTOR,
                id,
                request.machineName(),
                Map.of(
                        "connectorGroup", group.name(),
                        "connectorToken", token.id(),
                        "certificate", certificate.fingerprint()));
        String tenant = change.stores()
                .tenants()
                .find(token.tenant())
                .orElseThrow(() -> Rejected.notFound("tenant", token.tenant()))
                .name();
        return new Registered(id, tenant, group.name(), certificate);
    }

    /// A request that is merely malformed is no attempt on anything.
    private void audit(Outcome<Registered> refused, Request request) {
        boolean replayed = refused instanceof Outcome.Conflict<Registered>;
        if (!replayed && !(refused instanceof Outcome.Forbidden<Registered>)) {
            return;
        }
        Optional<EnrollmentTokenStore.Row> token =
                store.read(stores -> stores.enrollmentTokens().find(request.secretHash()));
        String reason = replayed
                ? "request-replayed"
                : token.map(t -> t.use().isPresent() ? "token-used" : "token-expired")
                        .orElse("token-unknown");
        refusals.note(
                new Refusals.Refusal(
                        Activity.REGISTER_CONNECTOR,
                        token.map(EnrollmentTokenStore.Row::tenant),
                        Optional.empty(),
                        request.address(),
                        reason),
                token.map(t -> Map.of("connectorToken", t.id(), "machineName", request.machineName()))
                        .orElse(Map.of("machineName", request.machineName())));
    }
}
