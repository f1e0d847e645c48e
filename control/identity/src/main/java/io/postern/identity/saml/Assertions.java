package io.postern.identity.saml;

import io.postern.account.Persons;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.claims.Claim;
import io.postern.domain.claims.Issue;
import io.postern.domain.claims.Issued;
import io.postern.domain.claims.NameIdFormat;
import io.postern.domain.claims.PairwiseIds;
import io.postern.domain.claims.Person;
import io.postern.domain.claims.TokenKind;
import io.postern.identity.session.BrowserSessions;
import io.postern.saml.Assertion;
import io.postern.saml.Attribute;
import io.postern.saml.MessageId;
import io.postern.saml.NameId;
import io.postern.store.LogoutParticipantStore;
import io.postern.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says of a signed-in user what his application's policy wants said, and remembers whom it was said to.
final class Assertions {
    /// About 70 minutes together (3.4); what lies before is for clocks that are late.
    private static final Duration BEFORE = Duration.ofMinutes(5);

    private static final Duration AFTER = Duration.ofMinutes(65);
    private static final Duration CONFIRMATION = Duration.ofMinutes(5);

    /// How the user signed in, in the words that applications of the original know.
    private static final String METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences";

    private static final String BY_PASSWORD =
            "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password";
    private static final String BY_WINDOWS =
            "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows";
    private static final String BY_SEVERAL = "http://schemas.microsoft.com/claims/multipleauthn";

    /// For whom and in answer to what.
    ///
    /// @param audience how the application calls itself
    /// @param logout by which protocol the application is told when the session ends
    /// @param id of the assertion (xs:ID)
    record Wanted(
            SamlParty party,
            String audience,
            String reply,
            Optional<String> inResponseTo,
            Optional<NameIdFormat> format,
            Optional<String> spNameQualifier,
            String classRef,
            LogoutParticipantStore.Protocol logout,
            String id) {}

    private final Store store;
    private final SamlParties parties;
    private final PairwiseIds pairwise;
    private final ServiceAddress address;
    private final Clock clock;

    Assertions(Store store, SamlParties parties, PairwiseIds pairwise, ServiceAddress address, Clock clock) {
        this.store = store;
        this.parties = parties;
        this.pairwise = pairwise;
        this.address = address;
        this.clock = clock;
    }

    /// For the application, which is told from now on when the session ends.
    Assertion issue(Wanted wanted, BrowserSessions.Current current) {
        Assertion assertion = build(wanted, current);
        remember(wanted, current, assertion.id(), assertion.subject());
        return assertion;
    }

    Assertion build(Wanted wanted, BrowserSessions.Current current) {
        Instant now = clock.instant();
        SamlParty party = wanted.party();
        String issuer = parties.issuer(party);
        Person person = store.read(s -> Persons.of(
                s, current.user(), party.principal(), party.settings().claims(), now));
        Issued said = party.settings().claims().evaluate(person, issue(wanted, person));
        var name = new NameId(
                said.nameId().value(), said.nameId().format().urn(), Optional.empty(), wanted.spNameQualifier());
        String id = wanted.id();
        return new Assertion(
                id,
                now,
                issuer,
                name,
                new Assertion.Confirmation(wanted.reply(), now.plus(CONFIRMATION), wanted.inResponseTo()),
                now.minus(BEFORE),
                now.plus(AFTER),
                List.of(party.settings().claims().audience().orElseGet(() -> audience(wanted.audience()))),
                new Assertion.Authentication(
                        current.session().authenticated(), Optional.of(id), wanted.classRef(), Optional.empty()),
                attributes(said, current));
    }

    private Issue issue(Wanted wanted, Person person) {
        SamlParty party = wanted.party();
        return new Issue(
                TokenKind.SAML,
                party.appId(),
                parties.issuer(party.tenant()),
                pairwise,
                wanted.format(),
                Optional.of(address.origin(OwnHost.API) + "/v1.0/users/" + person.id() + "/memberOf"),
                MessageId::random);
    }

    /// What is no URI is marked as one (3.4).
    private static String audience(String entityId) {
        return entityId.matches("[A-Za-z][A-Za-z0-9+.-]*:.+") ? entityId : "spn:" + entityId;
    }

    private static List<Attribute> attributes(Issued said, BrowserSessions.Current current) {
        var attributes = new ArrayList<Attribute>();
        for (Claim claim : said.claims()) {
            attributes.add(new Attribute(
                    claim.fullName(), Optional.of(claim.nameFormat().urn()), claim.values()));
        }
        var methods = new ArrayList<String>();
        if (current.session().methods().contains("pwd")) {
            methods.add(BY_PASSWORD);
        }
        if (current.session().methods().contains("wia")) {
            methods.add(BY_WINDOWS);
        }
        if (current.session().methods().contains("mfa")) {
            methods.add(BY_SEVERAL);
        }
        if (!methods.isEmpty()) {
            attributes.add(new Attribute(METHODS, Optional.of(Claim.NameFormat.URI.urn()), methods));
        }
        return attributes;
    }

    private void remember(Wanted wanted, BrowserSessions.Current current, String index, NameId name) {
        boolean federated = wanted.logout() == LogoutParticipantStore.Protocol.WS_FEDERATION;
        store.write(s -> {
            s.logoutParticipants()
                    .put(new LogoutParticipantStore.Row(
                            wanted.party().tenant().id(),
                            current.session().id(),
                            wanted.party().appId(),
                            wanted.logout(),
                            federated ? wanted.reply() : "",
                            new LogoutParticipantStore.Known(
                                    index, name.value(), name.format(), name.spNameQualifier()),
                            LogoutParticipantStore.Outcome.SIGNED_ON,
                            "",
                            current.session().expires()));
            return index;
        });
    }
}
