package io.postern.admin.service;

/// What the audit log calls a change (5.2), with its category and the kind of thing changed.
enum Activity {
    ADD_APPLICATION("Add application", "ApplicationManagement", "Application"),
    UPDATE_APPLICATION("Update application", "ApplicationManagement", "Application"),
    DELETE_APPLICATION("Delete application", "ApplicationManagement", "Application"),
    ADD_OWNER("Add owner to application", "ApplicationManagement", "Application"),
    REMOVE_OWNER("Remove owner from application", "ApplicationManagement", "Application"),
    RECORD_LINKS("Record links of application", "ApplicationManagement", "Application"),
    FORGET_LINKS("Forget links of application", "ApplicationManagement", "Application"),
    TEST_SIGN_ON("Test sign-on of application", "ApplicationManagement", "Application"),
    ADD_SERVICE_PRINCIPAL("Add service principal", "ApplicationManagement", "ServicePrincipal"),
    UPDATE_SERVICE_PRINCIPAL("Update service principal", "ApplicationManagement", "ServicePrincipal"),
    DELETE_SERVICE_PRINCIPAL("Delete service principal", "ApplicationManagement", "ServicePrincipal"),
    UPDATE_SIGN_ON("Update single sign-on of application", "ApplicationManagement", "ServicePrincipal"),
    ADD_CLAIMS_POLICY("Add policy", "Policy", "Policy"),
    UPDATE_CLAIMS_POLICY("Update policy", "Policy", "Policy"),
    DELETE_CLAIMS_POLICY("Delete policy", "Policy", "Policy"),
    ASSIGN_CLAIMS_POLICY("Add policy to service principal", "Policy", "ServicePrincipal"),
    UNASSIGN_CLAIMS_POLICY("Remove policy from service principal", "Policy", "ServicePrincipal"),
    ADD_SIGNING_CERTIFICATE("Add signing certificate", "ApplicationManagement", "ServicePrincipal"),
    ACTIVATE_SIGNING_CERTIFICATE("Make signing certificate active", "ApplicationManagement", "ServicePrincipal"),
    REMOVE_SIGNING_CERTIFICATE("Remove signing certificate", "ApplicationManagement", "ServicePrincipal"),
    SIGNING_CERTIFICATE_EXPIRES("Signing certificate expires soon", "ApplicationManagement", "ServicePrincipal"),
    SIGNING_CERTIFICATE_EXPIRED("Signing certificate expired", "ApplicationManagement", "ServicePrincipal"),
    ADD_ASSIGNMENT("Add app role assignment", "ApplicationManagement", "ServicePrincipal"),
    UPDATE_ASSIGNMENT("Update app role assignment", "ApplicationManagement", "ServicePrincipal"),
    KEEP_IN_STEP("Keep assignments in step", "ApplicationManagement", "ServicePrincipal"),
    KEEP_ASSIGNMENT("Review app role assignment: keep", "ApplicationManagement", "ServicePrincipal"),
    REVIEW_REMOVE_ASSIGNMENT("Review app role assignment: remove", "ApplicationManagement", "ServicePrincipal"),
    END_ASSIGNMENT("App role assignment ended", "ApplicationManagement", "ServicePrincipal"),
    REMOVE_ASSIGNMENT("Remove app role assignment", "ApplicationManagement", "ServicePrincipal"),
    ADD_PERMISSION_GRANT("Add delegated permission grant", "ApplicationManagement", "ServicePrincipal"),
    REMOVE_PERMISSION_GRANT("Remove delegated permission grant", "ApplicationManagement", "ServicePrincipal"),
    ADD_API_TOKEN("Add service principal credentials", "ApplicationManagement", "ServicePrincipal"),
    REMOVE_API_TOKEN("Remove service principal credentials", "ApplicationManagement", "ServicePrincipal"),
    START_TRACE("Start trace of exchanges", "ApplicationManagement", "Application"),
    END_TRACE("End trace of exchanges", "ApplicationManagement", "Application"),
    READ_TRACE("Read trace of exchanges", "ApplicationManagement", "Application"),
    DELETE_TRACE("Delete trace of exchanges", "ApplicationManagement", "Application"),
    ADD_USER("Add user", "UserManagement", "User"),
    INVITE_GUEST("Invite external user", "UserManagement", "User"),
    RESET_GUEST("Reset redemption of external user", "UserManagement", "User"),
    EXTEND_GUEST("Update access of external user", "UserManagement", "User"),
    END_GUEST("Access of external user ended", "UserManagement", "User"),
    ADD_SPONSOR("Add sponsor to user", "UserManagement", "User"),
    REMOVE_SPONSOR("Remove sponsor from user", "UserManagement", "User"),
    UPDATE_GUEST_POLICY("Update policy of guests", "Policy", "Tenant"),
    LINK_USER("Link user to synchronised object", "UserManagement", "User"),
    RESTORE_USER("Restore user", "UserManagement", "User"),
    UPDATE_USER("Update user", "UserManagement", "User"),
    DELETE_USER("Delete user", "UserManagement", "User"),
    END_SESSION("End sign-in session", "UserManagement", "User"),
    END_APPLICATION_SESSIONS("Revoke sign-in sessions of application", "ApplicationManagement", "ServicePrincipal"),
    DELETE_METHOD("Delete authentication method", "UserManagement", "User"),
    DELETE_METHODS("Delete authentication methods", "UserManagement", "User"),
    CREATE_PASS("Create temporary access pass", "UserManagement", "User"),
    REVOKE_SESSIONS("Revoke sign-in sessions", "UserManagement", "User"),
    GRANT_ROLE("Add member to role", "RoleManagement", "User"),
    REVOKE_ROLE("Remove member from role", "RoleManagement", "User"),
    ADD_GROUP("Add group", "GroupManagement", "Group"),
    UPDATE_GROUP("Update group", "GroupManagement", "Group"),
    DELETE_GROUP("Delete group", "GroupManagement", "Group"),
    RESTORE_GROUP("Restore group", "GroupManagement", "Group"),
    SYNCHRONISE_MEMBERS("Synchronise members of group", "GroupManagement", "Group"),
    ADD_SYNC_SOURCE("Add synchronisation source", "DirectoryManagement", "SynchronisationSource"),
    UPDATE_SYNC_SOURCE("Update synchronisation source", "DirectoryManagement", "SynchronisationSource"),
    REMOVE_SYNC_SOURCE("Remove synchronisation source", "DirectoryManagement", "SynchronisationSource"),
    REQUEST_SYNC("Request synchronisation", "DirectoryManagement", "SynchronisationSource"),
    FINISH_SYNC("Synchronise directory", "DirectoryManagement", "SynchronisationSource"),
    STOP_SYNC("Stop synchronisation", "DirectoryManagement", "SynchronisationSource"),
    FAIL_SYNC("Synchronisation failed", "DirectoryManagement", "SynchronisationSource"),
    ADD_MEMBER("Add member to group", "GroupManagement", "Group"),
    REMOVE_MEMBER("Remove member from group", "GroupManagement", "Group"),
    UPDATE_DESKTOP_SIGN_IN("Set desktop sign-in", "DirectoryManagement", "Tenant"),
    REMOVE_DESKTOP_SIGN_IN("Remove desktop sign-in", "DirectoryManagement", "Tenant"),
    ADD_APPLICATION_PASSWORD("Add password single sign-on credentials", "ApplicationManagement", "ServicePrincipal"),
    UPDATE_APPLICATION_PASSWORD(
            "Update password single sign-on credentials", "ApplicationManagement", "ServicePrincipal"),
    REMOVE_APPLICATION_PASSWORD(
            "Remove password single sign-on credentials", "ApplicationManagement", "ServicePrincipal"),
    EVALUATE_RULE("Update members of group by rule", "GroupManagement", "Group"),
    ADD_GROUP_OWNER("Add owner to group", "GroupManagement", "Group"),
    REMOVE_GROUP_OWNER("Remove owner from group", "GroupManagement", "Group"),
    ADD_PROVISIONING_CLIENT("Add provisioning client", "DirectoryManagement", "ProvisioningClient"),
    REMOVE_PROVISIONING_CLIENT("Remove provisioning client", "DirectoryManagement", "ProvisioningClient"),
    ADD_PROVISIONING_TOKEN("Add provisioning token", "DirectoryManagement", "ProvisioningClient"),
    REMOVE_PROVISIONING_TOKEN("Remove provisioning token", "DirectoryManagement", "ProvisioningClient"),
    ADD_PROVISIONING("Add provisioning to application", "ProvisioningManagement", "ServicePrincipal"),
    UPDATE_PROVISIONING("Update provisioning to application", "ProvisioningManagement", "ServicePrincipal"),
    REMOVE_PROVISIONING("Remove provisioning to application", "ProvisioningManagement", "ServicePrincipal"),
    START_PROVISIONING("Enable/start provisioning", "ProvisioningManagement", "ServicePrincipal"),
    PAUSE_PROVISIONING("Pause/disable provisioning", "ProvisioningManagement", "ServicePrincipal"),
    QUARANTINE_PROVISIONING("Quarantine", "ProvisioningManagement", "ServicePrincipal"),
    HOLD_REMOVALS("Hold removals of provisioning", "ProvisioningManagement", "ServicePrincipal"),
    PROVISION_ON_DEMAND("Provision on demand", "ProvisioningManagement", "User"),
    OFFER_ACCESS("Update access request settings", "GroupManagement", "Group"),
    WITHDRAW_OFFER("Remove access request settings", "GroupManagement", "Group"),
    ASK_ACCESS("Request to join a group", "GroupManagement", "Group"),
    WITHDRAW_REQUEST("Cancel a pending request to join a group", "GroupManagement", "Group"),
    APPROVE_REQUEST("Approve a pending request to join a group", "GroupManagement", "Group"),
    REJECT_REQUEST("Reject a pending request to join a group", "GroupManagement", "Group"),
    LAPSE_REQUEST("Pending request to join a group lapsed", "GroupManagement", "Group"),
    END_ACCESS("Requested membership of group ended", "GroupManagement", "Group"),
    ADD_COLLECTION("Create application collection", "ApplicationManagement", "ApplicationCollection"),
    UPDATE_COLLECTION("Edit application collection", "ApplicationManagement", "ApplicationCollection"),
    DELETE_COLLECTION("Delete application collection", "ApplicationManagement", "ApplicationCollection"),
    ADD_DOMAIN("Add unverified domain", "DirectoryManagement", "Domain"),
    VERIFY_DOMAIN("Verify domain", "DirectoryManagement", "Domain"),
    UPDATE_DOMAIN("Update domain", "DirectoryManagement", "Domain"),
    REMOVE_DOMAIN("Remove domain", "DirectoryManagement", "Domain"),
    ADD_IDENTITY_PROVIDER("Add identity provider", "DirectoryManagement", "IdentityProvider"),
    UPDATE_IDENTITY_PROVIDER("Update identity provider", "DirectoryManagement", "IdentityProvider"),
    UNLINK_USER("Unlink user from identity provider", "UserManagement", "User"),
    DELETE_IDENTITY_PROVIDER("Delete identity provider", "DirectoryManagement", "IdentityProvider"),
    ADD_CERTIFICATE("Add certificate", "ApplicationManagement", "Certificate"),
    REMOVE_CERTIFICATE("Remove certificate", "ApplicationManagement", "Certificate"),
    CERTIFICATE_EXPIRES("Certificate expires soon", "ApplicationManagement", "Certificate"),
    CERTIFICATE_EXPIRED("Certificate expired", "ApplicationManagement", "Certificate"),
    ORDER_CERTIFICATE("Order certificate", "ApplicationManagement", "Certificate"),
    CANCEL_CERTIFICATE_ORDER("Cancel certificate order", "ApplicationManagement", "Certificate"),
    ADD_TENANT("Add tenant", "DirectoryManagement", "Tenant"),
    UPDATE_TENANT("Set company information", "DirectoryManagement", "Tenant"),
    ENABLE_PROXY("Enable application proxy", "DirectoryManagement", "Tenant"),
    REGISTER_CONNECTOR("Register connector", "ResourceManagement", "Connector"),
    REQUEST_UPDATE("Request connector update", "ResourceManagement", "Connector"),
    START_UPDATE("Start connector update", "ResourceManagement", "Connector"),
    FINISH_UPDATE("Update connector", "ResourceManagement", "Connector"),
    ROLL_BACK_UPDATE("Roll back connector update", "ResourceManagement", "Connector"),
    SET_UPDATE_POLICY("Set update policy of connectors", "ResourceManagement", "Tenant"),
    DELETE_CONNECTOR("Delete connector", "ResourceManagement", "Connector"),
    REMOVE_CONNECTOR("Remove inactive connector", "ResourceManagement", "Connector"),
    ENABLE_CONNECTOR("Enable connector", "ResourceManagement", "Connector"),
    DISABLE_CONNECTOR("Disable connector", "ResourceManagement", "Connector"),
    CONNECT_CONNECTOR("Connect connector", "ResourceManagement", "Connector"),
    RENEW_CERTIFICATE("Renew connector certificate", "ResourceManagement", "Connector"),
    REPLACE_CERTIFICATE("Replace connector certificate", "ResourceManagement", "Connector"),
    REMOVE_CONNECTOR_TOKEN("Remove connector token", "ResourceManagement", "ConnectorGroup"),
    ADD_CONNECTOR_TOKEN("Add connector token", "ResourceManagement", "ConnectorGroup"),
    MOVE_CONNECTOR("Add a connector to connector group", "ResourceManagement", "Connector"),
    ADD_CONNECTOR_GROUP("Add connector group", "ResourceManagement", "ConnectorGroup"),
    UPDATE_CONNECTOR_GROUP("Update connector group", "ResourceManagement", "ConnectorGroup"),
    DELETE_CONNECTOR_GROUP("Delete connector group", "ResourceManagement", "ConnectorGroup");

    private final String display;
    private final String category;
    private final String targetType;

    Activity(String display, String category, String targetType) {
        this.display = display;
        this.category = category;
        this.targetType = targetType;
    }

    String display() {
        return display;
    }

    String category() {
        return category;
    }

    /// The part of Postern that logs it: what has to do with publishing is the application proxy's.
    String service() {
        return category.equals("ResourceManagement") || this == ENABLE_PROXY ? "Application Proxy" : "Core Directory";
    }

    String targetType() {
        return targetType;
    }
}
