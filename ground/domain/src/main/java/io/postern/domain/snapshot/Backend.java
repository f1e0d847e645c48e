package io.postern.domain.snapshot;

import io.postern.domain.InternalUrl;
import io.postern.domain.publish.BackendTls;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.TimeLimits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

/// What a connector is told of one backend. The id is derived from the settings, so a connector that
/// has not yet learnt of a change cannot serve a request under the new settings by the old ones.
///
/// @param url its host may be a wildcard: then each request names the host (docs/protocol/tunnel.md §4)
public record Backend(String id, InternalUrl url, BackendTls tls, TimeLimits times) {

    public static Backend of(Publishing publishing) {
        return of(
                publishing.internalUrl(),
                publishing.settings().backendTls(),
                publishing.settings().times());
    }

    /// @param url its path does not matter: applications of one origin and the same settings share a backend
    public static Backend of(InternalUrl url, BackendTls tls, TimeLimits times) {
        InternalUrl origin = new InternalUrl(url.scheme(), url.host(), url.port(), "/");
        String settings = String.join(
                "\n",
                origin.toString(),
                Boolean.toString(tls.validate()),
                String.join(",", new TreeSet<>(tls.pins())),
                tls.serverName().orElse(""),
                tls.clientCertificate().orElse(""),
                Boolean.toString(tls.http2()),
                times.firstByte().toString(),
                times.webSocketIdle().toString());
        return new Backend(digest(settings), origin, tls, times);
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
