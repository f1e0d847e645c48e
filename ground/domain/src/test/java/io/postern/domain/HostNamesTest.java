package io.postern.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HostNamesTest {
    private static final Pattern LABELS =
            Pattern.compile("(?!-)[a-z0-9_-]{1,63}(?<!-)(\\.(?!-)[a-z0-9_-]{1,63}(?<!-))*");
    private static final Pattern NUMERIC = Pattern.compile("(0x[0-9a-f]*|[0-9]+)(\\.(0x[0-9a-f]*|[0-9]+))*");

    @Test
    void takesWhatThePatternTakes() {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append("ab-_.019xXf* :".charAt(random.nextInt(14)));
            }
            same(text.toString());
        }
        same("a".repeat(63) + ".b");
        same("a".repeat(64) + ".b");
        same(("a".repeat(49) + ".").repeat(5) + "abc");
        same(("a".repeat(49) + ".").repeat(5) + "abcd");
    }

    private static void same(String host) {
        boolean expected = host.length() <= 253
                && LABELS.matcher(host).matches()
                && !NUMERIC.matcher(host).matches();
        assertEquals(expected, HostNames.isDomainName(host), host);
    }
}
