package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.guest.GuestAddress;
import io.postern.domain.guest.GuestPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Guests who were invited, who answers for them, and who may invite.
public interface GuestStore {
    /// @throws DuplicateKey when somebody was invited at this address before
    void insert(Guest guest);

    /// @return false when there is no such guest
    boolean update(Guest guest);

    Optional<Guest> find(TenantId tenant, UserId user);

    Optional<Guest> findByAddress(TenantId tenant, GuestAddress address);

    /// Of all tenants.
    Optional<Guest> findByLink(String hash);

    /// Takes the link away, which counts once. @return false when somebody was faster
    boolean claim(Guest guest, Guest.Link link);

    /// By address.
    List<Guest> list(TenantId tenant);

    /// Of all tenants, enabled, whose access ended by `now`; at most `limit`.
    List<Guest> over(Instant now, int limit);

    /// Of all tenants, enabled, whose access ends by `until` and of whom nobody was told; at most `limit`.
    List<Guest> ending(Instant until, int limit);

    /// @return false when somebody was faster
    boolean tell(Guest guest);

    // ---- sponsors, of any user

    /// @return false when he was one already
    boolean addSponsor(TenantId tenant, UserId user, UserId sponsor);

    /// @return false when he was none
    boolean removeSponsor(TenantId tenant, UserId user, UserId sponsor);

    List<UserId> sponsors(TenantId tenant, UserId user);

    // ---- the tenant's policy

    void put(TenantId tenant, GuestPolicy policy);

    /// [GuestPolicy#DEFAULT] until another is put.
    GuestPolicy policy(TenantId tenant);
}
