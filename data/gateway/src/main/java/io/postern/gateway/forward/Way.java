package io.postern.gateway.forward;

import io.netty.util.concurrent.Future;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.Cause;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.util.Optional;

/// How an exchange finds its upstream, one attempt after the other.
interface Way {
    /// An upstream that is being opened; its listener is the one given.
    ///
    /// @param connector whose tunnel it is; empty for the control plane
    record Attempt(Future<FrameStream> stream, Optional<ConnectorId> connector) {}

    /// Empty when there is nobody (more) to ask.
    Optional<Attempt> next(FrameListener listener);

    /// The last attempt's answer has begun.
    ///
    /// @param withBody after a body, which came as fast as its client sent it
    default void onAnswered(boolean withBody) {}

    /// The last attempt came to nothing where another upstream might do better.
    default void onRefused() {}

    /// The last attempt is of no interest any more. Called in the end, whatever was called before.
    default void onOver() {}

    /// Nobody was there, or nobody took it.
    Cause nobody();

    /// The upstream went away in the middle.
    Cause lost();
}
