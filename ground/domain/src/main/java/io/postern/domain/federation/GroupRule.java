package io.postern.domain.federation;

import io.postern.domain.GroupId;

/// Whom the upstream counts to `value`, is a member of `group`; who comes without it, is not any more.
public record GroupRule(String value, GroupId group) {}
