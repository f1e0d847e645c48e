package io.postern.domain.membership;

import static io.postern.domain.membership.Property.Type.BOOLEAN;
import static io.postern.domain.membership.Property.Type.COLLECTION;
import static io.postern.domain.membership.Property.Type.DATE;
import static io.postern.domain.membership.Property.Type.GROUPS;
import static io.postern.domain.membership.Property.Type.TEXT;

import io.postern.domain.directory.Attributes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a rule can ask of a user.
///
/// @param name as rules call it, in this case and no other
/// @param attribute as [Candidate#values] is asked for it: the directory's name
record Property(String name, Type type, String attribute) {
    enum Type {
        TEXT("a text"),
        BOOLEAN("true or false"),
        DATE("a date"),
        COLLECTION("a collection of texts"),
        GROUPS("the groups of a user");

        private final String told;

        Type(String told) {
            this.told = told;
        }

        String told() {
            return told;
        }
    }

    /// One of a collection, inside -any and -all.
    static final Property ELEMENT = new Property("_", TEXT, "_");

    private static final Map<String, Property> KNOWN = known();

    boolean isElement() {
        return equals(ELEMENT);
    }

    /// @param name without `user.`
    static Optional<Property> find(String name) {
        return Attributes.isExtension(name)
                ? Optional.of(new Property(name, TEXT, name))
                : Optional.ofNullable(KNOWN.get(name));
    }

    /// What was meant by a name in the wrong case; else empty.
    static Optional<String> spelling(String name) {
        return KNOWN.keySet().stream().filter(name::equalsIgnoreCase).findFirst();
    }

    static String all() {
        return String.join(
                ", ",
                KNOWN.keySet().stream()
                        .filter(name -> !name.startsWith("extensionAttribute") && !name.equals("memberof"))
                        .toList());
    }

    private static Map<String, Property> known() {
        var known = new TreeMap<String, Property>((a, b) -> {
            int folded = a.toLowerCase(Locale.ROOT).compareTo(b.toLowerCase(Locale.ROOT));
            return folded != 0 ? folded : a.compareTo(b);
        });
        for (String same : new String[] {
            "city",
            "companyName",
            "country",
            "department",
            "displayName",
            "employeeId",
            "employeeType",
            "givenName",
            "jobTitle",
            "mail",
            "onPremisesDistinguishedName",
            "onPremisesSamAccountName",
            "onPremisesSecurityIdentifier",
            "onPremisesUserPrincipalName",
            "passwordPolicies",
            "postalCode",
            "preferredLanguage",
            "state",
            "streetAddress",
            "surname",
            "telephoneNumber",
            "usageLocation",
            "userPrincipalName",
            "userType"
        }) {
            known.put(same, new Property(same, TEXT, same));
        }
        for (int i = 1; i <= 15; i++) {
            known.put("extensionAttribute" + i, new Property("extensionAttribute" + i, TEXT, "extensionAttribute" + i));
        }
        known.put("objectId", new Property("objectId", TEXT, "id"));
        known.put("mailNickName", new Property("mailNickName", TEXT, "mailNickname"));
        known.put("mobile", new Property("mobile", TEXT, "mobilePhone"));
        known.put("physicalDeliveryOfficeName", new Property("physicalDeliveryOfficeName", TEXT, "officeLocation"));
        known.put("facsimileTelephoneNumber", new Property("facsimileTelephoneNumber", TEXT, "faxNumber"));
        known.put("accountEnabled", new Property("accountEnabled", BOOLEAN, "accountEnabled"));
        known.put("dirSyncEnabled", new Property("dirSyncEnabled", BOOLEAN, "dirSyncEnabled"));
        known.put("employeeHireDate", new Property("employeeHireDate", DATE, "employeeHireDate"));
        known.put("otherMails", new Property("otherMails", COLLECTION, "otherMails"));
        known.put("proxyAddresses", new Property("proxyAddresses", COLLECTION, "proxyAddresses"));
        known.put("memberOf", new Property("memberOf", GROUPS, "memberOf"));
        known.put("memberof", new Property("memberof", GROUPS, "memberOf")); // the original's guide writes it so
        return known;
    }
}
