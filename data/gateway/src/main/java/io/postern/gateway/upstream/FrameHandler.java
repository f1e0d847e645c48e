package io.postern.gateway.upstream;

import io.netty.channel.ChannelInboundHandlerAdapter;

/// The end of an upstream's pipeline: is given the answer as HTTP/2 frames, on the upstream's loop. A
/// reset arrives as a user event, the end of the connection as `channelInactive`. One per attempt.
public abstract class FrameHandler extends ChannelInboundHandlerAdapter {}
