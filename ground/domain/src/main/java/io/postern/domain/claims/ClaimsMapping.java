package io.postern.domain.claims;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a policy that several applications share says of their claims (7.2). It says the claims one by one; groups,
/// roles, audience, issuer and the format of the NameID stay what each application has of its own.
///
/// @param nameId where the NameID comes from; empty: as each application has it
/// @param rules in place of the application's own
/// @param basicSet what assertions say by default is said besides: name, given name, surname and e-mail address, unless
///        a rule says them, then object id, tenant and identity provider
public record ClaimsMapping(Optional<Rows> nameId, List<ClaimRule> rules, boolean basicSet) {
    /// @throws ClaimsFault for rules that no policy can have
    public ClaimsMapping {
        rules = List.copyOf(rules);
        ClaimsPolicy.DEFAULT.withRules(rules); // checks the number of them, and that none is there twice
    }

    /// What an application tells that goes by this one.
    public ClaimsPolicy over(ClaimsPolicy own) {
        return new ClaimsPolicy(
                nameId(own.nameId()),
                basicSet ? withDefaults() : rules,
                own.groups(),
                own.roles(),
                basicSet,
                own.applicationIdInIssuer(),
                own.audience());
    }

    private List<ClaimRule> withDefaults() {
        var said = rules.stream().map(ClaimRule::fullName).collect(Collectors.toUnmodifiableSet());
        return Stream.concat(
                        ClaimsPolicy.DEFAULT.rules().stream().filter(rule -> !said.contains(rule.fullName())),
                        rules.stream())
                .toList();
    }

    private NameIdRule nameId(NameIdRule own) {
        return nameId.isPresent() ? new NameIdRule(own.format(), nameId) : own;
    }

    /// What an application keeps as its own when an administrator asks for `wanted` while it goes by this one. What
    /// this one says may be repeated, since a whole policy that was read is often sent back with one change.
    ///
    /// @return empty when the change would not be seen: this one says otherwise
    public Optional<ClaimsPolicy> kept(ClaimsPolicy own, ClaimsPolicy wanted) {
        ClaimsPolicy told = over(own);
        boolean seen = isOneOf(wanted.rules(), own.rules(), told.rules())
                && isOneOf(wanted.basicSet(), own.basicSet(), told.basicSet())
                && (nameId.isEmpty()
                        || isOneOf(
                                wanted.nameId().rows(),
                                own.nameId().rows(),
                                told.nameId().rows()));
        return seen
                ? Optional.of(new ClaimsPolicy(
                        nameId.isEmpty()
                                ? wanted.nameId()
                                : new NameIdRule(
                                        wanted.nameId().format(), own.nameId().rows()),
                        own.rules(),
                        wanted.groups(),
                        wanted.roles(),
                        own.basicSet(),
                        wanted.applicationIdInIssuer(),
                        wanted.audience()))
                : Optional.empty();
    }

    private static <T> boolean isOneOf(T wanted, T own, T told) {
        return wanted.equals(own) || wanted.equals(told);
    }
}
