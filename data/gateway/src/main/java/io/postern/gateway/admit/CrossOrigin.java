package io.postern.gateway.admit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.CorsPolicy;
import io.postern.domain.publish.CorsRule;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a request of a page of another origin meets (1.7, and the CORS protocol of the Fetch standard). Where rules
/// govern the path, they are the only word on it: preflights are answered here, without sign-in and without the
/// backend, and the backend's own permissions are replaced. Elsewhere nothing is done.
public final class CrossOrigin {
    private final Optional<String> origin;
    private final List<CorsRule> governing;

    private CrossOrigin(Optional<String> origin, List<CorsRule> governing) {
        this.origin = origin;
        this.governing = governing;
    }

    /// To be asked before the request's fields are changed.
    public static CrossOrigin of(RequestHead head, Route.Published route) {
        List<CorsRule> rules = route.place().corsRules();
        return rules.isEmpty()
                ? new CrossOrigin(Optional.empty(), rules)
                : new CrossOrigin(origin(head), CorsPolicy.governing(rules, pathWithin(head.target(), route)));
    }

    private static Optional<String> origin(RequestHead head) {
        List<CharSequence> origins = head.fields().getAll(HttpHeaderNames.ORIGIN);
        return origins.size() == 1 ? Optional.of(origins.getFirst().toString()) : Optional.empty();
    }

    private static String pathWithin(String target, Route.Published route) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        int folder = route.application().externalUrl().path().length() - 1;
        return path.length() <= folder ? "/" : path.substring(folder);
    }

    /// A browser's question before the request itself; it never carries credentials (PRE-4).
    static boolean isPreflight(RequestHead head) {
        return head.method().equals("OPTIONS")
                && head.fields().contains(HttpHeaderNames.ORIGIN)
                && head.fields().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /// Rules decide here.
    boolean isGoverned() {
        return !governing.isEmpty();
    }

    /// Named by a rule, so that it may act in a session of this user.
    boolean isTrusted() {
        return origin.filter(o -> governing.stream().anyMatch(rule -> CorsPolicy.names(rule, o)))
                .isPresent();
    }

    /// 204 with what the rules permit, or 403.
    Answer preflight(RequestHead head) {
        Http2Headers asked = head.fields();
        List<String> headers = asked.getAll(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS).stream()
                .flatMap(value -> Arrays.stream(value.toString().split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        String method =
                asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD, "").toString();
        Optional<CorsRule> rule = origin.flatMap(o -> CorsPolicy.permitting(governing, o, method, headers));
        if (rule.isEmpty()) {
            return blocked();
        }
        Http2Headers fields = new DefaultHttp2Headers()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, method)
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_MAX_AGE,
                        Integer.toString(rule.get().maxAgeSeconds()));
        if (!headers.isEmpty()) {
            fields.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, String.join(", ", headers));
        }
        permit(fields);
        fields.set(HttpHeaderNames.VARY, "origin, access-control-request-method, access-control-request-headers");
        return new Answer(204, fields, "", "preflight", Optional.empty());
    }

    /// PRE-4: nobody has said that pages of other origins may come here.
    static Answer blocked() {
        Http2Headers fields = new DefaultHttp2Headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.VARY, "origin");
        return new Answer(
                403,
                fields,
                "No CORS rule of this application permits this request.\n",
                "preflight_blocked",
                Optional.of(Cause.FOREIGN_ORIGIN));
    }

    /// An answer's fields, in place: the backend's, or of our own answer to the same request.
    public void outward(Http2Headers fields) {
        if (!isGoverned()) {
            return;
        }
        fields.remove(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN);
        fields.remove(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS);
        fields.add(HttpHeaderNames.VARY, "origin");
        origin.flatMap(o -> CorsPolicy.permitting(governing, o)).ifPresent(rule -> permit(fields));
    }

    private void permit(Http2Headers fields) {
        if (isTrusted()) {
            fields.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin.orElseThrow())
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        } else {
            fields.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        }
    }
}
