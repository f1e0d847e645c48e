package io.postern.identity.factor;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.VerificationException;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.store.AuthenticationMethod;
import io.postern.store.User;
import io.postern.web.Json;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Passkeys (WebAuthn Level 3): what the browser is asked, and whether its answer holds. The relying party is the login
/// host; whose maker's attestation is of no interest, the key alone counts. Thread-safe.
public final class Passkeys {
    private static final Logger LOG = LoggerFactory.getLogger(Passkeys.class);
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder FROM_TEXT = Base64.getUrlDecoder();
    private static final int ANSWER_CHARACTERS_MAX = 32_768;

    // ES256 and RS256 are what the specification tells every site to offer, EdDSA where a key has it
    private static final List<PublicKeyCredentialParameters> ALGORITHMS = List.of(
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.ES256),
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.EdDSA),
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.RS256));

    /// A passkey that was just made.
    ///
    /// @param credential its public id
    /// @param secret what to keep: public key and flags
    public record Made(String credential, String secret, long counter) {}

    /// What an authenticator proved.
    ///
    /// @param verified it asked its user for a finger, a face or a PIN: a second factor in itself
    /// @param copyable its keeper may copy the key to other devices
    public record Proved(long counter, String secret, boolean verified, boolean copyable) {}

    /// Where it is told why an answer was refused; whoever sent it learns nothing of it.
    interface Refusals {
        void told(String at, String reason, Exception why);
    }

    /// It was made for somebody else than whose passkey it is.
    private static final class ForeignUserHandleException extends VerificationException {
        private static final long serialVersionUID = 1;

        ForeignUserHandleException() {
            super("the user handle is another user's");
        }
    }

    private static final class AnswerTooLongException extends VerificationException {
        private static final long serialVersionUID = 1;

        AnswerTooLongException(int characters) {
            super("the answer has " + characters + " characters; " + ANSWER_CHARACTERS_MAX + " are the limit");
        }
    }

    private final Refusals refusals;
    private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager();
    private final AttestedCredentialDataConverter converter =
            new AttestedCredentialDataConverter(new ObjectConverter());
    private final Origin origin;
    private final String host;

    public Passkeys(ServiceAddress address) {
        this(address, (at, reason, why) -> LOG.info("passkey refused at={} reason={}", at, reason, why));
    }

    Passkeys(ServiceAddress address, Refusals refusals) {
        this.refusals = refusals;
        String login = address.origin(OwnHost.LOGIN);
        this.origin = new Origin(login);
        this.host = Objects.requireNonNull(URI.create(login).getHost());
    }

    /// What the browser needs to make a passkey (`PublicKeyCredentialCreationOptions`), bytes as base64url.
    public String creation(User user, String challenge, List<AuthenticationMethod> known, String service) {
        ObjectNode options = Json.MAPPER.createObjectNode();
        options.put("kind", "create").put("challenge", challenge);
        options.putObject("rp").put("id", host).put("name", service);
        options.putObject("user")
                .put("id", handle(user))
                .put("name", user.userPrincipalName())
                .put("displayName", user.displayName());
        ArrayNode algorithms = options.putArray("pubKeyCredParams");
        ALGORITHMS.forEach(algorithm -> algorithms
                .addObject()
                .put("type", "public-key")
                .put("alg", algorithm.getAlg().getValue()));
        options.putObject("authenticatorSelection")
                .put("residentKey", "preferred")
                .put("userVerification", "preferred");
        options.put("attestation", "none");
        credentials(options.putArray("excludeCredentials"), known);
        return options.toString();
    }

    /// What the browser needs to prove one (`PublicKeyCredentialRequestOptions`).
    ///
    /// @param known the user's passkeys; empty to let the authenticator say who its user is
    public String request(String challenge, List<AuthenticationMethod> known) {
        ObjectNode options = Json.MAPPER.createObjectNode();
        options.put("kind", "get")
                .put("challenge", challenge)
                .put("rpId", host)
                .put("userVerification", known.isEmpty() ? "required" : "preferred");
        credentials(options.putArray("allowCredentials"), known);
        return options.toString();
    }

    /// The passkey that the browser made for `challenge`; empty when its answer does not hold.
    public Optional<Made> made(String answer, String challenge) {
        return checked("registration", answer, () -> {
            RegistrationData data = manager.verifyRegistrationResponseJSON(
                    answer, new RegistrationParameters(server(challenge), ALGORITHMS, false, true));
            AuthenticatorData<?> authenticator =
                    Objects.requireNonNull(data.getAttestationObject()).getAuthenticatorData();
            var credential = Objects.requireNonNull(authenticator.getAttestedCredentialData());
            ObjectNode kept = Json.MAPPER.createObjectNode();
            kept.put("data", TO_TEXT.encodeToString(converter.convert(credential)))
                    .put("verified", authenticator.isFlagUV())
                    .put("copyable", authenticator.isFlagBE())
                    .put("copied", authenticator.isFlagBS());
            return new Made(
                    TO_TEXT.encodeToString(credential.getCredentialId()),
                    kept.toString(),
                    authenticator.getSignCount());
        });
    }

    /// The public id in an answer, to look the passkey up; proves nothing.
    public static Optional<String> credentialOf(String answer) {
        if (answer.length() > ANSWER_CHARACTERS_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.MAPPER.readTree(answer).path("id").asString())
                    .filter(id -> !id.isEmpty());
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /// Whether the browser proved `passkey` for `challenge`; empty when its answer does not hold.
    ///
    /// @param verification the authenticator must have asked its user
    public Optional<Proved> proved(
            AuthenticationMethod passkey, String answer, String challenge, boolean verification) {
        return checked("sign-in", answer, () -> {
            JsonNode kept = Json.MAPPER.readTree(passkey.secret());
            var known = new CredentialRecordImpl(
                    new NoneAttestationStatement(),
                    kept.path("verified").asBoolean(),
                    kept.path("copyable").asBoolean(),
                    kept.path("copied").asBoolean(),
                    passkey.counter(),
                    converter.convert(FROM_TEXT.decode(kept.path("data").asString())),
                    null,
                    null,
                    null,
                    null);
            byte[] id = FROM_TEXT.decode(passkey.credential().orElseThrow());
            AuthenticationData data = manager.verifyAuthenticationResponseJSON(
                    answer, new AuthenticationParameters(server(challenge), known, List.of(id), verification, true));
            byte[] handle = data.getUserHandle();
            if (handle != null
                    && !TO_TEXT.encodeToString(handle)
                            .equals(handle(passkey.user().value()))) {
                throw new ForeignUserHandleException();
            }
            AuthenticatorData<?> authenticator = Objects.requireNonNull(data.getAuthenticatorData());
            ((ObjectNode) kept).put("copied", authenticator.isFlagBS());
            return new Proved(
                    authenticator.getSignCount(),
                    kept.toString(),
                    authenticator.isFlagUV(),
                    kept.path("copyable").asBoolean());
        });
    }

    private interface Check<T> {
        T run();
    }

    /// What a stranger sends may break any rule of the formats; all of it is one answer.
    private <T> Optional<T> checked(String what, String answer, Check<T> check) {
        try {
            if (answer.length() > ANSWER_CHARACTERS_MAX) {
                throw new AnswerTooLongException(answer.length());
            }
            return Optional.of(check.run());
        } catch (VerificationException
                | DataConversionException
                | JacksonException
                | IllegalArgumentException
                | NullPointerException e) {
            refusals.told(what, e.getClass().getSimpleName().replace("Exception", ""), e);
            return Optional.empty();
        }
    }

    private ServerProperty server(String challenge) {
        return ServerProperty.builder()
                .origin(origin)
                .rpId(host)
                .challenge(new DefaultChallenge(FROM_TEXT.decode(challenge)))
                .build();
    }

    private static void credentials(ArrayNode list, List<AuthenticationMethod> known) {
        known.stream()
                .map(AuthenticationMethod::credential)
                .flatMap(Optional::stream)
                .forEach(id -> list.addObject().put("type", "public-key").put("id", id));
    }

    private static String handle(User user) {
        return handle(user.id().value());
    }

    /// No name in it: authenticators show it to nobody, but they keep it.
    private static String handle(String user) {
        UUID id = UUID.fromString(user);
        return TO_TEXT.encodeToString(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    /// RFC 8176 names for what a passkey proved.
    public static Set<String> methods(Proved proved) {
        String key = proved.copyable() ? "swk" : "hwk";
        return proved.verified() ? Set.of(key, "user", "mfa") : Set.of(key);
    }
}
