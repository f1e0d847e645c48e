package io.postern.domain.claims;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which attributes of a user can be the source of a claim, by the names of the directory. Both `mail` and the
/// portal's spelling `user.mail` are understood, in any case.
public final class AttributeNames {
    /// Made of what is assigned to the user rather than stored with him.
    public static final String ASSIGNED_ROLES = "assignedRoles";

    public static final String ID = "id";
    public static final String USER_PRINCIPAL_NAME = "userPrincipalName";

    private static final List<String> KNOWN = Stream.concat(
                    Stream.of(
                            ID,
                            USER_PRINCIPAL_NAME,
                            ASSIGNED_ROLES,
                            "displayName",
                            "givenName",
                            "surname",
                            "mail",
                            "otherMails",
                            "proxyAddresses",
                            "mailNickname",
                            "employeeId",
                            "employeeType",
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
                            "faxNumber",
                            "preferredLanguage",
                            "usageLocation",
                            "userType",
                            "manager",
                            "onPremisesSamAccountName",
                            "onPremisesUserPrincipalName",
                            "onPremisesSecurityIdentifier",
                            "onPremisesDistinguishedName",
                            "onPremisesDomainName",
                            "onPremisesNetBiosName",
                            "onPremisesImmutableId"),
                    java.util.stream.IntStream.rangeClosed(1, 15).mapToObj(i -> "extensionAttribute" + i))
            .toList();
    private static final Map<String, String> SPELLINGS = spellings();
    private static final String EXTENSION = "extension_";
    private static final int EXTENSION_MAX = 120;

    private AttributeNames() {}

    /// The directory's spelling of a name.
    ///
    /// @throws ClaimsFault for a name that no user has
    public static String canonical(String text) {
        String name = text.strip();
        if (name.toLowerCase(Locale.ROOT).startsWith("user.")) {
            name = name.substring("user.".length());
        }
        String known = SPELLINGS.get(name.toLowerCase(Locale.ROOT));
        if (known != null) {
            return known;
        }
        if (name.startsWith(EXTENSION) && name.length() <= EXTENSION_MAX && name.matches("[A-Za-z0-9_]+")) {
            return name;
        }
        throw new ClaimsFault(
                "attribute",
                "'" + text + "' is no attribute of a user; use mail, userPrincipalName, employeeId, department,"
                        + " extensionAttribute1 to 15, extension_... or another one of docs/guide/sign-on-settings.md");
    }

    /// All that have a fixed name, for lists to choose from.
    public static List<String> known() {
        return KNOWN;
    }

    private static Map<String, String> spellings() {
        Map<String, String> spellings = new TreeMap<>(
                KNOWN.stream().collect(Collectors.toMap(name -> name.toLowerCase(Locale.ROOT), name -> name)));
        spellings.put("objectid", ID);
        spellings.put("assignedroles", ASSIGNED_ROLES);
        spellings.put("localuserprincipalname", USER_PRINCIPAL_NAME);
        spellings.put("dnsdomainname", "onPremisesDomainName");
        spellings.put("netbiosname", "onPremisesNetBiosName");
        spellings.put("facsimiletelephonenumber", "faxNumber");
        spellings.put("physicaldeliveryofficename", "officeLocation");
        spellings.put("businessphones", "telephoneNumber");
        spellings.put("othermail", "otherMails");
        spellings.put("onpremisesecurityidentifier", "onPremisesSecurityIdentifier");
        return Map.copyOf(spellings);
    }
}
