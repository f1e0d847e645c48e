package io.postern.identity.saml;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.saml.Header;
import io.postern.saml.LogoutRequest;
import io.postern.saml.LogoutResponse;
import io.postern.saml.NameId;
import io.postern.saml.RedirectBinding;
import io.postern.saml.SamlNames;
import io.postern.saml.xml.RefusedMessage;
import io.postern.store.SamlParticipantStore;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.RequestFacts;
import io.postern.web.SignOutPage;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Single logout by redirect (3.4): our own session ends first; then the user agent goes to every service provider
/// that the session signed on to, one after the other, each with a request of its own; at last back to whoever began.
///
/// What goes on is kept in a sealed cookie ([LogoutRound]) and in the participants' rows, of which each step takes
/// one: a round cannot go in circles, and steps that are repeated find nothing left.
public final class SingleLogout {
    private static final Logger LOG = LoggerFactory.getLogger(SingleLogout.class);

    private final Store store;
    private final SamlParties parties;
    private final BrowserSessions sessions;
    private final LogoutRounds rounds;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;
    private final Clock clock;

    SingleLogout(
            Store store,
            SamlParties parties,
            BrowserSessions sessions,
            LogoutRounds rounds,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            Clock clock) {
        this.store = store;
        this.parties = parties;
        this.sessions = sessions;
        this.rounds = rounds;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
        this.clock = clock;
    }

    /// A service provider's LogoutRequest.
    void asked(ServerRequest request, ServerResponse response, Tenant tenant, RedirectBinding.Received received)
            throws RefusedMessage {
        LogoutRequest asked = LogoutRequest.read(received.root());
        Optional<SamlParty> party =
                parties.findByIdentifier(tenant, asked.header().issuer());
        if (party.isEmpty()) {
            faults.page(request, response, Fault.appUnknown(asked.header().issuer(), tenant.displayName()));
            return;
        }
        boolean verified = verify(party.get(), received);
        var round = new LogoutRound(
                tenant.id(),
                Optional.empty(),
                Optional.of(party.get().appId()),
                asked.header().id(),
                received.relayState().orElse(""),
                Optional.empty(),
                "",
                false);
        Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
        if (current.isEmpty()) {
            step(request, response, tenant, round);
        } else if (verified || knows(party.get(), asked, current.get())) {
            forget(tenant, current.get().session(), party.get());
            sessions.end(request, response);
            step(request, response, tenant, round.of(current.get().session().id()));
        } else {
            ask(request, response, tenant);
        }
    }

