package io.postern.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalhostNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "login.postern.localhost", "WIKI-contoso.Postern.LocalHost", "a.localhost."})
    void resolvesNamesUnderLocalhostToLoopback(String host) throws UnknownHostException {
        assertTrue(InetAddress.getByName(host).isLoopbackAddress());
    }

    @ParameterizedTest
    @CsvSource({"localhost,true", "x.localhost,true", "localhost.example.com,false", "notlocalhost,false"})
    void knowsWhichNamesLieUnderLocalhost(String host, boolean expected) {
        assertEquals(expected, LocalhostNames.isLocalhost(host));
    }

    @Test
    void leavesAddressLiteralsAlone() throws UnknownHostException {
        assertEquals("192.0.2.7", InetAddress.getByName("192.0.2.7").getHostAddress());
    }
}
