package io.postern.sense;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// One engine session: the part of the JSON-RPC dialect that the demo and common clients use. Pushes a
/// change of the chart object once a second after it was opened.
final class EngineSocket extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final int MESSAGE_BYTES_MAX = 16 << 20;
    private static final int DOC = 1;
    private static final int CHART = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Engine engine;
    private final Visitor visitor;
    private final String appId;
    private final String origin;
    private boolean ticking;

    /// Who opens it.
    ///
    /// @param loginUri where to sign in; empty for somebody who is
    record Visitor(String user, String loginUri) {
        static Visitor of(String user) {
            return new Visitor(user, "");
        }

        static Visitor unknown(String loginUri) {
            return new Visitor("", loginUri);
        }
    }

    private EngineSocket(Engine engine, Visitor visitor, String appId, String origin) {
        this.engine = engine;
        this.visitor = visitor;
        this.appId = appId;
        this.origin = origin;
    }

    static boolean isUpgrade(HttpRequest request) {
        return request.headers().containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
                && "websocket".equalsIgnoreCase(request.headers().get(HttpHeaderNames.UPGRADE));
    }

    static boolean isEnginePath(String path) {
        return path.startsWith("/app/") || path.equals("/app") || path.startsWith("/dataprepservice/app/");
    }

    /// Answers the upgrade with 101 and a session cookie, as a client may expect on that answer.
    static void open(ChannelHandlerContext ctx, HttpRequest request, Engine engine, Visitor visitor) {
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory("", null, true, MESSAGE_BYTES_MAX).newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(ctx.channel());
            return;
        }
        String[] path = request.uri().split("[/?]");
        String app = path.length > 2 ? path[2] : "engineData";
        String origin = Objects.requireNonNullElse(request.headers().get(HttpHeaderNames.ORIGIN), "");
        var fields = new DefaultHttpHeaders().add(HttpHeaderNames.SET_COOKIE, "X-Demo-Session=ws; Path=/; HttpOnly");
        var full = new DefaultFullHttpRequest(
                request.protocolVersion(),
                request.method(),
                request.uri(),
                Unpooled.EMPTY_BUFFER,
                request.headers(),
                new DefaultHttpHeaders());
        handshaker.handshake(ctx.channel(), full, fields, ctx.newPromise()).addListener(done -> {
            if (!done.isSuccess()) {
                ctx.close();
                return;
            }
            var session = new EngineSocket(engine, visitor, app, origin);
            ctx.pipeline()
                    .addLast(new WebSocketFrameAggregator(MESSAGE_BYTES_MAX))
                    .addLast(session);
            var self = ctx.pipeline().context(session);
            ctx.pipeline().remove(SenseHandler.class);
            session.greet(self);
        });
    }

    /// Whoever has no session gets in too, only to hear where the login is.
    private void greet(ChannelHandlerContext ctx) {
        if (!visitor.loginUri().isEmpty()) {
            notify(
                    ctx,
                    "OnAuthenticationInformation",
                    Map.of("loginUri", visitor.loginUri(), "mustAuthenticate", true));
            ctx.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(f -> ctx.close());
            return;
        }
        notify(
                ctx,
                "OnAuthenticationInformation",
                Map.of("userId", visitor.user(), "userDirectory", "DEMO", "logoutUri", "", "mustAuthenticate", false));
        notify(ctx, "OnConnected", Map.of("qSessionState", "SESSION_CREATED"));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> onText(ctx, text.text());
            case BinaryWebSocketFrame binary -> ctx.writeAndFlush(binary.retain());
            case PingWebSocketFrame ping ->
                ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame close -> ctx.writeAndFlush(close.retain()).addListener(f -> ctx.close());
            default -> {}
        }
    }

    private void onText(ChannelHandlerContext ctx, String text) {
        JsonNode call;
        try {
            call = JSON.readTree(text);
        } catch (JacksonException e) {
            send(ctx, Map.of("jsonrpc", "2.0", "error", Map.of("code", -32700, "message", "Parse error")));
            return;
        }
        JsonNode id = call.path("id");
        String method = call.path("method").asString("");
        JsonNode parameters = call.path("params");
        switch (method) {
            case "EngineVersion" -> result(ctx, id, Map.of("qVersion", Map.of("qComponentVersion", "1.0-demo")));
            case "ProductVersion" -> result(ctx, id, Map.of("qReturn", "1.0-demo"));
            case "GetDocList" -> result(ctx, id, Map.of("qDocList", engine.apps()));
            case "OpenDoc", "GetActiveDoc" -> result(ctx, id, handle("Doc", DOC, appId));
            case "GetAppLayout" ->
                result(ctx, id, Map.of("qLayout", Map.of("qTitle", "Sense demo", "qFileName", appId)));
            case "CreateSessionObject", "GetObject" -> {
                result(ctx, id, handle("GenericObject", CHART, "live"));
                tick(ctx);
            }
            case "GetLayout" ->
                result(ctx, id, Map.of("qLayout", engine.layout(appId, System.currentTimeMillis() / 1_000)));
            case "DemoOrigin" -> result(ctx, id, Map.of("origin", origin, "node", engine.nodeName()));
            case "DemoBigAnswer" ->
                result(
                        ctx,
                        id,
                        Map.of(
                                "filler",
                                "x".repeat(Math.clamp(parameters.path(0).asInt(1024), 0, 64 << 20))));
            case "DemoSlow" ->
                ctx.executor()
                        .schedule(
                                () -> result(
                                        ctx,
                                        id,
                                        Map.of("slept", parameters.path(0).asInt(0))),
                                Math.clamp(parameters.path(0).asInt(0), 0, 600_000),
                                TimeUnit.MILLISECONDS);
            case "DemoClose" ->
                ctx.writeAndFlush(new CloseWebSocketFrame(
                                parameters.path(0).asInt(1000),
                                parameters.path(1).asString("asked to")))
                        .addListener(f -> ctx.close());
            case "DemoKill" -> ctx.close();
            default ->
                send(
                        ctx,
                        answer(
                                id,
                                "error",
                                Map.of("code", -32601, "parameter", method, "message", "Method not found")));
        }
    }

    private void tick(ChannelHandlerContext ctx) {
        if (ticking) {
            return;
        }
        ticking = true;
        var ticks = ctx.executor()
                .scheduleAtFixedRate(
                        () -> {
                            if (ctx.channel().isWritable()) {
                                send(
                                        ctx,
                                        Map.of(
                                                "jsonrpc",
                                                "2.0",
                                                "method",
                                                "OnChange",
                                                "params",
                                                Map.of(),
                                                "change",
                                                List.of(CHART)));
                            }
                        },
                        1_000,
                        1_000,
                        TimeUnit.MILLISECONDS);
        ctx.channel().closeFuture().addListener(f -> ticks.cancel(false));
    }

    private static Map<String, Object> handle(String type, int handle, String genericId) {
        return Map.of("qReturn", Map.of("qType", type, "qHandle", handle, "qGenericId", genericId));
    }

    private static void notify(ChannelHandlerContext ctx, String method, Map<String, Object> parameters) {
        send(ctx, Map.of("jsonrpc", "2.0", "method", method, "params", parameters));
    }

    private static void result(ChannelHandlerContext ctx, JsonNode id, Map<String, Object> result) {
        send(ctx, answer(id, "result", result));
    }

    private static Map<String, @Nullable Object> answer(JsonNode id, String kind, Object value) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("jsonrpc", "2.0");
        answer.put("id", id.isMissingNode() ? null : id);
        answer.put(kind, value);
        answer.put("change", new ArrayList<>());
        return answer;
    }

    private static void send(ChannelHandlerContext ctx, Map<String, ?> message) {
        ctx.writeAndFlush(new TextWebSocketFrame(JSON.writeValueAsString(message)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
