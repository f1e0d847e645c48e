package io.postern.identity.saml;

import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.signin.Demand;
import io.postern.saml.wsfed.TokenResponse.TokenType;
import io.postern.web.Parameters;
import java.time.Duration;
import java.util.Optional;

/// A sign-in that an application asked for by WS-Federation.
///
/// @param realm `wtrealm`, one of the application's identifiers
/// @param context `wctx`, which comes back as it was
/// @param realmHint `whr`: where the application says that its users sign in
/// @param maxAge `wfresh`: how old the sign-in may be; zero for a new one
record FederationErrand(
        SamlParty party,
        String realm,
        String reply,
        Optional<String> context,
        Optional<Duration> maxAge,
        TokenType tokenType,
        String loginHint,
        String realmHint,
        String sealed)
        implements PartyErrand {

    FederationErrand sealed(String text) {
        return new FederationErrand(party, realm, reply, context, maxAge, tokenType, loginHint, realmHint, text);
    }

    String encoded() {
        return "app=" + party.appId() + "&realm=" + Parameters.encode(realm) + "&reply=" + Parameters.encode(reply)
                + context.map(c -> "&context=" + Parameters.encode(c)).orElse("")
                + maxAge.map(age -> "&age=" + age.toMinutes()).orElse("") + "&token=" + tokenType.name() + "&hint="
                + Parameters.encode(loginHint) + "&home=" + Parameters.encode(realmHint);
    }

    /// @param party found again by `app`
    static FederationErrand decoded(SamlParty party, Parameters said) {
        return new FederationErrand(
                party,
                said.oneOrEmpty("realm"),
                said.oneOrEmpty("reply"),
                said.one("context"),
                said.one("age").map(Long::parseLong).map(Duration::ofMinutes),
                TokenType.valueOf(said.oneOrEmpty("token")),
                said.oneOrEmpty("hint"),
                said.oneOrEmpty("home"),
                "");
    }

    @Override
    public Demand demand() {
        boolean fresh = maxAge.filter(Duration::isZero).isPresent();
        return new Demand(false, fresh, false, fresh ? Optional.empty() : maxAge, false);
    }

    @Override
    public SignInProtocol protocol() {
        return SignInProtocol.WS_FEDERATION;
    }
}
