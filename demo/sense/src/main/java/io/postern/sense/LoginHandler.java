package io.postern.sense;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One connection to the login port of an old release, which has nothing else.
final class LoginHandler extends ChannelInboundHandlerAdapter {
    private static final int FORM_BYTES_MAX = 8 * 1024;

    private final LoginPages logins;
    private final ByteArrayOutputStream form = new ByteArrayOutputStream();
    private @Nullable HttpRequest request;

    LoginHandler(LoginPages logins) {
        this.logins = logins;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest head) {
                request = head;
                form.reset();
            }
            if (message instanceof HttpContent content && request != null) {
                byte[] bytes = new byte[content.content().readableBytes()];
                content.content().getBytes(content.content().readerIndex(), bytes);
                if (form.size() + bytes.length <= FORM_BYTES_MAX) {
                    form.writeBytes(bytes);
                }
                if (message instanceof LastHttpContent) {
                    answer(ctx, request);
                    request = null;
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest head) {
        var target = new QueryStringDecoder(head.uri());
        if (LoginPages.isLogin(target.path())) {
            logins.login(ctx, head, target, form.toString(StandardCharsets.UTF_8));
        } else {
            Answers.text(ctx, head, HttpResponseStatus.NOT_FOUND, "text/plain", "only the login is here\n");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
