package io.postern.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

class PasswordSealTest {
    private static final byte[] PASSWORD = "Pässwörd 1".getBytes(StandardCharsets.UTF_8);

    private final PasswordSeal seal = PasswordSeal.create();

    @Test
    void opensWhatWasSealedForIt() throws GeneralSecurityException {
        String sealed = PasswordSeal.seal(seal.publicKey(), PASSWORD, "question-1");
        assertArrayEquals(PASSWORD, seal.open(sealed, "question-1"));
        assertNotEquals(sealed, PasswordSeal.seal(seal.publicKey(), PASSWORD, "question-1"));
    }

    @Test
    void opensForNobodyElseAndNothingElse() {
        String sealed = PasswordSeal.seal(seal.publicKey(), PASSWORD, "question-1");
        assertThrows(GeneralSecurityException.class, () -> PasswordSeal.create().open(sealed, "question-1"));
        assertThrows(GeneralSecurityException.class, () -> seal.open(sealed, "question-2"));
        int last = sealed.length() - 3;
        String bent = sealed.substring(0, last) + (sealed.charAt(last) == 'A' ? 'B' : 'A') + sealed.substring(last + 1);
        assertThrows(GeneralSecurityException.class, () -> seal.open(bent, "question-1"));
        assertThrows(GeneralSecurityException.class, () -> seal.open("AAAA", "question-1"));
        assertThrows(GeneralSecurityException.class, () -> seal.open("?", "question-1"));
    }

    @Test
    void takesNoKeyThatIsNone() {
        assertThrows(IllegalArgumentException.class, () -> PasswordSeal.seal("AAAA", PASSWORD, "question-1"));
        assertThrows(IllegalArgumentException.class, () -> PasswordSeal.seal("?", PASSWORD, "question-1"));
    }

    @Test
    void wordsAreReadAsTheyAreWritten() {
        for (PasswordVerdict each : PasswordVerdict.values()) {
            assertEquals(each, PasswordVerdict.of(each.word()).orElseThrow());
        }
        assertFalse(PasswordVerdict.of("maybe").isPresent());
    }
}
