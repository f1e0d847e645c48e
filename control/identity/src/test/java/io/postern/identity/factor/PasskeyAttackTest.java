package io.postern.identity.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ServiceAddress;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Hostile answers of browsers and authenticators (WebAuthn Level 3 §7.1, §7.2): each is refused, for its own reason.
class PasskeyAttackTest {
    private static final String CHALLENGE = challenge((byte) 1);
    private static final String OTHER_CHALLENGE = challenge((byte) 2);
    private static final String ORIGIN = "https://login.postern.localhost:8443";

    /// At a sign-in.
    enum Attack {
        ANOTHER_SITE("BadOrigin", key -> key.origin = "https://login.postern.example"),
        ANOTHER_PORT("BadOrigin", key -> key.origin = "https://login.postern.localhost:9443"),
        PLAIN_HTTP("BadOrigin", key -> key.origin = "http://login.postern.localhost:8443"),
        AN_APPLICATION_OF_OURS("BadOrigin", key -> key.origin = "https://wiki-contoso.postern.localhost:8443"),
        A_FRAME_OF_ANOTHER_SITE("BadTopOrigin", key -> key.crossOrigin = true),
        A_WIDER_RELYING_PARTY("BadRpId", key -> key.rpId = "postern.localhost"),
        ANOTHER_RELYING_PARTY("BadRpId", key -> key.rpId = "login.postern.example"),
        NOBODY_TOUCHED_IT("UserNotPresent", key -> key.flags = SoftKey.VERIFIED),
        NOBODY_WAS_VERIFIED("UserNotVerified", key -> key.flags = SoftKey.PRESENT),
        VERIFIED_BY_THE_WAY("BadSignature", key -> {
            key.flags = SoftKey.PRESENT;
            key.flagsAfterwards = SoftKey.PRESENT | SoftKey.VERIFIED;
        }),
        COUNTER_GOES_BACK("MaliciousCounterValue", key -> key.counter = 3),
        COUNTER_STANDS_STILL("MaliciousCounterValue", key -> key.counter = 6),
        ANOTHER_KEY("BadSignature", key -> key.pair = SoftKey.pair()),
        ANOTHER_CREDENTIAL("NotAllowedCredentialId", key -> key.id = new byte[16]),
        ANOTHER_USER("ForeignUserHandle", key -> key.handle = CHALLENGE),
        A_REGISTRATION("InconsistentClientDataType", key -> key.type = "webauthn.create"),
        BECAME_COPYABLE("BadBackupEligibleFlag", key -> key.flags |= SoftKey.COPYABLE),
        COPIED_YET_NOT_COPYABLE("IllegalBackupState", key -> key.flags |= SoftKey.COPIED);

        private final String reason;

        @SuppressWarnings("ImmutableEnumChecker") // the steps keep nothing
        private final Consumer<SoftKey> step;

        Attack(String reason, Consumer<SoftKey> step) {
            this.reason = reason;
            this.step = step;
        }
    }

    /// Where a passkey is set up.
    enum Planting {
        ANOTHER_SITE("BadOrigin", key -> key.origin = "https://login.postern.example"),
        A_FRAME_OF_ANOTHER_SITE("BadTopOrigin", key -> key.crossOrigin = true),
        ANOTHER_RELYING_PARTY("BadRpId", key -> key.rpId = "postern.localhost"),
        NOBODY_TOUCHED_IT("UserNotPresent", key -> key.flags = SoftKey.VERIFIED),
        A_SIGN_IN("InconsistentClientDataType", key -> key.type = "webauthn.get"),
        AN_ALGORITHM_NOBODY_OFFERED("NotAllowedAlgorithm", key -> key.algorithm = -35),
        AN_OLD_ALGORITHM("NotAllowedAlgorithm", key -> key.algorithm = -65535), // RS1
        A_LONG_ID("CredentialIdTooLong", key -> key.id = new byte[1024]);

        private final String reason;

        @SuppressWarnings("ImmutableEnumChecker") // the steps keep nothing
        private final Consumer<SoftKey> step;

        Planting(String reason, Consumer<SoftKey> step) {
            this.reason = reason;
            this.step = step;
        }
    }

    private final List<String> reasons = new ArrayList<>();
    private final Passkeys passkeys =
            new Passkeys(new ServiceAddress("postern.localhost", 8443), (at, reason, why) -> reasons.add(reason));
    private final SoftKey key = new SoftKey(ORIGIN);
    private final UserId user = UserId.random();

    private static String challenge(byte of) {
        byte[] bytes = new byte[32];
        bytes[0] = of;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// As it was registered, used up to the counter 7.
    private AuthenticationMethod registered() {
        key.counter = 6;
        Passkeys.Made made = passkeys.made(key.made(CHALLENGE), CHALLENGE).orElseThrow();
        key.counter = 7;
        return new AuthenticationMethod(
                TenantId.random(),
                user,
                "1",
                Kind.PASSKEY,
                "Passkey",
                Optional.of(made.credential()),
                made.secret(),
                7,
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                1);
    }

    @Test
    void anHonestOneIsAccepted() {
        AuthenticationMethod passkey = registered();

        Passkeys.Proved proved =
                passkeys.proved(passkey, key.proves(CHALLENGE), CHALLENGE, true).orElseThrow();

        assertEquals(8, proved.counter());
        assertTrue(proved.verified() && !proved.copyable());
        assertEquals(List.of(), reasons);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAtSignIn(Attack attack) {
        AuthenticationMethod passkey = registered();
        attack.step.accept(key);

        assertEquals(Optional.empty(), passkeys.proved(passkey, key.proves(CHALLENGE), CHALLENGE, true));

        assertEquals(List.of(attack.reason), reasons);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAtRegistration(Planting planting) {
        planting.step.accept(key);

        assertEquals(Optional.empty(), passkeys.made(key.made(CHALLENGE), CHALLENGE));

        assertEquals(List.of(planting.reason), reasons);
    }

    @Test
    void refusesAnswersToOtherChallenges() {
        AuthenticationMethod passkey = registered();

        assertEquals(Optional.empty(), passkeys.proved(passkey, key.proves(OTHER_CHALLENGE), CHALLENGE, true));
        assertEquals(Optional.empty(), passkeys.made(key.made(OTHER_CHALLENGE), CHALLENGE));

        assertEquals(List.of("BadChallenge", "BadChallenge"), reasons);
    }

    @Test
    void refusesWhatBreaksTheFormats() {
        AuthenticationMethod passkey = registered();
        String good = key.proves(CHALLENGE);

        for (String answer : List.of(
                "",
                "{",
                "[]",
                "{}",
                "null",
                good.replace("authenticatorData\":\"", "authenticatorData\":\"AAAA"),
                good.replaceAll("\"authenticatorData\":\"[^\"]+\"", "\"authenticatorData\":\"AAAA\""),
                good.replaceAll("\"signature\":\"[^\"]+\"", "\"signature\":\"\""),
                good.replaceAll("\"clientDataJSON\":\"[^\"]+\"", "\"clientDataJSON\":\"e30\""))) {
            assertEquals(Optional.empty(), passkeys.proved(passkey, answer, CHALLENGE, true), answer);
            assertEquals(Optional.empty(), passkeys.made(answer, CHALLENGE), answer);
        }
        assertEquals(18, reasons.size());
        reasons.clear();
        assertEquals(Optional.empty(), passkeys.made(good + " ".repeat(32_768), CHALLENGE));
        assertEquals(List.of("AnswerTooLong"), reasons);
    }
}
