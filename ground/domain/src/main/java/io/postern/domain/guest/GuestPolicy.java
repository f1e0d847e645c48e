package io.postern.domain.guest;

import io.postern.domain.directory.Action;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Who may invite guests of which domains into a tenant, and for how long (GST-1, GST-2).
///
/// @param allowed domains of mail addresses, with all below them; none: every domain that is not blocked
/// @param blocked the same; counts before `allowed`
/// @param invitationDays so long a link can be used
/// @param accessDays so long a guest has access unless the invitation says otherwise; empty: until somebody ends it
public record GuestPolicy(
        Inviters inviters,
        List<String> allowed,
        List<String> blocked,
        int invitationDays,
        Optional<Integer> accessDays) {
    public static final int DAYS_MAX = 3_650;
    public static final int INVITATION_DAYS_MAX = 365;

    public static final GuestPolicy DEFAULT =
            new GuestPolicy(Inviters.ADMINS_AND_INVITERS, List.of(), List.of(), 90, Optional.empty());

    /// Names as in Graph, but for `admins`.
    public enum Inviters {
        NONE("none"),
        /// Who may create users; ours.
        ADMINS("admins"),
        ADMINS_AND_INVITERS("adminsAndGuestInviters"),
        MEMBERS("adminsGuestInvitersAndAllMembers"),
        /// Guests too.
        EVERYONE("everyone");

        private final String text;

        Inviters(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        /// @throws IllegalArgumentException with a sentence, when there is none of this name
        public static Inviters parse(String text) {
            return Arrays.stream(values())
                    .filter(one -> one.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is unknown; use "
                            + String.join(
                                    ", ",
                                    Arrays.stream(values()).map(Inviters::text).toList())));
        }
    }

    public GuestPolicy {
        allowed = List.copyOf(allowed);
        blocked = List.copyOf(blocked);
    }

    /// @param abilities of whoever wants to invite
    /// @param guest he is one himself
    public boolean lets(Collection<Action> abilities, boolean guest) {
        boolean administers = abilities.contains(Action.USERS_WRITE);
        boolean invites = administers || abilities.contains(Action.GUESTS_INVITE);
        return switch (inviters) {
            case NONE -> false;
            case ADMINS -> administers;
            case ADMINS_AND_INVITERS -> invites;
            case MEMBERS -> invites || !guest;
            case EVERYONE -> true;
        };
    }

    /// Whether people of this domain may be invited.
    public boolean admits(String domain) {
        return !under(domain, blocked) && (allowed.isEmpty() || under(domain, allowed));
    }

    private static boolean under(String domain, List<String> domains) {
        String lower = domain.toLowerCase(Locale.ROOT);
        return domains.stream().anyMatch(one -> lower.equals(one) || lower.endsWith("." + one));
    }
}
