package io.postern.domain;

/// The reserved host labels under the base domain that the service answers itself.
public enum OwnHost {
    LOGIN,
    MYAPPS,
    API,
    CONNECT,
    ADMIN;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Where a tenant's users find their applications: the service's first tenant has `myapps`, each other tenant
    /// `myapps-<its name>`.
    ///
    /// @param first whether it is the service's first tenant
    public static String portalLabel(String tenantName, boolean first) {
        return first ? MYAPPS.label() : PORTAL_PREFIX + tenantName;
    }

    /// Labels that begin like this are tenants' portals, those of tenants to come too.
    public static boolean isPortalLabel(String label) {
        return label.startsWith(PORTAL_PREFIX);
    }

    private static final String PORTAL_PREFIX = MYAPPS.label() + "-";
}
