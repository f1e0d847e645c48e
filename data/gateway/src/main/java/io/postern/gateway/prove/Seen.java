package io.postern.gateway.prove;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.gateway.probe.HeadExchange.Ending;
import io.postern.tunnel.TunnelProtocol;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What came back of an errand.
///
/// @param status of the answer; 0 for none
/// @param failure the connector's own word, where it made the answer
/// @param fault why there is no answer; else empty
/// @param late there was none in time, which may be the backend's manner
record Seen(int status, Optional<String> failure, String fault, boolean late) {
    private static final int SERVER_ERROR = 500;

    static Seen of(Ending ending) {
        return switch (ending) {
            case Ending.Answer(Http2Headers head) ->
                new Seen(
                        status(head.status()),
                        Optional.ofNullable(head.get(TunnelProtocol.FAILURE)).map(CharSequence::toString),
                        "",
                        false);
            case Ending.NotOpened(String why) -> nothing("the tunnel takes no stream (" + why + ")");
            case Ending.Reset(long code) -> nothing("the connector ended the stream with code " + code);
            case Ending.Malformed(String why) -> nothing("the answer is malformed (" + why + ")");
            case Ending.Silent(var patience) ->
                new Seen(0, Optional.empty(), "no answer within " + patience.toSeconds() + " s", true);
            case Ending.Lost() -> nothing("the stream ended without an answer");
        };
    }

    private static Seen nothing(String fault) {
        return new Seen(0, Optional.empty(), fault, false);
    }

    boolean isGood() {
        return fault.isEmpty() && failure.isEmpty() && status < SERVER_ERROR;
    }

    String text() {
        return !fault.isEmpty() ? fault : failure.map(f -> status + " " + f).orElse(Integer.toString(status));
    }

    private static int status(@Nullable CharSequence text) {
        try {
            return Integer.parseInt(String.valueOf(text));
        } catch (NumberFormatException e) {
            return 999; // no connector says so
        }
    }
}
