package io.postern.run.connector.questions;

import io.netty.util.concurrent.Future;
import io.postern.connector.serve.BackendProbe;
import io.postern.net.Loops;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `backend-look`: what a backend answers to some requests, seen from here (docs/protocol/tunnel.md §6). Tells of
/// answers only what a preflight judges: no body, no value of a cookie, no query of a redirect.
///
/// @param probe asks as exchanges would, so the allow list and the trust of this connector hold
public record BackendLook(BackendProbe probe, Loops loops) implements Answering {
    public static final String KIND = "backend-look";

    private static final int REQUESTS_MAX = 8;
    private static final int TEXT_MAX = 1_000;
    private static final int FIELD_MAX = 64 * 1024;

    @Override
    public ObjectNode answer(ObjectNode question, Duration limit) {
        BackendSettings backend = AskedBackend.read(KIND, question.path("backend"));
        JsonNode requests = question.path("requests");
        if (requests.isEmpty() || requests.size() > REQUESTS_MAX) {
            throw new IllegalArgumentException("requests must be 1 to " + REQUESTS_MAX);
        }
        List<BackendProbe.Ask> asks =
                requests.valueStream().map(BackendLook::ask).toList();
        Duration each = limit.dividedBy(asks.size() + 1L);
        ObjectNode said = QuestionDoor.JSON.createObjectNode();
        ArrayNode answers = said.putArray("answers");
        for (BackendProbe.Ask ask : asks) { // in turn: a backend that is shy of strangers sees one at a time
            answers.add(told(await(probe.ask(backend, loops.next(), each, ask), each)));
        }
        return said;
    }

    private static BackendProbe.Seen await(Future<BackendProbe.Seen> seen, Duration limit) {
        try {
            if (seen.await(limit.toMillis(), TimeUnit.MILLISECONDS) && seen.isSuccess()) {
                return seen.getNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new BackendProbe.Seen(
                Optional.of(TunnelFailure.CONNECT_TIMEOUT),
                "no answer within " + limit.toMillis() + " ms",
                Optional.empty(),
                0,
                List.of(),
                Optional.empty());
    }

    private static BackendProbe.Ask ask(JsonNode json) {
        String target = json.path("target").asString("");
        if (!target.startsWith("/") || target.length() > TEXT_MAX || hasControls(target)) {
            throw new IllegalArgumentException("target must be a path");
        }
        Map<String, String> fields = new HashMap<>();
        json.path("fields").properties().forEach(field -> {
            String value = field.getValue().asString("");
            if (!field.getKey().matches("[A-Za-z0-9-]{1,100}") || value.length() > FIELD_MAX || hasControls(value)) {
                throw new IllegalArgumentException("field '" + field.getKey() + "' cannot be sent");
            }
            fields.put(field.getKey(), value);
        });
        return new BackendProbe.Ask(target, fields);
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(c -> c < ' ' || c > '~');
    }

    private static ObjectNode told(BackendProbe.Seen seen) {
        ObjectNode json = QuestionDoor.JSON.createObjectNode().put("status", seen.status());
        seen.failure().ifPresent(failure -> json.put("failure", failure.wireName()));
        json.put("why", cut(seen.why()));
        seen.remote().ifPresent(remote -> json.put("remote", String.valueOf(remote)));
        seen.certificate()
                .ifPresent(leaf -> json.putObject("certificate")
                        .put("subject", cut(leaf.getSubjectX500Principal().getName()))
                        .put("issuer", cut(leaf.getIssuerX500Principal().getName()))
                        .put("notAfter", leaf.getNotAfter().toInstant().toString()));
        ArrayNode ways = json.putArray("authenticate");
        ArrayNode cookies = json.putArray("cookies");
        long bytes = 0;
        for (Map.Entry<String, String> field : seen.fields()) {
            String value = field.getValue();
            bytes += field.getKey().length() + value.length() + 4L;
            switch (field.getKey().toLowerCase(Locale.ROOT)) {
                case "location" -> json.put("location", cut(withoutQuery(value)));
                case "server" -> json.put("server", cut(value));
                case "www-authenticate" -> ways.add(cut(value.strip().split("[ ,]", 2)[0]));
                case "set-cookie" -> cookies.add(cut(value.split("[=;]", 2)[0].strip()));
                default -> {}
            }
        }
        return json.put("headerBytes", bytes);
    }

    /// A query may hold what nobody else should read: tickets, state of a sign-in.
    private static String withoutQuery(String location) {
        try {
            URI.create(location);
        } catch (IllegalArgumentException e) {
            return "";
        }
        return location.replaceAll("[?#].*$", "");
    }

    private static String cut(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }
}