    /// The answer of a service provider that we asked.
    void answered(ServerRequest request, ServerResponse response, Tenant tenant, RedirectBinding.Received received)
            throws RefusedMessage {
        LogoutResponse answer = LogoutResponse.read(received.root());
        Optional<LogoutRound> round = rounds.read(request, tenant).filter(r -> r.waitsFor(answer.inResponseTo()));
        Optional<SamlParty> party = round.flatMap(LogoutRound::asked).flatMap(app -> parties.find(tenant, app.value()));
        if (round.isEmpty()
                || party.filter(p -> p.settings()
                                .identifiers()
                                .contains(answer.header().issuer()))
                        .isEmpty()) {
            faults.page(request, response, SamlFaults.logoutState());
            return;
        }
        verify(party.get(), received);
        boolean done = answer.status().isSuccess()
                && !answer.status().detail().equals(Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT));
        step(request, response, tenant, done ? round.get() : round.get().incomplete());
    }

    /// Logout begun here; the session has ended already.
    ///
    /// @param back where the browser goes at last, an address that the caller vouches for
    /// @return false when no service provider must be told; then nothing was answered
    public boolean begin(
            ServerRequest request, ServerResponse response, Tenant tenant, SessionStore.Row ended, String back) {
        if (participants(tenant, ended).isEmpty()) {
            return false;
        }
        var round = new LogoutRound(
                tenant.id(), Optional.of(ended.id()), Optional.empty(), "", back, Optional.empty(), "", false);
        step(request, response, tenant, round);
        return true;
    }

    /// Whether a form that ends the session leads to service providers.
    public boolean concerns(Tenant tenant, SessionStore.Row session) {
        return !participants(tenant, session).isEmpty();
    }

    /// Whether assertions may go to the address, exactly: WS-Federation names it to come back to.
    public boolean isReply(Tenant tenant, String url) {
        return parties.isReply(tenant, url);
    }

    private List<SamlParticipantStore.Row> participants(Tenant tenant, SessionStore.Row session) {
        return store.read(s -> s.samlParticipants().of(tenant.id(), session.id()));
    }

    /// Asks the next one, or ends the round.
    private void step(ServerRequest request, ServerResponse response, Tenant tenant, LogoutRound round) {
        LogoutRound at = round;
        for (Optional<SamlParticipantStore.Row> next = take(tenant, at); next.isPresent(); next = take(tenant, at)) {
            SamlParticipantStore.Row participant = next.get();
            Optional<SamlParty> party =
                    parties.find(tenant, participant.application().value());
            Optional<String> url = party.flatMap(p -> p.settings().logoutUrl());
            if (url.isPresent()) {
                ask(request, response, party.get(), url.get(), participant, at);
                return;
            }
            LOG.info(
                    "single logout leaves out an application without a logout URL tenant={} appId={} exchange={}",
                    tenant.id(),
                    participant.application(),
                    RequestFacts.of(request).exchange());
            at = at.incomplete();
        }
        rounds.clear(response);
        if (at.origin().isPresent()) {
            answer(request, response, tenant, at);
        } else {
            redirect(request, response, at.back());
        }
    }

    private Optional<SamlParticipantStore.Row> take(Tenant tenant, LogoutRound round) {
        return round.session()
                .flatMap(session -> store.write(s -> s.samlParticipants().of(tenant.id(), session).stream()
                        .findFirst()
                        .filter(row -> s.samlParticipants().delete(tenant.id(), session, row.application()))));
    }

    private void ask(
            ServerRequest request,
            ServerResponse response,
            SamlParty party,
            String url,
            SamlParticipantStore.Row participant,
            LogoutRound round) {
        var name = new NameId(
                participant.nameId(), participant.nameIdFormat(), Optional.empty(), participant.spNameQualifier());
        var message = new LogoutRequest(
                Header.of(clock.instant(), url, parties.issuer(party)),
                Optional.of(name),
                List.of(participant.sessionIndex()));
        rounds.write(response, round.waiting(party.appId(), message.header().id()));
        String query = RedirectBinding.write(
                "SAMLRequest",
                message.write(),
                Optional.empty(),
                parties.signer(party).orElse(null));
        redirect(request, response, withQuery(url, query));
    }

    private void answer(ServerRequest request, ServerResponse response, Tenant tenant, LogoutRound round) {
        Optional<SamlParty> party = round.origin().flatMap(app -> parties.find(tenant, app.value()));
        Optional<String> url = party.flatMap(p -> p.settings().logoutUrl());
        if (party.isEmpty() || url.isEmpty()) {
            redirect(request, response, signedOut(tenant)); // the session has ended; only nobody can be told so
            return;
        }
        io.postern.saml.Status status = round.isIncomplete()
                ? new io.postern.saml.Status(
                        SamlNames.STATUS_SUCCESS, Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT), Optional.empty())
                : io.postern.saml.Status.SUCCESS;
        var message = new LogoutResponse(
                Header.of(clock.instant(), url.get(), parties.issuer(party.get())),
                Optional.of(round.requestId()),
                status);
        String query = RedirectBinding.write(
                "SAMLResponse",
                message.write(),
                Optional.of(round.back()).filter(state -> !state.isEmpty()),
                parties.signer(party.get()).orElse(null));
        redirect(request, response, withQuery(url.get(), query));
    }

    /// A signature is required where sign-in requests need one, and checked wherever it can be.
    ///
    /// @return whether the message is proved to be the service provider's
    private static boolean verify(SamlParty party, RedirectBinding.Received received) throws RefusedMessage {
        boolean must = party.settings().requests().required() || (received.isSigned() && party.canVerify());
        if (must) {
            received.verify(party.verifier());
        }
        return must;
    }

    /// The index that the assertion named is known to the service provider and to us: who sends it is no stranger's
    /// page that wants to sign people out.
    private boolean knows(SamlParty party, LogoutRequest asked, BrowserSessions.Current current) {
        return participants(party.tenant(), current.session()).stream()
                .filter(row -> row.application().equals(party.appId()))
                .anyMatch(row -> asked.sessionIndexes().contains(row.sessionIndex()));
    }

    private void forget(Tenant tenant, SessionStore.Row session, SamlParty party) {
        store.write(s -> s.samlParticipants().delete(tenant.id(), session.id(), party.appId()));
    }

    private void ask(ServerRequest request, ServerResponse response, Tenant tenant) {
        pages.send(
                response,
                200,
                new SignOutPage(
                        "/" + tenant.name() + "/oauth2/v2.0/logout",
                        csrf.token(request, response, "sign-out"),
                        "",
                        "",
                        "",
                        List.of("https:", "http:")));
    }

    static String signedOut(Tenant tenant) {
        return "/" + tenant.name() + "/oauth2/v2.0/logout";
    }

    private static void redirect(ServerRequest request, ServerResponse response, String location) {
        response.status(request.prologue().method().equals(Method.GET) ? Status.FOUND_302 : Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, location)
                .send();
    }

    private static String withQuery(String url, String query) {
        return url + (url.indexOf('?') < 0 ? "?" : "&") + query;
    }
}
