package io.postern.connector.form;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.serve.SignedOn;
import io.postern.tunnel.TunnelFailure;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One request with the cookies of a session.
final class Shown implements SignedOn {
    private final LoginSession session;
    private final int attempt;
    private final InstantSource clock;
    private boolean changesNothing;
    private Optional<PassingPage> page = Optional.empty();

    Shown(LoginSession session, int attempt, InstantSource clock) {
        this.session = session;
        this.attempt = attempt;
        this.clock = clock;
    }

    @Override
    public void addTo(Http2Headers head) {
        changesNothing = "GET".contentEquals(head.method()) || "HEAD".contentEquals(head.method());
        CharSequence path = head.path();
        String own = session.cookies().field(path == null ? "/" : path.toString());
        String cookies = Stream.concat(
                        head.getAll(HttpHeaderNames.COOKIE).stream()
                                .flatMap(field -> Stream.of(field.toString().split(";")))
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
            return (isEnding || "403".contentEquals(head.status())) ? doubted() : Verdict.PASS;
        }
        session.becomeStale();
        if (attempt == 1) {
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
        return PageAddress.of(session.settings().page())
                .isAt(location.toString().replaceFirst("^[A-Za-z]+://[^/?#]*", ""));
    }
}
