package io.postern.admin.service;

import io.postern.base.EnrollmentToken;
import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.EnrollmentTokenStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Registered connectors, and the tokens with which new ones come (2.2, 2.6).
public final class Connectors {
    /// Long enough to carry the token to a machine, short enough to lose it.
    public static final Duration TOKEN_LIFE = Duration.ofHours(1);

    public record Seen(Connector connector, boolean active) {}

    /// @param token to be shown once
    public record Ticket(EnrollmentToken token, Instant expires) {}

    private final Ledger ledger;
    private final Presence presence;
    private final Supplier<X509Certificate> authority;

    /// @param authority issuer of connector certificates; its fingerprint goes into tokens
    public Connectors(Ledger ledger, Presence presence, Supplier<X509Certificate> authority) {
        this.ledger = ledger;
        this.presence = presence;
        this.authority = authority;
    }

    public List<Seen> list(TenantId tenant) {
        return ledger.read(stores -> stores.connectors().list(tenant)).stream()
                .map(this::seen)
                .toList();
    }

    public Outcome<Seen> find(TenantId tenant, ConnectorId id) {
        return ledger.look(stores ->
                seen(stores.connectors().find(tenant, id).orElseThrow(() -> Rejected.notFound("connector", id))));
    }

    public Outcome<List<Seen>> inGroup(TenantId tenant, ConnectorGroupId group) {
        return ledger.look(stores -> {
            Rejected.unless(stores.connectorGroups().find(tenant, group), "connector group", group);
            return stores.connectors().inGroup(tenant, group).stream()
                    .map(this::seen)
                    .toList();
        });
    }

    public Outcome<ConnectorGroup> groupOf(TenantId tenant, ConnectorId id) {
        return ledger.look(stores -> {
            Connector connector =
                    stores.connectors().find(tenant, id).orElseThrow(() -> Rejected.notFound("connector", id));
            return stores.connectorGroups()
                    .find(tenant, connector.group())
                    .orElseGet(() -> stores.connectorGroups().defaultGroup(tenant));
        });
    }

    /// A connector is in exactly one group (GRP-1), so joining one leaves the other.
    public Outcome<Connector> move(Actor actor, ConnectorId id, ConnectorGroupId group) {
        return ledger.change(actor, change -> {
            Connector old = found(change, id);
            ConnectorGroup target = change.stores()
                    .connectorGroups()
                    .find(change.tenant(), group)
                    .orElseThrow(() -> Rejected.invalid("@odata.id", "there is no connector group '" + group + "'"));
            var moved = new Connector(
                    old.tenant(),
                    old.id(),
                    group,
                    old.machineName(),
                    old.externalIp(),
                    old.version(),
                    old.certificateFingerprint(),
                    old.certificateExpires(),
                    old.created(),
                    old.lastSeen());
            change.stores().connectors().update(moved);
            change.note(Activity.MOVE_CONNECTOR, id, old.machineName(), Map.of("connectorGroup", target.name()));
            return moved;
        });
    }

    /// Its certificate is worthless from the next snapshot on (REG-10).
    public Outcome<Connector> delete(Actor actor, ConnectorId id) {
        return ledger.change(actor, change -> {
            Connector connector = found(change, id);
            change.stores().connectors().delete(change.tenant(), id);
            change.note(Activity.DELETE_CONNECTOR, id, connector.machineName());
            return connector;
        });
    }

    /// @param group empty: the Default group (GRP-1)
    public Outcome<Ticket> mintToken(Actor actor, Optional<ConnectorGroupId> group) {
        return ledger.change(actor, change -> {
            ConnectorGroup target = group.map(id -> change.stores()
                            .connectorGroups()
                            .find(change.tenant(), id)
                            .orElseThrow(() ->
                                    Rejected.invalid("connectorGroup.id", "there is no connector group '" + id + "'")))
                    .orElseGet(() -> change.stores().connectorGroups().defaultGroup(change.tenant()));
            EnrollmentToken token = EnrollmentToken.create(encoded(authority.get()));
            Instant expires = change.now().plus(TOKEN_LIFE);
            change.stores()
                    .enrollmentTokens()
                    .insert(new EnrollmentTokenStore.Row(change.tenant(), target.id(), token.secretHash(), expires));
            change.note(Activity.ADD_CONNECTOR_TOKEN, target.id(), target.name());
            return new Ticket(token, expires);
        });
    }

    private Seen seen(Connector connector) {
        return new Seen(connector, presence.isActive(connector, ledger.clock().instant()));
    }

    private static Connector found(Change change, ConnectorId id) {
        return change.found(change.stores().connectors().find(change.tenant(), id), "connector", id);
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the connectors' authority cannot be encoded", e);
        }
    }
}
