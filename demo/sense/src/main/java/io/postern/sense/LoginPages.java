package io.postern.sense;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.postern.base.HostPort;
import java.util.Objects;
import java.util.Optional;

/// The way in: a request without session goes to the login, on this port or on the other, and comes back with a
/// ticket that opens a session.
final class LoginPages {
    static final String COOKIE = "X-Qlik-Session-HTTP";
    private static final String WINDOWS = "/internal_windows_authentication/";
    private static final String FORMS = "/internal_forms_authentication/";
    private static final String TICKET = "qlikTicket";

    private final Logins logins;

    /// Where the site and its login listen; ports are known once they are bound.
    private final Ports ports;

    /// Ports of the site.
    record Ports(int site, int login) {}

    LoginPages(Logins logins, Ports ports) {
        this.logins = logins;
        this.ports = ports;
    }

    static boolean isLogin(String path) {
        return path.startsWith(WINDOWS) || path.startsWith(FORMS);
    }

    /// @return whether the request was answered; else it may pass
    boolean answers(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target) {
        if (logins.setup().login() == SenseSetup.Login.NONE) {
            return false;
        }
        Optional<String> ticket = parameter(target, TICKET);
        if (ticket.isPresent()) {
            Optional<String> session = logins.redeem(ticket.get());
            if (session.isPresent()) {
                enter(ctx, head, target, session.get());
                return true;
            }
        }
        if (logins.session(cookie(head)).isPresent() || isAsset(target.path())) {
            return false;
        }
        if (head.method().equals(HttpMethod.GET)) {
            Answers.empty(ctx, head, HttpResponseStatus.FOUND, "Location", loginUri(head, site(head) + head.uri()));
        } else { // only a GET begins a login
            Answers.text(ctx, head, HttpResponseStatus.FORBIDDEN, "text/plain", "no session\n");
        }
        return true;
    }

    private static void enter(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target, String session) {
        String query = target.rawQuery().replaceAll("(^|&)" + TICKET + "=[^&]*", "");
        String clean = target.rawPath() + (query.isEmpty() ? "" : "?" + query.replaceAll("^&", ""));
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FOUND);
        response.headers()
                .set(HttpHeaderNames.LOCATION, clean)
                .set(HttpHeaderNames.SET_COOKIE, COOKIE + "=" + session + "; Path=/; HttpOnly")
                .set(HttpHeaderNames.CONTENT_LENGTH, 0);
        ctx.writeAndFlush(response);
    }

    /// Absolute, as the product writes it: with the host that it was asked by, and the port of the login.
    String loginUri(HttpRequest head, String target) {
        String agent = Objects.requireNonNullElse(head.headers().get(HttpHeaderNames.USER_AGENT), "");
        String path = agent.contains(logins.setup().windowsPattern()) ? WINDOWS : FORMS;
        String place = logins.setup().login() == SenseSetup.Login.SECOND_PORT ? at(head, ports.login()) : "";
        return place + path + "?targetId=" + logins.target(target);
    }

    /// @param body of a form, empty otherwise
    void login(ChannelHandlerContext ctx, HttpRequest head, QueryStringDecoder target, String body) {
        if (target.path().startsWith(WINDOWS)) {
            Answers.empty(ctx, head, HttpResponseStatus.UNAUTHORIZED, "WWW-Authenticate", "Negotiate");
            return;
        }
        var form = new QueryStringDecoder("?" + body);
        Optional<String> id = parameter(target, "targetId").or(() -> parameter(form, "targetId"));
        String user = parameter(form, "username").orElse("");
        if (head.method().equals(HttpMethod.POST)
                && logins.knows(user, parameter(form, "pwd").orElse(""))) {
            String back = logins.target(id).orElse(site(head) + "/hub");
            Answers.empty(
                    ctx,
                    head,
                    HttpResponseStatus.FOUND,
                    "Location",
                    back + (back.contains("?") ? "&" : "?") + TICKET + "=" + logins.ticket(user));
            return;
        }
        Answers.text(
                ctx,
                head,
                HttpResponseStatus.OK,
                "text/html; charset=utf-8",
                page(
                        id.filter(known -> logins.target(Optional.of(known)).isPresent())
                                .orElse(""),
                        head.method().equals(HttpMethod.POST)));
    }

    private static String page(String targetId, boolean refused) {
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in · Sense demo</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <main><h1>Sign in</h1>%s<form method="post">
            <input type="hidden" name="targetId" value="%s">
            <p><label>User <input name="username" autofocus autocomplete="username"></label></p>
            <p><label>Password <input name="pwd" type="password" autocomplete="current-password"></label></p>
            <p><button id="loginbtn">Log in</button></p></form></main></html>
            """.formatted(refused ? "<p role=\"alert\">The user name or password is incorrect.</p>" : "", targetId);
    }

    Optional<Logins.Session> session(HttpRequest head) {
        return logins.session(cookie(head));
    }

    void logout(HttpRequest head) {
        logins.end(cookie(head));
    }

    private String site(HttpRequest head) {
        return at(head, ports.site());
    }

    private static String at(HttpRequest head, int port) {
        String host = Objects.requireNonNullElse(head.headers().get(HttpHeaderNames.HOST), "localhost");
        return "http://" + new HostPort(host.replaceAll(":[0-9]+$", ""), port);
    }

    private static boolean isAsset(String path) {
        return path.equals("/sense.css") || path.equals("/favicon.svg");
    }

    private static Optional<String> cookie(HttpRequest head) {
        return ServerCookieDecoder.LAX.decode(String.join("; ", head.headers().getAll(HttpHeaderNames.COOKIE))).stream()
                .filter(cookie -> cookie.name().equals(COOKIE))
                .map(cookie -> cookie.value())
                .findFirst();
    }

    private static Optional<String> parameter(QueryStringDecoder query, String name) {
        return Optional.ofNullable(query.parameters().get(name)).map(values -> values.getFirst());
    }
}
