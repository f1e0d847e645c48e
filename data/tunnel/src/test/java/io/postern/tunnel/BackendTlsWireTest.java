package io.postern.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// How settings of TLS travel, between versions too.
class BackendTlsWireTest {
    private static BackendList list(BackendTlsSettings tls) {
        return BackendList.of(
                7,
                List.of(new BackendSettings(
                        "b", "https", "wiki.corp", 443, tls, Duration.ofSeconds(85), Duration.ofMinutes(35))));
    }

    private static String json(BackendTlsSettings tls) {
        return new String(TunnelJson.write(list(tls)), StandardCharsets.UTF_8);
    }

    @Test
    void everySettingArrives() throws Exception {
        for (boolean validate : List.of(true, false)) {
            var tls = new BackendTlsSettings(
                    validate, Set.of("a".repeat(64)), Optional.of("inner.corp"), Optional.of("wiki"));
            assertEquals(list(tls), TunnelJson.backendList(TunnelJson.write(list(tls))));
        }
    }

    @Test
    void plainBackendIsWrittenAsItEverWas() {
        String json = json(BackendTlsSettings.of(false));
        assertTrue(json.contains("\"validateCertificate\":false"), json);
        assertFalse(json.contains("pin") || json.contains("serverName") || json.contains("client"), json);
    }

    /// A connector that does not know pins would else take any certificate.
    @Test
    void olderConnectorIsToldToValidateWhereAPinDecides() {
        var tls = new BackendTlsSettings(false, Set.of("a".repeat(64)), Optional.empty(), Optional.empty());
        assertTrue(json(tls).contains("\"validateCertificate\":true"), json(tls));
    }
}
