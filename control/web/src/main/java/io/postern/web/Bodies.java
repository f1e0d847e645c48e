package io.postern.web;

import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Reads request bodies within a limit.
public final class Bodies {
    /// 192 KiB: a sign-in form carries an authorization request whose state may have 32 KiB, three times as
    /// long when every byte is percent-encoded, and sealed.
    public static final int FORM_BYTES_MAX = 192 * 1024;

    private Bodies() {}

    /// @throws BadRequest 413 when the body is longer than `bytesMax`
    public static byte[] read(ServerRequest request, int bytesMax) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] body = in.readNBytes(bytesMax + 1);
            if (body.length > bytesMax) {
                throw new BadRequest(413, "the request body is longer than " + bytesMax + " bytes");
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException("the request body ended early", e);
        }
    }

    /// @throws BadRequest when the body is no form or too long
    public static Parameters form(ServerRequest request) {
        boolean isForm = request.headers()
                .contentType()
                .map(t -> t.text().toLowerCase(java.util.Locale.ROOT).startsWith("application/x-www-form-urlencoded"))
                .orElse(false);
        if (!isForm) {
            throw new BadRequest(415, "the body must be application/x-www-form-urlencoded");
        }
        return Parameters.parse(new String(read(request, FORM_BYTES_MAX), StandardCharsets.UTF_8));
    }
}
