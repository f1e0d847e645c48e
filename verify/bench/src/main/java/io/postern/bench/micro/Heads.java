package io.postern.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/// Heads as browsers and servers send them.
final class Heads {
    private static final String[] BROWSER = {
        "user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "accept", "application/json, text/plain, */*",
        "accept-language", "en-GB,en;q=0.5",
        "accept-encoding", "gzip, deflate, br, zstd",
        "referer", "https://application-0.apps.example.com/orders/",
        "sec-fetch-dest", "empty",
        "sec-fetch-mode", "cors",
        "sec-fetch-site", "same-origin",
        "if-none-match", "\"5f3a-61b0c2d4e8a40\"",
        "priority", "u=4",
    };
    private static final String[] SERVER = {
        "content-type", "application/json; charset=utf-8",
        "content-length", "1024",
        "date", "Sat, 21 Nov 2026 10:00:00 GMT",
        "server", "nginx/1.26.3",
        "last-modified", "Fri, 20 Nov 2026 09:00:00 GMT",
        "etag", "\"5f3a-61b0c2d4e8a40\"",
        "cache-control", "private, max-age=0, must-revalidate",
        "vary", "Accept-Encoding",
        "x-content-type-options", "nosniff",
    };

    private Heads() {}

    /// Fields of a script's request, without pseudo-fields.
    static Http2Headers script(String... more) {
        Http2Headers fields = fields(BROWSER);
        fields.setAll(fields(more));
        return fields;
    }

    /// Fields of a page's request.
    static Http2Headers page() {
        return script(
                "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "sec-fetch-dest", "document",
                "sec-fetch-mode", "navigate",
                "sec-fetch-site", "none");
    }

    static Http2Headers answer() {
        return fields(SERVER).status("200");
    }

    /// A whole HTTP/1.1 request, which the caller owns.
    static ByteBuf requestBytes(String host, String target, String cookie) {
        return direct("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + lines(BROWSER)
                + "Connection: keep-alive\r\nCookie: " + cookie + "\r\n\r\n");
    }

    /// An answer's fields as the connector's decoder makes them.
    static HttpHeaders decodedAnswer() {
        var decoder = new EmbeddedChannel(new HttpResponseDecoder());
        decoder.writeInbound(Unpooled.copiedBuffer(
                "HTTP/1.1 200 OK\r\n" + lines(SERVER) + "Connection: keep-alive\r\n\r\n", StandardCharsets.US_ASCII));
        try {
            return ((HttpResponse) decoder.readInbound()).headers();
        } finally {
            ReferenceCountUtil.release(decoder.finishAndReleaseAll());
        }
    }

    private static Http2Headers fields(String... namesAndValues) {
        Http2Headers fields = new DefaultHttp2Headers(false, 32);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(AsciiString.of(namesAndValues[i]), AsciiString.of(namesAndValues[i + 1]));
        }
        return fields;
    }

    private static String lines(String... namesAndValues) {
        var text = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text.append(namesAndValues[i])
                    .append(": ")
                    .append(namesAndValues[i + 1])
                    .append("\r\n");
        }
        return text.toString();
    }

    private static ByteBuf direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    }
}
