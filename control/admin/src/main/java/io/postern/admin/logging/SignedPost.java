package io.postern.admin.logging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// POSTs JSON that the receiver can tell is ours. Every answer of 200 to 299 means taken.
///
///     Postern-Signature: t=1763798400,v1=<HMAC-SHA-256 over "t.body" with the shared secret, hex>
///
/// Follows no redirect, reads no answer, and goes to no link-local or multicast address, where clouds keep what
/// only the machine itself may know.
public final class SignedPost implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Receiver.Webhook to;
    private final InstantSource clock;
    private final HttpClient client;

    /// @throws IOException when the authority cannot be read
    public SignedPost(Receiver.Webhook to, InstantSource clock) throws IOException {
        this.to = to;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .sslContext(Trusted.context(to.authority()))
                .build();
    }

    /// @throws IOException when the receiver did not take it
    public void send(String json) throws IOException, InterruptedException {
        for (InetAddress address : InetAddress.getAllByName(to.url().getHost())) {
            if (address.isLinkLocalAddress() || address.isMulticastAddress() || address.isAnyLocalAddress()) {
                throw new IOException(to.url().getHost() + " is at " + address.getHostAddress()
                        + ", to which nothing is sent; give an address of the receiver itself");
            }
        }
        long time = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(to.url())
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Postern")
                .header("Postern-Signature", "t=" + time + ",v1=" + signature(time + "." + json))
                .POST(BodyPublishers.ofString(json))
                .build();
        HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("it answered " + response.statusCode());
        }
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(to.secret().reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
