package io.postern.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Asks once before a load begins: what is measured must be the right answer, not a redirect or an error page.
final class Probe {
    private final Map<Path, HttpClient> clients = new HashMap<>();

    /// @throws IllegalStateException unless the answer is 200 with a body of that size
    void expect(Target target, String path, int bytes) {
        HttpResponse<byte[]> answer = get(target, path);
        if (answer.statusCode() != 200 || answer.body().length != bytes) {
            throw new IllegalStateException(target.uri(path) + " answers " + answer.statusCode() + " with "
                    + answer.body().length + " bytes, expected 200 with " + bytes);
        }
    }

    /// @throws IllegalStateException unless the answer is 200
    String expectOk(Target target, String path) {
        HttpResponse<byte[]> answer = get(target, path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(target.uri(path) + " answers " + answer.statusCode() + ", expected 200");
        }
        return new String(answer.body(), java.nio.charset.StandardCharsets.US_ASCII);
    }

    HttpResponse<byte[]> get(Target target, String path) {
        var request = HttpRequest.newBuilder(target.uri(path));
        target.fields().forEach(request::header);
        try {
            return clients.computeIfAbsent(target.authority(), io.postern.fixtures.Browser::client)
                    .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(target.uri(path) + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
