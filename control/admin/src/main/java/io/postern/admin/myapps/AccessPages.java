package io.postern.admin.myapps;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.admin.service.AccessCatalogue;
import io.postern.admin.service.AccessServices;
import io.postern.base.Outcome;
import io.postern.store.AccessRequest;
import io.postern.store.User;
import io.postern.web.AccessPage;
import io.postern.web.ApprovalsPage;
import io.postern.web.AppsPage;
import io.postern.web.Bodies;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.Portal;
import io.postern.web.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/requests` and `/approvals` on the My Apps host (4.4). Each form leads back to its page, so that to
/// load it again asks for nothing twice.
final class AccessPages {
    private static final String REQUESTS = "requests";
    private static final String APPROVALS = "approvals";
    private static final Set<String> DONE = Set.of("asked", "granted", "withdrawn", "denied");

    private final PortalDesk desk;
    private final AccessServices access;
    private final Pages pages;

    AccessPages(PortalDesk desk, AccessServices access, Pages pages) {
        this.desk = desk;
        this.access = access;
        this.pages = pages;
    }

    void requests(ServerRequest request, ServerResponse response, User user) {
        requests(request, response, user, done(request, "access.done."), "");
    }

    private void requests(ServerRequest request, ServerResponse response, User user, String done, String error) {
        Texts texts = pages.texts();
        AccessCatalogue catalogue = access.catalogue();
        pages.send(
                response,
                error.isEmpty() ? 200 : 409,
                new AccessPage(
                        desk.portal(user, Portal.Tab.REQUESTS),
                        pages.csrf().token(request, response, REQUESTS),
                        catalogue.open(user.tenant(), user.id()).stream()
                                .map(item -> offer(texts, item))
                                .toList(),
                        catalogue.of(user.tenant(), user.id()).stream()
                                .map(named -> asked(texts, named))
                                .toList(),
                        done,
                        error));
    }

    void ask(ServerRequest request, ServerResponse response, User user) {
        Parameters form = Bodies.form(request);
        if (!ours(request, form, REQUESTS)) {
            requests(request, response, user, "", pages.texts().of("access.fault.page"));
            return;
        }
        Outcome<AccessRequest> outcome = form.oneOrEmpty("do").equals("withdraw")
                ? access.requests().withdraw(PortalDesk.actor(request, user), form.oneOrEmpty("request"))
                : access.requests()
                        .ask(PortalDesk.actor(request, user), form.oneOrEmpty("target"), form.oneOrEmpty("reason"));
        switch (outcome) {
            case Outcome.Done(var asked) ->
                to(
                        response,
                        "/requests?done="
                                + switch (asked.state()) {
                                    case GRANTED -> "granted";
                                    case WITHDRAWN -> "withdrawn";
                                    case PENDING, DENIED, LAPSED, ENDED -> "asked";
                                });
            case Outcome.Invalid<AccessRequest> _ -> fault(request, response, user, "access.fault.reason");
            case Outcome.Conflict<AccessRequest> _ -> fault(request, response, user, "access.fault.conflict");
            case Outcome.NotFound<AccessRequest> _, Outcome.Forbidden<AccessRequest> _ ->
                fault(request, response, user, "access.fault.gone");
        }
    }

    private void fault(ServerRequest request, ServerResponse response, User user, String key) {
        requests(request, response, user, "", pages.texts().of(key));
    }

    void approvals(ServerRequest request, ServerResponse response, User user) {
        approvals(request, response, user, done(request, "approvals.done."), "");
    }

    private void approvals(ServerRequest request, ServerResponse response, User user, String done, String error) {
        Texts texts = pages.texts();
        pages.send(
                response,
                error.isEmpty() ? 200 : 409,
                new ApprovalsPage(
                        desk.portal(user, Portal.Tab.APPROVALS),
                        pages.csrf().token(request, response, APPROVALS),
                        access.catalogue().inbox(user.tenant(), user.id()).stream()
                                .map(named -> waiting(texts, named))
                                .toList(),
                        done,
                        error));
    }

    void decide(ServerRequest request, ServerResponse response, User user) {
        Parameters form = Bodies.form(request);
        if (!ours(request, form, APPROVALS)) {
            approvals(request, response, user, "", pages.texts().of("access.fault.page"));
            return;
        }
        String what = form.oneOrEmpty("do");
        if (!what.equals("grant") && !what.equals("deny")) {
            approvals(request, response, user, "", pages.texts().of("approvals.fault.gone"));
            return;
        }
        Outcome<AccessRequest> outcome = access.requests()
                .decide(
                        PortalDesk.actor(request, user),
                        form.oneOrEmpty("request"),
                        what.equals("grant"),
                        form.oneOrEmpty("answer"));
        if (outcome instanceof Outcome.Done) {
            to(response, "/approvals?done=" + (what.equals("grant") ? "granted" : "denied"));
        } else {
            approvals(request, response, user, "", pages.texts().of("approvals.fault.gone"));
        }
    }

    private boolean ours(ServerRequest request, Parameters form, String page) {
        return form.repeated().isEmpty() && pages.csrf().accepts(request, page, form);
    }

    private static void to(ServerResponse response, String path) {
        response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, path).send();
    }

    /// What the form before did, by a word that is ours; anything else says nothing.
    private String done(ServerRequest request, String keys) {
        return Parameters.parse(request.prologue().query().rawValue())
                .one("done")
                .filter(DONE::contains)
                .filter(word -> pages.texts().has(keys + word))
                .map(word -> pages.texts().of(keys + word))
                .orElse("");
    }

    private static AccessPage.Offer offer(Texts texts, AccessCatalogue.Item item) {
        String who = texts.of(item.approval() ? "access.terms.approval" : "access.terms.atOnce");
        String terms = item.days() > 0 ? texts.of("access.terms.days", who, item.days()) : who;
        boolean group = item.application().isEmpty();
        return new AccessPage.Offer(
                item.target(),
                item.name(),
                item.description(),
                group ? texts.of("access.terms.group", terms) : terms,
                AppsPage.Tile.initial(item.name()),
                AppsPage.Tile.hue(item.name()),
                item.logo() ? item.application().map(id -> "/logos/" + id).orElse("") : "",
                group,
                item.approval());
    }

    private static AccessPage.Asked asked(Texts texts, AccessCatalogue.Named named) {
        AccessRequest request = named.request();
        String language = texts.language();
        String asked = PortalDesk.day(request.created(), language);
        String facts = request.decided()
                .map(at -> PortalDesk.day(at, language))
                .map(at -> request.decidedBy()
                        .map(by -> texts.of("access.facts.by", asked, at, by))
                        .orElseGet(() -> texts.of("access.facts.decided", asked, at)))
                .orElseGet(() -> texts.of("access.facts.asked", asked));
        String mood = switch (request.state()) {
            case PENDING -> "waiting";
            case GRANTED -> "good";
            case DENIED -> "bad";
            case WITHDRAWN, LAPSED, ENDED -> "past";
        };
        return new AccessPage.Asked(
                request.id(),
                named.name(),
                texts.of("access.state." + request.state().name().toLowerCase(Locale.ROOT)),
                mood,
                request.ends()
                        .map(end -> texts.of("access.facts.until", facts, PortalDesk.day(end, language)))
                        .orElse(facts),
                request.answer().orElse(""));
    }

    private static ApprovalsPage.Waiting waiting(Texts texts, AccessCatalogue.Named named) {
        AccessRequest request = named.request();
        Optional<User> asker = named.asker();
        List<String> about = asker.stream()
                .flatMap(user -> Stream.of(
                                Optional.of(user.userPrincipalName()),
                                user.attributes().first("jobTitle"),
                                user.attributes().first("department"))
                        .flatMap(Optional::stream))
                .toList();
        return new ApprovalsPage.Waiting(
                request.id(),
                named.name(),
                asker.map(User::displayName).orElse(""),
                about.stream().collect(Collectors.joining(" · ")),
                request.reason().orElse(""),
                texts.of("approvals.since", PortalDesk.time(request.created(), texts.language())));
    }
}
