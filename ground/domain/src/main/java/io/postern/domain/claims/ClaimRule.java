package io.postern.domain.claims;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One claim that an administrator added.
///
/// @param namespace an absolute URI, for SAML
/// @param multivalued every value of the source goes out, not the first one only
/// @param tokens in which the claim stands
public record ClaimRule(
        String name,
        Optional<String> namespace,
        Claim.NameFormat nameFormat,
        boolean multivalued,
        Set<TokenKind> tokens,
        Rows rows) {
    /// What a JSON token says by itself; no rule may say it differently.
    public static final Set<String> RESERVED = Set.of(
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "nonce",
            "azp",
            "azpacr",
            "appid",
            "appidacr",
            "tid",
            "oid",
            "ver",
            "scp",
            "scope",
            "roles",
            "groups",
            "wids",
            "amr",
            "acr",
            "auth_time",
            "at_hash",
            "c_hash",
            "s_hash",
            "sid",
            "idp",
            "idtyp",
            "cnf",
            "client_id",
            "token_type",
            "typ",
            "act",
            "may_act",
            "hasgroups",
            "uti",
            "rh",
            "_claim_names",
            "_claim_sources",
            "events");

    private static final int NAME_MAX = 256;
    private static final int NAMESPACE_MAX = 512;

    public ClaimRule {
        tokens = Set.copyOf(tokens);
        checkName("name", name);
        namespace.ifPresent(ClaimRule::checkNamespace);
        if (tokens.contains(TokenKind.JWT) && RESERVED.contains(name)) {
            throw new ClaimsFault(
                    "name", "'" + name + "' is what a token says by itself; choose another name or SAML tokens only");
        }
    }

    /// A claim of one attribute for assertions, as most are.
    public static ClaimRule saml(String namespace, String name, String attribute) {
        return new ClaimRule(
                name,
                Optional.of(namespace),
                Claim.NameFormat.URI,
                false,
                Set.of(TokenKind.SAML),
                Rows.of(Source.attribute(attribute)));
    }

    /// The name as SAML writes it: with its namespace.
    String fullName() {
        return new Claim(name, namespace, nameFormat, List.of()).fullName();
    }

    static void checkName(String field, String name) {
        if (name.isBlank() || name.length() > NAME_MAX || name.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new ClaimsFault(
                    field,
                    "'" + name + "' cannot be the name of a claim; use 1 to " + NAME_MAX
                            + " characters without spaces");
        }
    }

    static void checkNamespace(String namespace) {
        boolean good = namespace.length() <= NAMESPACE_MAX && namespace.matches("[A-Za-z][A-Za-z0-9+.-]*:[!-~]+");
        if (!good) {
            throw new ClaimsFault(
                    "namespace",
                    "'" + namespace + "' is no namespace; write an absolute URI of at most " + NAMESPACE_MAX
                            + " characters such as http://schemas.xmlsoap.org/ws/2005/05/identity/claims");
        }
    }
}
