package io.postern.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reports about links show servers and folders, and nothing that may be a secret of a user.
class ShownUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "http://wiki.corp/a/b http://wiki.corp/a/b",
                "http://wiki.corp http://wiki.corp",
                "http://wiki.corp?token=1 http://wiki.corp",
                "//wiki/x?token=1#f //wiki/x",
                "http://anna:secret@wiki.corp:80/x http://…@wiki.corp:80/x",
                "http://a@b@wiki.corp http://…@wiki.corp",
                "http://wiki.corp/x;jsessionid=ABC/y http://wiki.corp/x;…/y",
                "/reset/8f7d6a8f7d6a8f7d6a8f7d6a8f7d6a/now /reset/…/now",
                "/orders/2026/17 /orders/2026/17",
                "/documentation-of-the-whole-house/ /documentation-of-the-whole-house/",
                "/a//b@c?d /a//b@c",
                "http://wiki.corp\\x http://wiki.corp\\x"
            })
    void showsNoSecrets(String url, String shown) {
        assertEquals(shown, ShownUrl.of(url));
    }

    @Test
    void isShortAndPrintable() {
        assertTrue(ShownUrl.of("/a".repeat(10_000)).length() < 310);
        assertEquals("/a?[31m", ShownUrl.of("/a\u001b[31m"));
    }
}
