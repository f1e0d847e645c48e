package io.postern.admin.service;

/// Everything that administration can do; what the API and the quickstart call.
public record Services(
        Applications applications,
        Declarations declarations,
        Logos logos,
        ServicePrincipals servicePrincipals,
        Assignments assignments,
        ApiTokens apiTokens,
        Users users,
        Groups groups,
        Connectors connectors,
        ConnectorTokens connectorTokens,
        ConnectorGroups connectorGroups,
        Health health,
        ExchangeLookup exchanges,
        LinkReports links,
        Traces traces,
        Updates updates,
        Domains domains,
        NameCheck names,
        Certificates certificates,
        CertificateOrders certificateOrders,
        CertificateWatch certificateWatch,
        RoleAssignments roles,
        SignOnServices signOn,
        Directory directory,
        Logs logs) {}
