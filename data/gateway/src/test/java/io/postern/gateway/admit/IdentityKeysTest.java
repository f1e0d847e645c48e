package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Backends find the keys for what the gateway says of users on every host that it publishes (IDT-1).
class IdentityKeysTest {
    private final Gate gate = new Gate();

    @Test
    void anybodyMayReadTheTenantsPublicKeys() {
        Answer answer = gate.answer(Requests.page("/.postern/identity/jwks.json"));
        assertEquals(200, answer.status());
        JsonNode keys = JsonMapper.shared().readTree(answer.body()).path("keys");
        assertEquals(1, keys.size());
        assertEquals(Gate.KEY.keyId(), keys.get(0).path("kid").asString());
        assertEquals("RSA", keys.get(0).path("kty").asString());
        for (String secret : new String[] {"d", "p", "q", "dp", "dq", "qi"}) {
            assertFalse(keys.get(0).has(secret), secret);
        }
    }
}
