package io.postern.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.helidon.http.BadRequestException;
import io.helidon.http.HeaderNames;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.token.KeyRing;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renders pages. Templates are compiled with our sources and escape what they print. Thread-safe.
public final class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), "io.postern.web.view");
    private final Assets assets = new Assets();
    private final KeptPage kept;
    private final Csrf csrf;
    private final Clock clock;

    public Pages(KeyRing ring, Clock clock) {
        this.kept = new KeptPage(ring, clock);
        this.csrf = new Csrf(ring, clock);
        this.clock = clock;
    }

    /// In the language of the request that is being answered.
    public Texts texts() {
        return Languages.now();
    }

    /// For forms of these pages.
    public Csrf csrf() {
        return csrf;
    }

    private static boolean scripted(View view) {
        return view.submitsItself() || view.asksPasskey() || view.findsAsTyped();
    }

    /// As an answer to the request of this thread; without a request, without a form for the language.
    String html(View view) {
        return html(view, Optional.empty());
    }

    private String html(View view, Optional<LanguageForm> languages) {
        var output = new StringOutput(8192);
        String title = view.failed() ? texts().of("title.failed", view.title(texts())) : view.title(texts());
        var frame = new Frame(title, texts(), assets, scripted(view), view.branding(), languages);
        engine.render(view.template(), Map.of("frame", frame, "page", view), output);
        return output.toString();
    }

    public void send(ServerResponse response, int status, View view) {
        byte[] body = html(view, languageForm(response, status, view)).getBytes(StandardCharsets.UTF_8);
        response.status(Status.create(status))
                .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .header(
                        SecurityFields.CONTENT_SECURITY_POLICY,
                        SecurityFields.pagePolicy(view.formTargets(), scripted(view), view.branding())
                                + SecurityFields.framePolicy(view.frameSources()))
                .send(body);
    }

    private Optional<LanguageForm> languageForm(ServerResponse response, int status, View view) {
        return switch (view.languageSwitch()) {
            case HERE -> Optional.of(LanguageForm.HERE);
            case KEPT ->
                Languages.request()
                        .flatMap(request -> kept.seal(request, response, status, view))
                        .map(page -> new LanguageForm(LanguageForm.PATH, page));
            case NONE -> Optional.empty();
        };
    }

    /// A page for what went wrong, with the exchange id and the time that support asks for.
    ///
    /// @param code for example `AADSTS50011`; empty where there is none
    public MessagePage fault(ServerRequest request, String heading, String text, String code) {
        return MessagePage.fault(
                heading,
                text,
                code,
                RequestFacts.of(request).correlation(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /// Security fields, assets, and pages for what no handler took or a handler threw. Call it once for
    /// each host that shows pages, before its own routes.
    public void mount(HttpRouting.Builder host) {
        host.addFilter(new SecurityFields());
        host.addFilter(new Languages());
        assets.mount(host);
        host.post(LanguageForm.PATH, this::changeLanguage);
        host.get(LanguageForm.PATH, Pages::back); // whoever reloads it after the browser's restart
        host.error(
                BadRequest.class,
                (request, response, fault) -> send(
                        response,
                        fault.status(),
                        fault(request, texts().of("fault.badRequest.heading"), fault.getMessage() + ".", "")));
        host.error(
                BadRequestException.class,
                (request, response, _) -> send(
                        response,
                        400,
                        fault(
                                request,
                                texts().of("fault.badRequest.heading"),
                                texts().of("fault.badRequest.text"),
                                "")));
        host.error(NotFoundException.class, (request, response, _) -> notFound(request, response));
        host.error(Throwable.class, (request, response, fault) -> {
            LOG.error(
                    "request failed exchange={} path={}",
                    RequestFacts.of(request).exchange(),
                    request.path().rawPath(),
                    fault);
            send(response, 500, fault(request, texts().of("fault.ours.heading"), texts().of("fault.ours.text"), ""));
        });
    }

    private void changeLanguage(ServerRequest request, ServerResponse response) {
        Parameters form = Bodies.form(request);
        Languages.choose(request, response, form, () -> {
            Optional<KeptPage.Again> again = Csrf.isFromOurselves(request)
                    ? form.one("page").flatMap(page -> kept.open(request, response, page))
                    : Optional.empty();
            again.ifPresentOrElse(page -> send(response, page.status(), page.view()), () -> back(request, response));
        });
    }

    /// To the page that the form stood on; its own word for that counts only as a path on this host.
    private static void back(ServerRequest request, ServerResponse response) {
        String origin = RequestFacts.of(request).origin() + "/";
        String path = request.headers()
                .first(HeaderNames.REFERER)
                .filter(page -> origin.length() > 1 && page.startsWith(origin))
                .map(page -> page.substring(origin.length()))
                .filter(page -> !page.startsWith("/") && !page.startsWith("\\"))
                .orElse("");
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, "/" + path)
                .send();
    }

    public void notFound(ServerRequest request, ServerResponse response) {
        send(
                response,
                404,
                fault(request, texts().of("fault.notFound.heading"), texts().of("fault.notFound.text"), ""));
    }
}
