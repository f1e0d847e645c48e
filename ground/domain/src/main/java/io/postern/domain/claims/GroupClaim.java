package io.postern.domain.claims;

import io.postern.domain.claims.Person.Membership;
import io.postern.domain.claims.Person.OnPremises;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which groups of its user an application learns, and by which names.
///
/// @param filter only these
/// @param regex done to each name; what it does not match stays, what becomes empty goes
/// @param name in place of `groups`
/// @param asRoles the groups stand as roles, in place of the application's own
public record GroupClaim(
        Which which,
        By by,
        Optional<Filter> filter,
        Optional<RegexReplacement> regex,
        Optional<String> name,
        Optional<String> namespace,
        boolean asRoles) {
    public static final GroupClaim NONE = of(Which.NONE, By.ID);

    public enum Which {
        NONE,
        /// Security groups, other groups and directory roles.
        ALL,
        SECURITY,
        DIRECTORY_ROLES,
        /// Groups that are assigned to the application themselves (ASG-3: direct members).
        ASSIGNED
    }

    public enum By {
        ID,
        SAM_ACCOUNT_NAME,
        NETBIOS_SAM,
        DNS_SAM,
        SECURITY_IDENTIFIER,
        DISPLAY_NAME
    }

    /// @param on what is looked at: the display name or the on-premises account name
    public record Filter(By on, Kind kind, String text) {
        public enum Kind {
            PREFIX,
            SUFFIX,
            CONTAINS
        }

        public Filter {
            if (on != By.DISPLAY_NAME && on != By.SAM_ACCOUNT_NAME) {
                throw new ClaimsFault("filter.attribute", "groups are filtered by displayName or samAccountName only");
            }
            if (text.isEmpty() || text.length() > RegexReplacement.PATTERN_MAX) {
                throw new ClaimsFault(
                        "filter.value",
                        "the filter needs a text of 1 to " + RegexReplacement.PATTERN_MAX + " characters");
            }
        }

        boolean lets(Membership group) {
            return by(group, on)
                    .filter(name -> switch (kind) {
                        case PREFIX -> name.startsWith(text);
                        case SUFFIX -> name.endsWith(text);
                        case CONTAINS -> name.contains(text);
                    })
                    .isPresent();
        }
    }

    public GroupClaim {
        name.ifPresent(n -> ClaimRule.checkName("name", n));
        name.filter(n -> ClaimRule.RESERVED.contains(n) && !n.equals("groups")).ifPresent(n -> {
            throw new ClaimsFault("name", "'" + n + "' is what a token says by itself; choose another name");
        });
        namespace.ifPresent(ClaimRule::checkNamespace);
        if (asRoles && name.isPresent()) {
            throw new ClaimsFault("name", "groups that stand as roles are named as roles are; leave the name out");
        }
    }

    public static GroupClaim of(Which which, By by) {
        return new GroupClaim(which, by, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /// Names of the groups, none twice.
    public List<String> names(Person person) {
        Stream<Membership> chosen = person.groups().stream()
                .filter(group -> switch (which) {
                    case NONE, DIRECTORY_ROLES -> false;
                    case ALL -> true;
                    case SECURITY -> group.security();
                    case ASSIGNED -> group.assigned();
                })
                .filter(group -> filter.map(f -> f.lets(group)).orElse(true));
        return chosen.flatMap(group -> by(group, by).stream())
                .map(text -> regex.flatMap(r -> r.apply(text, Map.of())).orElse(text))
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
    }

    /// Template ids of administrator roles, where they are wanted.
    Set<String> directoryRoles(Person person) {
        return which == Which.ALL || which == Which.DIRECTORY_ROLES ? person.directoryRoles() : Set.of();
    }

    private static Optional<String> by(Membership group, By by) {
        Optional<OnPremises> there = group.onPremises();
        return switch (by) {
            case ID -> Optional.of(group.id());
            case DISPLAY_NAME -> Optional.of(group.displayName());
            case SAM_ACCOUNT_NAME -> there.flatMap(OnPremises::samAccountName);
            case SECURITY_IDENTIFIER -> there.flatMap(OnPremises::securityIdentifier);
            case NETBIOS_SAM ->
                there.flatMap(names ->
                        names.netBiosName().flatMap(d -> names.samAccountName().map(n -> d + "\\" + n)));
            case DNS_SAM ->
                there.flatMap(names ->
                        names.dnsDomain().flatMap(d -> names.samAccountName().map(n -> d + "\\" + n)));
        };
    }
}
