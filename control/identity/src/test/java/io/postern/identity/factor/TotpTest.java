package io.postern.identity.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
    private static final String SEED = "12345678901234567890";
    // the seed of RFC 6238 appendix B in base 32
    private static final String SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    @ParameterizedTest
    @CsvSource({
        "59, 94287082",
        "1111111109, 07081804",
        "1111111111, 14050471",
        "1234567890, 89005924",
        "2000000000, 69279037",
        "20000000000, 65353130"
    })
    void computesTheVectorsOfTheStandard(long second, String code) { // RFC 6238 appendix B, SHA-1
        assertEquals(code, Totp.code(SEED.getBytes(StandardCharsets.US_ASCII), second / 30, "HmacSHA1", 8));
        assertEquals(code.substring(2), Totp.at(SECRET, Instant.ofEpochSecond(second)));
    }

    @Test
    void takesTheStepsAroundNowAndEachOnce() {
        Instant now = Instant.ofEpochSecond(1_234_567_890);
        long step = now.getEpochSecond() / 30;

        assertEquals(OptionalLong.of(step), Totp.step(SECRET, "005924", now, 0));
        assertEquals(OptionalLong.of(step), Totp.step(SECRET, "005 924", now.plusSeconds(30), 0));
        assertTrue(Totp.step(SECRET, "005924", now.plusSeconds(60), 0).isEmpty(), "too old");
        assertTrue(Totp.step(SECRET, "005924", now, step).isEmpty(), "used");
        for (String wrong : new String[] {"", "05924", "0005924", "００５９２４", "abcdef", "005925"}) {
            assertTrue(Totp.step(SECRET, wrong, now, 0).isEmpty(), wrong);
        }
    }

    @Test
    void makesSecretsThatGeneratorsTake() {
        assertTrue(Totp.secret().matches("[A-Z2-7]{32}"));
        assertEquals(
                "otpauth://totp/Contoso%20Ltd:b.simon%40contoso.example?secret=" + SECRET
                        + "&issuer=Contoso%20Ltd&algorithm=SHA1&digits=6&period=30",
                Totp.link("Contoso Ltd", "b.simon@contoso.example", SECRET));
    }
}
