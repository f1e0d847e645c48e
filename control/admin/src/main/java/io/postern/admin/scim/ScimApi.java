package io.postern.admin.scim;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.PasswordHash;
import io.postern.admin.service.Actor;
import io.postern.admin.service.Provisioning;
import io.postern.admin.service.ProvisioningClients;
import io.postern.domain.scim.ScimFault;
import io.postern.store.ProvisioningStore.Client;
import io.postern.store.StoreUnavailable;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The front of SCIM, under `/scim/v2` on the API's host: who calls, what for, answer. No tenant stands in the URL:
/// the token says which one, and a second place to say it could only differ (SCIM-1). Nobody learns what there is
/// before he has shown a token.
public final class ScimApi {
    /// As [Json#BYTES_MAX].
    static final int BYTES_MAX = Json.BYTES_MAX;

    private static final String PATH = "/scim/v2";
    private static final String ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
    private static final String MEDIA_TYPE = "application/scim+json; charset=utf-8";
    private static final Logger LOG = LoggerFactory.getLogger(ScimApi.class);

    private final ProvisioningClients clients;
    private final Map<String, Resources> resources;
    private final Discovery discovery;
    private final String base;

    /// @param origin of the API as clients see it
    /// @param afterLoss called before the answer when somebody lost his access
    public ScimApi(Provisioning provisioning, String origin, Runnable afterLoss) {
        this.base = origin + PATH;
        this.clients = provisioning.clients();
        this.discovery = new Discovery(base);
        this.resources = Map.of(
                "Users", new UserResources(provisioning.users(), new UserDocument(base), afterLoss),
                "Groups", new GroupResources(provisioning.groups(), new GroupDocument(base)));
    }

    /// Answers what lies under `/scim`; mount it before what answers everything.
    public void mount(HttpRouting.Builder api) {
        api.any(PATH + "/*", this::handle);
    }

    private void handle(ServerRequest request, ServerResponse response) {
        RequestFacts facts = RequestFacts.of(request);
        try {
            send(response, answer(request, facts));
        } catch (ScimFault fault) {
            send(response, fault);
        } catch (BadRequest fault) {
            String said = String.valueOf(fault.getMessage());
            send(response, fault.status() == 400 ? ScimFault.syntax(said) : ScimFault.of(fault.status(), said));
        } catch (HttpException fault) {
            send(response, ScimFault.of(fault.status().code(), String.valueOf(fault.getMessage())));
        } catch (PasswordHash.Busy fault) {
            send(response, ScimFault.of(503, "too many passwords are being set at once; try again"));
        } catch (StoreUnavailable fault) {
            LOG.error("SCIM call failed exchange={}: {}", facts.exchange(), fault.getMessage());
            send(response, ScimFault.of(503, "the database cannot be used at the moment; try again"));
        } catch (RuntimeException fault) {
            LOG.error("SCIM call failed exchange={}", facts.exchange(), fault);
            send(response, ScimFault.of(500, "this is a fault of the service; its log knows " + facts.exchange()));
        }
    }

    private Answer answer(ServerRequest request, RequestFacts facts) {
        Client client = client(request);
        var actor = new Actor(
                client.tenant(),
                client.id().value(),
                client.displayName(),
                Optional.of(facts.clientAddress()),
                facts.exchange());
        String method = request.prologue().method().text();
        List<String> path = path(request.prologue().uriPath().rawPath().substring(PATH.length()));
        Parameters query = Parameters.parse(request.prologue().query().rawValue());
        Supplier<Map<String, Object>> body = () -> body(request);
        if (path.equals(List.of("Bulk"))) {
            expect(method, "POST");
            return Bulk.run(body.get(), base, (verb, target, version, data) -> {
                if (verb.equals("GET")) {
                    throw ScimFault.of(400, "a bulk changes; GET is none of its methods");
                }
                return dispatch(
                        verb,
                        path(target),
                        new ScimCall(client, actor, ListQuery.NONE, version, Optional.empty(), () -> data));
            });
        }
        boolean isSearch = path.size() == 2 && path.get(1).equals(".search");
        if (isSearch) {
            expect(method, "POST");
        }
        var call = new ScimCall(
                client,
                actor,
                isSearch ? ListQuery.of(body.get()) : ListQuery.of(query),
                field(request, HeaderNames.IF_MATCH),
                field(request, HeaderNames.IF_NONE_MATCH),
                body);
        Answer answer = isSearch ? of(path.getFirst()).list(call) : dispatch(method, path, call);
        boolean known =
                method.equals("GET") && answer.version().filter(call::knows).isPresent();
        return known ? new Answer(304, Optional.empty(), answer.location(), answer.version()) : answer;
    }

