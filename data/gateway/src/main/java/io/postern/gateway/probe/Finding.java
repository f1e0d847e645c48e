package io.postern.gateway.probe;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.health.Verdict;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;

/// What one stream of a probe came to.
///
/// @param connect time for name, TCP and TLS, as the connector measured it
/// @param elsewhere another tunnel of the connector may say otherwise
record Finding(Verdict verdict, OptionalInt status, Optional<Duration> connect, String detail, boolean elsewhere) {
    private static final int SERVER_ERROR = 500;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int STATUS_MAX = 999;
    private static final String CONNECT = "connect=";

    /// The tunnel, not the backend, has failed.
    static Finding tunnel(Verdict verdict, String detail) {
        return new Finding(verdict, OptionalInt.empty(), Optional.empty(), detail, true);
    }

    private static Finding silent(String detail) {
        return new Finding(Verdict.NO_ANSWER, OptionalInt.empty(), Optional.empty(), detail, false);
    }

    static Finding of(Tunnel tunnel, HeadExchange.Ending ending) {
        return switch (ending) {
            case HeadExchange.Ending.Answer(var head) -> of(head);
            case HeadExchange.Ending.NotOpened(var why) ->
                tunnel(Verdict.NOT_READY, "tunnel " + tunnel.id() + ": " + why);
            case HeadExchange.Ending.Reset(var code) ->
                code == Http2Error.REFUSED_STREAM.code()
                        ? tunnel(Verdict.NOT_READY, "the connector takes no more streams")
                        : silent("the connector ended the request with code " + code);
            case HeadExchange.Ending.Malformed(var why) -> silent("the connector's answer is malformed: " + why);
            case HeadExchange.Ending.Silent(var patience) ->
                silent("the connector said nothing for " + patience.toMillis() + " ms");
            case HeadExchange.Ending.Lost() -> tunnel(Verdict.NO_TUNNEL, "the tunnel ended during the probe");
        };
    }

    /// @param head of the answer, not an informational one
    private static Finding of(Http2Headers head) {
        CharSequence reason = head.get(TunnelProtocol.FAILURE);
        if (reason != null) {
            return failure(reason, text(head.get(TunnelProtocol.REASON)));
        }
        int status = status(head.status());
        return new Finding(
                status < SERVER_ERROR ? Verdict.OK : Verdict.BAD_STATUS,
                OptionalInt.of(status),
                connect(head.get(TunnelProtocol.TIMING)),
                "",
                false);
    }

    /// To `HEAD` some answer worse than to what users send.
    boolean isWorthAGet() {
        return switch (verdict) {
            case OK -> status.orElse(0) == METHOD_NOT_ALLOWED;
            case BAD_STATUS, BACKEND_CLOSED, PROTOCOL -> true;
            case RESOLVE, CONNECT, CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, NOT_PERMITTED -> false;
            case TLS, TLS_UNTRUSTED, TLS_EXPIRED, TLS_NAME, TLS_PIN, TLS_CLIENT_CERTIFICATE -> false;
            case BUSY, NOT_READY, NO_ANSWER, NO_TUNNEL, UNKNOWN -> false;
        };
    }

    private static Finding failure(CharSequence reason, String detail) {
        Optional<TunnelFailure> known = TunnelFailure.of(reason);
        if (known.isEmpty()) {
            return silent("the connector says '" + reason + "', which this version does not know");
        }
        Verdict verdict = switch (known.get()) {
            case UNKNOWN_BACKEND, DRAINING -> Verdict.NOT_READY;
            case NOT_PERMITTED -> Verdict.NOT_PERMITTED;
            case RESOLVE -> Verdict.RESOLVE;
            case CONNECT -> Verdict.CONNECT;
            case CONNECT_TIMEOUT -> Verdict.CONNECT_TIMEOUT;
            case TLS -> Verdict.TLS;
            case TLS_UNTRUSTED -> Verdict.TLS_UNTRUSTED;
            case TLS_EXPIRED -> Verdict.TLS_EXPIRED;
            case TLS_NAME -> Verdict.TLS_NAME;
            case TLS_PIN -> Verdict.TLS_PIN;
            case TLS_CLIENT_CERTIFICATE -> Verdict.TLS_CLIENT_CERTIFICATE;
            case FIRST_BYTE_TIMEOUT -> Verdict.FIRST_BYTE_TIMEOUT;
            case BACKEND_CLOSED -> Verdict.BACKEND_CLOSED;
            case BACKEND_PROTOCOL -> Verdict.PROTOCOL;
            case BUSY -> Verdict.BUSY;
            // a probe signs nobody on
            case SIGN_ON_USER, SIGN_ON_CONFIGURATION, SIGN_ON_UNREACHABLE, SIGN_ON_BUSY, SIGN_ON_REFUSED ->
                Verdict.UNKNOWN;
        };
        return new Finding(verdict, OptionalInt.empty(), Optional.empty(), detail, verdict == Verdict.NOT_READY);
    }

    private static int status(CharSequence text) {
        try {
            return Math.clamp(Integer.parseInt(String.valueOf(text)), 0, STATUS_MAX);
        } catch (NumberFormatException e) {
            return STATUS_MAX; // no connector says so
        }
    }

    /// `connect=<µs>,first-byte=<µs>`
    private static Optional<Duration> connect(CharSequence timing) {
        String text = text(timing);
        int end = text.indexOf(',');
        if (!text.startsWith(CONNECT) || end < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.of(Long.parseLong(text.substring(CONNECT.length(), end)), ChronoUnit.MICROS));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String text(@org.jspecify.annotations.Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }
}
