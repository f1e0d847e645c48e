package io.postern.connector.form;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.serve.SignedOn;
import io.postern.tunnel.TunnelFailure;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One request with the cookies of a session.
final class Shown implements SignedOn {
    private final LoginSession session;
    private final int attempt;
    private final InstantSource clock;
    private boolean changesNothing;
    private String path = "/";
    private Set<String> hosts = Set.of(); // by which the application is reached, with their ports
    private List<String> clients = List.of(); // the cookies that came with the request
    private Optional<PassingPage> page = Optional.empty();

    Shown(LoginSession session, int attempt, InstantSource clock) {
        this.session = session;
        this.attempt = attempt;
        this.clock = clock;
    }

    @Override
    public void addTo(Http2Headers head) {
        changesNothing = "GET".contentEquals(head.method()) || "HEAD".contentEquals(head.method());
        path = head.path() == null ? "/" : head.path().toString();
        hosts = Stream.of(head.authority(), head.get(HttpHeaderNames.HOST), head.get("x-forwarded-host"))
                .flatMap(Stream::ofNullable)
                .map(host -> host.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        clients = head.getAll(HttpHeaderNames.COOKIE).stream()
                .map(CharSequence::toString)
                .toList();
        String own = session.cookies().field(path);
        String cookies = Stream.concat(
                        clients.stream()
                                .flatMap(field -> Stream.of(field.split(";")))
                                .map(String::strip)
                                .filter(pair ->
                                        !pair.isEmpty() && !session.cookies().has(name(pair))),
                        Stream.of(own).filter(field -> !field.isEmpty()))
                .collect(Collectors.joining("; "));
        head.remove(HttpHeaderNames.COOKIE);
        if (!cookies.isEmpty()) {
            head.set(HttpHeaderNames.COOKIE, cookies);
        }
    }

    /// Names that the next session does not have must not stay from this one.
    @Override
    public void takeFrom(Http2Headers head) {
        head.remove(HttpHeaderNames.COOKIE);
        clients.forEach(field -> head.add(HttpHeaderNames.COOKIE, field));
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return (equals < 0 ? pair : pair.substring(0, equals)).strip();
    }

    @Override
    public Verdict onAnswer(Http2Headers head) {
        boolean isEnding = keepCookies(head);
        boolean isRefusal = "401".contentEquals(head.status());
        if (!isRefusal && !leadsToForm(head)) {
            page = PassingPage.of(head, session.fields());
            if (isEnding || "403".contentEquals(head.status())) {
                return doubted();
            }
            session.isTaken();
            return Verdict.PASS;
        }
        if (!isRefusal && Logout.isMeant(path, session.settings())) {
            session.isSignedOut();
            return Verdict.PASS;
        }
        session.suspect();
        if (attempt == 1 && (isRefusal || changesNothing)) {
            return Verdict.AGAIN;
        }
        return isRefusal
                ? new Verdict.Refused(
                        TunnelFailure.SIGN_ON_REFUSED,
                        "the application answers 401 though the user was signed in through its form just before")
                : Verdict.PASS;
    }

    /// The form in the place of a page: it has gone out, so the next request finds out.
    @Override
    public void onBody(ByteBuf piece) {
        if (page.filter(p -> p.showsForm(piece)).isPresent()) {
            page = Optional.empty();
            session.isNotTaken();
            session.doubt(clock.instant());
        }
    }

    /// Many applications show their form in the place of any page, with status 200 or 403. What may have changed
    /// something is not sent again for that; the next request finds out.
    private Verdict doubted() {
        return session.doubt(clock.instant()) && attempt == 1 && changesNothing ? Verdict.AGAIN : Verdict.PASS;
    }

    /// Cookies of the sign-in stay here, whatever becomes of them; others are the browser's.
    ///
    /// @return whether the application ends one of them
    private boolean keepCookies(Http2Headers head) {
        List<String> all = head.getAll(HttpHeaderNames.SET_COOKIE).stream()
                .map(CharSequence::toString)
                .toList();
        List<String> own =
                all.stream().filter(text -> session.cookies().has(name(text))).toList();
        if (own.isEmpty()) {
            return false;
        }
        boolean isEnding = session.cookies().areEndedBy(own);
        head.remove(HttpHeaderNames.SET_COOKIE);
        all.stream().filter(text -> !own.contains(text)).forEach(text -> head.add(HttpHeaderNames.SET_COOKIE, text));
        session.cookies().take(own, "/");
        return isEnding;
    }

    private boolean leadsToForm(Http2Headers head) {
        CharSequence location = head.get(HttpHeaderNames.LOCATION);
        if (location == null || head.status().charAt(0) != '3') {
            return false;
        }
        String link = location.toString();
        boolean isWhole = link.matches("(?s)([A-Za-z][A-Za-z0-9+.-]*:)?//.*");
        if (isWhole && !isOwn(PageAddress.host(link))) {
            return false;
        }
        String inside = isWhole ? link.replaceFirst("^[^/]*//[^/?#]*/?", "/") : link;
        return LoginForm.path(path, inside)
                .or(() -> Optional.of(inside).filter(raw -> raw.startsWith("/"))) // a stray percent sign
                .filter(PageAddress.of(session.settings().page())::isAt)
                .isPresent();
    }

    private boolean isOwn(String origin) {
        String host = origin.replaceFirst("^[^/]*//", "").toLowerCase(Locale.ROOT);
        return hosts.contains(host) || session.isBackend(host);
    }
}