    private Answer dispatch(String method, List<String> path, ScimCall call) {
        return switch (path.size()) {
            case 1 ->
                switch (path.getFirst()) {
                    case "ServiceProviderConfig" -> read(method, discovery::configuration);
                    case "ResourceTypes" -> read(method, discovery::types);
                    case "Schemas" -> read(method, discovery::schemas);
                    case "Me" -> throw ScimFault.of(501, "/Me is not offered: a provisioning client is nobody");
                    default ->
                        switch (method) {
                            case "GET" -> of(path.getFirst()).list(call);
                            case "POST" -> of(path.getFirst()).create(call);
                            default -> throw notPossible(path, method, "GET or POST");
                        };
                };
            case 2 ->
                switch (path.getFirst()) {
                    case "ResourceTypes" -> read(method, () -> discovery.type(path.get(1)));
                    case "Schemas" -> read(method, () -> discovery.schema(path.get(1)));
                    default -> one(method, path, call);
                };
            default -> throw nothing(path);
        };
    }

    private Answer one(String method, List<String> path, ScimCall call) {
        Resources kind = of(path.getFirst());
        String id = path.get(1);
        return switch (method) {
            case "GET" -> kind.get(call, id);
            case "PUT" -> kind.replace(call, id);
            case "PATCH" -> kind.patch(call, id);
            case "DELETE" -> kind.delete(call, id);
            default -> throw notPossible(path, method, "GET, PUT, PATCH or DELETE");
        };
    }

    private Resources of(String name) {
        Resources kind = resources.get(name);
        if (kind == null) {
            throw nothing(List.of(name));
        }
        return kind;
    }

    private static Answer read(String method, Supplier<Answer> reading) {
        expect(method, "GET");
        return reading.get();
    }

    private static void expect(String method, String only) {
        if (!method.equals(only)) {
            throw ScimFault.of(405, method + " is not possible here; use " + only);
        }
    }

    private static ScimFault notPossible(List<String> path, String method, String remedy) {
        return path.size() == 1
                        && !path.getFirst().equals("Users")
                        && !path.getFirst().equals("Groups")
                ? nothing(path)
                : ScimFault.of(405, method + " is not possible here; use " + remedy);
    }

    private static ScimFault nothing(List<String> path) {
        return ScimFault.of(404, "there is nothing at '/" + String.join("/", path) + "'; see /ResourceTypes");
    }

    /// @throws ScimFault 401
    private Client client(ServerRequest request) {
        List<String> fields = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
        if (fields.size() != 1 || !fields.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw ScimFault.of(401, "a bearer token is missing; send one 'Authorization: Bearer <token>'");
        }
        String token = fields.getFirst().substring(7).strip();
        return Optional.of(token)
                .filter(t -> t.startsWith(ProvisioningClients.PREFIX))
                .flatMap(clients::of)
                .orElseThrow(() -> ScimFault.of(
                        401,
                        "the bearer token is unknown, expired or revoked; make one with 'postern scim add' or"
                                + " 'postern scim token'"));
    }

    private static List<String> path(String raw) {
        try {
            return Arrays.stream(
                            raw.replaceFirst("^/", "").replaceFirst("/$", "").split("/", -1))
                    .map(each -> URLDecoder.decode(each.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw ScimFault.of(400, "the path is not percent-encoded as it should be");
        }
    }

    private static Optional<String> field(ServerRequest request, HeaderName name) {
        List<String> values = request.headers().all(name, List::of);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(",", values));
    }

    @SuppressWarnings("unchecked") // an object of JSON has texts as names
    private static Map<String, Object> body(ServerRequest request) {
        boolean json = request.headers()
                .contentType()
                .map(type -> type.text().toLowerCase(Locale.ROOT))
                .filter(type -> type.startsWith("application/scim+json") || type.startsWith("application/json"))
                .isPresent();
        if (!json) {
            throw ScimFault.of(415, "the body must be JSON; send 'Content-Type: application/scim+json'");
        }
        return Json.MAPPER.convertValue(Json.readObject(request), Map.class);
    }

    /// A member of a message, whatever the case of its name.
    static @Nullable Object member(Map<String, Object> message, String name) {
        return message.entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    static Map<String, Object> error(ScimFault fault) {
        var body = new LinkedHashMap<String, Object>();
        body.put("schemas", List.of(ERROR));
        body.put("status", Integer.toString(fault.status()));
        if (!fault.type().isEmpty()) {
            body.put("scimType", fault.type());
        }
        body.put("detail", String.valueOf(fault.getMessage()));
        return body;
    }

    private static void send(ServerResponse response, Answer answer) {
        answer.version().ifPresent(version -> response.header(HeaderNames.ETAG, version));
        answer.location().ifPresent(url -> {
            response.header(answer.status() == 201 ? HeaderNames.LOCATION : HeaderNames.CONTENT_LOCATION, url);
        });
        if (answer.body().isPresent()) {
            Json.send(response, answer.status(), MEDIA_TYPE, answer.body().get());
        } else {
            response.status(answer.status()).send();
        }
    }

    private static void send(ServerResponse response, ScimFault fault) {
        if (fault.status() == 401) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"postern-scim\", error=\"invalid_token\"");
        }
        Json.send(response, fault.status(), MEDIA_TYPE, error(fault));
    }
}
