package io.postern.domain.claims;

import io.postern.domain.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A user as rules see him at one sign-in to one application.
///
/// @param id object id
/// @param attributes values by the directory's names ([AttributeNames]); what is not there is empty
/// @param groups every group that he is a direct member of
/// @param directoryRoles template ids of his administrator roles
/// @param appRoles values of the application's roles assigned to him, directly or by a group
public record Person(
        TenantId tenant,
        String id,
        String userPrincipalName,
        Kind kind,
        Map<String, List<String>> attributes,
        List<Membership> groups,
        Set<String> directoryRoles,
        List<String> appRoles) {
    /// Where an account is at home.
    public enum Kind {
        MEMBER,
        /// A guest of another tenant of this service.
        ENTRA_GUEST,
        /// A guest who signs in elsewhere or by an invitation only.
        EXTERNAL_GUEST
    }

    /// A group that he is in.
    ///
    /// @param security not for mail alone
    /// @param assigned is itself assigned to the application
    /// @param onPremises what the group is called where it was synchronised from; empty for one of the cloud
    public record Membership(
            String id, String displayName, boolean security, boolean assigned, Optional<OnPremises> onPremises) {}

    /// Names of a synchronised group.
    public record OnPremises(
            Optional<String> samAccountName,
            Optional<String> netBiosName,
            Optional<String> dnsDomain,
            Optional<String> securityIdentifier) {}

    public Person {
        attributes = Map.copyOf(attributes);
        groups = List.copyOf(groups);
        directoryRoles = Set.copyOf(directoryRoles);
        appRoles = List.copyOf(appRoles);
    }

    /// @param attribute in the directory's spelling
    public List<String> values(String attribute) {
        return switch (attribute) {
            case AttributeNames.ID -> List.of(id);
            case AttributeNames.USER_PRINCIPAL_NAME -> List.of(userPrincipalName);
            case AttributeNames.ASSIGNED_ROLES -> appRoles;
            default ->
                attributes.getOrDefault(attribute, List.of()).stream()
                        .filter(value -> !value.isEmpty())
                        .toList();
        };
    }

    /// `DOMAIN\name` as Windows knows him; empty for an account that is not synchronised.
    Optional<String> windowsName() {
        Optional<String> name = first("onPremisesSamAccountName");
        Optional<String> domain = first("onPremisesNetBiosName")
                .or(() -> first("onPremisesDomainName").map(dns -> dns.split("\\.", 2)[0].toUpperCase(Locale.ROOT)));
        return name.flatMap(n -> domain.map(d -> d + "\\" + n));
    }

    private Optional<String> first(String attribute) {
        return values(attribute).stream().findFirst();
    }
}
