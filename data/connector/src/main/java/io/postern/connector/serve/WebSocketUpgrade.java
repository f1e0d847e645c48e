package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// The opening handshake with a backend (RFC 6455 §4.1): a fresh key for each, and the proof that the
/// backend understood it. Extensions and subprotocols are between client and backend.
final class WebSocketUpgrade {
    /// RFC 6455 §1.3.
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final String key;

    WebSocketUpgrade() {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        key = Base64.getEncoder().encodeToString(nonce);
    }

    /// The fields of the handshake, into a head.
    ///
    /// @param saysVersion the client's request did not say which
    void writeTo(ByteBuf head, boolean saysVersion) {
        BackendRequest.field(head, HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        BackendRequest.field(head, HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        BackendRequest.field(head, HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
        if (saysVersion) {
            BackendRequest.field(head, HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        }
    }

    /// Whether a 101 answers this very handshake.
    boolean isAcceptedBy(HttpResponse response) {
        HttpHeaders fields = response.headers();
        return hasToken(fields.getAll(HttpHeaderNames.UPGRADE), "websocket")
                && hasToken(fields.getAll(HttpHeaderNames.CONNECTION), "upgrade")
                && fields.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT).equals(List.of(accept()));
    }

    private String accept() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static boolean hasToken(List<String> values, String token) {
        return values.stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).equals(token));
    }
}
