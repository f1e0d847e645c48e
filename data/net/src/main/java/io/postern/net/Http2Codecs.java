package io.postern.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Installs HTTP/2 into a pipeline behind TLS, in the four shapes that we speak. Call on the channel's
/// loop, after the TLS handshake (a codec added earlier on the dialling side hangs).
///
/// Every limit is set here by name: the builder's defaults differ between client and server, and once a
/// connection object is handed to it the builder believes itself a server.
public final class Http2Codecs {
    /// Kerberos tickets and piles of cookies exceed the usual 8 KiB.
    public static final int EDGE_HEADER_LIST_MAX = 64 * 1024;

    /// The edge's limit plus everything that we may add.
    public static final int TUNNEL_HEADER_LIST_MAX = 128 * 1024;

    /// 16 KiB: SETTINGS_MAX_FRAME_SIZE default, RFC 9113 §6.5.2. Larger frames only help a hostile client.
    private static final int EDGE_FRAME_MAX = 16 * 1024;

    /// Fewer frames per body: measured as 10 to 20 % less CPU.
    private static final int TUNNEL_FRAME_MAX = 64 * 1024;

    /// What nginx and browsers are used to.
    private static final int EDGE_STREAMS_MAX = 128;

    /// Reset floods (CVE-2023-44487 and its MadeYouReset sibling): per 30 s, in both directions.
    private static final int RESETS_MAX = 200;

    private static final int RESETS_SECONDS = 30;

    /// Of a backend, per 30 s. An honest one resets for each upload that it refuses, of all its users.
    private static final int BACKEND_RESETS_MAX = 2_000;

    /// Of a backend. Some end each flush of a script by one.
    private static final int BACKEND_EMPTY_FRAMES_MAX = 100;

    /// Empty DATA frames in a row, and CONTINUATION frames that carry next to nothing.
    private static final int EMPTY_FRAMES_MAX = 2;

    private static final int SMALL_CONTINUATIONS_MAX = 16;

    /// Of a tunnel's HPACK tables: the fields that stay the same for some hundred users.
    private static final int TUNNEL_HEADER_TABLE = 16 * 1024;

    /// What is never put into the tables of a tunnel, which all users share. Secrets, since who sees the
    /// length of other people's requests could guess at them (RFC 7541 §7.1); and our fields with another
    /// value each time, which would only push out the rest.
    private static final Set<AsciiString> NEVER_INDEXED = Set.of(
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.COOKIE,
            HttpHeaderNames.SET_COOKIE,
            AsciiString.cached("postern-exchange"),
            AsciiString.cached("postern-timing"));

    /// PING and SETTINGS answers that a client may make us queue without reading them.
    private static final int CONTROL_FRAMES_QUEUED_MAX = 1_000;

    /// Flushes that are gathered into one write while the loop is still reading.
    private static final int FLUSHES_GATHERED = 64;

    private Http2Codecs() {}

