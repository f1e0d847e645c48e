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
/// @param client whom the user signs in to
/// @param resource what is to be used through it, for example an API
/// @param details one sentence for administrators; empty for none
public record SignInFacts(
        Tenant tenant,
        Who who,
        SignIn.Party client,
        SignIn.Party resource,
        SignIn.Kind kind,
        SignInProtocol protocol,
        Proof proof,
        String details) {
    /// @param user empty where nobody is known
    /// @param typedName as typed; empty when nothing was
    /// @param principal of a program that signs in as itself
    record Who(Optional<User> user, String typedName, Optional<ServicePrincipal> principal) {}

    /// @param methods how the user proved who he is, in this sign-in or before in its session (RFC 8176)
    /// @param token id of what was issued (`uti`, `jti`, id of an assertion)
    record Proof(Set<String> methods, Optional<SessionId> session, Optional<String> token) {
        Proof {
            methods = Set.copyOf(methods);
        }
    }

    /// An interactive sign-in to a client of which nothing more is known yet.
    public static SignInFacts of(Tenant tenant, SignInProtocol protocol, String appId, String clientName) {
        var client = new SignIn.Party(appId, clientName);
        var nobody = new Who(Optional.empty(), "", Optional.empty());
        var nothing = new Proof(Set.of(), Optional.empty(), Optional.empty());
        return new SignInFacts(tenant, nobody, client, client, SignIn.Kind.INTERACTIVE_USER, protocol, nothing, "");
    }

    public SignInFacts user(User known) {
        return with(new Who(Optional.of(known), who.typedName, who.principal));
    }

    /// For a name that need not be anybody's.
    public SignInFacts typed(String name) {
        return with(new Who(who.user, name, who.principal));
    }

    /// A program signs in as itself.
    public SignInFacts servicePrincipal(ServicePrincipal known) {
        return with(new Who(who.user, who.typedName, Optional.of(known))).program();
    }

    /// A program that did not prove which it is.
    public SignInFacts program() {
        return with(SignIn.Kind.SERVICE_PRINCIPAL);
    }

    /// Nobody was asked: a session or a refresh token sufficed.
    public SignInFacts nonInteractive() {
        return with(SignIn.Kind.NON_INTERACTIVE_USER);
    }

    public SignInFacts resource(String id, String name) {
        return new SignInFacts(tenant, who, client, new SignIn.Party(id, name), kind, protocol, proof, details);
    }

    public SignInFacts methods(Set<String> methods) {
        return with(new Proof(methods, proof.session, proof.token));
    }

    public SignInFacts session(SessionId id) {
        return with(new Proof(proof.methods, Optional.of(id), proof.token));
    }

    public SignInFacts token(String id) {
        return with(new Proof(proof.methods, proof.session, Optional.of(id)));
    }

    public SignInFacts details(String sentence) {
        return new SignInFacts(tenant, who, client, resource, kind, protocol, proof, sentence);
    }

    private SignInFacts with(Who known) {
        return new SignInFacts(tenant, known, client, resource, kind, protocol, proof, details);
    }

    private SignInFacts with(SignIn.Kind known) {
        return new SignInFacts(tenant, who, client, resource, known, protocol, proof, details);
    }

    private SignInFacts with(Proof known) {
        return new SignInFacts(tenant, who, client, resource, kind, protocol, known, details);
    }

    /// In words, as the log tells them.
    List<String> methodsInWords() {
        return proof.methods.stream()
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
            case "wia" -> "Windows integrated authentication";
            case "kba" -> "Recovery code";
            case "tap" -> "Temporary Access Pass";
            case "fed" -> "Federated";
            default -> method;
        };
    }
}
