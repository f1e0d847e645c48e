package io.postern.domain.sync;

import io.postern.domain.directory.Attributes;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

/// Which property of a user or group comes from where.
///
/// @param users by Graph name
/// @param groups displayName and description
public record SyncMapping(Map<String, Expression> users, Map<String, Expression> groups) {
    /// Before properties of groups.
    public static final String GROUP = "group.";

    /// Turns a usual property off.
    public static final String NONE = "none";

    private static final Set<String> NAMES = Set.of("userPrincipalName", "displayName", "givenName", "surname", "mail");
    private static final Set<String> NEEDED = Set.of("userPrincipalName", "displayName", "group.displayName");
    // made here from what else is known of the object
    private static final String DN = "distinguishedname";
    private static final String DNS_DOMAIN = "dnsdomainname";
    private static final String IMMUTABLE_ID = "immutableid";
    private static final Set<String> MADE = Set.of(DN, DNS_DOMAIN, IMMUTABLE_ID);

    private static final Map<String, String> USUAL = usual();

    public SyncMapping {
        users = Collections.unmodifiableMap(new TreeMap<>(users));
        groups = Collections.unmodifiableMap(new TreeMap<>(groups));
    }

    /// The usual mapping with what differs.
    ///
    /// @throws IllegalArgumentException for a property that there is not, or an expression that is none
    public static SyncMapping of(Map<String, String> different) {
        var all = new TreeMap<>(USUAL);
        all.putAll(different);
        var users = new TreeMap<String, Expression>();
        var groups = new TreeMap<String, Expression>();
        all.forEach((property, text) -> {
            if (text.equals(NONE)) {
                if (NEEDED.contains(property)) {
                    throw new IllegalArgumentException(property + " must come from somewhere; it cannot be none");
                }
            } else if (property.startsWith(GROUP)) {
                String name = property.substring(GROUP.length());
                if (!name.equals("displayName") && !name.equals("description")) {
                    throw new IllegalArgumentException("'" + property + "' cannot be mapped; of groups there are"
                            + " group.displayName and group.description");
                }
                groups.put(name, parsed(property, text));
            } else if (NAMES.contains(property)
                    || (Attributes.NAMES.contains(property) && !property.equals(Attributes.USER_TYPE))
                    || Attributes.isExtension(property)) {
                users.put(property, parsed(property, text));
            } else {
                throw new IllegalArgumentException("'" + property + "' cannot be mapped; known are " + NAMES + ", "
                        + Attributes.NAMES + ", group.displayName and group.description");
            }
        });
        return new SyncMapping(users, groups);
    }

    private static Expression parsed(String property, String text) {
        try {
            return Expression.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(property + ": " + e.getMessage(), e);
        }
    }

    /// What a connector has to read of users.
    public List<String> userAttributes() {
        Set<String> wanted = read(users.values());
        wanted.addAll(DirectoryAccount.ATTRIBUTES);
        return List.copyOf(wanted);
    }

    public List<String> groupAttributes() {
        Set<String> wanted = read(groups.values());
        wanted.addAll(Set.of("objectsid", "samaccountname"));
        return List.copyOf(wanted);
    }

    /// What the directory says of a user, by property; manager as a distinguished name.
    public Map<String, String> user(String anchor, DirectoryName name, Map<String, List<String>> attributes) {
        return values(users, anchor, name, attributes);
    }

    public Map<String, String> group(String anchor, DirectoryName name, Map<String, List<String>> attributes) {
        return values(groups, anchor, name, attributes);
    }

    private static Map<String, String> values(
            Map<String, Expression> expressions,
            String anchor,
            DirectoryName name,
            Map<String, List<String>> attributes) {
        var all = new TreeMap<>(attributes);
        all.put(DN, List.of(name.text()));
        name.dnsDomain().ifPresent(domain -> all.put(DNS_DOMAIN, List.of(domain)));
        immutableId(anchor).ifPresent(id -> all.put(IMMUTABLE_ID, List.of(id)));
        var values = new TreeMap<String, String>();
        expressions.forEach(
                (property, expression) -> expression.value(all).ifPresent(value -> values.put(property, value)));
        return values;
    }

    /// As everybody's scripts know it: the bytes of the GUID in the order in which that directory keeps them,
    /// Base64.
    private static Optional<String> immutableId(String anchor) {
        try {
            UUID id = UUID.fromString(anchor);
            long high = id.getMostSignificantBits();
            ByteBuffer bytes = ByteBuffer.allocate(16);
            bytes.putInt(Integer.reverseBytes((int) (high >>> 32)));
            bytes.putShort(Short.reverseBytes((short) (high >>> 16)));
            bytes.putShort(Short.reverseBytes((short) high));
            bytes.putLong(id.getLeastSignificantBits());
            return Optional.of(Base64.getEncoder().encodeToString(bytes.array()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Set<String> read(Iterable<Expression> expressions) {
        var names = new TreeSet<String>();
        expressions.forEach(expression -> names.addAll(expression.attributes()));
        names.removeAll(MADE);
        return names;
    }

    private static Map<String, String> usual() {
        var usual = new TreeMap<>(Map.ofEntries(
                Map.entry("userPrincipalName", "firstOf(userPrincipalName, sAMAccountName, uid)"),
                Map.entry("displayName", "firstOf(displayName, cn, sAMAccountName, uid)"),
                Map.entry("givenName", "givenName"),
                Map.entry("surname", "sn"),
                Map.entry("mail", "mail"),
                Map.entry("employeeId", "firstOf(employeeID, employeeNumber)"),
                Map.entry("employeeType", "employeeType"),
                Map.entry("mailNickname", "mailNickname"),
                Map.entry("faxNumber", "facsimileTelephoneNumber"),
                Map.entry("department", "firstOf(department, departmentNumber)"),
                Map.entry("jobTitle", "title"),
                Map.entry("companyName", "firstOf(company, o)"),
                Map.entry("country", "firstOf(co, c)"),
                Map.entry("city", "l"),
                Map.entry("state", "st"),
                Map.entry("streetAddress", "firstOf(streetAddress, street)"),
                Map.entry("postalCode", "postalCode"),
                Map.entry("officeLocation", "physicalDeliveryOfficeName"),
                Map.entry("telephoneNumber", "telephoneNumber"),
                Map.entry("mobilePhone", "mobile"),
                Map.entry("preferredLanguage", "preferredLanguage"),
                Map.entry("usageLocation", "upper(msExchUsageLocation)"),
                Map.entry("manager", "manager"),
                Map.entry("onPremisesSamAccountName", "firstOf(sAMAccountName, uid)"),
                Map.entry("onPremisesUserPrincipalName", "userPrincipalName"),
                Map.entry("onPremisesSecurityIdentifier", "objectSid"),
                Map.entry("onPremisesDistinguishedName", "distinguishedName"),
                Map.entry("onPremisesDomainName", "dnsDomainName"),
                Map.entry("onPremisesImmutableId", "immutableId"),
                Map.entry("group.displayName", "firstOf(displayName, cn, sAMAccountName)"),
                Map.entry("group.description", "description")));
        IntStream.rangeClosed(1, 15).forEach(n -> usual.put("extensionAttribute" + n, "extensionAttribute" + n));
        return Collections.unmodifiableMap(usual);
    }
}
