package io.postern.domain.publish;

import io.postern.domain.InternalUrl;
import io.postern.domain.claims.Person;
import io.postern.domain.publish.SignOnHeader.Said;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a user is signed in at the backend after the gateway has admitted him (3.1). SAML and OpenID Connect are not
/// here: there the application itself asks our identity provider.
public sealed interface BackendSignOn
        permits BackendSignOn.None, BackendSignOn.Kerberos, BackendSignOn.Headers, PasswordSignOn {
    /// `singleSignOnMode` of the API.
    String graphMode();

    /// Request fields that only this way may set: a client's own are removed in every spelling. Names in lower
    /// case, with every mark as a hyphen.
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

    /// The gateway tells the backend of the user in request fields (3.3).
    record Headers(List<SignOnHeader> headers) implements BackendSignOn {
        /// Of one application.
        public static final int HEADERS_MAX = 50;

        /// Characters of all that one user gets, names included: servers refuse requests with more than 16 to
        /// 64 KiB of fields, and the client's own come to it.
        public static final int TOTAL_MAX = 16 * 1024;

        public Headers {
            headers = List.copyOf(headers);
            if (headers.isEmpty() || headers.size() > HEADERS_MAX) {
                throw new IllegalArgumentException("headerSignOnSettings has " + headers.size() + " headers; give 1 to "
                        + HEADERS_MAX + ", or set singleSignOnMode to none");
            }
            Set<String> seen = new HashSet<>();
            Map<String, String> spelled = new HashMap<>();
            for (SignOnHeader header : headers) {
                String one = SignOnHeader.canonical(header.name());
                if (!seen.add(one + " " + header.path())) {
                    throw new IllegalArgumentException("header '" + header.name() + "' is there twice for "
                            + header.path() + "; give the second another path, or join the two by conditions");
                }
                String before = spelled.putIfAbsent(one, header.name());
                if (before != null && !before.equalsIgnoreCase(header.name())) {
                    throw new IllegalArgumentException("headers '" + before + "' and '" + header.name()
                            + "' are one name to many backends; spell them alike");
                }
            }
        }

        /// What is said of a person in each header, in their order.
        ///
        /// @param pairwise identifier of the user at the application alone
        public List<Said> said(Person person, String pairwise) {
            List<Said> said = headers.stream()
                    .map(header -> header.said(person, pairwise))
                    .toList();
            int total = 0;
            for (int i = 0; i < said.size(); i++) {
                if (said.get(i) instanceof Said.Value(String text)) {
                    total += headers.get(i).name().length() + text.length();
                }
            }
            if (total <= TOTAL_MAX) {
                return said;
            }
            var all = new Said.Unfit("the headers would have " + total + " characters together, and " + TOTAL_MAX
                    + " are possible; filter groups, or leave headers out");
            return headers.stream().<Said>map(_ -> all).toList();
        }

        public boolean asksForGroups() {
            return headers.stream().anyMatch(SignOnHeader::asksForGroups);
        }

        /// HDR-SSO-3: a field for a folder that the application does not publish would never be sent.
        @Override
        public void checkWith(InternalUrl internal, boolean complex) {
            for (SignOnHeader header : headers) {
                String path = header.path().endsWith("/") ? header.path() : header.path() + "/";
                if (!complex
                        && !path.startsWith(internal.path())
                        && !internal.path().startsWith(path)) {
                    throw new IllegalArgumentException("header '" + header.name() + "' is for path '" + header.path()
                            + "', which is not below " + internal + "; give an internal path below that, or /"
                            + " (HDR-SSO-3)");
                }
            }
        }

        @Override
        public String graphMode() {
            return "aadHeaderBased";
        }

        @Override
        public Set<String> reservedFields() {
            return headers.stream()
                    .map(header -> SignOnHeader.canonical(header.name()))
                    .collect(Collectors.toSet());
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
            return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst();
        }
    }

    /// In what the ticket is wrapped (KCD-3).
    enum Mechanism {
        SPNEGO,
        /// A bare Kerberos token, for applications that know nothing else.
        KERBEROS
    }
}
