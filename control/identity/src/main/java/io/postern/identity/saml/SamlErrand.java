package io.postern.identity.saml;

import io.postern.domain.AppId;
import io.postern.domain.claims.NameIdFormat;
import io.postern.identity.signin.Demand;
import io.postern.identity.signin.Errand;
import io.postern.saml.AuthnContexts;
import io.postern.store.Tenant;
import io.postern.web.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A sign-in that a service provider asked for, or that began here.
///
/// @param entityId how the service provider calls itself: the audience
/// @param requestId empty if nobody asked
/// @param reply registered, as the user agent sees it
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
        implements Errand {
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
    public Tenant tenant() {
        return party.tenant();
    }

    @Override
    public AppId client() {
        return party.appId();
    }

    @Override
    public String clientName() {
        return party.name();
    }

    /// None: the forms of the sign-in end at a page of ours, and only that page posts to the service provider.
    @Override
    public List<String> formTargets() {
        return List.of();
    }

    @Override
    public Demand demand() {
        boolean mfa = !contexts.isEmpty() && contexts.stream().allMatch(AuthnContexts.MULTIPLE_AUTHN::equals);
        return new Demand(silent, fresh, false, Optional.empty(), mfa);
    }

    @Override
    public String protocol() {
        return "saml20";
    }
}
