package io.postern.gateway.admit;

import io.postern.domain.AppId;
import io.postern.domain.ExternalHost;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What must survive the way through the identity provider. It travels in the `state` parameter,
/// sealed, so long URLs survive and the server keeps nothing.
///
/// @param id for single use
/// @param target path and query to return to, as sent
/// @param verifier PKCE code verifier (RFC 7636 §4.1)
/// @param nonce must come back in the ID token (OpenID Connect Core §3.1.2.1)
/// @param binding SHA-256 of the binding cookie's value
record SignInState(
        String id, AppId app, String target, String verifier, String nonce, String binding, Instant expires) {
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    static SignInState start(AppId app, String target, String bindingCookie, Instant now) {
        return new SignInState(random(), app, target, random(), random(), sha256(bindingCookie), now.plus(LIFETIME));
    }

    String codeChallenge() {
        return sha256(verifier);
    }

    boolean isBoundTo(String bindingCookie) {
        return MessageDigest.isEqual(
                binding.getBytes(StandardCharsets.US_ASCII),
                sha256(bindingCookie).getBytes(StandardCharsets.US_ASCII));
    }

    /// 256 random bits in 43 characters: a code verifier, a nonce, a binding.
    static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return BASE64URL.encodeToString(bytes);
    }

    static String sha256(String text) {
        try {
            return BASE64URL.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static Sealer sealer(KeyRing ring) {
        return new Sealer(ring, "sign-in-state");
    }

    /// @param host a state is good on the host where it was made only
    String seal(Sealer sealer, ExternalHost host) {
        var json = JSON.createObjectNode()
                .put("i", id)
                .put("a", app.value())
                .put("r", target)
                .put("v", verifier)
                .put("n", nonce)
                .put("b", binding)
                .put("e", expires.getEpochSecond());
        return sealer.seal(JSON.writeValueAsBytes(json), host.value());
    }

    /// Empty when it was not sealed by us for this host. Says nothing about expiry.
    static Optional<SignInState> open(Sealer sealer, String text, ExternalHost host) {
        return sealer.open(text, host.value()).flatMap(SignInState::parse);
    }

    private static Optional<SignInState> parse(byte[] plain) {
        try {
            JsonNode json = JSON.readTree(plain);
            return Optional.of(new SignInState(
                    json.path("i").asString(""),
                    new AppId(json.path("a").asString("")),
                    json.path("r").asString(""),
                    json.path("v").asString(""),
                    json.path("n").asString(""),
                    json.path("b").asString(""),
                    Instant.ofEpochSecond(json.path("e").asLong(0))));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
