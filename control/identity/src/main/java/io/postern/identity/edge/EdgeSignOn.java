package io.postern.identity.edge;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Persons;
import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.domain.DoorFields;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.claims.PairwiseIds;
import io.postern.domain.claims.Person;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.IdentityHeader;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.SignOnSettings;
import io.postern.identity.oidc.BackendTokens;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.EdgeCredential;
import io.postern.token.KeyRing;
import io.postern.web.BadRequest;
import io.postern.web.Bodies;
import io.postern.web.Json;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers the gateway's question what goes onward with the requests of a user whom it has admitted
/// (`POST /{tenant}/edge/sign-on`). Only the gateway can put it: by a field that no client can set, and by the
/// application's edge credential.
public final class EdgeSignOn {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeSignOn.class);

    /// A token that reaches the backend is good for so long at least.
    private static final Duration TOKEN_LEFT = Duration.ofMinutes(1);

    /// Apache takes 8190 characters for a line of a request's head, its name and our scheme included.
    private static final int TOKEN_MAX = 8_000;

    private final Store store;
    private final KeyRing ring;
    private final PairwiseIds pairwise;
    private final BackendTokens tokens;
    private final Clock clock;

    /// @param ring the one that the gateway has too
    public EdgeSignOn(Store store, KeyRing ring, PairwiseIds pairwise, BackendTokens tokens, Clock clock) {
        this.store = store;
        this.ring = ring;
        this.pairwise = pairwise;
        this.tokens = tokens;
        this.clock = clock;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters form;
        try {
            form = isFromGateway(request) ? Bodies.form(request) : Parameters.parse("");
        } catch (BadRequest e) {
            refuse(response, 400, Cause.INTERNAL, String.valueOf(e.getMessage()));
            return;
        }
        String client = form.oneOrEmpty("client_id");
        if (client.isEmpty() // the credential is compared in constant time
                || !EdgeCredential.of(ring, client).equals(Secret.of(form.oneOrEmpty("client_secret")))) {
            refuse(response, 404, Cause.INTERNAL, "nobody but the gateway finds something here");
            return;
        }
        try {
            Optional<SessionId> session = form.one("session").map(SessionId::new);
            Asked asked = store.read(s -> {
                        try {
                            return new Found(
                                    Optional.of(find(s, tenant, client, form.oneOrEmpty("user"), session)),
                                    Optional.empty());
                        } catch (SignOnFault fault) {
                            return new Found(Optional.empty(), Optional.of(fault));
                        }
                    })
                    .orThrow();
            String from = RequestFacts.of(request).clientAddress();
            Json.send(response, 200, json(withTokens(asked, tenant, client, session, from)));
        } catch (SignOnFault fault) {
            LOG.warn(
                    "user cannot be signed on exchange={} appId={} user={} reason={} detail={}",
                    RequestFacts.of(request).exchange(),
                    client,
                    form.oneOrEmpty("user"),
                    fault.why().reason(),
                    fault.getMessage());
            refuse(response, 403, fault.why(), String.valueOf(fault.getMessage()));
        }
    }

    private static boolean isFromGateway(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.create(DoorFields.DOOR))
                .filter(DoorFields.EDGE::equals)
                .isPresent();
    }

    private record Found(Optional<Asked> asked, Optional<SignOnFault> fault) {
        Asked orThrow() throws SignOnFault {
            if (fault.isPresent()) {
                throw fault.get();
            }
            return asked.orElseThrow();
        }
    }

    /// Who asks for what, found in the store.
    private record Asked(User user, SignOnSettings settings, SignOnFields fields) {}

    private Asked find(Stores s, Tenant tenant, String appId, String userId, Optional<SessionId> session)
            throws SignOnFault {
        Application application = s.applications()
                .findByAppId(new AppId(appId))
                .filter(a -> a.tenant().equals(tenant.id()))
                .orElseThrow(() -> gone("application", appId));
        ServicePrincipal principal = s.servicePrincipals()
                .findByAppId(tenant.id(), application.appId())
                .orElseThrow(() -> gone("application", appId));
        User user = s.users()
                .find(tenant.id(), new UserId(userId))
                .filter(User::accountEnabled)
                .orElseThrow(() -> gone("user", userId));
        SignOnSettings settings =
                application.publishing().map(p -> p.settings().signOn()).orElse(SignOnSettings.DEFAULT);
        boolean groups = settings.how() instanceof BackendSignOn.Headers headers && headers.asksForGroups();
        Person person = Persons.of(s, user, principal, groups, clock.instant());
        SignOnFields fields = switch (settings.how()) {
            case BackendSignOn.None _ -> SignOnFields.NOTHING;
            case BackendSignOn.Kerberos kerberos -> KerberosFields.of(person, kerberos);
            case BackendSignOn.Headers headers ->
                HeaderFields.of(person, pairwise.of(tenant.id(), application.appId(), person.id()), headers);
            case PasswordSignOn password -> PasswordFields.of(s, principal, user.id(), session, password);
        };
        return new Asked(user, settings, fields);
    }

    /// Tokens ask the store themselves.
    private SignOnFields withTokens(Asked asked, Tenant tenant, String client, Optional<SessionId> session, String from)
            throws SignOnFault {
        var app = new AppId(client);
        SignOnFields fields = asked.fields();
        Optional<IdentityHeader> header = asked.settings().identityHeader();
        if (header.isPresent()) {
            String token = tokens.identity(
                            tenant, app, asked.user(), session, header.get().audience())
                    .orElseThrow(() -> gone("application", client));
            fields = fields.and(
                    header.get().field(),
                    fitting(header.get().name(), token, asked.user()),
                    BackendTokens.IDENTITY_LIFETIME.minus(TOKEN_LEFT));
        }
        Optional<String> scope = asked.settings().backendScope();
        if (scope.isPresent()) {
            BackendTokens.Outcome outcome = session.isPresent()
                    ? tokens.onBehalf(tenant, app, asked.user(), session.get(), scope.get(), from)
                    : new BackendTokens.Outcome.Refused("the user came with a token that belongs to no session");
            fields = switch (outcome) {
                case BackendTokens.Outcome.Token token ->
                    fields.and(
                            "authorization",
                            "Bearer " + fitting("Authorization", token.value(), asked.user()),
                            token.lifetime().minus(TOKEN_LEFT));
                case BackendTokens.Outcome.Refused refused ->
                    throw new SignOnFault(
                            Cause.SIGN_ON_NO_TOKEN, "no access token for '" + scope.get() + "': " + refused.why());
            };
        }
        return fields;
    }

    /// A longer line web servers refuse, and nobody would know why.
    private static String fitting(String header, String token, User user) throws SignOnFault {
        if (token.length() > TOKEN_MAX) {
            throw new SignOnFault(
                    Cause.SIGN_ON_UNSAYABLE,
                    "the token in header '" + header + "' of user " + user.userPrincipalName() + " has "
                            + token.length()
                            + " characters, and web servers take " + TOKEN_MAX
                            + "; let it say less: only groups that are assigned to the application, fewer claims"
                            + " (IDT-2)");
        }
        return token;
    }

    private static SignOnFault gone(String what, String id) {
        return new SignOnFault(Cause.REVOKED, what + " " + id + " is not there any more, or is disabled");
    }

    private static ObjectNode json(SignOnFields fields) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("validSeconds", fields.valid().toSeconds());
        ArrayNode toBackend = json.putArray("fields");
        fields.toBackend()
                .forEach(field -> toBackend
                        .addObject()
                        .put("name", field.name())
                        .put("value", field.value())
                        .put("path", field.path()));
        ObjectNode tunnel = json.putObject("tunnel");
        fields.toConnector().forEach(tunnel::put);
        return json;
    }

    private static void refuse(ServerResponse response, int status, Cause cause, String detail) {
        Json.send(
                response,
                status,
                Json.MAPPER.createObjectNode().put("cause", cause.reason()).put("detail", detail));
    }
}
