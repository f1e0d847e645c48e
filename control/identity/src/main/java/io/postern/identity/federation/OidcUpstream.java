package io.postern.identity.federation;

import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Stated;
import io.postern.domain.federation.Upstream;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.Opaque;
import io.postern.store.IdentityProviderStore;
import io.postern.token.Sealer;
import io.postern.token.UpstreamIdToken;
import io.postern.token.UpstreamIdToken.Result;
import io.postern.token.UpstreamLogoutToken;
import io.postern.token.UpstreamMetadata;
import io.postern.web.Json;
import io.postern.web.Parameters;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// Our side of an upstream OpenID Provider: code flow with PKCE, `state` and `nonce`.
final class OidcUpstream {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /// What providers write into `amr` or `acr` when they saw more than one factor.
    private static final Set<String> MULTIPLE =
            Set.of("mfa", "http://schemas.microsoft.com/claims/multipleauthn", "possessionorinherence", "phr", "phrh");

    private static final int SECONDS = 120; // of a client assertion

    private final UpstreamDocuments documents;
    private final UpstreamClient client;
    private final SigningKeys keys;
    private final Sealer secrets;
    private final Addresses addresses;
    private final Clock clock;

    OidcUpstream(
            UpstreamDocuments documents,
            UpstreamClient client,
            SigningKeys keys,
            Sealer secrets,
            Addresses addresses,
            Clock clock) {
        this.documents = documents;
        this.client = client;
        this.keys = keys;
        this.secrets = secrets;
        this.addresses = addresses;
        this.clock = clock;
    }

    /// Where the browser goes.
    String question(IdentityProvider provider, Upstream.Oidc oidc, Departure departure, String hint)
            throws UpstreamFault {
        var asked = new LinkedHashMap<String, String>();
        asked.put("client_id", oidc.clientId());
        asked.put("response_type", "code");
        asked.put("redirect_uri", addresses.callback(provider.tenant(), provider.id()));
        asked.put("scope", String.join(" ", oidc.scopes()));
        asked.put("state", departure.state());
        asked.put("nonce", departure.nonce());
        asked.put("code_challenge", Opaque.challenge(departure.verifier()));
        asked.put("code_challenge_method", "S256");
        if (!hint.isEmpty()) {
            asked.put("login_hint", hint);
        }
        if (departure.ageMax() == 0) {
            asked.put("prompt", "login");
        }
        if (departure.ageMax() >= 0) {
            asked.put("max_age", Long.toString(departure.ageMax()));
        }
        return with(documents.discovery(provider).authorizationEndpoint(), asked);
    }

    /// Reads the answer that the browser brought, and asks the upstream whose it is.
    Word answer(IdentityProviderStore.Row row, Upstream.Oidc oidc, Departure departure, Parameters brought)
            throws UpstreamFault {
        IdentityProvider provider = row.provider();
        UpstreamMetadata metadata = documents.discovery(provider);
        Optional<String> stated = brought.one("iss");
        if (stated.isPresent() ? !stated.get().equals(oidc.issuer()) : metadata.statesIssuer()) {
            throw invalid("the answer is of the issuer '" + stated.orElse("") + "' (RFC 9207)");
        }
        if (brought.one("error").isPresent()) {
            throw new UpstreamFault(
                    Kind.REFUSED,
                    "it answers " + printable(brought.oneOrEmpty("error")) + " "
                            + printable(brought.oneOrEmpty("error_description")));
        }
        if (brought.one("code").isEmpty()) {
            throw invalid("the answer has no code");
        }
        JsonNode tokens = redeem(row, oidc, metadata, departure, brought.oneOrEmpty("code"));
        String idToken = tokens.path("id_token").asString("");
        Result.Valid token = verified(provider, oidc, metadata, departure, idToken);
        Map<String, List<String>> said = new LinkedHashMap<>(token.values());
        Stated who = read(provider, said);
        if (metadata.userInfoEndpoint().isPresent()
                && tokens.path("access_token").isString()
                && (who.userPrincipalName().isEmpty() || who.displayName().isEmpty())) {
            userInfo(
                            provider,
                            metadata,
                            token.subject(),
                            tokens.path("access_token").asString())
                    .forEach(said::putIfAbsent);
            who = read(provider, said);
        }
        boolean multiple = token.methods().stream().anyMatch(MULTIPLE::contains) || MULTIPLE.contains(token.context());
        List<String> index = token.values().getOrDefault("sid", List.of());
        return new Word(
                who,
                multiple,
                token.authenticated(),
                new Word.Session(idToken, token.subject(), index.isEmpty() ? "" : index.getFirst()));
    }

    private static Stated read(IdentityProvider provider, Map<String, List<String>> said) throws UpstreamFault {
        return provider.claims()
                .read(said, "")
                .orElseThrow(() -> invalid("it names no subject: the claim mapped to it is missing or too long"));
    }

    private Result.Valid verified(
            IdentityProvider provider, Upstream.Oidc oidc, UpstreamMetadata metadata, Departure departure, String token)
            throws UpstreamFault {
        Result result = verify(oidc, departure, token, documents.keys(provider, metadata, false));
        if (result instanceof Result.UnknownKey) {
            result = verify(oidc, departure, token, documents.keys(provider, metadata, true));
        }
        return switch (result) {
            case Result.Valid valid -> valid;
            case Result.UnknownKey(String id) ->
                throw invalid("its ID token is signed by the unknown key '" + printable(id) + "'");
            case Result.Refused(String why) -> throw invalid("its ID token is not taken: " + why);
        };
    }

    private Result verify(Upstream.Oidc oidc, Departure departure, String token, String known) {
        return UpstreamIdToken.verify(token, oidc.issuer(), oidc.clientId(), departure.nonce(), known, clock.instant());
    }

