package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
    /// rules, host as published, address it resolved to, port, whether it may be reached
    @ParameterizedTest
    @CsvSource({
        "wiki.corp, wiki.corp, 10.0.0.1, 80, true",
        "wiki.corp, WIKI.corp., 10.0.0.1, 80, true",
        "wiki.corp, xwiki.corp, 10.0.0.1, 80, false",
        "wiki.corp:443, wiki.corp, 10.0.0.1, 80, false",
        "*.corp, a.b.corp, 10.0.0.1, 80, true",
        "*.corp, corp, 10.0.0.1, 80, false",
        "*.corp, evilcorp, 10.0.0.1, 80, false",
        "10.0.0.0/8:8000-8999, any.host, 10.255.0.1, 8500, true",
        "10.0.0.0/8:8000-8999, any.host, 10.255.0.1, 9000, false",
        "10.0.0.0/8, any.host, 11.0.0.1, 80, false",
        "[fd00::]/8:443, any.host, fd12::1, 443, true",
        "fd00::/8, any.host, fd12::1, 443, true",
        // names never reach a guarded address, whatever they resolve to (DNS rebinding)
        "wiki.corp, wiki.corp, 169.254.169.254, 80, false",
        "0.0.0.0/0, any.host, 169.254.169.254, 80, false",
        "169.254.169.254, any.host, 169.254.169.254, 80, true",
        "169.254.169.254:81, any.host, 169.254.169.254, 80, false",
        "169.254.0.0/16, any.host, 169.254.1.1, 80, true",
        "fe80::/10, any.host, fe80::1, 80, true",
        "127.0.0.1, any.host, 127.0.0.1, 80, true",
    })
    void permitsWhatItsRulesName(String rule, String host, String address, int port, boolean permitted)
            throws Exception {
        assertEquals(permitted, AllowList.of(List.of(rule)).permits(host, address(address), port));
    }

    @Test
    void withoutAListLoopbackIsReachedAndMetadataIsNot() throws Exception {
        assertEquals(true, AllowList.absent().permits("h", address("127.0.0.1"), 80));
        assertEquals(true, AllowList.absent().permits("h", address("::1"), 80));
        assertEquals(false, AllowList.absent().permits("h", address("169.254.169.254"), 80));
        assertEquals(false, AllowList.absent().permits("h", address("2002:a9fe:a9fe::1"), 80));
    }

    @Test
    void anEmptyListPermitsNothing() throws Exception {
        assertEquals(false, AllowList.of(List.of()).permits("h", address("10.0.0.1"), 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "10.0.0.0/33", "host:0", "host:99999", "host:9-8", "*.*", "http://x/", "1.2.3"})
    void saysWhichRuleIsNotUnderstood(String rule) {
        var fault = assertThrows(IllegalArgumentException.class, () -> AllowList.of(List.of(rule)));
        assertEquals(true, String.valueOf(fault.getMessage()).startsWith("'" + rule + "'"));
    }

    private static InetAddress address(String text) throws Exception {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        return InetAddress.getByAddress(bytes == null ? new byte[0] : bytes);
    }
}
