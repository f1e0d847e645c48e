package io.postern.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes JSON bodies. Duplicate names are refused and nesting is bounded.
public final class Json {
    /// 1 MiB: far above any object of the API.
    public static final int BYTES_MAX = 1024 * 1024;

    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .build();

    private Json() {}

    /// @throws BadRequest when the body is no JSON object, names a member twice or is too long
    public static ObjectNode readObject(ServerRequest request) {
        return readObject(request, BYTES_MAX);
    }

    /// As above, for what may be longer.
    public static ObjectNode readObject(ServerRequest request, int bytesMax) {
        byte[] body = Bodies.read(request, bytesMax);
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new BadRequest("the request body is not valid JSON: " + e.getOriginalMessage());
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new BadRequest("the request body must be a JSON object");
    }

    public static void send(ServerResponse response, int status, Object body) {
        send(response, status, "application/json; charset=utf-8", body);
    }

    public static void send(ServerResponse response, int status, String contentType, Object body) {
        response.status(Status.create(status))
                .header(HeaderNames.CONTENT_TYPE, contentType)
                .send(MAPPER.writeValueAsBytes(body));
    }
}
