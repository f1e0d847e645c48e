package io.postern.store;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;

/// Users who own applications. It goes with either.
public interface OwnerStore {
    /// Those of one application, the first owner first.
    List<UserId> of(TenantId tenant, ObjectId application);

    boolean owns(TenantId tenant, UserId user, ObjectId application);

    /// @return false when he is one already
    boolean add(TenantId tenant, ObjectId application, UserId user, Instant since);

    /// @return false when he is none
    boolean remove(TenantId tenant, ObjectId application, UserId user);
}
