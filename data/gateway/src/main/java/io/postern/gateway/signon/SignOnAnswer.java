package io.postern.gateway.signon;

import io.netty.util.AsciiString;
import io.postern.domain.DoorFields;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.SignOnSettings;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.net.FieldRules;
import java.time.Duration;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The control plane's answer about one user at one application, read.
///
/// @param keep how long it holds; zero: for the requests that wait for it
record SignOnAnswer(SignOnDesk.Outcome outcome, Duration keep) {
    private static final Logger LOG = LoggerFactory.getLogger(SignOnAnswer.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int KEEP_MAX_SECONDS = 3600;

    /// Anything that is not understood is a fault of ours, and refuses.
    static SignOnAnswer read(ControlAnswer answer, SignOnSettings settings, ClientFacts client) {
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (answer.status() == 200) {
                int seconds = Math.clamp(json.path("validSeconds").asInt(0), 0, KEEP_MAX_SECONDS);
                return new SignOnAnswer(
                        new SignOnDesk.Outcome.Known(fields(json, settings)), Duration.ofSeconds(seconds));
            }
            Cause cause = Cause.of(json.path("cause").asString("")).orElse(Cause.INTERNAL);
            LOG.warn(
                    "user cannot be signed on: exchange={} reason={} detail={}",
                    client.exchangeId(),
                    cause.reason(),
                    json.path("detail").asString(""));
            return SignOnDesk.refused(cause);
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.error(
                    "control plane's answer about a sign-on is not understood: exchange={} status={}",
                    client.exchangeId(),
                    answer.status());
            return SignOnDesk.refused(Cause.INTERNAL);
        }
    }

    private static OnwardFields fields(JsonNode json, SignOnSettings settings) {
        var toBackend = new ArrayList<OnwardFields.Field>();
        json.path("fields")
                .forEach(field -> toBackend.add(new OnwardFields.Field(
                        name(field.path("name").asString("")),
                        value(field.path("value").asString("")),
                        field.path("path").asString("/"))));
        var toConnector = new ArrayList<OnwardFields.Pair>();
        json.path("tunnel").properties().forEach(entry -> {
            if (!entry.getKey().startsWith(DoorFields.PREFIX)) {
                throw new IllegalArgumentException("not a field for a connector");
            }
            toConnector.add(new OnwardFields.Pair(
                    name(entry.getKey()), value(entry.getValue().asString(""))));
        });
        return new OnwardFields(settings.reservedFields(), toBackend, toConnector);
    }

    private static AsciiString name(String text) {
        AsciiString name = AsciiString.of(text).toLowerCase();
        if (!FieldRules.isName(name) || FieldRules.isHopByHop(name)) {
            throw new IllegalArgumentException("not a field name");
        }
        return name;
    }

    private static AsciiString value(String text) {
        AsciiString value = AsciiString.of(text);
        if (!text.chars().allMatch(c -> c >= ' ' && c < 127) || !FieldRules.isValue(value)) {
            throw new IllegalArgumentException("not a field value");
        }
        return value;
    }
}
