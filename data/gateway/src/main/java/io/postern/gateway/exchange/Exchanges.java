package io.postern.gateway.exchange;

import io.netty.channel.ChannelHandlerContext;
import io.postern.domain.event.Cause;

/// Where the edge hands requests in. On the loop of the client's connection.
public interface Exchanges {
    /// A well-formed request has arrived; it is answered through the exchange that comes back.
    Exchange open(ChannelHandlerContext client, Connection connection, RequestHead head);

    /// A request that has no reading; answered with the page of `cause`.
    ///
    /// @param why for log and metrics
    Exchange refuse(ChannelHandlerContext client, Connection connection, RequestHead head, Cause cause, String why);
}
