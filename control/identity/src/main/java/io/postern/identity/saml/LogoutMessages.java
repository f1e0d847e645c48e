package io.postern.identity.saml;

import io.postern.saml.Header;
import io.postern.saml.LogoutRequest;
import io.postern.saml.LogoutResponse;
import io.postern.saml.NameId;
import io.postern.saml.RedirectBinding;
import io.postern.saml.SamlNames;
import io.postern.saml.Status;
import io.postern.store.LogoutParticipantStore.Outcome;
import io.postern.store.LogoutParticipantStore.Row;
import io.postern.store.Tenant;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// The addresses at which applications hear that a session ended.
final class LogoutMessages {
    private final SamlParties parties;
    private final Clock clock;

    LogoutMessages(SamlParties parties, Clock clock) {
        this.parties = parties;
        this.clock = clock;
    }

    /// One that the browser shall open, and what the participant's row says from then on.
    ///
    /// @param url empty when there is none
    record Telling(Row participant, Optional<String> url) {}

    /// Asks or tells one participant. Each call makes a new request, and only the newest one is waited for.
    Telling tell(Tenant tenant, Row participant) {
        Optional<SamlParty> party =
                parties.find(tenant, participant.application().value());
        return switch (participant.protocol()) {
            case OPENID -> told(participant, participant.address());
            case WS_FEDERATION ->
                party.filter(p -> p.reply(participant.address(), parties.address())
                                .isPresent())
                        .map(p -> p.settings().logoutUrl().orElse(participant.address()))
                        .map(url -> told(participant, withQuery(url, "wa=" + FederationEndpoint.CLEAN_UP)))
                        .orElseGet(() -> unreachable(participant));
            case SAML ->
                party.flatMap(p -> p.settings().logoutUrl().map(url -> ask(p, url, participant)))
                        .orElseGet(() -> unreachable(participant));
        };
    }

    /// The answer to the service provider that began; empty when it has no address for it.
    Optional<String> answer(SamlParty party, String requestId, String relayState, boolean complete) {
        return party.settings().logoutUrl().map(url -> {
            Status status = complete
                    ? Status.SUCCESS
                    : new Status(
                            SamlNames.STATUS_SUCCESS, Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT), Optional.empty());
            var message = new LogoutResponse(
                    Header.of(clock.instant(), url, parties.issuer(party)), Optional.of(requestId), status);
            return withQuery(
                    url,
                    RedirectBinding.write(
                            "SAMLResponse",
                            message.write(),
                            Optional.of(relayState).filter(state -> !state.isEmpty()),
                            parties.signer(party).orElse(null)));
        });
    }

    private Telling ask(SamlParty party, String url, Row participant) {
        var known = participant.known();
        var name = new NameId(known.nameId(), known.nameIdFormat(), Optional.empty(), known.spNameQualifier());
        var message = new LogoutRequest(
                Header.of(clock.instant(), url, parties.issuer(party)),
                Optional.of(name),
                List.of(known.sessionIndex()));
        String query = RedirectBinding.write(
                "SAMLRequest",
                message.write(),
                Optional.empty(),
                parties.signer(party).orElse(null));
        return new Telling(
                participant.outcome(Outcome.ASKED, message.header().id()), Optional.of(withQuery(url, query)));
    }

    private static Telling told(Row participant, String url) {
        return new Telling(participant.outcome(Outcome.TOLD, ""), Optional.of(url));
    }

    private static Telling unreachable(Row participant) {
        return new Telling(participant.outcome(Outcome.UNREACHABLE, ""), Optional.empty());
    }

    private static String withQuery(String url, String query) {
        return url + (url.indexOf('?') < 0 ? "?" : "&") + query;
    }
}
