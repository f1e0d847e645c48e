package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.ServiceAddress;
import io.postern.identity.journal.SignInFacts;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.web.BadRequest;
import io.postern.web.Bodies;
import io.postern.web.Json;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// `POST /{tenant}/oauth2/v2.0/token`: authorization codes and client credentials become tokens.
public final class TokenEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}"); // RFC 7636 §4.1

    private sealed interface Redeemed {
        record Tokens(ObjectNode body) implements Redeemed {}

        record Refused(Fault fault) implements Redeemed {}
    }

    private final Store store;
    private final BrowserSessions sessions;
    private final RelyingParties parties;
    private final ClientAuthentication clients;
    private final Tokens tokens;
    private final FaultWriter faults;
    private final SignInJournal journal;
    private final ServiceAddress address;
    private final Clock clock;

    public TokenEndpoint(
            Store store,
            BrowserSessions sessions,
            SigningKeys keys,
            KeyRing ring,
            FaultWriter faults,
            SignInJournal journal,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.parties = new RelyingParties(store);
        this.clients = new ClientAuthentication(store, parties, ring, clock);
        this.tokens = new Tokens(keys, address, clock);
        this.faults = faults;
        this.journal = journal;
        this.address = address;
        this.clock = clock;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        // no cookie counts here, so scripts of any origin may ask (single-page applications)
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        Parameters form;
        try {
            form = Bodies.form(request);
        } catch (BadRequest e) {
            faults.json(request, response, new Fault("invalid_request", 90014, e.status(), e.getMessage() + "."));
            return;
        }
        switch (redeem(request, tenant, form)) {
            case Redeemed.Tokens(ObjectNode body) -> {
                response.header(HeaderNames.PRAGMA, "no-cache"); // RFC 6749 §5.1
                Json.send(response, 200, body);
            }
            case Redeemed.Refused(Fault fault) -> faults.json(request, response, fault);
        }
    }

    private Redeemed redeem(ServerRequest request, Tenant tenant, Parameters form) {
        if (!form.repeated().isEmpty()) {
            return new Redeemed.Refused(Fault.repeated(form.repeated()));
        }
        String grant = form.oneOrEmpty("grant_type");
        if (grant.isEmpty()) {
            return new Redeemed.Refused(Fault.missing("grant_type"));
        }
        if (!grant.equals("authorization_code") && !grant.equals("client_credentials")) {
            return new Redeemed.Refused(Fault.grantUnknown(grant));
        }
        return switch (clients.authenticate(request, tenant, form)) {
            case ClientAuthentication.Result.Refused(Fault fault) -> {
                journal.failed(
                        RequestFacts.of(request),
                        SignInFacts.of(tenant, "oAuth2", form.oneOrEmpty("client_id"), "")
                                .program(),
                        fault.number(),
                        fault.text());
                yield new Redeemed.Refused(fault);
            }
            case ClientAuthentication.Result.Known(RelyingParty client, boolean proved) ->
                grant.equals("authorization_code")
                        ? code(tenant, client, form)
                        : clientCredentials(request, tenant, client, proved, form);
        };
    }

    private Redeemed code(Tenant tenant, RelyingParty client, Parameters form) {
        String code = form.oneOrEmpty("code");
        if (code.isEmpty()) {
            return new Redeemed.Refused(Fault.missing("code"));
        }
        String hash = Opaque.hash(code);
        Optional<CodeGrant> taken = store.write(s -> s.authorizationCodes().take(hash, clock.instant()))
                .map(row -> CodeGrant.parse(row.payload()));
        if (taken.isEmpty()) {
            boolean replayed = store.read(s -> s.authorizationCodes().wasTaken(hash));
            return new Redeemed.Refused(replayed ? Fault.codeUsed() : Fault.codeUnknown());
        }
        CodeGrant grant = taken.get();
        Optional<Fault> mismatch = mismatch(tenant, client, form, grant);
        if (mismatch.isPresent()) {
            return new Redeemed.Refused(mismatch.get()); // and the code is spent
        }
        Optional<User> user = store.read(s -> s.users().find(tenant.id(), grant.user()));
        if (user.isEmpty() || !user.get().accountEnabled()) {
            return new Redeemed.Refused(Fault.userDisabled());
        }
        if (grant.authenticated().isBefore(user.get().sessionsValidFrom().truncatedTo(ChronoUnit.SECONDS))) {
            return new Redeemed.Refused(Fault.freshTokenNeeded());
        }
        Optional<BrowserSessions.Current> session = sessions.find(tenant.id(), grant.user(), grant.session());
        if (session.isEmpty()) {
            return new Redeemed.Refused(Fault.sessionEnded());
        }
        return new Redeemed.Tokens(
                answer(tenant, grant, user.get(), session.get().session().expires(), form));
    }

    private static Optional<Fault> mismatch(Tenant tenant, RelyingParty client, Parameters form, CodeGrant grant) {
        if (!grant.tenant().equals(tenant.id()) || !grant.appId().equals(client.appId())) {
            return Optional.of(Fault.codeOfOther());
        }
        if (!grant.redirectUri().equals(form.oneOrEmpty("redirect_uri"))) {
            return Optional.of(Fault.codeRedirectMismatch());
        }
        Optional<String> verifier = form.one("code_verifier");
        boolean matches = grant.challenge()
                .map(challenge -> verifier.filter(VERIFIER.asMatchPredicate())
                        .map(Opaque::challenge)
                        .filter(challenge::equals)
                        .isPresent())
                .orElse(verifier.isEmpty()); // a verifier without a challenge: somebody cut the challenge out
        return matches ? Optional.empty() : Optional.of(Fault.verifierMismatch());
    }

    private ObjectNode answer(Tenant tenant, CodeGrant grant, User user, Instant sessionExpires, Parameters form) {
        var scopes = new Scopes(grant.scopes(), grant.audience(), resource(tenant, grant));
        Tokens.AccessToken access = tokens.accessToken(grant, user, scopes.permissions());
        ObjectNode body = body(access);
        body.put("scope", String.join(" ", new TreeSet<>(grant.scopes())));
        if (scopes.openId()) {
            body.put("id_token", tokens.idToken(grant, user, sessionExpires));
        }
        if (form.one("client_info").isPresent()) {
            body.put("client_info", clientInfo(user)); // MSAL's key of its account cache
        }
        LOG.info(
                "tokens issued tenant={} appId={} userId={} sessionId={} audience={}",
                tenant.id(),
                grant.appId(),
                user.id(),
                grant.session(),
                grant.audience());
        return body;
    }

    private Optional<RelyingParty> resource(Tenant tenant, CodeGrant grant) {
        return grant.audience().equals(Scopes.USER_INFO) ? Optional.empty() : parties.find(tenant, grant.audience());
    }

    private Redeemed clientCredentials(
            ServerRequest request, Tenant tenant, RelyingParty client, boolean proved, Parameters form) {
        if (!proved) {
            return new Redeemed.Refused(Fault.secretNeeded());
        }
        String scope = form.oneOrEmpty("scope");
        if (scope.isEmpty()) {
            return new Redeemed.Refused(Fault.missing("scope"));
        }
        if (scope.contains(" ") || !scope.endsWith("/" + Scopes.ALL)) {
            return new Redeemed.Refused(Fault.scope(scope));
        }
        return switch (Scopes.read(scope, tenant, parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> new Redeemed.Refused(fault);
            case Scopes.Reading.Read(Scopes scopes) -> {
                List<String> roles = store.read(s ->
                        s.roles().rolesOf(tenant.id(), client.principal().id().value()));
                LOG.info(
                        "app-only token issued tenant={} appId={} audience={}",
                        tenant.id(),
                        client.appId(),
                        scopes.audience());
                journal.succeeded(
                        RequestFacts.of(request),
                        SignInFacts.of(
                                        tenant,
                                        "oAuth2",
                                        client.appId(),
                                        client.application().displayName())
                                .servicePrincipal(client.principal())
                                .resource(scopes.audience(), scopes.audience()));
                yield new Redeemed.Tokens(body(tokens.appOnly(client.principal(), scopes.audience(), roles)));
            }
        };
    }

    private static ObjectNode body(Tokens.AccessToken access) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("token_type", "Bearer");
        body.put("expires_in", access.lifetime().toSeconds());
        body.put("ext_expires_in", access.lifetime().toSeconds());
        body.put("access_token", access.value());
        return body;
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
