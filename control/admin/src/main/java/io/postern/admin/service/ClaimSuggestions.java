package io.postern.admin.service;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which attribute of a user fits a claim that a service provider asks for by one of the names in common use: URIs of
/// the SOAP claims, OIDs of the LDAP schemas (RFC 4519, RFC 2798), or plain words.
final class ClaimSuggestions {
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("urn:oid:0.9.2342.19200300.100.1.3", "mail"),
            Map.entry("urn:oid:0.9.2342.19200300.100.1.1", "userPrincipalName"),
            Map.entry("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "userPrincipalName"),
            Map.entry("urn:oid:2.5.4.42", "givenName"),
            Map.entry("urn:oid:2.5.4.4", "surname"),
            Map.entry("urn:oid:2.5.4.3", "displayName"),
            Map.entry("urn:oid:2.16.840.1.113730.3.1.241", "displayName"),
            Map.entry("urn:oid:2.16.840.1.113730.3.1.3", "employeeId"),
            Map.entry("urn:oid:2.16.840.1.113730.3.1.39", "preferredLanguage"),
            Map.entry("urn:oid:2.5.4.20", "telephoneNumber"),
            Map.entry("emailaddress", "mail"),
            Map.entry("email", "mail"),
            Map.entry("mail", "mail"),
            Map.entry("name", "userPrincipalName"),
            Map.entry("username", "userPrincipalName"),
            Map.entry("uid", "userPrincipalName"),
            Map.entry("upn", "userPrincipalName"),
            Map.entry("login", "userPrincipalName"),
            Map.entry("edupersonprincipalname", "userPrincipalName"),
            Map.entry("givenname", "givenName"),
            Map.entry("firstname", "givenName"),
            Map.entry("first_name", "givenName"),
            Map.entry("surname", "surname"),
            Map.entry("sn", "surname"),
            Map.entry("lastname", "surname"),
            Map.entry("last_name", "surname"),
            Map.entry("displayname", "displayName"),
            Map.entry("cn", "displayName"),
            Map.entry("department", "department"),
            Map.entry("company", "companyName"),
            Map.entry("title", "jobTitle"),
            Map.entry("employeenumber", "employeeId"),
            Map.entry("telephonenumber", "telephoneNumber"),
            Map.entry("mobile", "mobilePhone"),
            Map.entry("preferredlanguage", "preferredLanguage"));

    private ClaimSuggestions() {}

    /// @param claim full name
    static Optional<String> attribute(String claim) {
        String name = claim.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(KNOWN.get(name))
                .or(() -> Optional.ofNullable(KNOWN.get(name.substring(name.lastIndexOf('/') + 1))));
    }
}
