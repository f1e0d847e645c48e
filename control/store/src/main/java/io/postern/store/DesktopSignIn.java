package io.postern.store;

import io.postern.domain.TenantId;
import java.util.List;

/// How computers of a domain sign in the users of a tenant.
///
/// @param principal of the keys, for example `HTTP/login.example.com@CORP.EXAMPLE`
/// @param suffix what follows `@` in the sign-in names of the domain's accounts, for example `example.com`
/// @param networks blocks of addresses whose browsers are asked for a ticket; no other browser is
/// @param sealedKeytab the keytab, sealed under the tenant's id
public record DesktopSignIn(
        TenantId tenant, boolean enabled, String principal, String suffix, List<String> networks, String sealedKeytab) {
    /// Of the master key's sealer.
    public static final String SEALED_FOR = "desktop-sign-in";

    public DesktopSignIn {
        networks = List.copyOf(networks);
    }
}
