package io.postern.admin.outbound;

import io.postern.admin.outbound.DeliveryFault.Kind;
import io.postern.admin.outside.FetchFault;
import io.postern.admin.outside.OutsideClient;
import io.postern.store.OutboundStore;
import io.postern.web.Json;
import io.postern.web.Parameters;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An application's SCIM 2.0 service (RFC 7644), as a client of it. Used by one thread.
final class ScimTarget {
    private static final String JSON = "application/scim+json";
    private static final String PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    private static final int DETAIL_MAX = 300;
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(30);
    private static final Duration WAIT_MAX = Duration.ofHours(1);

    /// One operation of a change.
    ///
    /// @param value null for `remove`
    record Operation(String op, String path, Optional<Object> value) {}

    private final String base;
    private final TargetLogin login;
    private final OutsideClient client;
    private final Predicate<String> own;
    private final InstantSource clock;

    ScimTarget(String base, TargetLogin login, OutsideClient client, Predicate<String> own, InstantSource clock) {
        this.base = base;
        this.login = login;
        this.client = client;
        this.own = own;
        this.clock = clock;
    }

    /// Id of the only resource with this value; empty when there is none.
    ///
    /// @throws DeliveryFault `TAKEN` when there are several
    Optional<String> find(OutboundStore.Kind kind, String attribute, String value) throws DeliveryFault {
        String filter = attribute + " eq " + Json.MAPPER.writeValueAsString(value);
        String query = "?filter=" + encode(filter) + "&count=2";
        JsonNode found = read(search(resources(kind), query));
        if (!found.path("Resources").isArray() && found.path("totalResults").asInt(-1) != 0) {
            throw new DeliveryFault(Kind.OBJECT, "the application answers a search with what is no list");
        }
        List<String> ids = found.path("Resources")
                .valueStream()
                .map(resource -> resource.path("id").asString(""))
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
        if (ids.size() > 1) {
            throw new DeliveryFault(
                    Kind.TAKEN, "the application has several resources whose " + attribute + " is '" + value + "'");
        }
        return ids.stream().findFirst();
    }

    private OutsideClient.Answer search(String resources, String query) throws DeliveryFault {
        try {
            return send("GET", resources + query, Optional.empty());
        } catch (DeliveryFault e) {
            throw switch (e.kind()) {
                case GONE ->
                    new DeliveryFault(Kind.UNREACHABLE, "there is no " + resources + " under " + base + " (404)");
                case FORBIDDEN -> new DeliveryFault(Kind.REFUSED, e.text());
                case UNREACHABLE, REFUSED, BUSY, FAILING, OBJECT, TAKEN -> e;
            };
        }
    }

    /// @return the application's id of it
    String create(OutboundStore.Kind kind, Map<String, Object> document) throws DeliveryFault {
        JsonNode made = read(send("POST", resources(kind), Optional.of(document)));
        String id = made.path("id").asString("");
        if (id.isEmpty()) {
            throw new DeliveryFault(Kind.OBJECT, "the application answers without an id of what it made");
        }
        return id;
    }

    /// @throws DeliveryFault `GONE` when there is no such resource
    void patch(OutboundStore.Kind kind, String id, List<Operation> operations) throws DeliveryFault {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putArray("schemas").add(PATCH);
        var list = body.putArray("Operations");
        for (Operation operation : operations) {
            ObjectNode one = list.addObject().put("op", operation.op()).put("path", operation.path());
            operation.value().ifPresent(value -> one.set("value", Json.MAPPER.valueToTree(value)));
        }
        send("PATCH", resources(kind) + "/" + encode(id), Optional.of(body));
    }

    /// What is not there is deleted.
    void delete(OutboundStore.Kind kind, String id) throws DeliveryFault {
        try {
            send("DELETE", resources(kind) + "/" + encode(id), Optional.empty());
        } catch (DeliveryFault e) {
            if (e.kind() != Kind.GONE) {
                throw e;
            }
        }
    }

    /// As in paths, where a plus is no blank.
    private static String encode(String text) {
        return Parameters.encode(text).replace("+", "%20");
    }

    private static String resources(OutboundStore.Kind kind) {
        return switch (kind) {
            case USER -> "/Users";
            case GROUP -> "/Groups";
        };
    }

    private OutsideClient.Answer send(String method, String path, Optional<Object> body) throws DeliveryFault {
        OutsideClient.Answer answer = once(method, path, body);
        if (answer.status() == 401 && login.forget()) {
            answer = once(method, path, body);
        }
        if (answer.status() / 100 != 2) {
            throw fault(answer);
        }
        return answer;
    }

    private OutsideClient.Answer once(String method, String path, Optional<Object> body) throws DeliveryFault {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("accept", JSON + ", application/json")
                .header("authorization", "Bearer " + login.token().reveal())
                .method(
                        method,
                        body.map(Json.MAPPER::writeValueAsBytes)
                                .map(BodyPublishers::ofByteArray)
                                .orElseGet(BodyPublishers::noBody));
        body.ifPresent(_ -> request.header("content-type", JSON));
        try {
            return client.send(URI.create(base + path), request, own);
        } catch (FetchFault e) {
            throw new DeliveryFault(Kind.UNREACHABLE, String.valueOf(e.getMessage()));
        }
    }

    private DeliveryFault fault(OutsideClient.Answer answer) {
        int status = answer.status();
        String said = "the application answers " + status + detail(answer.body());
        Optional<Duration> wait = answer.retryAfter().flatMap(this::wait);
        return switch (status) {
            case 401 -> new DeliveryFault(Kind.REFUSED, said);
            case 403 -> new DeliveryFault(Kind.FORBIDDEN, said);
            case 404 -> new DeliveryFault(Kind.GONE, said);
            case 409 -> new DeliveryFault(Kind.TAKEN, said);
            case 429 -> new DeliveryFault(Kind.BUSY, said, wait.or(() -> Optional.of(WAIT_DEFAULT)));
            case 503 -> new DeliveryFault(wait.isPresent() ? Kind.BUSY : Kind.FAILING, said, wait);
            default -> new DeliveryFault(status >= 500 ? Kind.FAILING : Kind.OBJECT, said);
        };
    }

    /// Seconds or a date (RFC 9110 §10.2.3), an hour at most.
    private Optional<Duration> wait(String text) {
        Optional<Duration> asked = Optional.empty();
        if (text.matches("[0-9]{1,9}")) {
            asked = Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        } else {
            try {
                Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                asked = Optional.of(Duration.between(clock.instant(), until));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
        return asked.filter(d -> !d.isNegative()).map(d -> d.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : d);
    }

    /// What an error message of SCIM says, on one line (RFC 7644 §3.12).
    private static String detail(byte[] body) {
        try {
            JsonNode json = Json.MAPPER.readTree(body);
            String type = json.path("scimType").asString("");
            String detail = json.path("detail")
                    .asString("")
                    .replaceAll("\\p{Cntrl}+", " ")
                    .strip();
            String text = (type.isEmpty() ? "" : " (" + type.replaceAll("[^A-Za-z]", "") + ")")
                    + (detail.isEmpty() ? "" : ": " + detail);
            return text.length() > DETAIL_MAX ? text.substring(0, DETAIL_MAX) + "..." : text;
        } catch (JacksonException e) {
            return "";
        }
    }

    private static JsonNode read(OutsideClient.Answer answer) throws DeliveryFault {
        try {
            JsonNode json = Json.MAPPER.readTree(answer.body());
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw new DeliveryFault(Kind.OBJECT, "the application answers with what is no JSON");
        }
        throw new DeliveryFault(Kind.OBJECT, "the application answers with what is no JSON object");
    }
}
