package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The service's REST API, as seen by the commands. Every failure is a [Fault] with one sentence.
final class Api implements AutoCloseable {
    private static final String VERSION = "/v1.0";
    /// The profile under which connectors, their groups and their tokens live.
    static final String PROXY = "/onPremisesPublishingProfiles/applicationProxy";

    private static final JsonMapper JSON = new JsonMapper();

    /// The service understood, and refused.
    static final class Refusal extends Fault {
        private static final long serialVersionUID = 1;

        private final transient JsonNode details;

        Refusal(String message, JsonNode details) {
            super(message);
            this.details = details;
        }

        /// Each with `target` and `message`; missing where the service told none.
        JsonNode details() {
            return details;
        }
    }

    private final URI origin;
    private final String token;
    private final HttpClient http;

    Api(URI origin, String token, Optional<java.nio.file.Path> authority) {
        this.origin = origin;
        this.token = token;
        this.http = HttpClient.newBuilder()
                .sslContext(Trust.with(authority))
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Where connectors call the same service, by the names of our own hosts.
    String connectUrl() {
        String url = origin.toString();
        return (url.startsWith("https://api.") ? url.replaceFirst("api", "connect") : "https://connect.BASE-DOMAIN/")
                .replaceFirst("/$", "");
    }

    /// Origin of another of the service's own hosts, by the name of the API's.
    String ownOrigin(String label) {
        return origin.toString().replaceFirst("//api\\.", "//" + label + ".").replaceFirst("/$", "");
    }

    /// A stranger's request to any URL of the service: without token, without following where it leads.
    HttpResponse<Void> visit(URI url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "text/html")
                .header("User-Agent", "Postern-Test/1")
                .GET()
                .build();
        return http.send(request, BodyHandlers.discarding());
    }

    JsonNode get(String path) {
        return call("GET", path, Optional.empty());
    }

    JsonNode post(String path, ObjectNode body) {
        return call("POST", path, Optional.of(body));
    }

    void patch(String path, ObjectNode body) {
        call("PATCH", path, Optional.of(body));
    }

    void put(String path, ObjectNode body) {
        call("PUT", path, Optional.of(body));
    }

    void putPicture(String path, String mediaType, byte[] bytes) {
        call("PUT", path, mediaType, BodyPublishers.ofByteArray(bytes));
    }

    /// @return with `warnings` about what is left, where there are any
    JsonNode delete(String path) {
        return call("DELETE", path, Optional.empty());
    }

    /// Every page of a list.
    List<JsonNode> list(String path) {
        var all = new ArrayList<JsonNode>();
        eachPage(path, page -> page.forEach(all::add));
        return List.copyOf(all);
    }

    /// The pages of a list, one by one: for lists of any length.
    void eachPage(String path, Consumer<JsonNode> taker) {
        eachAnswer(path, answer -> taker.accept(answer.path("value")));
    }

    /// An answer, and what it links to as next, until nothing.
    void eachAnswer(String path, Consumer<JsonNode> taker) {
        String next = path;
        while (!next.isEmpty()) {
            JsonNode answer = get(next);
            taker.accept(answer);
            next = answer.path("@odata.nextLink").asString("");
            int cut = next.indexOf(VERSION + "/");
            next = cut < 0 ? next : next.substring(cut + VERSION.length());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private JsonNode call(String method, String path, Optional<ObjectNode> body) {
        return call(
                method,
                path,
                "application/json",
                body.map(b -> BodyPublishers.ofString(b.toString())).orElse(BodyPublishers.noBody()));
    }

    private JsonNode call(String method, String path, String contentType, HttpRequest.BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(origin.resolve(VERSION + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .header("Prefer", "return=representation")
                .header("Content-Type", contentType)
                .method(method, body)
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return answer(response.statusCode(), response.body());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new Fault(
                    "no service answers at " + origin + "; start it ('postern quickstart' or 'postern service'),"
                            + " or set POSTERN_URL",
                    e);
        } catch (SSLException e) {
            throw new Fault(
                    "the certificate of " + origin + " is not trusted; set POSTERN_CA to the file of its"
                            + " authority (" + e.getMessage() + ")",
                    e);
        } catch (IOException e) {
            throw new Fault("the connection to " + origin + " failed (" + e.getMessage() + "); try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault("interrupted", e);
        }
    }

    private JsonNode answer(int status, String body) {
        JsonNode json;
        try {
            json = body.isBlank() ? object() : JSON.readTree(body);
        } catch (JacksonException e) {
            throw new Fault(
                    origin + " answered " + status + " but not in JSON; is POSTERN_URL the API's URL,"
                            + " such as https://api.apps.example.com?",
                    e);
        }
        if (status < 300) {
            return json;
        }
        if (status == 401) {
            throw new Fault("the token was refused; set POSTERN_TOKEN to a valid API token"
                    + " (quickstart keeps one in its data folder, file api-token)");
        }
        throw new Refusal(complaint(status, json.path("error")), json.at("/error/details"));
    }

    private static String complaint(int status, JsonNode error) {
        var text = new StringBuilder(error.path("message").asString("the service answered " + status));
        for (JsonNode detail : error.path("details")) {
            String message = detail.path("message").asString("");
            if (!message.isEmpty() && text.indexOf(message) < 0) {
                text.append("; ")
                        .append(detail.path("target").asString(""))
                        .append(": ")
                        .append(message);
            }
        }
        return text.toString();
    }
}
