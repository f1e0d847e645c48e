package io.postern.connector.serve;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an answer's head must be beyond what the codec checks (RFC 9112 §4, §6.3).
final class ResponseRules {
    private static final Pattern TIMEOUT = Pattern.compile("(?i)(?:^|[,;\\s])timeout\\s*=\\s*\"?([0-9]{1,6})");

    private ResponseRules() {}

    /// Why the head cannot be used; empty when it can.
    static Optional<String> faultOf(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            return Optional.of(String.valueOf(response.decoderResult().cause().getMessage()));
        }
        if (response.protocolVersion().majorVersion() != 1
                || !response.protocolVersion().protocolName().equals("HTTP")) {
            return Optional.of("it is " + response.protocolVersion() + ", not HTTP/1");
        }
        int status = response.status().code();
        if (status < 100 || status > 999) {
            return Optional.of("status " + status + " has not three digits");
        }
        HttpHeaders fields = response.headers();
        List<String> codings = fields.getAll("transfer-encoding");
        if (!codings.isEmpty()
                && (codings.size() > 1 || !codings.getFirst().strip().equalsIgnoreCase("chunked"))) {
            return Optional.of("transfer coding " + codings + " is not understood");
        }
        return Optional.empty();
    }

    /// `Keep-Alive: timeout=5` of the backend, one second less for the way; never over a minute.
    static Optional<Duration> keepAliveHint(HttpResponse response) {
        String hint = response.headers().get("keep-alive");
        Matcher timeout = hint == null ? null : TIMEOUT.matcher(hint);
        if (timeout == null || !timeout.find()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.clamp(Long.parseLong(timeout.group(1)) - 1, 0, 60)));
    }
}
