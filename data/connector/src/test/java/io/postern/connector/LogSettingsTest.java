package io.postern.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.base.config.ConfigFault;
import io.postern.base.config.ConfigReader;
import io.postern.connector.LogSettings.Target;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `connector.yaml` says about logs and counters.
class LogSettingsTest {
    private static ConnectorSettings read(String yaml) {
        return ConnectorSettings.read(ConfigReader.of("connector.yaml", yaml), Map.of());
    }

    private static String fault(String yaml) {
        return String.valueOf(assertThrows(ConfigFault.class, () -> read(yaml)).getMessage());
    }

    private static Optional<Target> target(String text) {
        return read("logs:\n  send-to: " + text).logs().target();
    }

    @Test
    void theAdminLogIsOnAndTheSessionLogIsOff() {
        LogSettings logs = read("{}").logs();

        assertTrue(logs.admin());
        assertFalse(logs.session());
        assertTrue(logs.target().isEmpty());
    }

    @Test
    void readsEveryReceiver() {
        assertEquals(Optional.of(new Target.SyslogUdp(new HostPort("loghost", 514))), target("'syslog+udp://loghost'"));
        assertEquals(Optional.of(new Target.SyslogTcp(new HostPort("::1", 6514))), target("'syslog+tcp://[::1]:6514'"));
        assertEquals(Optional.of(new Target.SyslogUnix(Path.of("/dev/log"))), target("'syslog+unix:/dev/log'"));
        assertEquals(
                Optional.of(new Target.Otlp(URI.create("http://127.0.0.1:4318/v1/logs"))),
                target("'otlp+http://127.0.0.1:4318'"));
        assertEquals(
                Optional.of(new Target.Otlp(URI.create("https://otel.example/custom"))),
                target("'otlp+https://otel.example/custom'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loghost", "syslog://loghost", "syslog+udp:loghost", "syslog+unix:log", "otlp+http:///x"})
    void namesAReceiverThatItDoesNotUnderstand(String text) {
        String fault = fault("logs:\n  send-to: '" + text + "'");

        assertTrue(fault.contains("logs.send-to") && fault.contains(text), fault);
    }

    @Test
    void boundsSizeAndNumberOfFiles() {
        assertTrue(fault("logs:\n  file-size: 1KiB").contains("logs.file-size"));
        assertTrue(fault("logs:\n  files: 0").contains("logs.files"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:9464", "192.0.2.1:9464", "'[::]:9464'", "metrics.corp:9464"})
    void countersAreForThisMachineUnlessSaidOtherwise(String address) {
        String fault = fault("metrics-listen: " + address);

        assertTrue(fault.contains("metrics-listen") && fault.contains("metrics-anywhere"), fault);
        read("metrics-anywhere: true\nmetrics-listen: " + address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9464", "127.1.2.3:0", "'[::1]:9464'", "localhost:9464"})
    void everyLoopbackAddressWillDo(String address) {
        read("metrics-listen: " + address);
    }
}
