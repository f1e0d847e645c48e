package io.postern.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigFault;
import io.postern.base.config.ConfigReader;
import io.postern.net.dial.HttpProxy;
import io.postern.net.dial.ProxyChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the proxies come from (PRX-0, PRX-2), and that no fault repeats a password.
class ProxySettingsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void fileGoesBeforeTheEnvironmentAndTheOptionBeforeBoth() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://env.corp:1");
        ConnectorSettings read = read("proxy:\n  url: http://file.corp:2", environment);
        assertEquals("http://file.corp:2", address(read.proxy()));
        assertEquals("connector.yaml", read.proxy().origin());
        assertEquals("http://env.corp:1", address(read("{}", environment).proxy()));
        assertEquals(
                "http://option.corp:3",
                address(read.withProxy("http://option.corp:3", Optional.empty()).proxy()));
        assertTrue(read.withProxy("none", Optional.empty()).proxy().proxy().isEmpty());
        assertTrue(read("proxy:\n  url: none", environment).proxy().proxy().isEmpty());
    }

    @Test
    void environmentIsReadAsOtherProgramsReadIt() {
        ProxyChoice choice = read(
                        "{}", Map.of("https_proxy", "svc:pw%40x@lower.corp:8080", "NO_PROXY", ".inner,10.0.0.0/8"))
                .proxy();
        assertEquals("http://lower.corp:8080", address(choice));
        assertEquals(
                "pw@x",
                choice.proxy()
                        .flatMap(HttpProxy::credentials)
                        .orElseThrow()
                        .password()
                        .reveal());
        assertTrue(choice.towards("connect.inner", 443).isEmpty());
        assertTrue(choice.towards("connect.example.com", 443).isPresent());
        assertTrue(read("{}", Map.of("HTTPS_PROXY", "")).proxy().proxy().isEmpty());
    }

    @Test
    void environmentNeverBendsTheWayToBackends() {
        ConnectorSettings read =
                read("{}", Map.of("HTTPS_PROXY", "http://env.corp:1", "HTTP_PROXY", "http://env.corp:1"));
        assertTrue(read.serve().proxies().proxy().isEmpty());
        ConnectorSettings asked =
                read("backend-proxy:\n  url: http://inner.corp:8080\n  no-proxy: [10.0.0.0/8]", Map.of());
        assertEquals("http://inner.corp:8080", address(asked.serve().proxies()));
        assertTrue(asked.proxy().proxy().isEmpty());
    }

    @Test
    void credentialsComeFromAFileThatOthersCannotReadOrFromAVariable() throws Exception {
        Path file = folder.resolve("credentials");
        Files.writeString(file, "svc:hunter2:more\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String yaml = "proxy:\n  url: http://p:1\n  credentials-file: " + file;
        HttpProxy.Credentials read = read(yaml, Map.of())
                .proxy()
                .proxy()
                .flatMap(HttpProxy::credentials)
                .orElseThrow();
        assertEquals("svc", read.user());
        assertEquals("hunter2:more", read.password().reveal());
        assertFalse(read.toString().contains("hunter2"));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String wide = faultOf(yaml, Map.of());
        assertTrue(wide.contains("chmod 600"), wide);

        ProxyChoice variable = read("proxy:\n  url: http://p:1", Map.of("POSTERN_PROXY_CREDENTIALS", "a:b"))
                .proxy();
        assertEquals(
                "a",
                variable.proxy().flatMap(HttpProxy::credentials).orElseThrow().user());
    }

    @Test
    void noFaultRepeatsAPassword() {
        assertRedacted(faultOf("proxy:\n  url: http://svc:hunter2@p:1", Map.of()));
        assertRedacted(faultOf("proxy:\n  url: https://svc:hunter2@p:1", Map.of()));
        assertRedacted(faultOf("backend-proxy:\n  url: svc:hunter2@p", Map.of()));
        assertRedacted(faultOf("{}", Map.of("HTTPS_PROXY", "socks5://svc:hunter2@p:1")));
        assertRedacted(faultOf("proxy:\n  url: http://p:1", Map.of("POSTERN_PROXY_CREDENTIALS", "hunter2")));
    }

    @Test
    void proxyAddressMustBeginWithHttp() {
        String fault = faultOf("proxy:\n  url: proxy.corp:3128", Map.of());
        assertTrue(fault.contains("'proxy.url' cannot be used: 'proxy.corp:3128' is no proxy address"), fault);
        assertTrue(faultOf("proxy:\n  url: http://p:1\n  no-proxy: [a b]", Map.of())
                .contains("'a b'"));
    }

    private static void assertRedacted(String fault) {
        assertFalse(fault.contains("hunter2"), fault);
    }

    private static String faultOf(String yaml, Map<String, String> environment) {
        return String.valueOf(
                assertThrows(ConfigFault.class, () -> read(yaml, environment)).getMessage());
    }

    private static String address(ProxyChoice choice) {
        return choice.proxy().orElseThrow().toString();
    }

    private static ConnectorSettings read(String yaml, Map<String, String> environment) {
        return ConnectorSettings.read(ConfigReader.of("connector.yaml", yaml), environment);
    }
}
