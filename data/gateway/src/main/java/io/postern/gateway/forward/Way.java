package io.postern.gateway.forward;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.Future;
import io.postern.domain.ConnectorId;
import io.postern.gateway.page.ErrorKind;
import java.util.Optional;

/// How an exchange finds its upstream, one attempt after the other.
interface Way {
    /// An upstream that is being opened; its pipeline ends with the handler given.
    ///
    /// @param connector whose tunnel it is; empty for the control plane
    record Attempt(Future<? extends Channel> channel, Optional<ConnectorId> connector) {}

    /// Empty when there is nobody (more) to ask.
    Optional<Attempt> next(ChannelHandler handler);

    /// What the client is told when nobody was there.
    ErrorKind nobody();
}
