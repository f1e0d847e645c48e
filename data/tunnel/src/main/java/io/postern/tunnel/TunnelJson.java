package io.postern.tunnel;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Control messages as JSON (docs/protocol/tunnel.md §2, §3). Unknown members are ignored, so that a
/// later minor version may add some; a missing, doubled or out-of-range member is malformed.
public final class TunnelJson {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxStringLength(4_096)
                            .maxDocumentLength(TunnelProtocol.CONTROL_BODY_BYTES_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TunnelJson() {}

    /// The version that a hello or an answer speaks, before the rest is looked at.
    public static int protocol(byte[] json) throws MalformedMessage {
        return integer(object(json), "protocol");
    }

    public static byte[] write(Hello hello) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("protocol", hello.protocol())
                .put("node", hello.node())
                .put("connector", hello.connector())
                .put("lane", hello.lane())
                .put("lanes", hello.lanes())
                .put("keepAliveMillis", hello.keepAlive().toMillis())
                .put("serviceVersion", hello.serviceVersion());
        return MAPPER.writeValueAsBytes(node);
    }

    public static Hello hello(byte[] json) throws MalformedMessage {
        JsonNode node = object(json);
        return checked(() -> new Hello(
                integer(node, "protocol"),
                text(node, "node"),
                text(node, "connector"),
                integer(node, "lane"),
                integer(node, "lanes"),
                millis(node, "keepAliveMillis"),
                text(node, "serviceVersion")));
    }

