package io.postern.domain.directory;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What is known of a user besides names, mail and password (4.2), by the names that Graph gives it. Values
/// are texts of 1 to 256 characters without control characters; what is not known is absent. Those of [#LISTS]
/// have any number of values, the others one; several are for what a directory may bring.
public record Attributes(Map<String, List<String>> values) {
    public static final Attributes NONE = new Attributes(Map.of());

    public static final String USER_TYPE = "userType";
    public static final String MANAGER = "manager";
    public static final String USAGE_LOCATION = "usageLocation";
    public static final String PREFERRED_LANGUAGE = "preferredLanguage";
    public static final String HIRE_DATE = "employeeHireDate";
    public static final String MEMBER = "Member";
    public static final String GUEST = "Guest";

    /// An administrator types these in; `manager` is the id of another user of the tenant.
    public static final Set<String> NAMES = names();

    /// Those with several values, which an administrator types in too.
    public static final Set<String> LISTS = Set.of("otherMails", "proxyAddresses");

    /// `true` of a user whom another directory brings; nobody types it in.
    public static final String SYNCHRONISED = "onPremisesSyncEnabled";

    /// When that directory last changed something of him.
    public static final String LAST_SYNCHRONISED = "onPremisesLastSyncDateTime";

    /// `PendingAcceptance` or `Accepted` of a guest who was invited; nobody types it in.
    public static final String EXTERNAL_STATE = "externalUserState";

    /// Since when.
    public static final String EXTERNAL_STATE_CHANGED = "externalUserStateChangeDateTime";

    public static final String PENDING = "PendingAcceptance";
    public static final String ACCEPTED = "Accepted";

    private static final Set<String> OF_SYNCHRONISATION = Set.of(SYNCHRONISED, LAST_SYNCHRONISED);
    private static final Set<String> OF_INVITATION = Set.of(EXTERNAL_STATE, EXTERNAL_STATE_CHANGED);
    private static final int LENGTH_MAX = 256;
    private static final int EXTENSIONS_MAX = 100;
    private static final int VALUES_MAX = 250;
    private static final Pattern EXTENSION = Pattern.compile("extension_[0-9A-Fa-f]{1,32}_[A-Za-z0-9_]{1,76}");

    /// @throws IllegalArgumentException with a sentence, when a name is unknown or a value does not fit
    public Attributes {
        var copy = new TreeMap<String, List<String>>();
        values.forEach((name, all) -> {
            if (!all.isEmpty()) {
                all.forEach(value -> check(name, value));
                if (all.size() > VALUES_MAX) {
                    throw new IllegalArgumentException(name + " has " + VALUES_MAX + " values at most");
                }
                copy.put(name, List.copyOf(all));
            }
        });
        if (copy.keySet().stream().filter(Attributes::isExtension).count() > EXTENSIONS_MAX) {
            throw new IllegalArgumentException("a user has " + EXTENSIONS_MAX + " attributes extension_... at most");
        }
        values = Collections.unmodifiableMap(copy);
    }

    /// An attribute that the tenant made up itself, `extension_<application's id without hyphens>_<name>`;
    /// nothing is known of it but its name.
    public static boolean isExtension(String name) {
        return EXTENSION.matcher(name).matches();
    }

    public static boolean isKnown(String name) {
        return NAMES.contains(name)
                || LISTS.contains(name)
                || OF_SYNCHRONISATION.contains(name)
                || OF_INVITATION.contains(name)
                || isExtension(name);
    }

    /// The value, or the first of several.
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// @param value empty: the attribute goes
    public Attributes with(String name, Optional<String> value) {
        return withAll(name, value.stream().toList());
    }

    /// @param all empty: the attribute goes
    public Attributes withAll(String name, List<String> all) {
        var changed = new TreeMap<>(values);
        changed.put(name, all);
        return new Attributes(changed);
    }

    /// `Member` unless it says otherwise.
    public String userType() {
        return first(USER_TYPE).orElse(MEMBER);
    }

    /// Somebody from elsewhere.
    public boolean isGuest() {
        return userType().equals(GUEST);
    }

    public boolean isSynchronised() {
        return first(SYNCHRONISED).isPresent();
    }

    private static void check(String name, String value) {
        if (!isKnown(name)) {
            throw new IllegalArgumentException("a user has no attribute '" + name + "'; known are " + NAMES + ", "
                    + LISTS + " and extension_<application's id without hyphens>_<name>");
        }
        if (value.isBlank() || value.length() > LENGTH_MAX || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    name + " must have 1 to " + LENGTH_MAX + " characters without control characters");
        }
        if (name.equals(USER_TYPE) && !value.equals(MEMBER) && !value.equals(GUEST)) {
            throw new IllegalArgumentException("userType '" + value + "' is unknown; use Member or Guest");
        }
        if (name.equals(USAGE_LOCATION) && !value.matches("[A-Z]{2}")) {
            throw new IllegalArgumentException(
                    "usageLocation '" + value + "' is no country code of two letters such as DE (ISO 3166)");
        }
        if (name.equals(HIRE_DATE) && Dates.read(value).isEmpty()) {
            throw new IllegalArgumentException("employeeHireDate '" + value
                    + "' is no date such as 2027-01-31 or 2027-01-31T08:00:00Z (ISO 8601)");
        }
        if (name.equals(PREFERRED_LANGUAGE) && !value.matches("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")) {
            throw new IllegalArgumentException(
                    "preferredLanguage '" + value + "' is no language tag such as de or en-GB (RFC 5646)");
        }
    }

    private static Set<String> names() {
        var names = new TreeSet<>(List.of(
                "employeeId",
                "employeeType",
                HIRE_DATE,
                "mailNickname",
                "faxNumber",
                "department",
                "jobTitle",
                "companyName",
                "country",
                "city",
                "state",
                "streetAddress",
                "postalCode",
                "officeLocation",
                "telephoneNumber",
                "mobilePhone",
                PREFERRED_LANGUAGE,
                USAGE_LOCATION,
                USER_TYPE,
                MANAGER,
                "onPremisesSamAccountName",
                "onPremisesUserPrincipalName",
                "onPremisesSecurityIdentifier",
                "onPremisesDistinguishedName",
                "onPremisesDomainName",
                "onPremisesNetBiosName",
                "onPremisesImmutableId"));
        IntStream.rangeClosed(1, 15).forEach(n -> names.add("extensionAttribute" + n));
        return Collections.unmodifiableSet(names);
    }
}
