package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/// PUB-14, as far as the gateway goes; BrowserSystemTest has the browser.
class FragmentTest {
    private static final String SIGN_IN = "https://login.postern.test/authorize?a=1&b=\"<x>";

    private static String field(Answer answer, String name) {
        return answer.fields().get(name, "").toString();
    }

    @Test
    void aWindowIsLedToSignInByAPageThatKeepsTheFragment() throws Exception {
        Answer answer = Fragment.leave(Requests.page("/a", "sec-fetch-dest", "document"), SIGN_IN, "challenged", "c=1");

        assertEquals(200, answer.status());
        assertEquals("c=1", field(answer, "set-cookie"));
        assertEquals("no-store", field(answer, "cache-control"));
        String url = "https://login.postern.test/authorize?a=1&amp;b=&quot;&lt;x>";
        assertTrue(answer.body().contains("<noscript><meta http-equiv=\"refresh\" content=\"0;url=" + url + "\">"));
        String script = answer.body().split("<script>", 2)[1].split("</script>", 2)[0];
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
        assertTrue(field(answer, "content-security-policy").contains("script-src 'sha256-" + hash + "'"));
    }

    @Test
    void whatIsNoWindowIsRedirectedAsEver() {
        for (String dest : new String[] {"iframe", "empty", "image"}) {
            assertEquals(
                    302,
                    Fragment.leave(Requests.page("/a", "sec-fetch-dest", dest), SIGN_IN, "challenged")
                            .status());
        }
        assertEquals(
                302, Fragment.leave(Requests.page("/a"), SIGN_IN, "challenged").status());
    }

    @Test
    void theWayBackHasAPageOnlyWhereSomethingWasKept() {
        var kept = Requests.page("/cb", "sec-fetch-dest", "document", "cookie", "__Host-postern-fragment=1");
        Answer answer = Fragment.comeBack(kept, "https://wiki.postern.test/a", "signed_in", "access=1");

        assertEquals(200, answer.status());
        assertTrue(answer.fields().getAll("set-cookie").stream()
                .anyMatch(c -> c.toString().contains("Max-Age=0")));
        assertFalse(answer.body().contains("http-equiv=\"refresh\" content=\"0;url=javascript"));
        Answer plain = Fragment.comeBack(
                Requests.page("/cb", "sec-fetch-dest", "document"), "https://wiki.postern.test/a", "signed_in", "c=1");
        assertEquals(302, plain.status());
    }
}
