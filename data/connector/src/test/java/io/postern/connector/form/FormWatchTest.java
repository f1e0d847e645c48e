package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is known again as the sign-on form in a page that streams past, in pieces of every size (PWD-6).
class FormWatchTest {
    private static final LoginFields FIELDS = new LoginFields(Optional.of("auth[user]"), "auth[pw]");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true  | <FORM action=''><input name='auth[user]'><p><INPUT type="Password" name="auth[pw]"/></FORM>
            true  | <form><input name="auth&#91;user]"><input type=password name=auth[pw]></body>
            false | <form><input name='auth[user]'></form><form><input type=password name=auth[pw]></form>
            false | <form><input name='auth[user]'><input name='auth[pw]'></form>
            false | <form><input name='auth[user]'><input type=password name=other></form>
            false | <form><input name=auth[user]><input type=password name=auth[pw]><input type=password name=b></form>
            false | <inputs name=auth[user]><form><input type=password name=auth[pw]></form>
            false | a < b, if (a<b && c>d) and no more""")
    void isTheFormOfTheSignIn(boolean expected, String html) throws IOException {
        byte[] page = ("<!doctype html><title>x</title>" + html).getBytes(StandardCharsets.UTF_8);
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(page);
        }
        for (int size : new int[] {1, 7, 4_096}) {
            assertEquals(expected, shows(page, "", size), "pieces of " + size);
            assertEquals(expected, shows(zipped.toByteArray(), "gzip", size), "gzip in pieces of " + size);
        }
    }

    private static boolean shows(byte[] body, String coding, int size) {
        var head = new DefaultHttp2Headers().status("200").set("content-type", "text/html; charset=utf-8");
        if (!coding.isEmpty()) {
            head.set("content-encoding", coding);
        }
        PassingPage page = PassingPage.of(head, FIELDS).orElseThrow();
        boolean shows = false;
        for (int from = 0; from < body.length; from += size) {
            ByteBuf piece = Unpooled.wrappedBuffer(body, from, Math.min(size, body.length - from));
            shows = page.showsForm(piece);
            assertEquals(Math.min(size, body.length - from), piece.readableBytes());
        }
        return shows;
    }
}
