package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.UserId;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Access tokens in `Authorization: Bearer` (BRR-1, BRR-2).
class AccessTokenTest {
    private final Gate gate = new Gate();

    private RequestHead with(String token) {
        return Requests.head("GET", "/api", "authorization", "Bearer " + token);
    }

    private void refused(RequestHead head) {
        Answer answer = gate.answer(head);
        assertEquals(401, answer.status());
        assertTrue(
                answer.fields().get("www-authenticate").toString().contains("error=\"invalid_token\"")); // RFC 6750 §3
        assertFalse(answer.fields().contains("location"));
    }

    @Test
    void ofAnAssignedUserPassesAndIsConsumed() {
        var admitted = gate.admitted(with(gate.accessToken(Map.of())));

        assertTrue(admitted.bearerConsumed()); // BRR-1
        assertEquals(gate.user, admitted.subject().orElseThrow().user());
    }

    @Test
    void schemeIsCaseInsensitive() {
        gate.admitted(Requests.head("GET", "/", "authorization", "bearer  " + gate.accessToken(Map.of())));
    }

    @Test
    void everyNameOfTheApplicationIsAnAudience() {
        for (String audience : List.of(
                gate.wiki.appId().value(),
                "api://" + gate.wiki.appId(),
                "https://wiki.postern.test",
                "https://wiki.postern.test/",
                "https://wiki.postern.test:8443",
                "https://wiki.postern.test:8443/")) {
            gate.admitted(with(gate.accessToken(Map.of("aud", audience))));
        }
    }

    // BRR-2, credential confusion (frp CVE-2026-40910)
    @ParameterizedTest
    @CsvSource({
        "aud, 00000000-0000-0000-0000-000000000000",
        "aud, https://other.postern.test",
        "aud, https://wiki.postern.test.evil.test",
        "iss, https://evil.test",
        "tid, 00000000-0000-0000-0000-000000000000",
        "oid, not-a-user",
        "scp, User.Read",
        "scp, user_impersonation_not",
        "idtyp, app"
    })
    void withAnotherClaimIsRefused(String claim, String value) {
        refused(with(gate.accessToken(Map.of(claim, value))));
    }

    @Test
    void idTokenIsNoAccessToken() {
        refused(with(Gate.KEY.sign(gate.claims())));
    }

    @Test
    void accessCookieIsNoToken() {
        refused(with(gate.signIn().split("=", 2)[1]));
    }

    @Test
    void tokenIsNoCookie() {
        String cookie = CookieText.accessName(gate.wiki.appId()) + "=" + gate.accessToken(Map.of());
        assertEquals(
                401, gate.answer(Requests.head("GET", "/", "cookie", cookie)).status());
    }

    @Test
    void expiredIsRefusedEvenWhenSeenBefore() {
        String token = gate.accessToken(Map.of());
        gate.admitted(with(token));
        gate.now = gate.now.plusSeconds(3600 + 299); // section 9: five minutes for clocks
        gate.admitted(with(token));
        gate.now = gate.now.plusSeconds(1);
        refused(with(token));
    }

    @Test
    void revokedIsRefusedEvenWhenSeenBefore() {
        String token = gate.accessToken(Map.of());
        gate.admitted(with(token));
        gate.revoke(gate.user, gate.now);
        refused(with(token));
    }

    @Test
    void withoutAuthenticationTimeTheTimeOfIssueCounts() {
        var claims = gate.accessToken(Map.of("auth_time", "", "iat", Date.from(gate.now.minusSeconds(10))));
        gate.revoke(gate.user, gate.now);
        refused(with(claims));
    }

    @Test
    void ofAnUnassignedUserIsForbidden() {
        String token = gate.accessToken(Map.of("oid", UserId.random().value()));
        assertEquals(403, gate.answer(with(token)).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."})
    void garbageIsRefused(String token) {
        refused(with(token));
    }

    @Test
    void badTokenOnAPageLoadIsNotRedirected() {
        refused(Requests.page("/", "authorization", "Bearer x"));
    }

    @Test
    void twoAuthorizationFieldsAreAmbiguous() {
        var head = Requests.head(
                "GET", "/", "authorization", "Bearer x", "authorization", "Bearer " + gate.accessToken(Map.of()));
        assertEquals(400, gate.answer(head).status());
    }

    @Test
    void keyThatIsGoneNoLongerCounts() {
        String token = gate.accessToken(Map.of());
        gate.admitted(with(token));
        var snapshot = Pictures.of(gate.applications);
        var route = new io.postern.gateway.route.Router(snapshot).route("wiki.postern.test", "/", h -> true);
        var admission = gate.admitter.admit(with(token), route, Requests.client(snapshot), gate.loop);

        assertEquals(
                401,
                assertInstanceOf(Admission.Answered.class, admission).answer().status());
    }
}
