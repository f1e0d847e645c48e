package io.postern.domain.publish;

import io.postern.domain.InternalUrl;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// How a user is signed in at the backend after the gateway has admitted him (3.1). SAML and OpenID Connect are not
/// here: there the application itself asks our identity provider.
public sealed interface BackendSignOn permits BackendSignOn.None, BackendSignOn.Kerberos, PasswordSignOn {
    /// `singleSignOnMode` of the API.
    String graphMode();

    /// Request fields, in lower case, that only this way may set: a client's own are removed in every spelling.
    Set<String> reservedFields();

    /// @param internal where the backend is
    /// @param complex the application has segments, so several backends
    /// @throws IllegalArgumentException where this way cannot be used there
    default void checkWith(InternalUrl internal, boolean complex) {
        // most do not care
    }

    /// The user signs in there himself, or need not.
    record None() implements BackendSignOn {
        @Override
        public String graphMode() {
            return "none";
        }

        @Override
        public Set<String> reservedFields() {
            return Set.of();
        }
    }

    /// The connector asks the KDC for a ticket as the user (3.2).
    ///
    /// @param servicePrincipalName of the backend, `HTTP/app.corp.test`; its host may be `*` and a domain where the
    /// application has a wildcard (KCD-11)
    /// @param identity which of the user's names the domain knows
    /// @param mutual the backend's own proof is asked for and checked
    record Kerberos(String servicePrincipalName, LoginIdentity identity, Mechanism mechanism, boolean mutual)
            implements BackendSignOn {
        private static final int NAME_MAX = 512;

        public Kerberos {
            if (servicePrincipalName.length() > NAME_MAX
                    || !servicePrincipalName.matches("[A-Za-z][A-Za-z0-9-]*/[A-Za-z0-9*][A-Za-z0-9._-]*"
                            + "(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)?(@[A-Za-z0-9._-]+)?")) {
                throw new IllegalArgumentException("kerberosServicePrincipalName '" + servicePrincipalName
                        + "' is none; write CLASS/HOST as it is registered in the domain, such as HTTP/app.corp.test");
            }
        }

        /// Any host below a domain: the host of each request's backend takes its place.
        public boolean isWildcard() {
            return servicePrincipalName.indexOf('*') >= 0;
        }

        /// KCD-11: what takes the place of the wildcard is the host that the application's own wildcard found.
        @Override
        public void checkWith(InternalUrl internal, boolean complex) {
            if (!isWildcard()) {
                return;
            }
            if (complex) {
                throw new IllegalArgumentException("kerberosServicePrincipalName '" + servicePrincipalName
                        + "' has a wildcard, and the application has segments; give one name that all of its backends"
                        + " share (KCD-11)");
            }
            if (!internal.isWildcard()) {
                throw new IllegalArgumentException("kerberosServicePrincipalName '" + servicePrincipalName
                        + "' has a wildcard, and the application has none; write " + serviceClass() + "/"
                        + internal.host() + ", or as it is registered (KCD-11)");
            }
            String host = servicePrincipalName.substring(servicePrincipalName.indexOf('/') + 1);
            if (!host.equals("*") && !host.equalsIgnoreCase(internal.host())) {
                throw new IllegalArgumentException("kerberosServicePrincipalName '" + servicePrincipalName
                        + "' is for other hosts than those of '" + internal + "'; write " + serviceClass() + "/"
                        + internal.host() + " (KCD-11)");
            }
        }

        private String serviceClass() {
            return servicePrincipalName.substring(0, servicePrincipalName.indexOf('/'));
        }

        @Override
        public String graphMode() {
            return "onPremisesKerberos";
        }

        @Override
        public Set<String> reservedFields() {
            return Set.of("authorization");
        }
    }

    /// Which of a user's names goes to the domain (3.2); the texts are those of the API.
    enum LoginIdentity {
        USER_PRINCIPAL_NAME("userPrincipalName"),
        ON_PREMISES_USER_PRINCIPAL_NAME("onPremisesUserPrincipalName"),
        USER_PRINCIPAL_USERNAME("userPrincipalUsername"),
        ON_PREMISES_USER_PRINCIPAL_USERNAME("onPremisesUserPrincipalUsername"),
        ON_PREMISES_SAM_ACCOUNT_NAME("onPremisesSAMAccountName");

        private final String text;

        LoginIdentity(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        public static Optional<LoginIdentity> of(String text) {
            return Arrays.stream(values())
                    .filter(one -> one.text.equals(text))
                    .findFirst();
        }
    }

    /// In what the ticket is wrapped (KCD-3).
    enum Mechanism {
        SPNEGO,
        /// A bare Kerberos token, for applications that know nothing else.
        KERBEROS
    }
}