    public static byte[] write(HelloAnswer answer) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("protocol", answer.protocol())
                .put("version", answer.version())
                .put("machineName", answer.machineName())
                .put("os", answer.os())
                .put("startedAt", answer.startedAt().toString());
        answer.process().ifPresent(id -> node.put("process", id));
        if (answer.trial()) {
            node.put("trial", true);
        }
        return MAPPER.writeValueAsBytes(node);
    }

    public static HelloAnswer helloAnswer(byte[] json) throws MalformedMessage {
        JsonNode node = object(json);
        return checked(() -> new HelloAnswer(
                integer(node, "protocol"),
                text(node, "version"),
                text(node, "machineName"),
                text(node, "os"),
                instant(node, "startedAt"),
                node.has("process") ? Optional.of(text(node, "process")) : Optional.empty(),
                node.has("trial") && bool(node, "trial")));
    }

    /// Body of the 426 with which a connector refuses a version.
    public static byte[] protocols(int... versions) {
        ObjectNode node = MAPPER.createObjectNode();
        ArrayNode array = node.putArray("protocols");
        for (int version : versions) {
            array.add(version);
        }
        return MAPPER.writeValueAsBytes(node);
    }

    public static byte[] write(BackendList list) {
        ObjectNode node = MAPPER.createObjectNode().put("revision", list.revision());
        ArrayNode array = node.putArray("backends");
        for (BackendSettings backend : list.byId().values()) {
            ObjectNode one = array.addObject()
                    .put("id", backend.id())
                    .put("scheme", backend.scheme())
                    .put("host", backend.host())
                    .put("port", backend.port())
                    .put("firstByteMillis", backend.firstByte().toMillis())
                    .put("webSocketIdleMillis", backend.webSocketIdle().toMillis());
            write(backend.tls(), one);
        }
        return MAPPER.writeValueAsBytes(node);
    }

    /// A connector that knows no pins must not take any certificate where a pin was to decide: it is told to validate.
    private static void write(BackendTlsSettings tls, ObjectNode node) {
        node.put("validateCertificate", tls.validate() || !tls.pins().isEmpty());
        if (!tls.pins().isEmpty()) {
            ArrayNode pins = node.putArray("pins");
            tls.pins().stream().sorted().forEach(pins::add);
            node.put("pinDecides", !tls.validate());
        }
        tls.serverName().ifPresent(name -> node.put("serverName", name));
        tls.clientCertificate().ifPresent(name -> node.put("clientCertificate", name));
        if (tls.http2()) {
            node.put("http2", true);
        }
    }

    private static BackendTlsSettings tls(JsonNode node) throws MalformedMessage {
        Set<String> pins = new HashSet<>();
        if (node.has("pins")) {
            for (JsonNode pin : array(node, "pins")) {
                pins.add(pin.asString(""));
            }
        }
        return new BackendTlsSettings(
                bool(node, "validateCertificate") && !(node.has("pinDecides") && bool(node, "pinDecides")),
                pins,
                node.has("serverName") ? Optional.of(text(node, "serverName")) : Optional.empty(),
                node.has("clientCertificate") ? Optional.of(text(node, "clientCertificate")) : Optional.empty(),
                node.has("http2") && bool(node, "http2"));
    }

    public static BackendList backendList(byte[] json) throws MalformedMessage {
        JsonNode node = object(json);
        return checked(() -> {
            List<BackendSettings> backends = new ArrayList<>();
            for (JsonNode entry : array(node, "backends")) {
                backends.add(new BackendSettings(
                        text(entry, "id"),
                        text(entry, "scheme"),
                        text(entry, "host"),
                        integer(entry, "port"),
                        tls(entry),
                        millis(entry, "firstByteMillis"),
                        millis(entry, "webSocketIdleMillis")));
            }
            return BackendList.of(whole(node, "revision"), backends);
        });
    }

    public static byte[] write(ConnectorStatus status) {
        ObjectNode node = MAPPER.createObjectNode().put("time", status.time().toString());
        ConnectorStatus.Host host = status.host();
        ObjectNode machine = node.putObject("host").put("processors", host.processors());
        host.machineBusy().ifPresent(value -> machine.put("machineBusy", value));
        host.processBusy().ifPresent(value -> machine.put("processBusy", value));
        host.memoryBytes().ifPresent(value -> machine.put("memoryBytes", value));
        host.memoryAvailableBytes().ifPresent(value -> machine.put("memoryAvailableBytes", value));
        host.residentBytes().ifPresent(value -> machine.put("residentBytes", value));
        host.openFiles().ifPresent(value -> machine.put("openFiles", value));
        host.openFilesMax().ifPresent(value -> machine.put("openFilesMax", value));
        ConnectorStatus.Work work = status.work();
        node.putObject("work")
                .put("exchanges", work.exchanges())
                .put("webSockets", work.webSockets())
                .put("waiting", work.waiting())
                .put("requestBytes", work.requestBytes())
                .put("responseBytes", work.responseBytes());
        return MAPPER.writeValueAsBytes(node);
    }

    public static ConnectorStatus connectorStatus(byte[] json) throws MalformedMessage {
        JsonNode node = object(json);
        JsonNode host = member(node, "host");
        JsonNode work = member(node, "work");
        return checked(() -> new ConnectorStatus(
                instant(node, "time"),
                new ConnectorStatus.Host(
                        integer(host, "processors"),
                        numberIfAny(host, "machineBusy"),
                        numberIfAny(host, "processBusy"),
                        wholeIfAny(host, "memoryBytes"),
                        wholeIfAny(host, "memoryAvailableBytes"),
                        wholeIfAny(host, "residentBytes"),
                        wholeIfAny(host, "openFiles"),
                        wholeIfAny(host, "openFilesMax")),
                new ConnectorStatus.Work(
                        integer(work, "exchanges"),
                        integer(work, "webSockets"),
                        integer(work, "waiting"),
                        whole(work, "requestBytes"),
                        whole(work, "responseBytes"))));
    }

    private interface Reading<T> {
        T read() throws MalformedMessage;
    }

    private static <T> T checked(Reading<T> reading) throws MalformedMessage {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage(e.getMessage() == null ? "out of bounds" : e.getMessage(), e);
        }
    }

    private static JsonNode object(byte[] json) throws MalformedMessage {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JacksonException e) {
            // the original message quotes the input, which may hold anything
            throw new MalformedMessage("not JSON within the limits");
        }
        if (node == null || !node.isObject()) {
            throw new MalformedMessage("not a JSON object");
        }
        return node;
    }

    private static JsonNode member(JsonNode node, String name) throws MalformedMessage {
        @Nullable JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            throw new MalformedMessage("'" + name + "' is missing");
        }
        return value;
    }

    private static String text(JsonNode node, String name) throws MalformedMessage {
        JsonNode value = member(node, name);
        if (!value.isString()) {
            throw new MalformedMessage("'" + name + "' is not a string");
        }
        return value.stringValue();
    }

    private static long whole(JsonNode node, String name) throws MalformedMessage {
        JsonNode value = member(node, name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new MalformedMessage("'" + name + "' is not a whole number");
        }
        return value.longValue();
    }

    private static OptionalLong wholeIfAny(JsonNode node, String name) throws MalformedMessage {
        return node.hasNonNull(name) ? OptionalLong.of(whole(node, name)) : OptionalLong.empty();
    }

    private static OptionalDouble numberIfAny(JsonNode node, String name) throws MalformedMessage {
        if (!node.hasNonNull(name)) {
            return OptionalDouble.empty();
        }
        JsonNode value = member(node, name);
        if (!value.isNumber()) {
            throw new MalformedMessage("'" + name + "' is not a number");
        }
        return OptionalDouble.of(value.doubleValue());
    }

    private static int integer(JsonNode node, String name) throws MalformedMessage {
        long value = whole(node, name);
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw new MalformedMessage("'" + name + "' is too large");
        }
        return (int) value;
    }

    private static Duration millis(JsonNode node, String name) throws MalformedMessage {
        return Duration.ofMillis(whole(node, name));
    }

    private static boolean bool(JsonNode node, String name) throws MalformedMessage {
        JsonNode value = member(node, name);
        if (!value.isBoolean()) {
            throw new MalformedMessage("'" + name + "' is neither true nor false");
        }
        return value.booleanValue();
    }

    private static Instant instant(JsonNode node, String name) throws MalformedMessage {
        try {
            return Instant.parse(text(node, name));
        } catch (DateTimeException e) {
            throw new MalformedMessage("'" + name + "' is not a time such as 2026-11-21T08:00:00Z", e);
        }
    }

    private static JsonNode array(JsonNode node, String name) throws MalformedMessage {
        JsonNode value = member(node, name);
        if (!value.isArray()) {
            throw new MalformedMessage("'" + name + "' is not an array");
        }
        return value;
    }
}
