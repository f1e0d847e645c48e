package io.postern.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CK-4: our cookies never reach a backend.
class ReservedCookiesTest {
    private static Optional<String> removed(String cookie) {
        return ReservedCookies.removed(cookie).map(CharSequence::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "'a=1; __Host-postern-access-x=S; b=2', 'a=1; b=2'",
        "'__Host-postern-access-x=S; b=2', 'b=2'",
        "'a=1; __Host-postern-access-x=S', 'a=1'",
        "'a=1;__HOST-POSTERN-bind-x=S;b=2', 'a=1;b=2'",
        "'a=1; postern-x=S; __Secure-postern-y', 'a=1'",
        "'a=\"; __Host-postern-access-x=S; \"', 'a=\"; \"'",
        "'a=1; =__Host-postern-access-x=S', 'a=1'"
    })
    void areTakenOut(String sent, String forwarded) {
        assertEquals(Optional.of(forwarded), removed(sent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"__Host-postern-access-x=S", "postern-a=1; __Host-postern-access-x=S;", " postern-a ; "})
    void leaveNothingWhereTheyWereAlone(String sent) {
        assertEquals(Optional.empty(), removed(sent));
    }

    @Test
    void othersPassByteForByte() {
        String sent = "a=1;b = 2 ; __Host-session=x; c; =d;; e=\"q\"";
        assertSame(sent, ReservedCookies.removed(sent).orElseThrow());
    }
}
