package io.postern.tunnel;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.net.SocketAddress;
import java.time.Duration;

/// A tunnel as the gateway sees it: a connection that a connector dialled and on which streams can be
/// opened. Every method may be called from any thread; futures complete on [#eventLoop()].
public interface Tunnel {
    /// Unique in this process, for logs.
    String id();

    /// The loop on which connection and streams live; forwarding from the same loop needs no hand-over.
    EventLoop eventLoop();

    String connectorId();

    /// SHA-256 of the certificate that the connector proved, lower-case hex.
    String certificate();

    String group();

    /// Number of the event loop, as told to the connector.
    int lane();

    /// What the connector said of itself.
    HelloAnswer connector();

    /// Where the connector dialled from, as seen here.
    SocketAddress remoteAddress();

    /// New streams may be opened: not draining, not closed, not full.
    boolean isOpen();

    /// The connector has acknowledged a list that holds this backend.
    boolean serves(String backendId);

    int openStreams();

    /// Nearly as many streams are open as the connector takes: other connectors should be asked first.
    boolean isTight();

    /// The connector owes an answer to a PING, or took too long for the last one. It may be dead, so others
    /// should be asked first; whether it is shows within seconds.
    boolean isSuspect();

    /// Opens a stream. The first thing to write is the request's `Http2HeadersFrame`; the stream's id is taken
    /// then.
    ///
    /// @return fails when the tunnel is draining, full or gone; then nothing was sent, and another tunnel
    ///     may be tried. Called on [#eventLoop()] it is complete on return
    Future<FrameStream> openStream(FrameListener listener);

    /// Asks the connector how it is.
    ///
    /// @return fails when it does not answer in time, not in our words, or does not know the question; the
    ///     tunnel is used on all the same
    Future<ConnectorStatus> status();

    /// Opens no more streams, lets the open ones finish, then closes; what is open after `grace` is cut.
    /// A second call changes nothing.
    ///
    /// @return done when closed
    Future<TunnelEnd> drain(Duration grace);

    /// Cuts the connection now. A second call changes nothing.
    void close(TunnelEnd why);

    /// Done when the connection is gone; never fails.
    Future<TunnelEnd> closed();
}
