package io.postern.gateway.admit;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import java.util.Optional;

/// Tells crawlers to stay away from published hosts, before any sign-in (HDR-5). The file belongs to a host and
/// not to a folder, so it is answered as well where only a folder of the host is published.
final class Robots {
    private static final String PATH = "/robots.txt";
    private static final String TEXT = "User-agent: *\nDisallow: /\n";

    private Robots() {}

    /// Empty where the request is another, or whoever is published there has this switched off.
    static Optional<Answer> answer(RequestHead head, Route route) {
        if (!isAsked(head)) {
            return Optional.empty();
        }
        boolean ours = switch (route) {
            case Route.Published published -> answers(published.application());
            case Route.Nowhere nowhere -> nowhere.neighbours().stream().anyMatch(Robots::answers);
            case Route.Reserved reserved -> false;
            case Route.Own own -> false;
            case Route.Misdirected misdirected -> false;
            case Route.Refused refused -> false;
        };
        return ours ? Optional.of(answer()) : Optional.empty();
    }

    private static boolean isAsked(RequestHead head) {
        String target = head.target();
        boolean file =
                target.startsWith(PATH) && (target.length() == PATH.length() || target.charAt(PATH.length()) == '?');
        return file && (head.method().equals("GET") || head.method().equals("HEAD"));
    }

    private static boolean answers(PublishedApplication application) {
        return application
                .publishing()
                .map(Publishing::settings)
                .map(settings -> settings.fields().answersRobots())
                .orElse(FieldSettings.DEFAULT.answersRobots());
    }

    private static Answer answer() {
        var fields = new DefaultHttp2Headers()
                .set("content-type", "text/plain; charset=utf-8")
                .set("cache-control", "max-age=3600")
                .set("x-content-type-options", "nosniff");
        return new Answer(200, fields, TEXT, "robots", Optional.empty());
    }
}
