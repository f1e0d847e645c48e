package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.admit.Admission.Form;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An identity provider's answer, posted to an application behind us (FRM-1).
class FormsTest {
    private static final String ACS = "/saml/acs?tenant=1";
    private static final byte[] BODY =
            ("SAMLResponse=" + "PHNhbWw%2B".repeat(30_000) + "&RelayState=%2Fhub").getBytes(StandardCharsets.US_ASCII);

    private final Gate gate = new Gate(
            user -> Pictures.awaiting(Pictures.preAuthenticated("https://wiki.postern.test/", user), "/saml/acs"));

    private static RequestHead post(String target, String type, String... fields) {
        var sent = Requests.fields(fields);
        sent.set("content-type", type).set("accept", "text/html").set("user-agent", "a browser");
        return new RequestHead("POST", "wiki.postern.test", target, sent, false, true);
    }

    private static RequestHead foreign(String target, String... cookies) {
        RequestHead head = post(target, "application/x-www-form-urlencoded");
        head.fields()
                .set("origin", "https://idp.elsewhere.test")
                .set("sec-fetch-site", "cross-site")
                .set("sec-fetch-mode", "navigate")
                .setInt("content-length", BODY.length);
        for (String cookie : cookies) {
            head.fields().add("cookie", cookie);
        }
        return head;
    }

    private Form.Read read(RequestHead head, byte[] body) {
        return assertInstanceOf(Form.class, gate.ask(head)).then().apply(body);
    }

    private Answer told(RequestHead head, byte[] body) {
        return assertInstanceOf(Form.Told.class, read(head, body)).answer();
    }

    private static String sealed(Answer page) {
        Matcher found =
                Pattern.compile("name=\"postern-kept\" value=\"([^\"]+)\"").matcher(page.body());
        assertTrue(found.find(), page.body());
        return found.group(1);
    }

    /// What the browser sends when our page sends its form.
    private static RequestHead again(String... cookies) {
        RequestHead head = post(ACS, "text/plain");
        head.fields()
                .set("origin", "https://wiki.postern.test")
                .set("sec-fetch-site", "same-origin")
                .setInt("content-length", 1_000);
        if (cookies.length > 0) {
            head.fields().set("cookie", String.join("; ", cookies));
        }
        return head;
    }

