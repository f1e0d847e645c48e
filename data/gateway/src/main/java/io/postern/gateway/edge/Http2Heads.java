package io.postern.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.postern.domain.event.Cause;
import io.postern.gateway.exchange.RequestHead;
import io.postern.net.FieldRules;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// First handler of an HTTP/2 stream of the edge: makes a [RequestHead] of the first HEADERS frame and
/// refuses what RFC 9113 §8.2 and §8.3 call malformed, whatever the codec has let through. Body and
/// trailers pass as frames. Confined to the stream's loop.
final class Http2Heads extends ChannelInboundHandlerAdapter {
    private static final int FIELDS_MAX = 256;

    /// RFC 9113 §8.2.2.
    private static final Set<String> CONNECTION_FIELDS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private boolean headSeen;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Http2HeadersFrame frame)) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            if (headSeen) {
                checkTrailers(frame);
                ctx.fireChannelRead(frame);
            } else {
                headSeen = true;
                ctx.fireChannelRead(head(frame.headers(), frame.isEndStream()));
            }
        } catch (Malformed fault) {
            ctx.fireChannelRead(fault);
        }
    }

    private static void checkTrailers(Http2HeadersFrame frame) {
        if (!frame.isEndStream()) {
            throw new Malformed("fields in the middle of a body");
        }
        for (Map.Entry<CharSequence, CharSequence> field : frame.headers()) {
            checkField(field.getKey(), field.getValue());
        }
    }

    private static RequestHead head(Http2Headers all, boolean end) {
        String method = one(all, PseudoHeaderName.METHOD);
        String scheme = one(all, PseudoHeaderName.SCHEME);
        String target = one(all, PseudoHeaderName.PATH);
        boolean webSocket = isWebSocket(all, method, end);
        if (!HeadRules.isToken(method)) {
            throw new Malformed("method is no token");
        }
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new Malformed("scheme is not http");
        }
        if (!HeadRules.isTarget(target) || (target.charAt(0) != '/' && !isServerWide(method, target))) {
            throw new Malformed("path is no origin form");
        }
        Http2Headers fields = fields(all);
        String authority = authority(all, fields);
        fields.remove(HttpHeaderNames.HOST);
        FieldRules.removeHopByHop(fields);
        return new RequestHead(method, authority, target, fields, webSocket, !end && !webSocket);
    }

    private static boolean isServerWide(String method, String target) {
        return target.equals("*") && method.equals("OPTIONS");
    }

    private static String one(Http2Headers all, PseudoHeaderName name) {
        List<CharSequence> values = all.getAll(name.value());
        if (values.size() != 1) {
            throw new Malformed(name.value() + " does not stand there exactly once");
        }
        return values.getFirst().toString();
    }

    /// RFC 8441 §4; any other CONNECT asks for a proxy that we are not.
    private static boolean isWebSocket(Http2Headers all, String method, boolean end) {
        List<CharSequence> protocols = all.getAll(PseudoHeaderName.PROTOCOL.value());
        if (!method.equals("CONNECT")) {
            if (!protocols.isEmpty()) {
                throw new Malformed(":protocol without CONNECT");
            }
            return false;
        }
        if (protocols.isEmpty()) {
            throw new Malformed(Cause.METHOD_NOT_ALLOWED, "CONNECT");
        }
        if (protocols.size() > 1 || !"websocket".contentEquals(protocols.getFirst())) {
            throw new Malformed(Cause.NOT_IMPLEMENTED, "extended CONNECT that is no WebSocket");
        }
        if (end || !"13".contentEquals(all.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""))) {
            throw new Malformed("WebSocket version is not 13, or the stream is ended");
        }
        return true;
    }

    /// RFC 9113 §8.3.1: what Host says is what :authority says.
    private static String authority(Http2Headers all, Http2Headers fields) {
        List<CharSequence> authorities = all.getAll(PseudoHeaderName.AUTHORITY.value());
        List<CharSequence> hosts = fields.getAll(HttpHeaderNames.HOST);
        if (authorities.size() > 1 || hosts.size() > 1 || authorities.size() + hosts.size() == 0) {
            throw new Malformed("authority does not stand there exactly once");
        }
        String authority =
                (authorities.isEmpty() ? hosts : authorities).getFirst().toString();
        if (!HeadRules.isAuthority(authority)) {
            throw new Malformed("authority is malformed");
        }
        if (!hosts.isEmpty() && !hosts.getFirst().toString().equalsIgnoreCase(authority)) {
            throw new Malformed("Host disagrees with :authority");
        }
        return authority;
    }

    private static Http2Headers fields(Http2Headers all) {
        Http2Headers fields = new DefaultHttp2Headers(false, 32);
        int count = 0;
        for (Map.Entry<CharSequence, CharSequence> field : all) {
            if (FieldRules.isPseudo(field.getKey())) {
                continue;
            }
            if (++count > FIELDS_MAX) {
                throw new Malformed(Cause.LARGE_HEAD, "more than " + FIELDS_MAX + " fields");
            }
            checkField(field.getKey(), field.getValue());
            fields.add(field.getKey(), field.getValue());
        }
        List<CharSequence> lengths = fields.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (!lengths.isEmpty()) {
            HeadBuilder.length(lengths);
        }
        List<CharSequence> crumbs = fields.getAll(HttpHeaderNames.COOKIE);
        if (crumbs.size() > 1) {
            fields.set(HttpHeaderNames.COOKIE, String.join("; ", crumbs)); // RFC 9113 §8.2.3
        }
        return fields;
    }

    private static void checkField(CharSequence name, CharSequence value) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!HeadRules.isTokenByte(c) || c > 127 || (c >= 'A' && c <= 'Z')) {
                throw new Malformed("field name is not lower case"); // pseudo-fields out of place end here too
            }
        }
        if (name.isEmpty() || !FieldRules.isValue(value)) {
            throw new Malformed("field is malformed");
        }
        if (CONNECTION_FIELDS.contains(name.toString())
                || (HttpHeaderNames.TE.contentEquals(name) && !"trailers".contentEquals(value))) {
            throw new Malformed("field of HTTP/1.1 connections");
        }
    }
}
