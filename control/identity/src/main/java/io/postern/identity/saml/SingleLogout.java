package io.postern.identity.saml;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.FrontChannel;
import io.postern.identity.session.BrowserSessions;
import io.postern.saml.LogoutRequest;
import io.postern.saml.LogoutResponse;
import io.postern.saml.RedirectBinding;
import io.postern.saml.SamlNames;
import io.postern.saml.xml.RefusedMessage;
import io.postern.store.LogoutParticipantStore.Known;
import io.postern.store.LogoutParticipantStore.Outcome;
import io.postern.store.LogoutParticipantStore.Protocol;
import io.postern.store.LogoutParticipantStore.Row;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.SignOutPage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Single logout (3.4): our own session ends first; then the browser opens [SignedOutEndpoint], which tells every
/// application that the session signed on to, whatever its protocol; at last back to whoever began.
public final class SingleLogout {
    private static final HeaderName FETCH_DEST = HeaderNames.create("sec-fetch-dest");

    /// Looked up for anybody; a browser has one session.
    private static final int INDEXES_MAX = 8;

    private final Store store;
    private final SamlParties parties;
    private final LogoutMessages messages;
    private final BrowserSessions sessions;
    private final LogoutRounds rounds;
    private final FrontChannel frontChannel;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;

    SingleLogout(
            Store store,
            SamlParties parties,
            LogoutMessages messages,
            BrowserSessions sessions,
            LogoutRounds rounds,
            FrontChannel frontChannel,
            Pages pages,
            FaultWriter faults,
            Csrf csrf) {
        this.store = store;
        this.parties = parties;
        this.messages = messages;
        this.sessions = sessions;
        this.rounds = rounds;
        this.frontChannel = frontChannel;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
    }

    /// A service provider's LogoutRequest.
    void asked(ServerRequest request, ServerResponse response, Tenant tenant, RedirectBinding.Received received)
            throws RefusedMessage {
        LogoutRequest asked = LogoutRequest.read(received.root());
        Optional<SamlParty> found =
                parties.findByIdentifier(tenant, asked.header().issuer());
        if (found.isEmpty()) {
            faults.page(request, response, Fault.appUnknown(asked.header().issuer(), tenant.displayName()));
            return;
        }
        SamlParty party = found.get();
        boolean verified = verify(party, received);
        String relayState = received.relayState().orElse("");
        Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
        if (current.isEmpty()) {
            endIndexed(request, response, party, asked, relayState);
        } else if (knows(party, asked, current.get(), verified)) {
            SessionStore.Row session = current.get().session();
            store.write(s -> {
                s.logoutParticipants().forget(tenant.id(), session.id(), party.appId(), Protocol.SAML);
                return session;
            });
            sessions.end(request, response);
            var round = new LogoutRound(
                    tenant.id(),
                    session.id(),
                    Optional.of(party.appId()),
                    asked.header().id(),
                    relayState);
            if (!gather(tenant, session)) {
                answer(request, response, party, asked.header().id(), relayState, true);
            } else {
                rounds.write(response, round);
                redirect(request, response, SignedOutEndpoint.path(tenant));
            }
        } else {
            ask(request, response, tenant);
        }
    }

    /// Without our cookie, which browsers keep out of frames on other sites: the index says which session is meant, and
    /// that the service provider knows it. The other applications cannot be told from here, and the answer says so.
    private void endIndexed(
            ServerRequest request, ServerResponse response, SamlParty party, LogoutRequest asked, String relayState) {
        Tenant tenant = party.tenant();
        List<String> indexes = asked.sessionIndexes().stream().distinct().toList();
        boolean complete = indexes.size() <= INDEXES_MAX;
        for (String index : indexes.subList(0, Math.min(indexes.size(), INDEXES_MAX))) {
            Optional<Row> named = store.read(s -> s.logoutParticipants().indexed(tenant.id(), party.appId(), index));
            Optional<SessionStore.Row> ended = named.flatMap(row -> sessions.end(request, tenant.id(), row.session()));
            if (ended.isPresent()) {
                store.write(s -> {
                    s.logoutParticipants().forget(tenant.id(), ended.get().id(), party.appId(), Protocol.SAML);
                    return index;
                });
                complete &= !gather(tenant, ended.get());
            }
        }
        answer(request, response, party, asked.header().id(), relayState, complete);
    }

