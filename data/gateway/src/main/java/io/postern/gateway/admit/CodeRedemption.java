package io.postern.gateway.admit;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.Future;
import io.postern.domain.DoorFields;
import io.postern.domain.OwnHost;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.gateway.exchange.ControlCall;
import io.postern.token.EdgeCredential;
import io.postern.token.JwtVerifier;
import io.postern.token.KeyRing;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Exchanges an authorization code for an ID token at the LOGIN door (RFC 6749 §4.1.3) and reads the
/// subject from it (OpenID Connect Core §3.1.3.7). Thread-safe.
final class CodeRedemption {
    private static final Logger LOG = LoggerFactory.getLogger(CodeRedemption.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final KeyRing ring;
    private final ControlCall control;

    CodeRedemption(KeyRing ring, ControlCall control) {
        this.ring = ring;
        this.control = control;
    }

    Future<ControlAnswer> redeem(
            String code, SignInState state, PublishedApplication application, ClientFacts client, EventLoop loop) {
        LoginUrls login = LoginUrls.of(application, client);
        String form = "grant_type=authorization_code"
                + "&client_id=" + application.appId()
                + "&client_secret="
                + EdgeCredential.of(ring, application.appId().value()).reveal()
                + "&redirect_uri=" + LoginUrls.encode(LoginUrls.callback(application, client))
                + "&code=" + LoginUrls.encode(code)
                + "&code_verifier=" + state.verifier();
        Http2Headers fields = new DefaultHttp2Headers()
                .set("content-type", "application/x-www-form-urlencoded")
                .set("accept", "application/json")
                .set(DoorFields.CLIENT_ADDRESS, client.address())
                .set(DoorFields.EXCHANGE, client.exchangeId())
                .set(DoorFields.ORIGIN, login.origin());
        return control.call(loop, OwnHost.LOGIN, "POST", login.tokenPath(), fields, form);
    }

    /// Empty when the provider refused the code or the token is not for this sign-in.
    static Optional<Subject> subject(
            ControlAnswer answer, SignInState state, PublishedApplication application, ClientFacts client) {
        if (answer.status() != 200) {
            LOG.warn("code not redeemed: exchange={} status={}", client.exchangeId(), answer.status());
            return Optional.empty();
        }
        String token;
        try {
            token = JSON.readTree(answer.body()).path("id_token").asString("");
        } catch (JacksonException e) {
            LOG.error("token endpoint did not answer in JSON: exchange={}", client.exchangeId());
            return Optional.empty();
        }
        var result = client.verifier().verify(token, Set.of(application.appId().value()), client.now());
        return switch (result) {
            case JwtVerifier.Result.Refused refused -> refused(client, refused.why());
            case JwtVerifier.Result.Valid valid -> subject(valid, state, application, client);
        };
    }

    private static Optional<Subject> subject(
            JwtVerifier.Result.Valid token, SignInState state, PublishedApplication application, ClientFacts client) {
        if (!token.text("nonce").equals(state.nonce())) {
            return refused(client, "nonce is not ours");
        }
        if (!token.text("tid").equals(application.tenant().value())) {
            return refused(client, "tenant is another");
        }
        return TokenSubject.of(token, Duration.ZERO);
    }

    private static Optional<Subject> refused(ClientFacts client, String why) {
        LOG.warn("ID token refused: exchange={} reason={}", client.exchangeId(), why);
        return Optional.empty();
    }
}
