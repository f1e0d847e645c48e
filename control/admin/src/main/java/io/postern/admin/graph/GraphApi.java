package io.postern.admin.graph;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.PasswordHash;
import io.postern.admin.outbound.Couriers;
import io.postern.admin.outside.DocumentFetcher;
import io.postern.admin.service.GroupOwners;
import io.postern.admin.service.Logos;
import io.postern.admin.service.Owners;
import io.postern.admin.service.Portals;
import io.postern.admin.service.Services;
import io.postern.admin.service.Site;
import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.snapshot.SnapshotSource;
import io.postern.store.ProfileStore.Logo;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import io.postern.web.BadRequest;
import io.postern.web.Bodies;
import io.postern.web.Json;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import io.postern.web.SecurityFields;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The API's front: who calls, which route, may he, read, act, answer. Order matters: nobody learns which
/// routes or objects exist before he has shown a token.
public final class GraphApi {
    private static final HeaderName PREFER = HeaderNames.create("Prefer");
    private static final Logger LOG = LoggerFactory.getLogger(GraphApi.class);
    private static final Set<String> VERSIONS = Set.of("v1.0", "beta");

    private final List<Route> routes;
    private final Bearer bearer;
    private final Owners owners;
    private final GroupOwners groupOwners;
    private final String origin;
    private final Runnable afterChange;
    private final InstantSource clock;

    /// @param origin of the API as users see it, for links
    /// @param afterChange called after each successful change, before the answer
    GraphApi(
            List<Route> routes,
            Bearer bearer,
            Owners owners,
            GroupOwners groupOwners,
            String origin,
            Runnable afterChange,
            InstantSource clock) {
        this.routes = List.copyOf(routes);
        this.bearer = bearer;
        this.owners = owners;
        this.groupOwners = groupOwners;
        this.origin = origin;
        this.afterChange = afterChange;
        this.clock = clock;
    }

    /// The whole API.
    public static GraphApi of(
            Services services,
            Site site,
            Store store,
            SnapshotSource snapshots,
            DocumentFetcher fetcher,
            Couriers couriers,
            Runnable afterChange,
            InstantSource clock) {
        var shapes = new Shapes(
                site,
                new HealthShapes(services.health().node(), clock),
                new PublishingShape(site, host -> Presented.of(snapshots.current(), host)));
        var portals = new Portals(store, site);
        var routes = new ArrayList<Route>();
        routes.addAll(new ApplicationsResource(
                        services.applications(),
                        services.clients(),
                        services.signOn().signOns(),
                        services.logos(),
                        shapes)
                .routes());
        routes.addAll(new OwnersResource(services.owners(), shapes).routes());
        routes.addAll(new ClientsResource(services.clients(), services.grants()).routes());
        routes.addAll(new DeclarationsResource(services.declarations(), shapes).routes());
        routes.addAll(new ServicePrincipalsResource(services, shapes).routes());
        routes.addAll(new SignOnResource(services.signOn(), fetcher, portals::userAccessUrl).routes());
        routes.addAll(new ClaimsMappingsResource(services.signOn().claimsMappings(), shapes).routes());
        routes.addAll(new TemplatesResource(services.signOn().gallery(), shapes, portals::userAccessUrl).routes());
        routes.addAll(new UsersResource(services, shapes).routes());
        routes.addAll(new UserMethodsResource(services).routes());
        routes.addAll(new GroupsResource(services, shapes).routes());
        routes.addAll(new GroupImportResource(services.memberships().imports()).routes());
        routes.addAll(new GroupTrialResource(services.memberships().trial()).routes());
        routes.addAll(new ProvisioningResource(services.provisioning().clients()).routes());
        routes.addAll(new OutboundResource(services.outbound(), couriers).routes());
        routes.addAll(new AccessResource(services.access()).routes());
        routes.addAll(new CollectionsResource(services.collections()).routes());
        routes.addAll(new ConnectorsResource(services, shapes).routes());
        routes.addAll(new HealthResource(services.health(), clock).routes());
        routes.addAll(new BackendSignOnResource(services.signOn()).routes());
        routes.addAll(new HeaderPreviewResource(services.signOn()).routes());
        routes.addAll(new IdentityTokenPreviewResource(services.signOn()).routes());
        routes.addAll(new PreflightResource(services.preflight()).routes());
        routes.addAll(new ExchangesResource(services.exchanges()).routes());
        routes.addAll(new LinksResource(services.links(), clock).routes());
        routes.addAll(new TracesResource(services.traces(), clock).routes());
        routes.addAll(new UpdatesResource(services).routes());
        routes.addAll(new DomainsResource(services.domains(), services.names()).routes());
        routes.addAll(new IdentityProvidersResource(services.identityProviders(), fetcher, site.origin(OwnHost.LOGIN))
                .routes());
        routes.addAll(new UserLinksResource(services.identityProviders().links(), services.users()).routes());
        routes.addAll(new CertificatesResource(services.certificates()).routes());
        routes.addAll(new CertificateOrdersResource(services.certificateOrders()).routes());
        routes.addAll(new DirectoryResource(services, shapes).routes());
        routes.addAll(new GuestsResource(services.guests(), shapes).routes());
        routes.addAll(new ApplicationPasswordsResource(services.applicationPasswords()).routes());
        routes.addAll(new DesktopSignInResource(services.desktopSignIns()).routes());
        routes.addAll(new SyncResource(services, shapes).routes());
        routes.addAll(new LogsResource(services.logs()).routes());
        routes.addAll(new RolesResource(services.roles()).routes());
        routes.addAll(new TenantsResource(services.tenants()).routes());
        routes.addAll(new SessionsResource(services).routes());
        routes.addAll(new ReviewsResource(services.reviews(), shapes).routes());
        return new GraphApi(
                routes,
                new Bearer(store, snapshots, site.baseDomain(), clock),
                services.owners(),
                services.memberships().owners(),
                site.origin(OwnHost.API),
                afterChange,
                clock);
    }

