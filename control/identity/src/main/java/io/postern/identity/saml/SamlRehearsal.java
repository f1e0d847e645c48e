package io.postern.identity.saml;

import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.SamlSignOn;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Rehearsal;
import io.postern.saml.Assertion;
import io.postern.saml.MessageId;
import io.postern.saml.xml.Markup;
import io.postern.store.LogoutParticipantStore;
import io.postern.store.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Shows the assertion that a service provider would get.
final class SamlRehearsal implements Rehearsal {
    private final SamlParties parties;
    private final Assertions assertions;
    private final ServiceAddress address;

    SamlRehearsal(SamlParties parties, Assertions assertions, ServiceAddress address) {
        this.parties = parties;
        this.assertions = assertions;
        this.address = address;
    }

    @Override
    public Optional<Told> rehearse(Tenant tenant, AppId application, BrowserSessions.Current current) {
        return parties.find(tenant, application.value()).map(party -> told(party, current));
    }

    private Told told(SamlParty party, BrowserSessions.Current current) {
        Optional<String> reply = party.defaultReply(address);
        Optional<String> entityId = party.settings().identifiers().stream().findFirst();
        Optional<Fault> objection = objection(party, reply, entityId);
        if (reply.isEmpty() || entityId.isEmpty()) {
            return new Told(settings(party), List.of(), "", objection);
        }
        Assertion assertion = assertions.build(
                new Assertions.Wanted(
                        party,
                        entityId.get(),
                        reply.get(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Contexts.of(List.of(), current.session().methods()).orElseThrow(),
                        LogoutParticipantStore.Protocol.SAML,
                        MessageId.random()),
                current);
        var said = new ArrayList<Line>();
        said.add(Line.of("NameID", assertion.subject().value()));
        said.add(Line.of("NameID format", assertion.subject().format()));
        assertion.attributes().forEach(a -> said.add(new Line(a.name(), a.values())));
        return new Told(settings(party), said, Markup.write(assertion.write()), objection);
    }

    private Optional<Fault> objection(SamlParty party, Optional<String> reply, Optional<String> entityId) {
        if (entityId.isEmpty()) {
            return Optional.of(Fault.malformed(
                    "The application has no identifier, so its requests cannot be recognised: set identifierUris."));
        }
        if (reply.isEmpty()) {
            return Optional.of(SamlFaults.noReply(party.appId().value()));
        }
        return parties.signer(party).isEmpty() ? Optional.of(SamlFaults.noSigningKey(party.name())) : Optional.empty();
    }

    private List<Line> settings(SamlParty party) {
        SamlSignOn on = party.settings();
        var lines = new ArrayList<Line>();
        lines.add(Line.of("trial.line.protocol", "SAML 2.0, WS-Federation"));
        lines.add(Line.of("trial.line.issuer", parties.issuer(party)));
        lines.add(new Line("trial.line.identifier", on.identifiers()));
        lines.add(new Line(
                "trial.line.reply",
                on.replyUrls().stream().map(r -> address.follow(r.url())).toList()));
        on.logoutUrl().ifPresent(url -> lines.add(Line.of("trial.line.logout", url)));
        lines.add(Line.of(
                "trial.line.signed",
                word(on.signing().option()) + ", " + word(on.signing().algorithm())));
        parties.certificates(party).stream()
                .findFirst()
                .ifPresent(c -> lines.add(Line.of(
                        "trial.line.certificate", c.getNotAfter().toInstant().toString())));
        lines.add(Line.of(
                "trial.line.requests", on.requests().required() ? "trial.value.required" : "trial.value.notRequired"));
        lines.add(Line.of(
                "trial.line.encrypted",
                on.encryption().inUse().map(PartnerCertificate::displayName).orElse("trial.value.nobody")));
        return lines;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
