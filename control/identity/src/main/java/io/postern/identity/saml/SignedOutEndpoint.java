package io.postern.identity.saml;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Portals;
import io.postern.store.LogoutParticipantStore.Outcome;
import io.postern.store.LogoutParticipantStore.Row;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.RequestFacts;
import io.postern.web.SignedOutPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/{tenant}/signed-out`: tells every application of a session that ended, each in a hidden frame, and goes on by
/// itself after [#LIMIT_SECONDS] whatever they do. An application that does not answer keeps nobody; the page says
/// which it was and leads there, so that it can be tried with that application's own cookies.
///
/// Frames and the `Refresh` field need no script; the script only goes on sooner, when all frames have loaded.
/// The first visit tells, every later one reports. What goes on is in the sealed cookie and in the database: the
/// address has no parameters that a stranger could make up.
public final class SignedOutEndpoint {
    /// How long applications have; a person waits in front of it.
    static final int LIMIT_SECONDS = 5;

    private static final HeaderName REFRESH = HeaderNames.create("refresh");
    private static final Logger LOG = LoggerFactory.getLogger(SignedOutEndpoint.class);

    private final Store store;
    private final SamlParties parties;
    private final LogoutMessages messages;
    private final LogoutRounds rounds;
    private final Pages pages;
    private final Portals portals;

    SignedOutEndpoint(
            Store store,
            SamlParties parties,
            LogoutMessages messages,
            LogoutRounds rounds,
            Pages pages,
            Portals portals) {
        this.store = store;
        this.parties = parties;
        this.messages = messages;
        this.rounds = rounds;
        this.pages = pages;
        this.portals = portals;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        Optional<LogoutRound> round = rounds.read(request, tenant);
        if (round.isEmpty()) {
            send(response, tenant, List.of(), List.of(), Optional.empty(), portal(tenant));
            return;
        }
        List<Row> participants = participants(round.get());
        if (participants.stream().anyMatch(p -> p.outcome() == Outcome.SIGNED_ON)) {
            tell(response, tenant, participants);
        } else if (participants.stream().allMatch(p -> isDone(p.outcome())) && leadsOn(round.get())) {
            onward(request, response, tenant);
        } else {
            report(request, response, tenant, round.get(), participants);
        }
    }

    /// `/{tenant}/signed-out/onward`: to whoever began, however it went.
    public void onward(ServerRequest request, ServerResponse response, Tenant tenant) {
        Optional<LogoutRound> round = rounds.read(request, tenant);
        rounds.clear(response);
        response.status(Status.SEE_OTHER_303)
                .header(
                        HeaderNames.LOCATION,
                        round.flatMap(r -> target(tenant, r))
                                .orElse(portal(tenant).href()))
                .send();
    }

    private void tell(ServerResponse response, Tenant tenant, List<Row> participants) {
        var now = new ArrayList<Row>();
        var frames = new ArrayList<String>();
        for (Row participant : participants) {
            if (participant.outcome() == Outcome.SIGNED_ON) {
                LogoutMessages.Telling telling = messages.tell(tenant, participant);
                telling.url().ifPresent(frames::add);
                now.add(telling.participant());
            } else {
                now.add(participant);
            }
        }
        store.write(s -> {
            now.forEach(s.logoutParticipants()::put);
            return now;
        });
        String here = path(tenant);
        if (frames.isEmpty()) {
            response.status(Status.SEE_OTHER_303)
                    .header(HeaderNames.LOCATION, here)
                    .send();
            return;
        }
        response.header(REFRESH, LIMIT_SECONDS + "; url=" + here);
        send(
                response,
                tenant,
                now.stream().map(p -> application(tenant, p, Optional.empty())).toList(),
                frames,
                Optional.of(here),
                new MessagePage.Link(pages.texts().of("signedOut.onward"), here));
    }

    private void report(
            ServerRequest request, ServerResponse response, Tenant tenant, LogoutRound round, List<Row> participants) {
        var now = new ArrayList<SignedOutPage.Application>();
        for (Row participant : participants) {
            if (participant.outcome() != Outcome.ASKED && participant.outcome() != Outcome.REFUSED) {
                now.add(application(tenant, participant, Optional.empty()));
                continue;
            }
            LOG.info(
                    "single logout without success tenant={} appId={} outcome={} exchange={}",
                    tenant.id(),
                    participant.application(),
                    participant.outcome(),
                    RequestFacts.of(request).exchange());
            // opened in the whole window, where the application's cookies come along
            LogoutMessages.Telling again = messages.tell(tenant, participant);
            if (participant.outcome() == Outcome.ASKED) {
                store.write(s -> {
                    s.logoutParticipants().put(again.participant());
                    return again;
                });
            }
            now.add(application(
                    tenant, participant, participant.outcome() == Outcome.ASKED ? again.url() : Optional.empty()));
        }
        MessagePage.Link next = leadsOn(round)
                ? new MessagePage.Link(pages.texts().of("account.continue"), path(tenant) + "/onward")
                : portal(tenant);
        send(response, tenant, now, List.of(), Optional.empty(), next);
    }

    private void send(
            ServerResponse response,
            Tenant tenant,
            List<SignedOutPage.Application> applications,
            List<String> frames,
            Optional<String> onward,
            MessagePage.Link next) {
        var branding = store.read(s -> s.tenants().settings(tenant.id())).branding();
        pages.send(response, 200, new SignedOutPage(applications, frames, onward, next, branding));
    }

    private SignedOutPage.Application application(Tenant tenant, Row participant, Optional<String> link) {
        String name = store.read(s -> s.servicePrincipals().findByAppId(tenant.id(), participant.application()))
                .map(principal -> principal.displayName())
                .orElse(participant.application().value());
        return new SignedOutPage.Application(name, state(participant.outcome()), link);
    }

    private static SignedOutPage.State state(Outcome outcome) {
        return switch (outcome) {
            case SIGNED_ON, ASKED -> SignedOutPage.State.WAITING;
            case TOLD -> SignedOutPage.State.TOLD;
            case ENDED -> SignedOutPage.State.ENDED;
            case REFUSED, UNREACHABLE -> SignedOutPage.State.REMAINS;
        };
    }

    private static boolean isDone(Outcome outcome) {
        return outcome == Outcome.ENDED || outcome == Outcome.TOLD;
    }

    private static boolean leadsOn(LogoutRound round) {
        return round.origin().isPresent() || !round.back().isEmpty();
    }

    private Optional<String> target(Tenant tenant, LogoutRound round) {
        if (round.origin().isEmpty()) {
            return Optional.of(round.back()).filter(back -> !back.isEmpty());
        }
        boolean complete = participants(round).stream().allMatch(p -> isDone(p.outcome()));
        return round.origin()
                .flatMap(app -> parties.find(tenant, app.value()))
                .flatMap(party -> messages.answer(party, round.requestId(), round.back(), complete));
    }

    private List<Row> participants(LogoutRound round) {
        return store.read(s -> s.logoutParticipants().of(round.tenant(), round.session()));
    }

    private MessagePage.Link portal(Tenant tenant) {
        return new MessagePage.Link(pages.texts().of("signedOut.link"), portals.of(tenant));
    }

    static String path(Tenant tenant) {
        return "/" + tenant.name() + "/signed-out";
    }
}
