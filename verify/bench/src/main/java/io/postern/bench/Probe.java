package io.postern.bench;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Asks once before a load begins: what is measured must be the right answer, not a redirect or an error page.
final class Probe {
    private static final int TEXT_BYTES_MAX = 1_000;

    private final Map<Path, HttpClient> clients = new ConcurrentHashMap<>();

    /// @param bytes of the whole body
    /// @param text its beginning
    record Answer(int status, long bytes, String text) {}

    /// @throws IllegalStateException unless the answer is 200 with a body of that size
    void expect(Target target, String path, int bytes) {
        Answer answer = get(target, path);
        if (answer.status() != 200 || answer.bytes() != bytes) {
            throw new IllegalStateException(target.uri(path) + " answers " + answer.status() + " with " + answer.bytes()
                    + " bytes, expected 200 with " + bytes);
        }
    }

    /// @return the beginning of the body
    /// @throws IllegalStateException unless the answer is 200
    String expectOk(Target target, String path) {
        Answer answer = get(target, path);
        if (answer.status() != 200) {
            throw new IllegalStateException(target.uri(path) + " answers " + answer.status() + ", expected 200");
        }
        return answer.text();
    }

    /// Whatever the answer is.
    ///
    /// @throws IllegalStateException when there is none
    Answer get(Target target, String path) {
        var request = HttpRequest.newBuilder(target.uri(path));
        target.fields().forEach(request::header);
        try {
            HttpResponse<InputStream> response = clients.computeIfAbsent(target.authority(), Browser::client)
                    .send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] text = body.readNBytes(TEXT_BYTES_MAX);
                long rest = body.transferTo(OutputStream.nullOutputStream());
                return new Answer(response.statusCode(), text.length + rest, new String(text, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(target.uri(path) + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
