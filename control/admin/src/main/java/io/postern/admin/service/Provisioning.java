package io.postern.admin.service;

import io.postern.account.Accounts;

/// What programs do that provision users and groups, and who they are.
public record Provisioning(ProvisioningClients clients, ProvisionedUsers users, ProvisionedGroups groups) {
    public static Provisioning of(Ledger ledger, Accounts accounts) {
        return new Provisioning(
                new ProvisioningClients(ledger), new ProvisionedUsers(ledger, accounts), new ProvisionedGroups(ledger));
    }
}
