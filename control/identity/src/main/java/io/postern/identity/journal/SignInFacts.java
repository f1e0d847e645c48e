package io.postern.identity.journal;

import io.postern.domain.SessionId;
import io.postern.store.ServicePrincipal;
import io.postern.store.SignIn;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a protocol knows of a try to sign in when it ends. Begin with [#of] and add what there is.
///
/// @param user empty where nobody is known
/// @param typedName as typed; empty when nothing was
/// @param principal of a program that signs in as itself
/// @param client whom the user signs in to
/// @param resource what is to be used through it, for example an API
/// @param protocol `oAuth2`, `deviceCode`, `saml20`, `wsFederation` or `none`
/// @param methods how the user proved who he is, in this sign-in or before in its session (RFC 8176)
/// @param token id of what was issued (`uti`, `jti`, id of an assertion)
/// @param details one sentence for administrators; empty for none
public record SignInFacts(
        Tenant tenant,
        Optional<User> user,
        String typedName,
        Optional<ServicePrincipal> principal,
        SignIn.Party client,
        SignIn.Party resource,
        SignIn.Kind kind,
        String protocol,
        Set<String> methods,
        Optional<SessionId> session,
        Optional<String> token,
        String details) {
    public SignInFacts {
        methods = Set.copyOf(methods);
    }

    /// An interactive sign-in to a client of which nothing more is known yet.
    public static SignInFacts of(Tenant tenant, String protocol, String appId, String clientName) {
        var client = new SignIn.Party(appId, clientName);
        return new SignInFacts(
                tenant,
                Optional.empty(),
                "",
                Optional.empty(),
                client,
                client,
                SignIn.Kind.INTERACTIVE_USER,
                protocol,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                "");
    }

    public SignInFacts user(User who) {
        return new SignInFacts(
                tenant,
                Optional.of(who),
                typedName,
                principal,
                client,
                resource,
                kind,
                protocol,
                methods,
                session,
                token,
                details);
    }

    /// For a name that need not be anybody's.
    public SignInFacts typed(String name) {
        return new SignInFacts(
                tenant, user, name, principal, client, resource, kind, protocol, methods, session, token, details);
    }

    /// A program signs in as itself.
    public SignInFacts servicePrincipal(ServicePrincipal who) {
        return new SignInFacts(
                tenant,
                user,
                typedName,
                Optional.of(who),
                client,
                resource,
                SignIn.Kind.SERVICE_PRINCIPAL,
                protocol,
                methods,
                session,
                token,
                details);
    }

    /// A program that did not prove which it is.
    public SignInFacts program() {
        return new SignInFacts(
                tenant,
                user,
                typedName,
                principal,
                client,
                resource,
                SignIn.Kind.SERVICE_PRINCIPAL,
                protocol,
                methods,
                session,
                token,
                details);
    }

    /// Nobody was asked: a session or a refresh token sufficed.
    public SignInFacts nonInteractive() {
        return new SignInFacts(
                tenant,
                user,
                typedName,
                principal,
                client,
                resource,
                SignIn.Kind.NON_INTERACTIVE_USER,
                protocol,
                methods,
                session,
                token,
                details);
    }

    public SignInFacts resource(String id, String name) {
        return new SignInFacts(
                tenant,
                user,
                typedName,
                principal,
                client,
                new SignIn.Party(id, name),
                kind,
                protocol,
                methods,
                session,
                token,
                details);
    }

    public SignInFacts methods(Set<String> proofs) {
        return new SignInFacts(
                tenant, user, typedName, principal, client, resource, kind, protocol, proofs, session, token, details);
    }

    public SignInFacts session(SessionId id) {
        return new SignInFacts(
                tenant,
                user,
                typedName,
                principal,
                client,
                resource,
                kind,
                protocol,
                methods,
                Optional.of(id),
                token,
                details);
    }

    public SignInFacts token(String id) {
        return new SignInFacts(
                tenant,
                user,
                typedName,
                principal,
                client,
                resource,
                kind,
                protocol,
                methods,
                session,
                Optional.of(id),
                details);
    }

    public SignInFacts details(String sentence) {
        return new SignInFacts(
                tenant, user, typedName, principal, client, resource, kind, protocol, methods, session, token,
                sentence);
    }

    /// In words, as the log tells them.
    List<String> methodsInWords() {
        return methods.stream()
                .filter(m -> !m.equals("mfa"))
                .sorted((a, b) -> a.equals("pwd") ? -1 : b.equals("pwd") ? 1 : a.compareTo(b))
                .map(SignInFacts::inWords)
                .distinct()
                .toList();
    }

    private static String inWords(String method) {
        return switch (method) {
            case "pwd" -> "Password";
            case "otp" -> "OATH verification code";
            case "hwk", "swk", "fido" -> "Passkey";
            case "kba" -> "Recovery code";
            case "tap" -> "Temporary Access Pass";
            default -> method;
        };
    }
}
