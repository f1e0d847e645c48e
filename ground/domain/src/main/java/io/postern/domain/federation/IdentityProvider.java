package io.postern.domain.federation;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An identity provider that a tenant trusts to say who somebody is.
///
/// @param shown with a button on the sign-in page
/// @param domains of user names that it speaks for; they are the tenant's own. Who types such a name is sent there
/// @param hint what applications name it by (`domain_hint`, `whr`) beside its domains
/// @param newcomers what becomes of people whom nobody knows here
/// @param trustsMfa a second factor that it says it saw counts here
/// @param signsOut the session there ends with the one here
public record IdentityProvider(
        TenantId tenant,
        IdentityProviderId id,
        String displayName,
        boolean enabled,
        boolean shown,
        List<String> domains,
        Optional<String> hint,
        Upstream upstream,
        Newcomers newcomers,
        boolean trustsMfa,
        boolean signsOut,
        ClaimMap claims,
        List<GroupRule> groups) {

    public enum Newcomers {
        REFUSED("none"),
        GUESTS("guests"),
        MEMBERS("members");

        private final String text;

        Newcomers(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        public static Optional<Newcomers> of(String text) {
            return List.of(values()).stream().filter(n -> n.text.equals(text)).findFirst();
        }
    }

    public IdentityProvider {
        domains = List.copyOf(domains);
        groups = List.copyOf(groups);
    }

    /// Whether names of this domain are its to give.
    public boolean speaksFor(String domain) {
        return domains.contains(domain.toLowerCase(Locale.ROOT));
    }

    /// What follows the last `@`; empty text where there is none.
    public static String domainOf(String name) {
        int at = name.lastIndexOf('@');
        return at < 0 ? "" : name.substring(at + 1).strip().toLowerCase(Locale.ROOT);
    }
}