    /// The public edge, server end: strict validation, flood guards on, extended CONNECT (RFC 8441)
    /// offered. Streams come with automatic reading off.
    ///
    /// The connection's window refills on receipt, so an upload that stalls does not stop the others of the
    /// same browser; what a client makes us hold is bounded by its streams' windows.
    ///
    /// @param stream added to each stream's pipeline; sharable
    public static void installEdge(ChannelPipeline pipeline, WindowBudget budget, ChannelHandler stream) {
        Http2Settings settings = Http2Settings.defaultSettings()
                .initialWindowSize(WindowSizes.EDGE.start())
                .maxFrameSize(EDGE_FRAME_MAX)
                .maxHeaderListSize(EDGE_HEADER_LIST_MAX)
                .maxConcurrentStreams(EDGE_STREAMS_MAX)
                .connectProtocolEnabled(true);
        var connection = new DefaultHttp2Connection(true);
        connection.local().flowController(new RefilledFlowController(connection));
        Http2FrameCodec codec = new OwnCodecBuilder(connection)
                .initialSettings(settings)
                .validateHeaders(true)
                .decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES_MAX)
                .decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS_MAX)
                .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES_QUEUED_MAX)
                .build();
        pipeline.addLast(new FlushConsolidationHandler(FLUSHES_GATHERED, true));
        pipeline.addLast(codec);
        pipeline.addLast(new WindowTuner(budget, WindowSizes.EDGE));
        pipeline.addLast(new Http2MultiplexHandler(new QuietStream(stream)));
    }

    /// The gateway's end of a tunnel: HTTP/2 client.
    ///
    /// @param streams behind the codec, where frames of all streams arrive
    public static Http2FrameCodec installTunnelClient(
            ChannelPipeline pipeline, WindowBudget budget, ChannelHandler streams) {
        Http2FrameCodec codec = tunnel(false, Http2Settings.defaultSettings().pushEnabled(false));
        install(pipeline, codec, new WindowTuner(budget, WindowSizes.TUNNEL), streams);
        return codec;
    }

    /// The connector's end of a tunnel: HTTP/2 server.
    ///
    /// @param streamsMax open at once
    /// @param streams behind the codec, where frames of all streams arrive
    public static Http2FrameCodec installTunnelServer(
            ChannelPipeline pipeline, WindowBudget budget, int streamsMax, ChannelHandler streams) {
        Http2FrameCodec codec = tunnel(
                true,
                Http2Settings.defaultSettings().maxConcurrentStreams(streamsMax).connectProtocolEnabled(true));
        install(pipeline, codec, new WindowTuner(budget, WindowSizes.TUNNEL), streams);
        return codec;
    }

    /// The connector's end of a connection to a backend: HTTP/2 client. The backend may push nothing and open no
    /// stream. What it makes us queue or reset is bounded; our own resets are not, since a browser that aborts
    /// many requests is no attack by us. Fields of all users share the connection, so secrets are not indexed.
    ///
    /// @param streams behind the codec, where frames of all streams arrive
    public static Http2FrameCodec installBackendClient(
            ChannelPipeline pipeline, WindowBudget budget, ChannelHandler streams) {
        Http2FrameCodec codec = shared(false, Http2Settings.defaultSettings().pushEnabled(false), WindowSizes.BACKEND)
                .decoderEnforceMaxRstFramesPerWindow(BACKEND_RESETS_MAX, RESETS_SECONDS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(BACKEND_EMPTY_FRAMES_MAX)
                .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES_QUEUED_MAX)
                .build();
        install(pipeline, codec, new WindowTuner(budget, WindowSizes.BACKEND), streams);
        return codec;
    }

    private static void install(
            ChannelPipeline pipeline, Http2FrameCodec codec, WindowTuner tuner, ChannelHandler streams) {
        pipeline.addLast(new FlushConsolidationHandler(FLUSHES_GATHERED, true));
        pipeline.addLast(codec);
        pipeline.addLast(tuner);
        pipeline.addLast(streams);
    }

    /// Guards are off: both ends are ours, and a browser that aborts many requests is no attack by the
    /// gateway (500 aborts cost 15 tunnels with the guard on).
    private static Http2FrameCodec tunnel(boolean server, Http2Settings settings) {
        return shared(server, settings.headerTableSize(TUNNEL_HEADER_TABLE), WindowSizes.TUNNEL)
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(0)
                .build();
    }

    /// A connection that all users share. Its window refills on receipt, so a stream that nobody reads stops
    /// itself and not its neighbours; streams share the wire in turn.
    private static Http2FrameCodecBuilder shared(boolean server, Http2Settings settings, WindowSizes sizes) {
        var connection = new DefaultHttp2Connection(server, 0);
        connection.local().flowController(new RefilledFlowController(connection));
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        settings.initialWindowSize(sizes.start())
                .maxFrameSize(TUNNEL_FRAME_MAX)
                .maxHeaderListSize(TUNNEL_HEADER_LIST_MAX);
        return new OwnCodecBuilder(connection)
                .initialSettings(settings)
                .validateHeaders(true)
                .headerSensitivityDetector((name, value) -> NEVER_INDEXED.contains(AsciiString.of(name)))
                .encoderEnforceMaxRstFramesPerWindow(0, 0)
                .decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS_MAX)
                .gracefulShutdownTimeoutMillis(Duration.ZERO.toMillis())
                .decoupleCloseAndGoAway(true);
    }

    /// Opens the builder's way to hand in a connection with our flow controllers.
    private static final class OwnCodecBuilder extends Http2FrameCodecBuilder {
        OwnCodecBuilder(Http2Connection connection) {
            connection(connection);
        }
    }

    /// Its connection window is refilled on receipt. And it bears the frame that only ends a stream whose window
    /// has become negative by a SETTINGS frame: the peer may send that one at any time (RFC 9113 §6.9), and the
    /// base class takes it for a transgression.
    private static final class RefilledFlowController extends DefaultHttp2LocalFlowController {
        RefilledFlowController(Http2Connection connection) {
            super(connection, DEFAULT_WINDOW_UPDATE_RATIO, true);
        }

        @Override
        public void receiveFlowControlledFrame(
                @Nullable Http2Stream stream, ByteBuf data, int padding, boolean endOfStream) throws Http2Exception {
            boolean takesNoWindow = padding == 0 && !data.isReadable();
            if (!takesNoWindow || stream == null || windowSize(stream) >= 0) {
                super.receiveFlowControlledFrame(stream, data, padding, endOfStream);
            }
        }
    }
}
