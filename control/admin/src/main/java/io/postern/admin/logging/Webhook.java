package io.postern.admin.logging;

import io.postern.store.LogEntry;
import io.postern.web.Json;
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
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// POSTs entries as JSON, `{"entries": [...]}`, oldest first. Every answer of 200 to 299 means taken.
///
///     Postern-Signature: t=1763798400,v1=<HMAC-SHA-256 over "t.body" with the shared secret, hex>
///
/// Follows no redirect, reads no answer, and goes to no link-local or multicast address, where clouds keep what only
/// the
/// machine itself may know.
final class Webhook implements Sender {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Receiver.Webhook to;
    private final InstantSource clock;
    private final HttpClient client;

    Webhook(Receiver.Webhook to, InstantSource clock) throws IOException {
        this.to = to;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .sslContext(Trusted.context(to.authority()))
                .build();
    }

    @Override
    public void send(List<LogEntry> entries) throws IOException, InterruptedException {
        for (InetAddress address : InetAddress.getAllByName(to.url().getHost())) {
            if (address.isLinkLocalAddress() || address.isMulticastAddress() || address.isAnyLocalAddress()) {
                throw new IOException(to.url().getHost() + " is at " + address.getHostAddress()
                        + ", to which nothing is sent; give an address of the receiver itself");
            }
        }
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode list = body.putArray("entries");
        entries.forEach(entry -> list.add(Shown.of(entry)));
        String text = body.toString();
        long time = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(to.url())
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Postern")
                .header("Postern-Signature", "t=" + time + ",v1=" + signature(time + "." + text))
                .POST(BodyPublishers.ofString(text))
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
