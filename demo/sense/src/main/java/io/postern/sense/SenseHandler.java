package io.postern.sense;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection. Finds the endpoint for each request and runs it; request bodies are digested as they
/// come and never kept. A pipelined request waits, unread, until the answer before it is done.
final class SenseHandler extends ChannelInboundHandlerAdapter {
    private static final int SLOW_SECONDS_MAX = 600;

    private static final int FORM_BYTES_MAX = 8 * 1024;

    private final Engine engine;
    private final LoginPages logins;
    private final AllowList allowList;
    private final boolean csrf;
    private final ByteArrayOutputStream form = new ByteArrayOutputStream();
    private @Nullable HttpRequest request;
    private BodyDigest body = new BodyDigest();
    private long readPauseMillis;
    private @Nullable ScheduledFuture<?> ticking;

    SenseHandler(Engine engine, LoginPages logins, AllowList allowList, boolean csrf) {
        this.engine = engine;
        this.logins = logins;
        this.allowList = allowList;
        this.csrf = csrf;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest head) {
                begin(ctx, head);
            }
            if (message instanceof HttpContent content && request != null) {
                consume(ctx, content.content());
                if (message instanceof LastHttpContent) {
                    HttpRequest complete = request;
                    request = null;
                    answer(ctx, complete);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        if (!head.decoderResult().isSuccess()) {
            Answers.text(ctx, head, HttpResponseStatus.BAD_REQUEST, "text/plain", "not an HTTP request\n");
            ctx.close();
            return;
        }
        var target = new QueryStringDecoder(head.uri());
        if (EngineSocket.isUpgrade(head) && EngineSocket.isEnginePath(target.path())) {
            upgrade(ctx, head, target);
            return;
        }
        form.reset();
        request = head;
        body = new BodyDigest();
        readPauseMillis = number(target, "pause", 0, 10_000);
        if (HttpUtil.is100ContinueExpected(head)) {
            ctx.writeAndFlush(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /// Refused for pages of strangers, and without the session's token where one is asked for; a request without
    /// session is let in only to hear where the login is.
    private void upgrade(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target) {
        Optional<Logins.Session> session = logins.session(head);
        String origin = Objects.requireNonNullElse(head.headers().get(HttpHeaderNames.ORIGIN), "");
        String own = Objects.requireNonNullElse(head.headers().get(HttpHeaderNames.HOST), "");
        boolean forged =
                csrf && session.isPresent() && !session.get().csrf().equals(text(target, "qlik-csrf-token", ""));
        if (!allowList.allows(origin, own) || forged) {
            Answers.text(
                    ctx,
                    head,
                    HttpResponseStatus.FORBIDDEN,
                    "text/plain",
                    forged ? "no qlik-csrf-token of this session\n" : "origin is not in the host allow list\n");
            return;
        }
        EngineSocket.open(
                ctx,
                head,
                engine,
                session.map(s -> EngineSocket.Visitor.of(s.user()))
                        .orElseGet(() -> EngineSocket.Visitor.unknown(logins.loginUri(head, "/hub"))));
    }

    /// `?pause=MS` makes the backend read slowly: it stops reading for that long after each piece.
    private void consume(ChannelHandlerContext ctx, ByteBuf piece) {
        int from = piece.readerIndex();
        if (form.size() + piece.readableBytes() <= FORM_BYTES_MAX) {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.getBytes(from, bytes);
            form.writeBytes(bytes);
        }
        body.add(piece);
        if (readPauseMillis > 0 && piece.isReadable()) {
            ctx.channel().config().setAutoRead(false);
            ctx.executor()
                    .schedule(() -> ctx.channel().config().setAutoRead(true), readPauseMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest head) {
        var target = new QueryStringDecoder(head.uri());
        String path = target.path();
        if (LoginPages.isLogin(path)) {
            logins.login(ctx, head, target, form.toString(StandardCharsets.UTF_8));
            return;
        }
        if (logins.answers(ctx, head, target)) {
            return;
        }
        Optional<WebFile> file = WebFile.find(path);
        if (file.isPresent()) {
            Answers.bytes(
                    ctx,
                    head,
                    HttpResponseStatus.OK,
                    file.get().contentType(),
                    file.get().bytes());
        } else if (path.startsWith("/sense/app/")) {
            WebFile page = WebFile.find("/app.html").orElseThrow();
            Answers.bytes(ctx, head, HttpResponseStatus.OK, page.contentType(), page.bytes());
        } else if (path.startsWith("/api/") || path.startsWith("/qrs/") || path.startsWith("/qps/")) {
            api(ctx, head, target);
        } else if (path.startsWith("/status/")) {
            status(ctx, head, path);
        } else {
            other(ctx, head, target);
        }
    }

    private void other(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target) {
        switch (target.path()) {
            case "/" -> redirect(ctx, head, "/hub");
            case "/redirect" -> redirect(ctx, head, text(target, "to", "/hub"));
            case "/upload" -> Answers.json(ctx, head, HttpResponseStatus.OK, body.summary());
            case "/events" -> events(ctx, head);
            case "/trickle" ->
                trickle(ctx, head, (int) number(target, "chunks", 5, 1_000), number(target, "every", 200, 60_000));
            case "/slow" ->
                later(
                        ctx,
                        number(target, "seconds", 1, SLOW_SECONDS_MAX) * 1_000,
                        () -> Answers.text(ctx, head, HttpResponseStatus.OK, "text/plain", "worth the wait\n"));
            case "/cookie" -> cookie(ctx, head, target);
            case "/early-hints" -> Answers.earlyHints(ctx, head);
            case "/trailers" -> Answers.trailers(ctx, head);
            case "/hang-up" -> ctx.close();
            default -> {
                if (target.path().startsWith("/tempcontent/")) {
                    download(ctx, head, target);
                } else {
                    Answers.text(ctx, head, HttpResponseStatus.NOT_FOUND, "text/plain", "no such page in the demo\n");
                }
            }
        }
    }

    private void api(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target) {
        switch (target.path()) {
            case "/api/echo" -> Answers.json(ctx, head, HttpResponseStatus.OK, echo(ctx, head));
            case "/api/hub/about", "/api/about/v1/about" ->
                Answers.json(ctx, head, HttpResponseStatus.OK, engine.about());
            case "/api/hub/v1/apps" -> Answers.json(ctx, head, HttpResponseStatus.OK, engine.apps());
            case "/qrs/about" -> qrs(ctx, head, target);
            case "/qps/user" -> user(ctx, head);
            case "/qps/csrftoken" ->
                Answers.empty(
                        ctx,
                        head,
                        HttpResponseStatus.NO_CONTENT,
                        "qlik-csrf-token",
                        logins.session(head).map(Logins.Session::csrf).orElse(""));
            default -> Answers.json(ctx, head, HttpResponseStatus.NOT_FOUND, Map.of("error", "not in the demo"));
        }
    }

    private void user(ChannelHandlerContext ctx, HttpRequest head) {
        if (head.method().equals(HttpMethod.DELETE)) {
            logins.logout(head);
            Answers.empty(ctx, head, HttpResponseStatus.NO_CONTENT, "Cache-Control", "no-store");
            return;
        }
        String user = logins.session(head).map(Logins.Session::user).orElse("");
        Answers.json(ctx, head, HttpResponseStatus.OK, Map.of("userDirectory", "DEMO", "userId", user));
    }

    /// Every repository call carries the same key in the query and in a field.
    private static void qrs(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target) {
        String key = text(target, "xrfkey", "");
        if (!key.matches("[0-9A-Za-z]{16}") || !key.equals(head.headers().get("X-Qlik-Xrfkey"))) {
            Answers.json(
                    ctx,
                    head,
                    HttpResponseStatus.FORBIDDEN,
                    Map.of("error", "Xrfkey missing or not the same in query and field"));
            return;
        }
        Answers.json(ctx, head, HttpResponseStatus.OK, Map.of("buildVersion", "demo", "nodeType", 1));
    }

    private Map<String, Object> echo(ChannelHandlerContext ctx, HttpRequest head) {
        var fields = new LinkedHashMap<String, List<String>>();
        for (String name : head.headers().names()) {
            fields.put(name, head.headers().getAll(name));
        }
        var result = new LinkedHashMap<String, Object>();
        result.put("node", engine.nodeName());
        result.put("method", head.method().name());
        result.put("target", head.uri());
        result.put("connection", ctx.channel().id().asShortText());
        result.put("fields", fields);
        result.put(
                "cookies",
                ServerCookieDecoder.LAX
                        .decode(String.join("; ", head.headers().getAll(HttpHeaderNames.COOKIE)))
                        .stream()
                        .map(c -> c.name())
                        .sorted()
                        .toList());
        result.put("body", body.summary());
        return result;
    }

    private static void cookie(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target) {
        String name = text(target, "name", "demo");
        Answers.empty(
                ctx,
                head,
                HttpResponseStatus.NO_CONTENT,
                "Set-Cookie",
                name + "=" + text(target, "value", "1") + text(target, "attributes", "; Path=/"));
    }

    private static void redirect(ChannelHandlerContext ctx, HttpRequest head, String to) {
        if (to.chars().anyMatch(c -> c < ' ' || c > '~')) {
            Answers.text(ctx, head, HttpResponseStatus.BAD_REQUEST, "text/plain", "'to' is not a URL\n");
            return;
        }
        Answers.empty(ctx, head, HttpResponseStatus.FOUND, "Location", to);
    }

    private static void status(ChannelHandlerContext ctx, HttpRequest head, String path) {
        String code = path.substring("/status/".length());
        if (!code.matches("[2-5][0-9][0-9]")) {
            Answers.text(ctx, head, HttpResponseStatus.BAD_REQUEST, "text/plain", "use /status/200 to /status/599\n");
            return;
        }
        Answers.text(
                ctx,
                head,
                HttpResponseStatus.valueOf(Integer.parseInt(code)),
                "text/plain",
                "status " + code + " from the backend\n");
    }

    private static void download(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target) {
        long size = number(target, "size", 1 << 20, Long.MAX_VALUE / 2);
        long from = 0;
        long to = size;
        var status = HttpResponseStatus.OK;
        String range = head.headers().get(HttpHeaderNames.RANGE);
        if (range != null && range.matches("bytes=[0-9]{1,15}-[0-9]{0,15}")) {
            int dash = range.indexOf('-');
            from = Long.parseLong(range.substring(6, dash));
            to = dash + 1 < range.length() ? Math.min(size, Long.parseLong(range.substring(dash + 1)) + 1) : size;
            if (from >= to) {
                Answers.empty(
                        ctx,
                        head,
                        HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                        "Content-Range",
                        "bytes */" + size);
                return;
            }
            status = HttpResponseStatus.PARTIAL_CONTENT;
        }
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
        response.headers().set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
        if (status.equals(HttpResponseStatus.PARTIAL_CONTENT)) {
            response.headers().set(HttpHeaderNames.CONTENT_RANGE, "bytes " + from + "-" + (to - 1) + "/" + size);
        }
        if (text(target, "chunked", "").isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, to - from);
        } else {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        ctx.write(response);
        if (head.method().equals(HttpMethod.HEAD)) {
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            ctx.writeAndFlush(new HttpChunkedInput(new PatternBytes(from, to)));
        }
    }

    /// Server-sent events: the engine's totals, once a second, until the client goes away.
    private void events(ChannelHandlerContext ctx, HttpRequest head) {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        ctx.writeAndFlush(response);
        if (head.method().equals(HttpMethod.HEAD)) {
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        ticking = ctx.executor()
                .scheduleAtFixedRate(
                        () -> {
                            if (ctx.channel().isWritable()) {
                                String event = "event: totals\ndata: " + Answers.toJson(engine.totals()) + "\n\n";
                                ctx.writeAndFlush(new DefaultHttpContent(Answers.utf8(event)));
                            }
                        },
                        0,
                        1_000,
                        TimeUnit.MILLISECONDS);
    }

    /// A page that comes in pieces: each must be seen at once, not when the last has come.
    private static void trickle(ChannelHandlerContext ctx, HttpRequest head, int chunks, long everyMillis) {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");
        response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        ctx.writeAndFlush(response);
        if (head.method().equals(HttpMethod.HEAD)) {
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        for (int i = 1; i <= chunks; i++) {
            boolean last = i == chunks;
            String piece = "<p>piece " + i + " of " + chunks + "</p>\n";
            later(
                    ctx,
                    everyMillis * (i - 1),
                    () -> ctx.writeAndFlush(
                            last
                                    ? new DefaultLastHttpContent(Answers.utf8(piece))
                                    : new DefaultHttpContent(Answers.utf8(piece))));
        }
    }

    private static void later(ChannelHandlerContext ctx, long millis, Runnable work) {
        ctx.executor().schedule(work, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ticking != null) {
            ticking.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private static String text(QueryStringDecoder target, String name, String fallback) {
        var values = target.parameters().get(name);
        return values == null ? fallback : values.getFirst();
    }

    private static long number(QueryStringDecoder target, String name, long fallback, long max) {
        String value = text(target, name, "");
        return value.matches("[0-9]{1,15}") ? Math.min(max, Long.parseLong(value)) : fallback;
    }
}
