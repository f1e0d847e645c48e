package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorId;
import io.postern.pki.IssuedConnector;
import io.postern.pki.Pki;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Certificates of registered connectors (REG-5): a new one for whoever proves the old one, and the end of the
/// old one with the first use of the new.
///
///     one in force ──renew──▶ and a renewed one ──renewed one is used──▶ one in force
///                                │      ▲
///                                └renew─┘   the connector has lost it before its first use
public final class Renewal {
    /// @param certificate SHA-256 of the certificate that the connector has proved, hex
    /// @param address where it called from
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(String certificate, byte[] csrDer, Optional<String> address) {}

    /// How a connector stands here.
    ///
    /// @param expires end of the certificate that it has shown
    public record Standing(ConnectorId connector, String tenant, String group, boolean enabled, Instant expires) {}

    public record Renewed(Standing standing, IssuedConnector certificate) {}

    private final Store store;
    private final Certifier certifier;
    private final Refusals refusals;
    private final InstantSource clock;

    public Renewal(Store store, Pki pki, Refusals refusals, InstantSource clock) {
        this.store = store;
        this.certifier = new Certifier(pki);
        this.refusals = refusals;
        this.clock = clock;
    }

    /// @return not found for a certificate that is no connector's, or no more; forbidden for a connector that is
    ///     disabled; conflict for a certificate request that came before
    public Outcome<Renewed> renew(Request request) {
        try {
            return Outcome.done(store.write(stores -> {
                Connector connector = found(stores, request.certificate());
                if (!connector.enabled()) {
                    throw Rejected.forbidden("connector '" + connector.machineName()
                            + "' is disabled; enable it with 'postern connector enable " + connector.id() + "'");
                }
                var actor = new Actor(
                        connector.tenant(), connector.id().value(), connector.machineName(), request.address());
                return renew(new Change(stores, actor, clock.instant()), connector.id(), request);
            }));
        } catch (Rejected e) {
            Outcome<Renewed> refused = e.outcome();
            audit(refused, request);
            return refused;
        }
    }

    /// For a connector that wants to know before it relies on its certificate.
    ///
    /// @return not found for a certificate that is no connector's, or no more
    public Outcome<Standing> standing(String certificate) {
        try {
            return Outcome.done(store.read(stores -> standing(stores, found(stores, certificate), certificate)));
        } catch (Rejected e) {
            return e.outcome();
        }
    }

    /// A connector has opened a tunnel by this certificate. If that is its renewed one, the old one ends here.
    ///
    /// @throws io.postern.store.StoreUnavailable when that cannot be noted; the next tunnel tells again
    public void used(ConnectorId id, String certificate, Optional<String> address) {
        store.write(stores -> {
            use(stores, id, certificate, address);
            return true;
        });
    }

    /// Somebody wanted to renew what he did not prove to have.
    public void noteMissingCertificate(Optional<String> address) {
        refusals.note(
                new Refusals.Refusal(
                        Activity.RENEW_CERTIFICATE, Optional.empty(), Optional.empty(), address, "no-certificate"),
                Map.of());
    }

    private Renewed renew(Change change, ConnectorId id, Request request) {
        use(change.stores(), id, request.certificate(), request.address());
        Connector connector = found(change.stores(), request.certificate());
        IssuedConnector issued = certifier.certify(change, change.tenant(), id, request.csrDer());
        change.stores()
                .connectors()
                .update(connector.withRenewed(new Connector.Renewed(issued.fingerprint(), issued.expires())));
        change.note(
                Activity.RENEW_CERTIFICATE,
                id,
                connector.machineName(),
                details(issued.fingerprint(), issued.expires()));
        return new Renewed(standing(change.stores(), connector, request.certificate()), issued);
    }

    private void use(Stores stores, ConnectorId id, String certificate, Optional<String> address) {
        if (!stores.connectors().renewedIsUsed(id, certificate)) {
            return;
        }
        Connector connector = found(stores, certificate);
        var actor = new Actor(connector.tenant(), id.value(), connector.machineName(), address);
        new Change(stores, actor, clock.instant())
                .note(
                        Activity.REPLACE_CERTIFICATE,
                        id,
                        connector.machineName(),
                        details(certificate, connector.certificateExpires()));
    }

    private void audit(Outcome<Renewed> refused, Request request) {
        String reason = switch (refused) {
            case Outcome.NotFound<Renewed> _ -> "unknown-certificate";
            case Outcome.Forbidden<Renewed> _ -> "disabled";
            case Outcome.Conflict<Renewed> _ -> "request-replayed";
            case Outcome.Done<Renewed> _ -> "";
            case Outcome.Invalid<Renewed> _ -> ""; // a faulty connector, no attempt on anything
        };
        if (reason.isEmpty()) {
            return;
        }
        Optional<Connector> connector =
                store.read(stores -> stores.connectors().findByCertificate(request.certificate()));
        refusals.note(
                new Refusals.Refusal(
                        Activity.RENEW_CERTIFICATE,
                        connector.map(Connector::tenant),
                        connector.map(Connector::id),
                        request.address(),
                        reason),
                Map.of("certificate", request.certificate()));
    }

    private static Connector found(Stores stores, String certificate) {
        return stores.connectors()
                .findByCertificate(certificate)
                .orElseThrow(() -> Rejected.notFound("connector with certificate", certificate));
    }

    private static Standing standing(Stores stores, Connector connector, String certificate) {
        return new Standing(
                connector.id(),
                stores.tenants()
                        .find(connector.tenant())
                        .map(Tenant::name)
                        .orElseThrow(() -> Rejected.notFound("tenant", connector.tenant())),
                stores.connectorGroups()
                        .find(connector.tenant(), connector.group())
                        .map(ConnectorGroup::name)
                        .orElseThrow(() -> Rejected.notFound("connector group", connector.group())),
                connector.enabled(),
                connector
                        .renewed()
                        .filter(renewed -> renewed.fingerprint().equals(certificate))
                        .map(Connector.Renewed::expires)
                        .orElse(connector.certificateExpires()));
    }

    private static Map<String, String> details(String certificate, Instant expires) {
        return Map.of("certificate", certificate, "expires", expires.toString());
    }
}
