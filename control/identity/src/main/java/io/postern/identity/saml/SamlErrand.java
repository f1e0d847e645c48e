package io.postern.identity.saml;

import io.postern.domain.claims.NameIdFormat;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.signin.Demand;
import io.postern.saml.AuthnContexts;
import io.postern.web.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A sign-in that a service provider asked for, or that began here.
///
/// @param entityId how the service provider calls itself: the audience
/// @param requestId empty if nobody asked
/// @param contexts class references that the service provider would take; empty for any
/// @param sealed for the forms
record SamlErrand(
        SamlParty party,
        String entityId,
        Optional<String> requestId,
        String reply,
        Optional<String> relayState,
        boolean fresh,
        boolean silent,
        Optional<NameIdFormat> format,
        Optional<String> spNameQualifier,
        List<String> contexts,
        String loginHint,
        String sealed)
        implements PartyErrand {
    SamlErrand {
        contexts = List.copyOf(contexts);
    }

    SamlErrand sealed(String text) {
        return new SamlErrand(
                party,
                entityId,
                requestId,
                reply,
                relayState,
                fresh,
                silent,
                format,
                spNameQualifier,
                contexts,
                loginHint,
                text);
    }

    /// All that the service provider said, for the form's hidden field.
    String encoded() {
        var pairs = new ArrayList<String>();
        add(pairs, "app", party.appId().value());
        add(pairs, "entity", entityId);
        requestId.ifPresent(id -> add(pairs, "id", id));
        add(pairs, "reply", reply);
        relayState.ifPresent(state -> add(pairs, "relay", state));
        add(pairs, "fresh", fresh ? "1" : "");
        add(pairs, "silent", silent ? "1" : "");
        format.ifPresent(f -> add(pairs, "format", f.name()));
        spNameQualifier.ifPresent(q -> add(pairs, "qualifier", q));
        add(pairs, "contexts", String.join(" ", contexts));
        add(pairs, "hint", loginHint);
        return String.join("&", pairs);
    }

    /// @param party found again by `app`
    static SamlErrand decoded(SamlParty party, Parameters said) {
        String contexts = said.oneOrEmpty("contexts");
        return new SamlErrand(
                party,
                said.oneOrEmpty("entity"),
                said.one("id"),
                said.oneOrEmpty("reply"),
                said.one("relay"),
                said.one("fresh").isPresent(),
                said.one("silent").isPresent(),
                said.one("format").map(NameIdFormat::valueOf),
                said.one("qualifier"),
                contexts.isEmpty() ? List.of() : List.of(contexts.split(" ")),
                said.oneOrEmpty("hint"),
                "");
    }

    private static void add(List<String> pairs, String name, String value) {
        pairs.add(name + "=" + Parameters.encode(value));
    }

    @Override
    public Demand demand() {
        boolean mfa = !contexts.isEmpty() && contexts.stream().allMatch(AuthnContexts.MULTIPLE_AUTHN::equals);
        return new Demand(silent, fresh, false, Optional.empty(), mfa);
    }

    @Override
    public boolean isMetBy(Set<String> methods) {
        return Contexts.of(contexts, methods).isPresent();
    }

    @Override
    public SignInProtocol protocol() {
        return SignInProtocol.SAML;
    }
}
