package io.postern.net.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes through a proxy and what does not (PRX-0, PRX-1).
class NoProxyTest {
    @ParameterizedTest
    @CsvSource({
        "corp.example,          corp.example,       443, true",
        "corp.example,          wiki.corp.example., 443, true",
        "corp.example,          notcorp.example,    443, false",
        ".corp.example,         corp.example,       443, false",
        ".corp.example,         WIKI.corp.example,  443, true",
        "*.corp.example,        wiki.corp.example,  443, true",
        "corp.example:8443,     corp.example,       443, false",
        "corp.example:8443,     corp.example,      8443, true",
        "10.0.0.0/8,            10.200.1.1,         443, true",
        "10.0.0.0/8,            11.0.0.1,           443, false",
        "10.0.0.0/8,            ten.example,        443, false",
        "192.0.2.7,             192.0.2.7,          443, true",
        "fd00::/8,              fd12::1,            443, true",
        "[fd00::]/8:443,        fd12::1,             80, false",
        "*,                     any.example,         80, true",
    })
    void namesHostsDomainsAndAddresses(String entry, String host, int port, boolean expected) {
        assertEquals(expected, NoProxy.of(List.of(entry)).names(host, port));
    }

    @Test
    void addressOfANameCountsWhereItIsKnown() throws Exception {
        NoProxy rules = NoProxy.parse("localhost, 10.0.0.0/8 ,");
        assertTrue(rules.names("wiki.corp", InetAddress.ofLiteral("10.1.2.3"), 80));
        assertFalse(rules.names("wiki.corp", InetAddress.ofLiteral("192.0.2.1"), 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "a b", "http://x", "x:port", "-?"})
    void refusesWhatItDoesNotUnderstand(String entry) {
        var fault = assertThrows(IllegalArgumentException.class, () -> NoProxy.of(List.of(entry)));
        assertTrue(String.valueOf(fault.getMessage()).contains(entry), fault.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://u:hunter2@p:1",
                "socks5://u:hunter2@p:1",
                "u:hunter2@p:1",
                "http://u:hunter2@p:1/x",
                "http://u:hunter2@ p"
            })
    void faultOfAProxyAddressNeverShowsThePassword(String url) {
        var fault = assertThrows(IllegalArgumentException.class, () -> HttpProxy.parse(url));
        assertFalse(String.valueOf(fault.getMessage()).contains("hunter2"), fault.getMessage());
    }

    @Test
    void readsAddressAndCredentials() {
        HttpProxy proxy = HttpProxy.parse("http://svc:a%3Ab+c@Proxy.corp:3128/");
        assertEquals(new HostPort("proxy.corp", 3128), proxy.address());
        assertEquals("a:b+c", proxy.credentials().orElseThrow().password().reveal());
        assertEquals("http://proxy.corp:3128", proxy.toString());
        assertEquals(80, HttpProxy.parse("http://[fd00::1]").address().port());
    }

    @Test
    void ownMachineIsReachedStraightUnlessSaidOtherwise() throws Exception {
        Optional<HttpProxy> proxy = Optional.of(HttpProxy.parse("http://p:3128"));
        var choice = new ProxyChoice(proxy, NoProxy.nothing(), false, "HTTPS_PROXY");
        assertTrue(choice.towards("connect.example.com", 443).isPresent());
        assertTrue(choice.towards("127.example.com", 443).isPresent());
        assertTrue(choice.towards("connect.postern.localhost", 443).isEmpty());
        assertTrue(choice.towards("127.0.0.5", 443).isEmpty());
        assertTrue(choice.towards("::1", 443).isEmpty());
        assertTrue(choice.towards("wiki.corp", InetAddress.ofLiteral("127.0.0.1"), 80)
                .isEmpty());
        var asked = new ProxyChoice(proxy, NoProxy.nothing(), true, "--proxy");
        assertTrue(asked.towards("connect.postern.localhost", 443).isPresent());
    }
}
