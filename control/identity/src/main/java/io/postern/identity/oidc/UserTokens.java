package io.postern.identity.oidc;

import io.postern.domain.SessionId;
import io.postern.store.User;
import io.postern.web.Json;
import io.postern.web.Parameters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The token endpoint's answer for a user (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
final class UserTokens {
    private static final Logger LOG = LoggerFactory.getLogger(UserTokens.class);

    /// A refresh token that goes out with the others.
    record Offline(SessionId family, String token) {}

    /// What only an answer to a fresh sign-in says.
    ///
    /// @param sessionExpires tells the gateway how long what is open may stay open: the session outlives its tokens
    /// @param tokenId what the sign-in log calls the tokens; empty: they get one of their own
    record SignedIn(Optional<String> nonce, Optional<Instant> sessionExpires, Optional<String> tokenId) {
        static final SignedIn BEFORE = new SignedIn(Optional.empty(), Optional.empty(), Optional.empty());

        static SignedIn called(String tokenId) {
            return new SignedIn(Optional.empty(), Optional.empty(), Optional.of(tokenId));
        }
    }

    private final Tokens tokens;

    UserTokens(Tokens tokens) {
        this.tokens = tokens;
    }

    TokenAnswer answer(
            TokenRequest request,
            UserGrant grant,
            User user,
            Scopes scopes,
            SignedIn signedIn,
            Optional<Offline> offline) {
        Tokens.AccessToken access = tokens.accessToken(
                grant, user, scopes, offline.map(Offline::family).orElse(grant.session()), signedIn.tokenId());
        ObjectNode body = body(access);
        body.put("scope", String.join(" ", new TreeSet<>(scopes.granted())));
        if (scopes.openId()) {
            body.put("id_token", tokens.idToken(grant, user, request.client(), signedIn));
        }
        offline.ifPresent(refresh -> body.put("refresh_token", refresh.token()));
        if (wantsClientInfo(request.form())) {
            body.put("client_info", clientInfo(user)); // MSAL's key of its account cache
        }
        LOG.info(
                "tokens issued tenant={} appId={} userId={} sessionId={} audience={} refresh={}",
                grant.tenant(),
                grant.appId(),
                user.id(),
                grant.session(),
                scopes.audience(),
                offline.isPresent());
        return new TokenAnswer.Issued(body, Optional.of(grant), scopes.audience());
    }

    static ObjectNode body(Tokens.AccessToken access) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("token_type", "Bearer");
        body.put("expires_in", access.lifetime().toSeconds());
        body.put("ext_expires_in", access.lifetime().toSeconds());
        body.put("access_token", access.value());
        return body;
    }

    private static boolean wantsClientInfo(Parameters form) {
        return form.one("client_info").isPresent();
    }

    private static String clientInfo(User user) {
        ObjectNode info = Json.MAPPER.createObjectNode();
        info.put("uid", user.id().value());
        info.put("utid", user.tenant().value());
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(info.toString().getBytes(StandardCharsets.UTF_8));
    }
}
