package io.postern.gateway.exchange;

import io.netty.channel.ChannelHandlerContext;
import io.postern.gateway.page.ErrorKind;

/// Where the edge hands requests in. On the loop of the client's connection.
public interface Exchanges {
    /// A well-formed request has arrived; it is answered through the exchange that comes back.
    Exchange open(ChannelHandlerContext client, Connection connection, RequestHead head);

    /// A request that has no reading; answered with the page of `kind`.
    ///
    /// @param why for log and metrics
    Exchange refuse(ChannelHandlerContext client, Connection connection, RequestHead head, ErrorKind kind, String why);
}
