package io.postern.gateway.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No secret gets into a trace, whatever its name.
class BlankingTest {
    private static final String MARK = "\\(blanked-\\d+-[0-9a-f]{4}\\)";

    private final Blanking blanking = new Blanking(Secret.of("key of this trace"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "authorization | Bearer eyJhbGciOi.eyJzdWIi.c2ln | Bearer M",
                "Authorization | Basic dXNlcjpwYXNz | Basic M",
                "authorization | tokenwithoutscheme | M",
                "www-authenticate | Negotiate TlRMTVNTUAAC | Negotiate M",
                "cookie | a=1; __Host-postern-access-x=hunter2; flag | a=M; __Host-postern-access-x=M; M",
                "set-cookie | sid=s3cret; Path=/app; Secure; HttpOnly; SameSite=None; Partitioned | sid=M; Path=/app; "
                        + "Secure; HttpOnly; SameSite=None; Partitioned",
                "set-cookie | sid=\"s3 cret\"; Expires=Wed, 21 Oct 2026 07:28:00 GMT; odd=s3cret | sid=M; "
                        + "Expires=Wed, 21 Oct 2026 07:28:00 GMT; odd=M",
                "x-api-key | s3cret | M",
                "x-remote-user | b.simon | M",
                "x-qlik-xrfkey | abcdefghijklmnop | M",
                "sec-websocket-key | dGhlIHNhbXBsZQ== | M",
                "sec-websocket-protocol | bearer.s3cret | M",
                "referer | https://wiki.example/p?token=s3cret&page=#s3cret | https://wiki.example/p?token=M&page=#M",
                "location | https://u:s3cret@login.example/a;jsessionid=s3cret/b?s3cret | "
                        + "https://M@login.example/a;jsessionid=M/b?M",
                "server | proxy eyJhbGciOi.eyJzdWIi.c2ln | proxy M",
                "content-type | text/html; charset=utf-8 | text/html; charset=utf-8",
                "x-forwarded-for | 192.0.2.1 | 192.0.2.1"
            })
    void showsWhatHelpsAndBlanksWhatMayBeSecret(String name, String value, String expected) {
        String shown = blanking.field(name, value);

        assertEquals(expected, shown.replaceAll(MARK, "M"));
        for (String secret : List.of("s3cret", "hunter2", "dXNlcjpwYXNz", "c2ln", "b.simon")) {
            assertFalse(shown.contains(secret), shown);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example/x", "https://a.example/", "https://a.example/a/b;c/d", "*"})
    void urlsWithoutParametersStay(String url) {
        assertEquals(url, blanking.url(url));
    }

    @Test
    void marksTellWhetherValuesAreEqualInThisTraceOnly() {
        String one = blanking.field("x-key", "a value");

        assertEquals(one, blanking.field("x-other", "a value"));
        assertNotEquals(one, blanking.field("x-key", "b value"));
        assertNotEquals(one, new Blanking(Secret.of("key of another")).field("x-key", "a value"));
        assertTrue(one.startsWith("(blanked-7-"), one);
    }

    @Test
    void longValuesAreCut() {
        assertTrue(blanking.field("accept", "a".repeat(70_000)).length() < 2_000);
        assertTrue(blanking.field("cookie", "a=b; ".repeat(10_000)).length() < 2_000);
    }
}
