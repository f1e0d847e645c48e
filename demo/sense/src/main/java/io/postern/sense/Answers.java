package io.postern.sense;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.ObjectMapper;

/// Writes answers. Each call completes the exchange; the connection stays open unless the client asked
/// otherwise.
final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static String toJson(Object value) {
        return JSON.writeValueAsString(value);
    }

    static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    static void json(ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status, Object value) {
        text(ctx, request, status, "application/json", toJson(value));
    }

    static void text(
            ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status, String type, String text) {
        bytes(ctx, request, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    static void bytes(
            ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status, String type, byte[] bytes) {
        boolean bare = request.method().equals(HttpMethod.HEAD) || status.code() == 304 || status.code() == 204;
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, bare ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        if (status.code() != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        }
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        send(ctx, request, response);
    }

    static void empty(
            ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status, String field, String value) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        if (status.code() != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
        response.headers().set(field, value);
        send(ctx, request, response);
    }

    /// RFC 8297: an informational answer before the final one.
    static void earlyHints(ChannelHandlerContext ctx, HttpRequest request) {
        var hints = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS);
        hints.headers().set("Link", "</sense.css>; rel=preload; as=style");
        ctx.write(hints);
        text(ctx, request, HttpResponseStatus.OK, "text/plain", "hinted\n");
    }

    /// RFC 9110 §6.5: a field after the content.
    static void trailers(ChannelHandlerContext ctx, HttpRequest request) {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        response.headers().set(HttpHeaderNames.TRAILER, "X-Digest");
        ctx.write(response);
        ctx.write(new DefaultHttpContent(utf8("with a trailer\n")));
        var last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        last.trailingHeaders().set("X-Digest", "demo");
        ctx.writeAndFlush(last);
    }

    private static void send(ChannelHandlerContext ctx, HttpRequest request, DefaultFullHttpResponse response) {
        if (HttpUtil.isKeepAlive(request)) {
            ctx.writeAndFlush(response);
        } else {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
