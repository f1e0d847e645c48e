package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.HostileTokens;
import io.postern.gateway.Requests;
import io.postern.token.SigningJwk;
import java.util.HashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Forged, altered and stale access tokens at the edge (BRR-2, RFC 8725): 401 with the challenge of RFC 6750, never a
/// redirect.
class HostileTokenTest {
    @TestFactory
    Stream<DynamicTest> isRefused() {
        var gate = new Gate();
        var good = new HashMap<>(gate.claims());
        good.put("scp", "user_impersonation");
        gate.admitted(Requests.head("GET", "/api", "authorization", "Bearer " + Gate.KEY.sign(good)));

        return HostileTokens.of(
                        Gate.KEY.privateJson(),
                        SigningJwk.generate().privateJson(),
                        "https://login.postern.test/another/v2.0",
                        good,
                        gate.now)
                .stream()
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> {
                    var answer = gate.answer(Requests.head("GET", "/api", "authorization", "Bearer " + one.token()));
                    assertEquals(401, answer.status());
                    String challenge = answer.fields().get("www-authenticate").toString();
                    assertTrue(challenge.startsWith("Bearer ") && challenge.contains("error=\"invalid_token\""));
                    assertFalse(answer.fields().contains("location"));
                }));
    }
}
