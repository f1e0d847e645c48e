package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// A security group with assigned members.
public record Group(TenantId tenant, GroupId id, String displayName, Optional<String> description, Instant created) {}
