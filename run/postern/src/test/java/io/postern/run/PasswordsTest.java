package io.postern.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.PasswordRules;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    @Test
    void makesPasswordsThatOurOwnRulesAccept() {
        for (int i = 0; i < 1_000; i++) {
            assertEquals(Optional.empty(), PasswordRules.fault(Passwords.generate(), "b.simon@contoso.example"));
        }
    }

    @Test
    void makesAnotherOneEachTimeWithoutLettersThatLookAlike() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            String password = Passwords.generate();
            assertTrue(seen.add(password));
            assertTrue(password.matches("[^IOl01]{23}"), password);
        }
    }
}