    private static byte[] body(String sealed) {
        return ("postern-kept=" + sealed + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void isKeptByTheBrowserAndSentAgainWhereThereIsASession() {
        String access = gate.signIn();
        Answer page = told(foreign(ACS, "mellon=1; theme=dark"), BODY);

        assertEquals(200, page.status());
        assertTrue(page.body().contains("action=\"https://wiki.postern.test:8443/saml/acs?tenant=1\""), page.body());
        String binding = Gate.cookie(page);
        RequestHead now = again(access, binding, "mellon=1", "theme=light", "strict=secret");
        var resumed = assertInstanceOf(Form.Resumed.class, read(now, body(sealed(page))));

        assertArrayEquals(BODY, resumed.body());
        var head = resumed.head();
        assertEquals("POST " + ACS, head.method() + " " + head.target());
        assertEquals(
                "application/x-www-form-urlencoded",
                head.fields().get("content-type").toString());
        assertEquals(BODY.length, head.fields().getInt("content-length"));
        assertEquals(
                gate.user,
                resumed.admission().subject().orElseThrow().user(),
                "whoever is signed in, of the access cookie that came with the second post");
        assertInstanceOf(Admission.Admitted.class, resumed.admission());
    }

    /// Else our page would lend a stranger's post what makes it look like the application's own (CSRF).
    @Test
    void looksToTheBackendAsItCame() {
        String access = gate.signIn();
        Answer page = told(foreign(ACS, "mellon=1", "theme=dark"), BODY);

        RequestHead now = again(access, Gate.cookie(page), "mellon=2", "theme=dark", "strict=secret");
        var head = assertInstanceOf(Form.Resumed.class, read(now, body(sealed(page))))
                .head();

        assertEquals("https://idp.elsewhere.test", head.fields().get("origin").toString());
        assertEquals("cross-site", head.fields().get("sec-fetch-site").toString());
        assertEquals("mellon=2; theme=dark", head.fields().get("cookie").toString());
        assertEquals(1, head.fields().getAll("cookie").size());
    }

    @Test
    void goesThroughSignInWhereThereIsNoSession() {
        Answer page = told(foreign(ACS), BODY);
        Answer leaving = told(again(Gate.cookie(page)), body(sealed(page)));

        assertEquals(200, leaving.status());
        assertEquals(sealed(page), sealed(leaving));
        assertTrue(leaving.body().contains("sessionStorage.setItem('postern-form'"), leaving.body());
        Matcher location = Pattern.compile("id=\"go\" href=\"([^\"]+)\"").matcher(leaving.body());
        assertTrue(location.find());
        assertTrue(location.group(1).startsWith("https://login.postern.test"), location.group(1));

        String state = location.group(1).split("state=", 2)[1].split("&", 2)[0];
        String nonce = location.group(1).split("nonce=", 2)[1].split("&", 2)[0];
        gate.expect(nonce);
        Answer back = gate.answer(Requests.page(
                "/.postern/callback?code=c&state=" + state, "cookie", Gate.cookie(page) + "; " + Gate.cookie(leaving)));

        assertEquals(200, back.status(), back.body());
        assertTrue(back.body().contains("action=\"https://wiki.postern.test:8443/saml/acs?tenant=1\""), back.body());
        String access = Gate.cookie(back);
        var resumed = assertInstanceOf(Form.Resumed.class, read(again(Gate.cookie(page), access), body(sealed(page))));
        assertArrayEquals(BODY, resumed.body());
        assertEquals(gate.user, resumed.admission().subject().orElseThrow().user());
    }

    @Test
    void aSessionThatBrowsersShowNeedsNoPage() {
        String access = gate.signIn();

        RequestHead head = gate.admitted(foreign(ACS, access)).head();

        assertEquals(ACS, head.target());
    }

    @Nested
    class Refuses {
        private Answer page;

        private int status(RequestHead head, String sealed) {
            return told(head, body(sealed)).status();
        }

        @Test
        void anotherBrowser() {
            String access = gate.signIn();
            page = told(foreign(ACS), BODY);

            assertEquals(400, status(again(access), sealed(page)));
            assertEquals(400, status(again(access, Gate.cookie(page) + "x"), sealed(page)));
        }

        @Test
        void whatIsTooOld() {
            page = told(foreign(ACS), BODY);
            gate.now = gate.now.plus(Duration.ofMinutes(10));

            assertEquals(400, status(again(Gate.cookie(page)), sealed(page)));
        }

        @Test
        void whatWeDidNotSealForThisPlace() {
            page = told(foreign(ACS), BODY);
            String sealed = sealed(page);
            String changed = sealed.substring(0, 200) + (sealed.charAt(200) == 'A' ? 'B' : 'A') + sealed.substring(201);

            assertEquals(400, status(again(Gate.cookie(page)), changed));
            assertEquals(400, status(again(Gate.cookie(page)), ""));
            RequestHead elsewhere = post("/saml/acs?tenant=2", "text/plain", "cookie", Gate.cookie(page));
            elsewhere.fields().setInt("content-length", 100);
            assertEquals(400, status(elsewhere, sealed));
        }

        @Test
        void whoeverMayNotComeIn() {
            String access = gate.signIn();
            page = told(foreign(ACS), BODY);
            gate.applications.set(
                    0, Pictures.awaiting(Pictures.withAssigned(gate.wiki, java.util.Set.of()), "/saml/acs"));

            assertEquals(403, status(again(access, Gate.cookie(page)), sealed(page)));
        }

        @Test
        void aRevokedSession() {
            String access = gate.signIn();
            page = told(foreign(ACS), BODY);
            gate.revoke(gate.user, gate.now.plusSeconds(1));

            Answer answer = told(again(access, Gate.cookie(page)), body(sealed(page)));
            assertTrue(answer.body().contains("login.postern.test"), "to sign-in again");
        }
    }

    /// Only where an identity provider's answer is awaited: elsewhere a stranger's post would act as the user.
    @ParameterizedTest
    @ValueSource(strings = {"/", "/saml", "/saml/acs/", "/saml/acs/x", "/SAML/ACS", "/transfer", "/saml%2Facs"})
    void otherPlacesKeepNothing(String target) {
        Admission admission = gate.ask(foreign(target));

        Answer answer = assertInstanceOf(Admission.Answered.class, admission).answer();
        assertTrue(answer.status() == 401 || answer.status() == 400, target + " " + answer.status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencodedx"})
    void otherBodiesAreNotKept(String type) {
        assertEquals(401, gate.answer(post(ACS, type)).status());
    }

    @Test
    void scriptsGetTheir401() {
        RequestHead fetched = foreign(ACS);
        fetched.fields().set("sec-fetch-mode", "cors");

        assertEquals(401, gate.answer(fetched).status());
    }

    /// An application may take plain text where it awaits answers too.
    @Test
    void plainTextThatIsNotOursGoesOnAsItIs() {
        String access = gate.signIn();
        byte[] beacon = "a beacon".getBytes(StandardCharsets.US_ASCII);

        var resumed = assertInstanceOf(Form.Resumed.class, read(again(access, "own=1"), beacon));

        assertArrayEquals(beacon, resumed.body());
        assertEquals(access + "; own=1", resumed.head().fields().get("cookie").toString());
        assertInstanceOf(Admission.Admitted.class, resumed.admission());
        var without = assertInstanceOf(Form.Resumed.class, read(again("own=1"), beacon));
        assertFalse(without.admission() instanceof Admission.Admitted);
    }
}