    private JsonNode redeem(
            IdentityProviderStore.Row row,
            Upstream.Oidc oidc,
            UpstreamMetadata metadata,
            Departure departure,
            String code)
            throws UpstreamFault {
        IdentityProvider provider = row.provider();
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", addresses.callback(provider.tenant(), provider.id()));
        form.put("code_verifier", departure.verifier());
        form.put("client_id", oidc.clientId());
        Optional<String> authorization = switch (oidc.proof()) {
            case PRIVATE_KEY -> {
                form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                form.put("client_assertion", assertion(provider, oidc, metadata));
                yield Optional.empty();
            }
            case SECRET -> {
                String secret = secrets.open(row.sealed(), provider.id().value())
                        .map(plain -> new String(plain, StandardCharsets.UTF_8))
                        .orElseThrow(() -> new UpstreamFault(
                                Kind.UNREACHABLE, "its client secret cannot be opened; set it again"));
                if (metadata.tokenAuthentication().contains("client_secret_basic")) {
                    yield Optional.of(basic(oidc.clientId(), secret));
                }
                form.put("client_secret", secret);
                yield Optional.empty();
            }
        };
        UpstreamClient.Answer answer = client.post(provider.tenant(), metadata.tokenEndpoint(), form, authorization);
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(answer.body());
        } catch (JacksonException e) {
            throw new UpstreamFault(
                    Kind.UNREACHABLE, "its token endpoint answers " + answer.status() + " without JSON");
        }
        if (answer.status() != 200) {
            throw invalid("its token endpoint answers " + answer.status() + " "
                    + printable(json.path("error").asString("")) + " "
                    + printable(json.path("error_description").asString("")));
        }
        return json;
    }

    /// RFC 6749 §2.3.1: both halves are form-encoded before.
    private static String basic(String clientId, String secret) {
        String pair = Parameters.encode(clientId) + ":" + Parameters.encode(secret);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /// With the key of our own tokens: who trusts our JWKS sees it change by itself. Its issuer is the client
    /// id, so it is no token of ours.
    private String assertion(IdentityProvider provider, Upstream.Oidc oidc, UpstreamMetadata metadata) {
        Instant now = clock.instant();
        return keys.current(provider.tenant())
                .sign(Map.of(
                        "iss", oidc.clientId(),
                        "sub", oidc.clientId(),
                        "aud", metadata.tokenEndpoint(),
                        "jti", Opaque.random(),
                        "iat", Date.from(now),
                        "exp", Date.from(now.plusSeconds(SECONDS))));
    }

    private Map<String, List<String>> userInfo(
            IdentityProvider provider, UpstreamMetadata metadata, String subject, String accessToken)
            throws UpstreamFault {
        String body = client.get(provider.tenant(), metadata.userInfoEndpoint().orElseThrow(), accessToken);
        try {
            Map<String, List<String>> said = UpstreamIdToken.texts(Json.MAPPER.readValue(body, OBJECT));
            if (!List.of(subject).equals(said.get("sub"))) {
                throw invalid("its UserInfo is of another subject"); // OpenID Connect Core §5.3.2
            }
            return said;
        } catch (JacksonException e) {
            throw invalid("its UserInfo is no JSON object");
        }
    }

    /// Where the session there ends, and the browser comes back from; empty where the provider has no such address.
    Optional<String> signOut(IdentityProvider provider, Upstream.Oidc oidc, String idToken, String state)
            throws UpstreamFault {
        return documents.discovery(provider).endSessionEndpoint().map(endpoint -> {
            var asked = new LinkedHashMap<String, String>();
            asked.put("id_token_hint", idToken);
            asked.put("client_id", oidc.clientId());
            asked.put("post_logout_redirect_uri", addresses.signedOut(provider.tenant(), provider.id()));
            asked.put("state", state);
            return with(endpoint, asked);
        });
    }

    /// Reads the provider's word that a session there has ended.
    UpstreamLogoutToken.Result.Valid signedOut(IdentityProvider provider, Upstream.Oidc oidc, String token)
            throws UpstreamFault {
        UpstreamMetadata metadata = documents.discovery(provider);
        UpstreamLogoutToken.Result result = verify(oidc, token, documents.keys(provider, metadata, false));
        if (result instanceof UpstreamLogoutToken.Result.UnknownKey) {
            result = verify(oidc, token, documents.keys(provider, metadata, true));
        }
        return switch (result) {
            case UpstreamLogoutToken.Result.Valid valid -> valid;
            case UpstreamLogoutToken.Result.UnknownKey(String id) ->
                throw invalid("its logout token is signed by the unknown key '" + printable(id) + "'");
            case UpstreamLogoutToken.Result.Refused(String why) ->
                throw invalid("its logout token is not taken: " + printable(why));
        };
    }

    private UpstreamLogoutToken.Result verify(Upstream.Oidc oidc, String token, String known) {
        return UpstreamLogoutToken.verify(token, oidc.issuer(), oidc.clientId(), known, clock.instant());
    }

    private static String with(String endpoint, Map<String, String> parameters) {
        return endpoint
                + (endpoint.indexOf('?') < 0 ? "?" : "&")
                + parameters.entrySet().stream()
                        .map(e -> e.getKey() + "=" + Parameters.encode(e.getValue()))
                        .collect(Collectors.joining("&"));
    }

    private static UpstreamFault invalid(String why) {
        return new UpstreamFault(Kind.INVALID, why);
    }

    /// What strangers wrote ends in a log.
    static String printable(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.length() > 200 ? plain.substring(0, 200) : plain;
    }
}
