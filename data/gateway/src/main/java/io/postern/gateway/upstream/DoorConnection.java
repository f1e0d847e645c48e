package io.postern.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FieldRules;
import java.util.function.Consumer;

/// A connection to a door of the control plane: HTTP/2 frames on our side, HTTP/1.1 on the wire. One
/// exchange at a time; when both halves have ended it offers itself for the next. Confined to its loop.
final class DoorConnection extends ChannelDuplexHandler {
    private final Consumer<Channel> whenFree;
    private boolean requestHeadSent;
    private boolean requestEnded;
    private boolean answerEnded;
    private boolean interim; // the codec closes an informational head with an empty last content
    private boolean reusable;

    /// @param whenFree given the channel, its last handler still the one of the exchange that ended
    DoorConnection(Consumer<Channel> whenFree) {
        this.whenFree = whenFree;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        switch (message) {
            case Http2HeadersFrame frame -> {
                if (requestHeadSent) {
                    writeTrailers(ctx, frame, promise);
                } else {
                    writeHead(ctx, frame, promise);
                }
            }
            case Http2DataFrame data -> writeData(ctx, data, promise);
            default -> {
                ReferenceCountUtil.release(message);
                promise.setFailure(new IllegalArgumentException("no frame of an exchange: " + message));
            }
        }
    }

    private void writeHead(ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise) {
        requestHeadSent = true;
        requestEnded = frame.isEndStream();
        answerEnded = false;
        ctx.write(head(frame.headers(), frame.isEndStream()), promise);
        if (requestEnded) {
            ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void writeData(ChannelHandlerContext ctx, Http2DataFrame data, ChannelPromise promise) {
        requestEnded = data.isEndStream();
        ctx.write(
                requestEnded ? new DefaultLastHttpContent(data.content()) : new DefaultHttpContent(data.content()),
                promise);
        freeIfEnded(ctx);
    }

    private void writeTrailers(ChannelHandlerContext ctx, Http2HeadersFrame trailers, ChannelPromise promise) {
        var last = new DefaultLastHttpContent();
        FieldRules.toHttp1(trailers.headers(), last.trailingHeaders());
        requestEnded = true;
        ctx.write(last, promise);
        freeIfEnded(ctx);
    }

    private static HttpRequest head(Http2Headers from, boolean end) {
        HttpMethod method = HttpMethod.valueOf(from.method().toString());
        var request =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, from.path().toString());
        FieldRules.toHttp1(from, request.headers());
        request.headers().set(HttpHeaderNames.HOST, from.authority());
        if (!end && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            request.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return request;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpResponse response) {
            if (response.decoderResult().isFailure()) {
                ctx.close();
                return;
            }
            int status = response.status().code();
            interim = status < 200;
            reusable = HttpUtil.isKeepAlive(response);
            Http2Headers fields = FieldRules.toHttp2(response.headers());
            fields.status(response.status().codeAsText());
            ctx.fireChannelRead(new DefaultHttp2HeadersFrame(fields, false));
        } else if (message instanceof HttpContent content) {
            onContent(ctx, content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onContent(ChannelHandlerContext ctx, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            ctx.close();
            return;
        }
        if (!(content instanceof LastHttpContent last)) {
            ctx.fireChannelRead(new DefaultHttp2DataFrame(content.content(), false));
            return;
        }
        if (interim) {
            interim = false;
            last.release();
            return;
        }
        answerEnded = true;
        if (last.trailingHeaders().isEmpty()) {
            ctx.fireChannelRead(new DefaultHttp2DataFrame(last.content(), true));
        } else {
            if (last.content().isReadable()) {
                ctx.fireChannelRead(new DefaultHttp2DataFrame(last.content(), false));
            } else {
                last.release();
            }
            ctx.fireChannelRead(new DefaultHttp2HeadersFrame(FieldRules.lowerCase(last.trailingHeaders()), true));
        }
        freeIfEnded(ctx);
    }

    private void freeIfEnded(ChannelHandlerContext ctx) {
        if (!answerEnded || !requestEnded) {
            return;
        }
        requestHeadSent = false;
        if (reusable && ctx.channel().isActive()) {
            whenFree.accept(ctx.channel());
        } else {
            ctx.close();
        }
    }
}
