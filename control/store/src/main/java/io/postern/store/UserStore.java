package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Users.
public interface UserStore {
    /// @throws DuplicateKey when the user principal name is taken
    void insert(User user);

    /// @return false when there is no such user
    /// @throws DuplicateKey when the new user principal name is taken
    boolean update(User user);

    /// Removes the user with role, group and application assignments and sessions. Revocations stay.
    boolean delete(TenantId tenant, UserId id);

    Optional<User> find(TenantId tenant, UserId id);

    /// Case-insensitive, over all tenants.
    Optional<User> findByPrincipalName(String userPrincipalName);

    /// Ordered by user principal name, from after `after` (empty string: the beginning), at most `limit`.
    List<User> list(TenantId tenant, String after, int limit);

    /// In the same order, from the `skip`th on (from zero), at most `limit`.
    List<User> page(TenantId tenant, long skip, int limit);

    long count(TenantId tenant);

    /// Who has this mail address, whatever its case.
    List<User> findByMail(TenantId tenant, String mail);

    /// Whom synchronisation knows as this account of an Active Directory domain.
    ///
    /// @param account `sAMAccountName`, in any case
    /// @param domain DNS name, in any case
    List<User> findByDomainAccount(TenantId tenant, String account, String domain);

    // ---- deleted users who can come back: in no answer of the methods above, their names free for others

    record Deleted(User user, Instant since) {}

    /// @return false when there is no such user, or it is deleted already
    boolean putAside(TenantId tenant, UserId id, Instant now);

    /// @throws DuplicateKey when somebody else has the name by now
    boolean bringBack(TenantId tenant, UserId id);

    Optional<Deleted> findDeleted(TenantId tenant, UserId id);

    /// By id.
    List<Deleted> listDeleted(TenantId tenant);

    /// Of all tenants; who was deleted before `before` goes for good. @return how many
    int purgeDeleted(Instant before);
}
