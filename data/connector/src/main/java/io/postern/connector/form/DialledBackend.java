package io.postern.connector.form;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.postern.connector.serve.BackendCalls;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// A backend that is asked over the network. What it says about other hosts is not followed.
final class DialledBackend implements FormBackend {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final BackendCalls calls;
    private final BackendSettings backend;
    private final String host;

    /// @param host for the field `Host`, where the application is to see another than its own
    DialledBackend(BackendCalls calls, BackendSettings backend, Optional<String> host) {
        this.calls = calls;
        this.backend = backend;
        this.host = host.orElseGet(() -> BackendCalls.authority(backend));
    }

    @Override
    public FormAnswer send(FormRequest request) {
        // what the password is in: not copied, so that wiping it wipes it here too
        ByteBuf body = Unpooled.wrappedBuffer(request.body());
        var message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method()), request.path(), body);
        HttpHeaders fields = message.headers()
                .set(HttpHeaderNames.HOST, host)
                .set(HttpHeaderNames.USER_AGENT, "Mozilla/5.0 (compatible; postern-connector)")
                .set(HttpHeaderNames.ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
                .set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
        if (!request.cookies().isEmpty()) {
            fields.set(HttpHeaderNames.COOKIE, request.cookies());
        }
        request.referer().ifPresent(page -> fields.set(HttpHeaderNames.REFERER, origin() + page));
        if (!request.type().isEmpty()) {
            fields.set(HttpHeaderNames.CONTENT_TYPE, request.type())
                    .set(HttpHeaderNames.CONTENT_LENGTH, request.body().length)
                    .set(HttpHeaderNames.ORIGIN, origin());
        }
        try {
            return answer(request, calls.send(backend, message, LIMIT).join());
        } catch (CompletionException e) {
            throw LoginFault.of(e);
        }
    }

    private FormAnswer answer(FormRequest request, BackendCalls.Answer answer) {
        String location = answer.fields().get(HttpHeaderNames.LOCATION, "");
        Optional<String> inside = location.isEmpty() ? Optional.empty() : inside(request.path(), location);
        return new FormAnswer(
                request.path(),
                answer.status(),
                answer.fields().get(HttpHeaderNames.CONTENT_TYPE, ""),
                inside,
                location.isEmpty() || inside.isPresent() || answer.status() < 300 || answer.status() > 399
                        ? Optional.empty()
                        : Optional.of(PageAddress.host(location)),
                answer.fields().getAll(HttpHeaderNames.SET_COOKIE),
                answer.body());
    }

    @Override
    public boolean is(String hostAndPort) {
        return hostAndPort.equalsIgnoreCase(host) || hostAndPort.equalsIgnoreCase(BackendCalls.authority(backend));
    }

    /// Empty for another host.
    private Optional<String> inside(String at, String location) {
        for (String own : new String[] {origin(), backend.scheme() + "://" + BackendCalls.authority(backend)}) {
            boolean isOwn = location.toLowerCase(Locale.ROOT).startsWith(own.toLowerCase(Locale.ROOT))
                    && (location.length() == own.length() || "/?#".indexOf(location.charAt(own.length())) >= 0);
            if (isOwn) {
                return LoginForm.path(
                        "/", location.substring(own.length()).isEmpty() ? "/" : location.substring(own.length()));
            }
        }
        return LoginForm.path(at, location);
    }

    private String origin() {
        return backend.scheme() + "://" + host;
    }
}
