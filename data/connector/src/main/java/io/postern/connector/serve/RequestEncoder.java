package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.util.CharsetUtil;

/// Writes requests whose target goes out byte for byte as the client sent it, also where it is no ASCII.
final class RequestEncoder extends HttpRequestEncoder {
    @Override
    protected void encodeInitialLine(ByteBuf buf, HttpRequest request) {
        ByteBufUtil.copy(request.method().asciiName(), buf);
        buf.writeByte(' ');
        buf.writeCharSequence(request.uri(), CharsetUtil.ISO_8859_1);
        buf.writeCharSequence(" HTTP/1.1\r\n", CharsetUtil.US_ASCII);
    }
}
