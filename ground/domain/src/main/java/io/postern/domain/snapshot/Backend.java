package io.postern.domain.snapshot;

import io.postern.domain.InternalUrl;
import io.postern.domain.Publishing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/// What a connector is told of one backend. The id is derived from the settings, so a connector that
/// has not yet learnt of a change cannot serve a request under the new settings by the old ones.
public record Backend(
        String id,
        String scheme,
        String host,
        int port,
        boolean validateCertificate,
        Duration firstByteTimeout,
        Duration webSocketIdle) {

    public static Backend of(Publishing publishing) {
        InternalUrl url = publishing.internalUrl();
        String settings = String.join(
                "\n",
                url.scheme(),
                url.host(),
                Integer.toString(url.port()),
                Boolean.toString(publishing.validateBackendCertificate()),
                publishing.firstByteTimeout().toString(),
                publishing.webSocketIdle().toString());
        return new Backend(
                digest(settings),
                url.scheme(),
                url.host(),
                url.port(),
                publishing.validateBackendCertificate(),
                publishing.firstByteTimeout(),
                publishing.webSocketIdle());
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
