package io.postern.admin.service;

import io.postern.domain.event.AccessEvent.Stages;
import io.postern.domain.event.Cause;
import io.postern.domain.event.Traced;
import io.postern.domain.event.Traced.Field;
import io.postern.domain.event.Traced.Side;
import io.postern.store.TraceRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Recorded exchanges as HAR 1.2, which browsers' tools open. Each is two entries with one `_exchange`: one on the
/// page `client`, one on the page `backend`. Names that begin with an underscore are ours, as the format has it.
final class Har {
    /// By which the form of this may change.
    private static final String API = "v1.0";

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String COMMENT = "Recorded without bodies. A value that could be a secret stands as"
            + " (blanked-LENGTH-MARK); within this file equal values have equal marks.";

    private Har() {}

    static ObjectNode document(TraceRun run, List<String> entries) {
        ObjectNode log = JSON.objectNode().put("version", "1.2");
        log.putObject("creator").put("name", "Postern").put("version", API);
        ArrayNode pages = log.putArray("pages");
        String whose = run.userName() + " with " + run.applicationName();
        page(pages, "client", "User agent and gateway: " + whose, run.started());
        page(pages, "backend", "Gateway and backend: " + whose, run.started());
        ArrayNode all = log.putArray("entries");
        entries.forEach(text -> all.addAll((ArrayNode) MAPPER.readTree(text)));
        log.put(
                "comment",
                run.missed() == 0 ? COMMENT : COMMENT + " Exchanges missing for want of room: " + run.missed());
        ObjectNode document = JSON.objectNode();
        document.set("log", log);
        return document;
    }

    /// One or two entries, as JSON.
    static String entries(Traced traced) {
        ArrayNode entries = JSON.arrayNode();
        Stages micros = traced.micros();
        entries.add(entry(traced, "client", traced.time(), traced.client(), micros.firstByte(), micros.done()));
        traced.backend().ifPresent(side -> {
            long sent = Math.max(0, micros.forwarded());
            Instant started = traced.time().plus(sent, ChronoUnit.MICROS);
            entries.add(entry(traced, "backend", started, side, micros.firstByte() - sent, micros.done() - sent));
        });
        return entries.toString();
    }

    private static void page(ArrayNode pages, String id, String title, Instant started) {
        pages.addObject()
                .put("startedDateTime", started.toString())
                .put("id", id)
                .put("title", title)
                .putObject("pageTimings");
    }

    /// @param firstByte microseconds since `started`, as `done`; negative where not reached
    private static ObjectNode entry(Traced traced, String page, Instant started, Side side, long firstByte, long done) {
        long wait = Math.max(0, firstByte >= 0 ? firstByte : done);
        long receive = firstByte >= 0 && done > firstByte ? done - firstByte : 0;
        ObjectNode entry = JSON.objectNode()
                .put("pageref", page)
                .put("startedDateTime", started.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("time", millis(wait + receive));
        entry.set("request", request(side));
        entry.set("response", response(side));
        entry.putObject("cache");
        entry.putObject("timings").put("send", 0).put("wait", millis(wait)).put("receive", millis(receive));
        entry.put("_exchange", traced.exchange());
        traced.cause().map(Cause::reason).ifPresent(reason -> entry.put("_cause", reason));
        if (page.equals("client")) {
            entry.put("_clientAddress", traced.clientAddress());
        } else {
            traced.connector().ifPresent(id -> entry.put("_connector", id.value()));
        }
        return entry;
    }

    private static ObjectNode request(Side side) {
        ObjectNode request = JSON.objectNode()
                .put("method", side.method())
                .put("url", side.url())
                .put("httpVersion", side.httpVersion());
        ArrayNode cookies = request.putArray("cookies");
        values(side.request(), "cookie").stream()
                .flatMap(value -> List.of(value.split("; ", -1)).stream())
                .forEach(pair -> named(cookies, pair));
        request.set("headers", fields(side.request()));
        ArrayNode query = request.putArray("queryString");
        int mark = side.url().indexOf('?');
        if (mark >= 0) {
            for (String pair : side.url().substring(mark + 1).split("&", -1)) {
                named(query, pair);
            }
        }
        return request.put("headersSize", -1).put("bodySize", side.requestBytes());
    }

    private static ObjectNode response(Side side) {
        ObjectNode response = JSON.objectNode()
                .put("status", side.status())
                .put("statusText", "")
                .put("httpVersion", side.httpVersion());
        ArrayNode cookies = response.putArray("cookies");
        values(side.response(), "set-cookie").forEach(value -> setCookie(cookies, value));
        response.set("headers", fields(side.response()));
        response.putObject("content")
                .put("size", Math.max(0, side.responseBytes()))
                .put("mimeType", one(side.response(), "content-type").orElse(""));
        return response.put("redirectURL", one(side.response(), "location").orElse(""))
                .put("headersSize", -1)
                .put("bodySize", side.responseBytes());
    }

    private static ArrayNode fields(List<Field> fields) {
        ArrayNode all = JSON.arrayNode();
        fields.forEach(field -> all.addObject().put("name", field.name()).put("value", field.value()));
        return all;
    }

    private static void setCookie(ArrayNode cookies, String field) {
        String[] parts = field.split("; ", -1);
        ObjectNode cookie = named(cookies, parts[0]).put("httpOnly", false).put("secure", false);
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            String name = pair[0].toLowerCase(Locale.ROOT);
            switch (name) {
                case "path", "domain" -> cookie.put(name, pair.length == 2 ? pair[1] : "");
                case "httponly" -> cookie.put("httpOnly", true);
                case "secure" -> cookie.put("secure", true);
                default -> {} // HAR knows no others; the field itself has them
            }
        }
    }

    private static ObjectNode named(ArrayNode all, String pair) {
        int equals = pair.indexOf('=');
        return all.addObject()
                .put("name", equals < 0 ? pair : pair.substring(0, equals))
                .put("value", equals < 0 ? "" : pair.substring(equals + 1));
    }

    private static Optional<String> one(List<Field> fields, String name) {
        return values(fields, name).stream().findFirst();
    }

    private static List<String> values(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    private static double millis(long micros) {
        return micros / 1_000.0;
    }
}
