package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the user of one exchange is signed in at its backend, and whether the backend takes it: at most two
/// sendings, each with a proof of its own. Confined to the stream's event loop.
final class ExchangeSignOn implements SignOn.Waiter {
    /// The exchange that waits for it.
    interface Exchange {
        /// It has not ended meanwhile.
        boolean isWaiting();

        /// The head has what it takes.
        ///
        /// @param user for logs
        /// @param own the backend as this user's alone, where connections may remember him
        void onSignedOn(String user, Optional<BackendSettings> own);

        void onRefused(TunnelFailure failure, String why);
    }

    private final SignOn way;
    private final BackendRequest request;
    private final EventLoop loop;
    private final Exchange exchange;
    private SignOn.Call call;
    private @Nullable SignedOn shown; // in this sending
    private @Nullable SignedOn taken; // whose answer passes
    private @Nullable KeptBody kept; // while this sending may not be the last

    private ExchangeSignOn(SignOn way, SignOn.Call call, BackendRequest request, EventLoop loop, Exchange exchange) {
        this.way = way;
        this.call = call;
        this.request = request;
        this.loop = loop;
        this.exchange = exchange;
    }

    /// @param wanted value of `postern-sign-on`
    /// @return empty where this connector has no such way
    /// @throws IllegalArgumentException when the value is malformed
    static Optional<ExchangeSignOn> of(
            SignOns.Wanted wanted,
            SignOns ways,
            String exchangeId,
            BackendSettings backend,
            BackendRequest request,
            EventLoop loop,
            Exchange exchange) {
        var call = new SignOn.Call(exchangeId, backend, wanted.parameters(), 1);
        return ways.way(wanted.way()).map(way -> new ExchangeSignOn(way, call, request, loop, exchange));
    }

    /// The exchange is told, perhaps before this returns.
    void prepare() {
        way.prepare(call, loop, this);
    }

    @Override
    public void onSignedOn(SignedOn made) {
        if (exchange.isWaiting()) { // else it was given up meanwhile
            shown = made;
            kept = request.upgrade().isPresent() || call.attempt() > 1 ? null : new KeptBody();
            made.addTo(request.fields());
            exchange.onSignedOn(
                    made.user(),
                    made.bindsConnection() ? Optional.of(call.backend().as(made.user())) : Optional.empty());
        }
    }

    @Override
    public void onRefused(TunnelFailure failure, String why) {
        if (exchange.isWaiting()) {
            exchange.onRefused(failure, why);
        }
    }

    /// Call before the part of the body goes out.
    void onBodyPart(Http2StreamFrame part) {
        if (kept != null) {
            kept.add(part);
        }
    }

    /// What the backend says of the user's proof. After [SignedOn.Verdict.Again] [#prepareAgain] is to follow.
    ///
    /// @param backend its name, for logs
    SignedOn.Verdict onAnswer(Http2Headers head, String backend) {
        SignedOn said = shown;
        if (said == null) {
            return SignedOn.Verdict.PASS;
        }
        SignedOn.Verdict verdict = said.onAnswer(head);
        if (verdict instanceof SignedOn.Verdict.Again && mayGoAgain()) {
            return verdict;
        }
        shown = null;
        dropBody();
        return switch (verdict) {
            case SignedOn.Verdict.Pass _ -> {
                taken = said;
                yield verdict;
            }
            case SignedOn.Verdict.Refused _ -> verdict;
            case SignedOn.Verdict.Again _ ->
                "401".contentEquals(head.status())
                        ? new SignedOn.Verdict.Refused(
                                TunnelFailure.SIGN_ON_REFUSED,
                                backend + " answered 401 to the user's proof, and the request cannot be repeated")
                        : SignedOn.Verdict.PASS;
        };
    }

    private boolean mayGoAgain() {
        return call.attempt() == 1 && (request.upgrade().isPresent() || (kept != null && kept.isWhole()));
    }

    /// @param held parts of the body that have not gone out; gets those that have
    void prepareAgain(ArrayDeque<Http2StreamFrame> held) {
        if (kept != null) {
            kept.moveTo(held);
            kept = null;
        }
        if (shown != null) {
            shown.takeFrom(request.fields());
            shown = null;
        }
        call = call.again();
        prepare();
    }

    /// A piece of the answer that passes.
    void onAnswerBody(ByteBuf piece) {
        if (taken != null) {
            taken.onBody(piece);
        }
    }

    /// The exchange is over.
    void end() {
        dropBody();
        if (shown != null) {
            shown.onLost();
            shown = null;
        }
    }

    private void dropBody() {
        if (kept != null) {
            kept.drop();
            kept = null;
        }
    }
}
