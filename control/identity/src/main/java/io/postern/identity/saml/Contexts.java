package io.postern.identity.saml;

import io.postern.saml.AuthnContexts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which authentication context a session stands for (3.4).
final class Contexts {
    /// Some way of ours can lead to these. X509, Smartcard and TLSClient are understood, but nobody signs in here that
    /// way.
    private static final Set<String> POSSIBLE = Set.of(
            AuthnContexts.PASSWORD,
            AuthnContexts.PASSWORD_PROTECTED_TRANSPORT,
            AuthnContexts.UNSPECIFIED,
            AuthnContexts.KERBEROS,
            AuthnContexts.WINDOWS,
            AuthnContexts.MULTIPLE_AUTHN);

    private Contexts() {}

    static List<String> possible(List<String> asked) {
        return asked.stream().filter(POSSIBLE::contains).toList();
    }

    /// @param asked none for any
    /// @param methods names of RFC 8176
    /// @return what to say; empty when none of `asked` is what the user did
    static Optional<String> of(List<String> asked, Set<String> methods) {
        if (asked.isEmpty()) {
            return Optional.of(
                    methods.contains("pwd")
                            ? AuthnContexts.PASSWORD
                            : methods.contains("wia") ? AuthnContexts.WINDOWS : AuthnContexts.UNSPECIFIED);
        }
        return asked.stream().filter(context -> isMet(context, methods)).findFirst();
    }

    private static boolean isMet(String context, Set<String> methods) {
        return switch (context) {
            case AuthnContexts.UNSPECIFIED -> true;
            case AuthnContexts.PASSWORD, AuthnContexts.PASSWORD_PROTECTED_TRANSPORT -> methods.contains("pwd");
            case AuthnContexts.KERBEROS, AuthnContexts.WINDOWS -> methods.contains("wia");
            case AuthnContexts.MULTIPLE_AUTHN -> methods.contains("mfa");
            default -> false;
        };
    }
}