    /// In a request's context: its body held a secret.
    private static final String SECRET = GraphApi.class.getName() + ".secret";

    /// Answers everything on this host.
    public void mount(HttpRouting.Builder api) {
        api.addFilter(new SecurityFields());
        api.any((request, response) -> {
            handle(request, response);
            if (request.context().get(SECRET, Boolean.class).orElse(false)) {
                throw new CloseConnectionException("a body with a secret was read");
            }
        });
    }

    /// Every route as `VERB /path`.
    public List<String> table() {
        return routes.stream().map(route -> route.verb() + " " + route.path()).toList();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        RequestFacts facts = RequestFacts.of(request);
        try {
            Reply reply = answer(request, response, facts);
            response.status(reply.status());
            if (reply.picture().isPresent()) {
                Logo logo = reply.picture().get();
                response.header(HeaderNames.CONTENT_TYPE, logo.mediaType());
                response.send(Base64.getDecoder().decode(logo.base64()));
            } else if (reply.body().isPresent()) {
                Json.send(response, reply.status(), reply.body().get());
            } else {
                response.send();
            }
        } catch (GraphFault fault) {
            send(response, facts, fault);
        } catch (BadRequest fault) {
            send(response, facts, GraphFault.of(fault.status(), String.valueOf(fault.getMessage())));
        } catch (HttpException fault) {
            send(response, facts, GraphFault.of(fault.status().code(), String.valueOf(fault.getMessage())));
        } catch (PasswordHash.Busy fault) {
            send(response, facts, GraphFault.of(503, "too many passwords are being set at once; try again"));
        } catch (StoreUnavailable fault) {
            LOG.error("call failed exchange={}: {}", facts.exchange(), fault.getMessage());
            send(response, facts, GraphFault.of(503, "the database cannot be used at the moment; try again"));
        } catch (RuntimeException fault) {
            LOG.error("call failed exchange={}", facts.exchange(), fault);
            send(response, facts, GraphFault.of(500, "this is a fault of the service; its log knows the request-id"));
        }
    }

    private Reply answer(ServerRequest request, ServerResponse response, RequestFacts facts) {
        Caller caller = bearer.caller(request, facts);
        String rawPath = request.prologue().uriPath().rawPath();
        List<String> segments = segments(rawPath);
        Matched matched = match(request.prologue().method().text(), segments, rawPath);
        Route route = matched.route();
        if (route.actions().stream().noneMatch(caller::may) && !(route.owner() && owns(caller, matched))) {
            throw GraphFault.mayNot(caller.actor().name(), route.actions(), route.owned());
        }
        Parameters query = Parameters.parse(request.prologue().query().rawValue());
        check(query, route);
        var call = new Call(
                caller,
                origin + rawPath,
                matched.path(),
                query,
                () -> body(request),
                () -> picture(request),
                () -> secret(request, response),
                wantsResult(request));
        Reply reply = route.handling().apply(call);
        if (route.verb() != Route.Verb.GET) {
            afterChange.run();
        }
        return query.one("$select").map(select -> selected(reply, select)).orElse(reply);
    }

