package io.postern.admin.myapps;

import io.helidon.webserver.http.ServerRequest;
import io.postern.web.BadRequest;
import io.postern.web.Bodies;
import io.postern.web.Parameters;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// A form with a password in it that never becomes a string.
///
/// @param rest every other field
/// @param password as it was typed, UTF-8; empty where none was; for the receiver to wipe
@SuppressWarnings("ArrayRecordComponent") // never compared
record PasswordForm(Parameters rest, byte[] password) {
    private static final byte[] FIELD = "password=".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES_MAX = 16 * 1024;

    /// @throws BadRequest when the body is no form, too long, or has two passwords
    static PasswordForm read(ServerRequest request) {
        boolean isForm = request.headers()
                .contentType()
                .filter(type -> type.text().toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded"))
                .isPresent();
        if (!isForm) {
            throw new BadRequest(415, "the body must be application/x-www-form-urlencoded");
        }
        byte[] body = Bodies.read(request, BYTES_MAX);
        try {
            return parse(body);
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    static PasswordForm parse(byte[] body) {
        byte[] password = {};
        var rest = new ByteArrayOutputStream(body.length);
        int from = 0;
        while (from <= body.length) {
            int end = from;
            while (end < body.length && body[end] != '&') {
                end++;
            }
            if (isPassword(body, from, end)) {
                if (password.length > 0) {
                    Arrays.fill(password, (byte) 0);
                    throw new BadRequest("the form has two passwords");
                }
                password = decoded(body, from + FIELD.length, end);
            } else {
                rest.write(body, from, end - from);
                rest.write('&');
            }
            from = end + 1;
        }
        return new PasswordForm(Parameters.parse(rest.toString(StandardCharsets.UTF_8)), password);
    }

    private static boolean isPassword(byte[] body, int from, int end) {
        return end - from >= FIELD.length && Arrays.equals(body, from, from + FIELD.length, FIELD, 0, FIELD.length);
    }

    /// As [java.net.URLDecoder], without text.
    private static byte[] decoded(byte[] body, int from, int end) {
        byte[] out = new byte[end - from];
        int length = 0;
        for (int i = from; i < end; i++) {
            byte b = body[i];
            if (b == '%') {
                if (i + 2 >= end || digit(body[i + 1]) < 0 || digit(body[i + 2]) < 0) {
                    Arrays.fill(out, (byte) 0);
                    throw new BadRequest("a parameter is not percent-encoded as it should be");
                }
                out[length++] = (byte) (digit(body[i + 1]) * 16 + digit(body[i + 2]));
                i += 2;
            } else {
                out[length++] = b == '+' ? (byte) ' ' : b;
            }
        }
        byte[] exact = Arrays.copyOf(out, length);
        Arrays.fill(out, (byte) 0);
        return exact;
    }

    private static int digit(byte b) {
        return Character.digit(b, 16);
    }

    @Override
    public String toString() {
        return "PasswordForm[redacted]";
    }
}
