package io.postern.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.publish.Publishing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// PUB-1 to PUB-5: which URLs may be published.
class PublishedUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://wiki.example.com, https://wiki.example.com/",
        "HTTPS://Wiki.Example.COM/a, https://wiki.example.com/a/",
        "http://a.example/x/y/, http://a.example/x/y/"
    })
    void externalUrlIsNormalised(String text, String expected) {
        assertEquals(expected, ExternalUrl.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wiki.example.com",
                "https//x.example/",
                "ftp://x.example/",
                "https://x.example:8443/",
                "https://127.0.0.1/",
                "https://0x7f.1/",
                "https://[::1]/",
                "https://user@x.example/",
                "https://x.example/?q",
                "https://x.example/#f",
                "https://x.example/a/../b/",
                "https://x.example/a//b/",
                "https://x.example/%61/",
                "https://x.example/a;b/",
                "https://x.example/caf\u00e9/",
                "https://-x.example/",
                "https://x..example/",
                "https://x.example/./"
            })
    void externalUrlIsRefused(String text) {
        var fault = assertThrows(IllegalArgumentException.class, () -> ExternalUrl.parse(text));
        assertTrue(fault.getMessage().length() > 20, fault.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "http://wiki.corp, http://wiki.corp/, wiki.corp, 80",
        "http://wiki.corp:9000/a, http://wiki.corp:9000/a/, wiki.corp:9000, 9000",
        "https://expenses:443/, https://expenses/, expenses, 443",
        "http://127.0.0.1:9000/, http://127.0.0.1:9000/, 127.0.0.1:9000, 9000",
        "http://[::1]:9000/, http://[::1]:9000/, [::1]:9000, 9000"
    })
    void internalUrlIsNormalised(String text, String expected, String authority, int port) {
        InternalUrl url = InternalUrl.parse(text);
        assertEquals(expected, url.toString());
        assertEquals(authority, url.authority());
        assertEquals(port, url.port());
    }

    @Test
    void originFollowsThePortInForce() {
        ExternalUrl url = ExternalUrl.parse("https://wiki.example.com/a/");
        assertEquals("https://wiki.example.com:8443/a/", url.at(8443));
        assertEquals("https://wiki.example.com/a/", url.at(443));
        assertEquals(
                "http://x.example:443/", ExternalUrl.parse("http://x.example/").at(443));
    }

    @Test
    void preAuthenticationForcesHttps() {
        var publishing = Publishing.of(
                ExternalUrl.parse("http://wiki.example.com/"),
                InternalUrl.parse("http://wiki.corp/"),
                PreAuthentication.POSTERN);
        assertEquals("https", publishing.externalUrl().scheme()); // PUB-1
    }
}