    /// What cannot be an id is nobody's.
    private boolean owns(Caller caller, Matched matched) {
        if (!caller.person()) {
            return false;
        }
        TenantId tenant = caller.actor().tenant();
        UserId user = new UserId(caller.actor().principal());
        String id = matched.path().getOrDefault("id", "");
        try {
            if (matched.route().path().startsWith("/groups/")) {
                return groupOwners.owns(tenant, user, new GroupId(id));
            }
            return matched.route().path().startsWith("/servicePrincipals/")
                    ? owners.owns(tenant, user, new ServicePrincipalId(id))
                    : owners.owns(tenant, user, new ObjectId(id));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean wantsResult(ServerRequest request) {
        return request.headers().contains(PREFER)
                && request.headers().get(PREFER).allValues().stream()
                        .flatMap(value -> Arrays.stream(value.split("[,;]")))
                        .anyMatch(preference -> preference.strip().equalsIgnoreCase("return=representation"));
    }

    private record Matched(Route route, Map<String, String> path) {}

    private Matched match(String verb, List<String> segments, String rawPath) {
        var verbs = new TreeSet<String>();
        for (Route route : routes) {
            Optional<Map<String, String>> path = match(route, segments);
            if (path.isPresent()) {
                if (route.verb().name().equals(verb)) {
                    return new Matched(route, path.get());
                }
                verbs.add(route.verb().name());
            }
        }
        if (verbs.isEmpty()) {
            throw GraphFault.of(404, "there is no resource at '" + rawPath + "'; see docs/api.md");
        }
        throw GraphFault.of(405, verb + " is not possible here; use " + String.join(" or ", verbs));
    }

    private static Optional<Map<String, String>> match(Route route, List<String> segments) {
        String[] pattern = route.path().substring(1).split("/", -1);
        if (segments.size() != pattern.length + 1 || !VERSIONS.contains(segments.getFirst())) {
            return Optional.empty();
        }
        var values = new TreeMap<String, String>();
        for (int i = 0; i < pattern.length; i++) {
            String segment = segments.get(i + 1);
            if (pattern[i].startsWith("{")) {
                values.put(pattern[i].substring(1, pattern[i].length() - 1), segment);
            } else if (!pattern[i].equals(segment)) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    private static List<String> segments(String rawPath) {
        try {
            return Arrays.stream(rawPath.substring(1).split("/", -1))
                    .map(raw -> URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw GraphFault.of(400, "the path is not percent-encoded as it should be");
        }
    }

    private static void check(Parameters query, Route route) {
        Set<String> repeated = query.repeated();
        if (!repeated.isEmpty()) {
            throw GraphFault.of(400, "query option " + repeated.iterator().next() + " stands more than once");
        }
        for (String name : query.names()) {
            if (!route.options().contains(name)) {
                throw GraphFault.of(
                        400,
                        "query option '" + name + "' is not supported here"
                                + (route.options().isEmpty()
                                        ? ""
                                        : "; use " + String.join(", ", new TreeSet<>(route.options()))));
            }
        }
    }

    private static byte[] picture(ServerRequest request) {
        boolean image = request.headers()
                .contentType()
                .map(type -> type.text().toLowerCase(Locale.ROOT))
                .filter(type -> type.equals("image/png") || type.equals("image/jpeg"))
                .isPresent();
        if (!image) {
            throw GraphFault.of(415, "the body must be a picture; send 'Content-Type: image/png' or image/jpeg");
        }
        return Bodies.read(request, Logos.BYTES_MAX);
    }

    /// The server's buffer of a connection keeps what was read last, so this connection ends with the answer.
    private static byte[] secret(ServerRequest request, ServerResponse response) {
        response.header(HeaderNames.CONNECTION, "close");
        request.context().register(SECRET, true);
        return Bodies.read(request, Json.BYTES_MAX);
    }

    private static ObjectNode body(ServerRequest request) {
        boolean json = request.headers()
                .contentType()
                .map(type -> type.text().toLowerCase(Locale.ROOT))
                .filter(type -> type.equals("application/json") || type.startsWith("application/json;"))
                .isPresent();
        if (!json) {
            throw GraphFault.of(415, "the body must be JSON; send 'Content-Type: application/json'");
        }
        return Json.readObject(request);
    }

    private static Reply selected(Reply reply, String select) {
        Set<String> names =
                Arrays.stream(select.split(",", -1)).map(String::strip).collect(Collectors.toUnmodifiableSet());
        reply.body().ifPresent(body -> {
            if (body.get("value") instanceof ArrayNode rows) {
                rows.forEach(row -> retain(row, names));
            } else {
                retain(body, names);
            }
        });
        return reply;
    }

    private static void retain(JsonNode row, Set<String> names) {
        if (row instanceof ObjectNode object) {
            List.copyOf(object.propertyNames()).stream()
                    .filter(name -> !names.contains(name) && !name.startsWith("@odata."))
                    .forEach(object::remove);
        }
    }

    private void send(ServerResponse response, RequestFacts facts, GraphFault fault) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("code", fault.code()).put("message", fault.getMessage());
        if (!fault.violations().isEmpty()) {
            ArrayNode details = error.putArray("details");
            for (Outcome.Violation violation : fault.violations()) {
                details.addObject()
                        .put("code", fault.code())
                        .put("target", violation.field())
                        .put("message", violation.message());
            }
        }
        error.putObject("innerError")
                .put("request-id", facts.exchange())
                .put("date", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (fault.status() == 401) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"postern\", error=\"invalid_token\"");
        }
        Json.send(response, fault.status(), body);
    }
}
