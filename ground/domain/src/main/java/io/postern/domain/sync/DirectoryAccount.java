package io.postern.domain.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a directory says of an account besides who it is, in Active Directory's attributes. A directory without
/// them has accounts that are enabled and never expire.
///
/// @param expires from then on nobody signs in by it
/// @param lockedSince after too many wrong passwords there; the directory itself ends it after a while
/// @param passwordSet empty where the directory does not tell, or it must be changed at once
/// @param primaryGroup security identifier of the group that has the user without naming him as a member; empty
/// where
///     it is one of the domain's own, such as Domain Users
public record DirectoryAccount(
        boolean disabled,
        Optional<Instant> expires,
        Optional<Instant> lockedSince,
        Optional<Instant> passwordSet,
        boolean mustChangePassword,
        Optional<String> primaryGroup) {
    /// What has to be read for it, in lower case.
    static final Set<String> ATTRIBUTES =
            Set.of("useraccountcontrol", "accountexpires", "lockouttime", "pwdlastset", "primarygroupid", "objectsid");

    private static final int DISABLED = 2; // ADS_UF_ACCOUNTDISABLE
    private static final int PASSWORD_NEVER_EXPIRES = 0x10000; // ADS_UF_DONT_EXPIRE_PASSWD
    private static final int FIRST_OWN_GROUP = 1_000;
    private static final long TICKS_A_SECOND = 10_000_000; // of 100 ns
    private static final Instant ZERO = Instant.parse("1601-01-01T00:00:00Z");

    /// @param attributes by name in lower case; what cannot be read does not let anybody in
    public static DirectoryAccount of(Map<String, List<String>> attributes) {
        long control = number(attributes, "useraccountcontrol", DISABLED).orElse(0L);
        Optional<Long> set = number(attributes, "pwdlastset", 1);
        return new DirectoryAccount(
                (control & DISABLED) != 0,
                number(attributes, "accountexpires", 1).flatMap(DirectoryAccount::time),
                number(attributes, "lockouttime", 0).flatMap(DirectoryAccount::time),
                set.flatMap(DirectoryAccount::time),
                (control & PASSWORD_NEVER_EXPIRES) == 0 && set.equals(Optional.of(0L)),
                primaryGroup(attributes));
    }

    /// Whether he may sign in here.
    public boolean isEnabled(Instant now) {
        return !disabled && !isExpired(now);
    }

    public boolean isExpired(Instant now) {
        return expires.filter(end -> !end.isAfter(now)).isPresent();
    }

    /// 0 and the largest number both mean never.
    private static Optional<Instant> time(long ticks) {
        return ticks <= 0 || ticks == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(ZERO.plus(Duration.ofSeconds(ticks / TICKS_A_SECOND)));
    }

    /// @param unreadable where there is a value that is no number
    private static Optional<Long> number(Map<String, List<String>> attributes, String name, long unreadable) {
        return attributes.getOrDefault(name, List.of()).stream().findFirst().map(text -> {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                return unreadable;
            }
        });
    }

    private static Optional<String> primaryGroup(Map<String, List<String>> attributes) {
        return number(attributes, "primarygroupid", 0)
                .filter(id -> id >= FIRST_OWN_GROUP)
                .flatMap(id -> attributes.getOrDefault("objectsid", List.of()).stream()
                        .findFirst()
                        .filter(sid -> sid.startsWith("S-") && sid.lastIndexOf('-') > 1)
                        .map(sid -> sid.substring(0, sid.lastIndexOf('-') + 1) + id));
    }
}