    /// The answer of a service provider that we asked: known by the id of our request, which only it has seen.
    void answered(ServerRequest request, ServerResponse response, Tenant tenant, RedirectBinding.Received received)
            throws RefusedMessage {
        LogoutResponse answer = LogoutResponse.read(received.root());
        Optional<Row> asked = answer.inResponseTo()
                .flatMap(id -> store.read(s -> s.logoutParticipants().asked(tenant.id(), id)));
        Optional<SamlParty> party =
                asked.flatMap(row -> parties.find(tenant, row.application().value()));
        if (party.filter(
                        p -> p.settings().identifiers().contains(answer.header().issuer()))
                .isEmpty()) {
            faults.page(request, response, SamlFaults.logoutState());
            return;
        }
        verify(party.get(), received);
        boolean done = answer.status().isSuccess()
                && !answer.status().detail().equals(Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT));
        store.write(s -> {
            s.logoutParticipants().put(asked.orElseThrow().outcome(done ? Outcome.ENDED : Outcome.REFUSED, ""));
            return done;
        });
        if (request.headers().first(FETCH_DEST).filter("iframe"::equals).isPresent()) {
            // nobody sees it; the page around it hears that the frame has loaded
            response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .header(HeaderNames.create("x-frame-options"), "SAMEORIGIN")
                    .header(
                            HeaderNames.create("content-security-policy"),
                            "default-src 'none'; frame-ancestors 'self'; base-uri 'none'")
                    .send("noted".getBytes(StandardCharsets.UTF_8));
        } else {
            redirect(request, response, SignedOutEndpoint.path(tenant));
        }
    }

    /// Logout begun here; the session has ended already.
    ///
    /// @param back where the browser goes at last, an address that the caller vouches for; empty: it stays here
    /// @return false when no application must be told in the browser; then nothing was answered
    public boolean begin(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            SessionStore.Row ended,
            Optional<String> back) {
        if (!gather(tenant, ended)) {
            return false;
        }
        rounds.write(response, new LogoutRound(tenant.id(), ended.id(), Optional.empty(), "", back.orElse("")));
        redirect(request, response, SignedOutEndpoint.path(tenant));
        return true;
    }

    /// Whether assertions may go to the address, exactly: WS-Federation names it to come back to.
    public boolean isReply(Tenant tenant, String url) {
        return parties.isReply(tenant, url);
    }

    /// Adds the clients of OpenID Connect to the applications of the session that are to be told: what is told when
    /// must
    /// not depend on how long their own rows are kept.
    ///
    /// @return whether anybody is to be told
    private boolean gather(Tenant tenant, SessionStore.Row ended) {
        List<FrontChannel.Frame> frames = frontChannel.frames(tenant, ended.id());
        return store.write(s -> {
            for (FrontChannel.Frame frame : frames) {
                s.logoutParticipants()
                        .put(new Row(
                                tenant.id(),
                                ended.id(),
                                frame.application(),
                                Protocol.OPENID,
                                frame.url(),
                                Known.NOTHING,
                                Outcome.SIGNED_ON,
                                "",
                                ended.expires()));
            }
            return !s.logoutParticipants().of(tenant.id(), ended.id()).isEmpty();
        });
    }

    private void answer(
            ServerRequest request,
            ServerResponse response,
            SamlParty party,
            String requestId,
            String relayState,
            boolean complete) {
        redirect(
                request,
                response,
                // without an address nobody can be told; the session has ended all the same
                messages.answer(party, requestId, relayState, complete)
                        .orElseGet(() -> SignedOutEndpoint.path(party.tenant())));
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
    /// page that wants to sign people out. A proved request may name the user instead; one that names another user
    /// is perhaps proved but not meant for this browser: anybody can keep the address of his own logout and lead
    /// others to it.
    private boolean knows(SamlParty party, LogoutRequest asked, BrowserSessions.Current current, boolean verified) {
        return store
                .read(s -> s.logoutParticipants()
                        .of(party.tenant().id(), current.session().id()))
                .stream()
                .filter(row -> row.application().equals(party.appId()) && row.protocol() == Protocol.SAML)
                .map(Row::known)
                .anyMatch(known -> asked.sessionIndexes().contains(known.sessionIndex())
                        || (verified
                                && asked.nameId()
                                        .filter(name -> name.value().equals(known.nameId()))
                                        .isPresent()));
    }

    private void ask(ServerRequest request, ServerResponse response, Tenant tenant) {
        pages.send(
                response,
                200,
                new SignOutPage(signedOut(tenant), csrf.token(request, response, "sign-out"), "", "", "", List.of()));
    }

    static String signedOut(Tenant tenant) {
        return "/" + tenant.name() + "/oauth2/v2.0/logout";
    }

    private static void redirect(ServerRequest request, ServerResponse response, String location) {
        response.status(request.prologue().method().equals(Method.GET) ? Status.FOUND_302 : Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, location)
                .send();
    }
}
