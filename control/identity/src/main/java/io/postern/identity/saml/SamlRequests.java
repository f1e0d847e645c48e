package io.postern.identity.saml;

import io.postern.domain.ServiceAddress;
import io.postern.domain.claims.NameIdFormat;
import io.postern.identity.protocol.Fault;
import io.postern.saml.AuthnRequest;
import io.postern.saml.SamlNames;
import io.postern.store.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The rules for requests (3.4): what is asked becomes a [SamlErrand], or a fault.
final class SamlRequests {
    /// Where signatures are required they shall not be good for ever. Links to sign-in pages are kept open for hours,
    /// but the request is read when they are opened.
    private static final Duration SIGNED_AGE_MAX = Duration.ofMinutes(30);

    private static final Duration SKEW = Duration.ofMinutes(5);

    /// Of a request that waits, in characters: sealed it must fit into an address, and twice over into a form.
    static final int WAITING_MAX = 36 * 1024;

    sealed interface Reading {
        record Read(SamlErrand errand) implements Reading {}

        /// For a page: there is no address at which the service provider could be told.
        record Refused(SamlParty party, Fault fault) implements Reading {}

        /// The service provider is known and shall hear of it.
        record RefusedTo(SamlErrand errand, Fault fault) implements Reading {}
    }

    private final SamlParties parties;
    private final ServiceAddress address;
    private final Clock clock;

    SamlRequests(SamlParties parties, ServiceAddress address, Clock clock) {
        this.parties = parties;
        this.address = address;
        this.clock = clock;
    }

    /// @param asked its signature has been verified where one is required
    Reading read(SamlParty party, AuthnRequest asked, Optional<String> relayState, String loginHint) {
        Optional<String> reply = reply(party, asked);
        if (reply.isEmpty()) {
            return new Reading.Refused(
                    party,
                    asked.reply()
                            .map(url ->
                                    SamlFaults.replyMismatch(url, party.appId().value()))
                            .or(() -> asked.replyIndex().isPresent()
                                    ? Optional.of(SamlFaults.replyMismatch(
                                            "number " + asked.replyIndex().getAsInt(),
                                            party.appId().value()))
                                    : Optional.empty())
                            .orElseGet(() -> SamlFaults.noReply(party.appId().value())));
        }
        List<String> contexts =
                asked.context().map(AuthnRequest.RequestedContext::classes).orElse(List.of());
        Optional<String> format = asked.nameIdPolicy().flatMap(AuthnRequest.NameIdPolicy::format);
        var errand = new SamlErrand(
                party,
                asked.header().issuer(),
                Optional.of(asked.header().id()),
                reply.get(),
                relayState.filter(state -> !state.isEmpty()),
                asked.forceAuthn(),
                asked.passive(),
                format.flatMap(NameIdFormat::ofUrn),
                asked.nameIdPolicy().flatMap(AuthnRequest.NameIdPolicy::spNameQualifier),
                Contexts.possible(contexts),
                loginHint,
                "");
        if (errand.encoded().length() > WAITING_MAX) {
            return new Reading.Refused(party, SamlFaults.tooLong());
        }
        return fault(party, asked, format, contexts)
                .<Reading>map(fault -> new Reading.RefusedTo(errand, fault))
                .orElseGet(() -> new Reading.Read(errand));
    }

    /// Begun here (IdP-initiated).
    Reading begin(SamlParty party) {
        if (!party.settings().mayBeginHere()) {
            return new Reading.Refused(
                    party,
                    party.settings().requests().required()
                            ? SamlFaults.mustBeginThere(party.name())
                            : SamlFaults.noReply(party.appId().value()));
        }
        return new Reading.Read(new SamlErrand(
                party,
                party.settings().identifiers().stream()
                        .findFirst()
                        .orElse(party.appId().value()),
                Optional.empty(),
                party.defaultReply(address).orElseThrow(),
                party.settings().relayState(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                "",
                ""));
    }

    /// A request that was sealed. The registration is asked again: what was taken out of it meanwhile no longer holds.
    Optional<SamlErrand> reopen(Tenant tenant, io.postern.web.Parameters said) {
        return parties.find(tenant, said.oneOrEmpty("app"))
                .map(party -> SamlErrand.decoded(party, said))
                .filter(errand -> errand.party().reply(errand.reply(), address).isPresent());
    }

    private Optional<String> reply(SamlParty party, AuthnRequest asked) {
        if (asked.reply().isPresent()) {
            return party.reply(asked.reply().get(), address);
        }
        return asked.replyIndex().isPresent()
                ? party.reply(asked.replyIndex().getAsInt(), address)
                : party.defaultReply(address);
    }

    private Optional<Fault> fault(SamlParty party, AuthnRequest asked, Optional<String> format, List<String> contexts) {
        if (party.settings().requests().required() && !isRecent(asked.header().issued())) {
            return Optional.of(SamlFaults.tooOld());
        }
        Optional<String> binding = asked.protocolBinding().filter(b -> !b.equals(SamlNames.BINDING_POST));
        if (binding.isPresent()) {
            return binding.map(SamlFaults::binding);
        }
        if (asked.hasSubject()) {
            return Optional.of(SamlFaults.subject());
        }
        Optional<String> unknown = format.filter(urn ->
                NameIdFormat.ofUrn(urn).filter(NameIdFormat::mayBeRequested).isEmpty());
        if (unknown.isPresent()) {
            return unknown.map(SamlFaults::nameIdPolicy);
        }
        Optional<String> comparison =
                asked.context().map(AuthnRequest.RequestedContext::comparison).filter(c -> !c.equals("exact"));
        if (comparison.isPresent()) {
            return comparison.map(SamlFaults::comparison);
        }
        return !contexts.isEmpty() && Contexts.possible(contexts).isEmpty()
                ? Optional.of(SamlFaults.context(String.join(" ", contexts)))
                : Optional.empty();
    }

    private boolean isRecent(Instant issued) {
        Instant now = clock.instant();
        return !issued.isAfter(now.plus(SKEW)) && !issued.isBefore(now.minus(SIGNED_AGE_MAX));
    }
}
