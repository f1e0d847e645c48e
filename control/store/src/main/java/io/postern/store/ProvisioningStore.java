package io.postern.store;

import io.postern.domain.ProvisioningClientId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Programs that provision users and groups by SCIM, their tokens, and what each knows a user or group by. A
/// user or group that goes takes that along, and so does a client.
public interface ProvisioningStore {
    /// A program, such as another directory.
    record Client(TenantId tenant, ProvisioningClientId id, String displayName, Instant created) {}

    /// What it proves itself with, kept as a hash.
    ///
    /// @param expires exclusive; empty: until it is revoked
    record Token(
            TenantId tenant,
            String id,
            ProvisioningClientId client,
            String secretHash,
            Instant created,
            Optional<Instant> expires) {
        public boolean holds(Instant now) {
            return expires.isEmpty() || now.isBefore(expires.get());
        }
    }

    enum Kind {
        USER,
        GROUP
    }

    /// What one client says of one user or group.
    ///
    /// @param externalId its own id, unique among its users or groups (SCIM-4)
    /// @param rest what has no place in a user or group, as documents have it
    record Anchor(Optional<String> externalId, Map<String, Object> rest) {
        public static final Anchor NONE = new Anchor(Optional.empty(), Map.of());

        public Anchor {
            rest = Map.copyOf(rest);
        }
    }

    /// @throws DuplicateKey `displayName`
    void insert(Client client);

    boolean delete(TenantId tenant, ProvisioningClientId id);

    Optional<Client> find(TenantId tenant, ProvisioningClientId id);

    /// In the order of their names.
    List<Client> list(TenantId tenant);

    void insert(Token token);

    boolean deleteToken(TenantId tenant, ProvisioningClientId client, String id);

    /// The oldest first, expired ones included.
    List<Token> tokens(TenantId tenant, ProvisioningClientId client);

    Optional<Token> findToken(String secretHash);

    /// [Anchor#NONE] where the client has said nothing.
    Anchor anchor(Client client, Kind kind, String resource);

    /// By id of the user or group.
    Map<String, Anchor> anchors(Client client, Kind kind);

    /// Id of the user or group that the client knows by this id of its own.
    Optional<String> byExternalId(Client client, Kind kind, String externalId);

    /// @throws DuplicateKey `externalId` when another of the client's users or groups has it
    void put(Client client, Kind kind, String resource, Anchor anchor);

    /// What all clients say of it goes: another one may have its ids.
    void forget(TenantId tenant, Kind kind, String resource);
}
