package io.postern.admin.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.domain.membership.MembershipRule;
import io.postern.domain.membership.RuleFault;
import io.postern.store.Group;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rules as they were read once: each change of a user asks all of his tenant's.
final class RuleShelf {
    private static final Logger LOG = LoggerFactory.getLogger(RuleShelf.class);
    private static final int KEPT_MAX = 20_000;

    private final Cache<String, Optional<MembershipRule>> rules =
            Caffeine.newBuilder().maximumSize(KEPT_MAX).build();

    /// The rule that finds the group's members now; empty while it is paused, and for one that a newer program wrote
    /// in words unknown here: then members stay as they are.
    Optional<MembershipRule> inForce(Group group) {
        return group.rule()
                .filter(rule -> !rule.paused())
                .flatMap(rule -> rules.get(rule.text(), text -> read(group, text)));
    }

    private static Optional<MembershipRule> read(Group group, String text) {
        try {
            return Optional.of(MembershipRule.parse(text));
        } catch (RuleFault e) {
            LOG.error(
                    "the rule of group {} cannot be read, so its members stay as they are: {}",
                    group.id(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
