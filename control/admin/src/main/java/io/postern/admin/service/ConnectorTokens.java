package io.postern.admin.service;

import io.postern.base.EnrollmentToken;
import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.store.ConnectorGroup;
import io.postern.store.EnrollmentTokenStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Tokens with which connectors register: single use, expiring, for one group (2.2, REG-1 to REG-3).
public final class ConnectorTokens {
    /// Long enough to carry the token to a machine, short enough to lose it.
    public static final Duration LIFE = Duration.ofHours(1);

    /// @param token to be shown once
    public record Ticket(String id, EnrollmentToken token, Instant expires) {}

    private final Ledger ledger;
    private final Supplier<X509Certificate> authority;

    /// @param authority issuer of connector certificates; its fingerprint goes into tokens
    public ConnectorTokens(Ledger ledger, Supplier<X509Certificate> authority) {
        this.ledger = ledger;
        this.authority = authority;
    }

    /// @param group empty: the Default group (GRP-1)
    public Outcome<Ticket> mint(Actor actor, Optional<ConnectorGroupId> group) {
        return ledger.change(actor, change -> {
            refuseGuests(change);
            ConnectorGroup target = group.map(id -> change.stores()
                            .connectorGroups()
                            .find(change.tenant(), id)
                            .orElseThrow(() ->
                                    Rejected.invalid("connectorGroup.id", "there is no connector group '" + id + "'")))
                    .orElseGet(() -> change.stores().connectorGroups().defaultGroup(change.tenant()));
            EnrollmentToken token = EnrollmentToken.create(encoded(authority.get()));
            String id = UUID.randomUUID().toString();
            Instant expires = change.now().plus(LIFE);
            change.stores()
                    .enrollmentTokens()
                    .insert(new EnrollmentTokenStore.Row(
                            change.tenant(),
                            id,
                            target.id(),
                            token.secretHash(),
                            change.now(),
                            actor.name(),
                            expires,
                            Optional.empty()));
            change.note(Activity.ADD_CONNECTOR_TOKEN, target.id(), target.name(), Map.of("connectorToken", id));
            return new Ticket(id, token, expires);
        });
    }

    /// Newest first; used and expired ones are remembered for a month.
    public List<EnrollmentTokenStore.Row> list(TenantId tenant) {
        return ledger.read(stores -> stores.enrollmentTokens().list(tenant));
    }

    public Instant now() {
        return ledger.clock().instant();
    }

    /// It registers nobody from now on. What it has registered stays.
    public Outcome<EnrollmentTokenStore.Row> revoke(Actor actor, String id) {
        return ledger.change(actor, change -> {
            EnrollmentTokenStore.Row token = change.stores().enrollmentTokens().list(change.tenant()).stream()
                    .filter(t -> t.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> Rejected.notFound("connector token", id));
            change.stores().enrollmentTokens().delete(change.tenant(), id);
            change.note(Activity.REMOVE_CONNECTOR_TOKEN, token.group(), "", Map.of("connectorToken", id));
            return token;
        });
    }

    /// REG-1: whoever brings a machine into the tenant belongs to it.
    private static void refuseGuests(Change change) {
        if (change.actor().isService()) {
            return;
        }
        change.stores()
                .users()
                .find(change.tenant(), new UserId(change.actor().principal()))
                .filter(user -> user.attributes().userType().equals(Attributes.GUEST))
                .ifPresent(guest -> {
                    throw Rejected.forbidden(
                            "'" + guest.userPrincipalName() + "' is a guest; guests cannot register connectors");
                });
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the connectors' authority cannot be encoded", e);
        }
    }
}
