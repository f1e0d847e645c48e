package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.web.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Looks at an application's backend through the eyes of a connector of its group, and names what would not
/// work for users (PFL-1). Generic for any application; stricter for Qlik Sense.
public final class Preflight {
    private static final String KIND = "backend-look";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// Of this size are the headers with a big Kerberos ticket or many cookies; Qlik Sense takes 16384 by default.
    private static final int BUDGET_BYTES = 12 * 1024;

    private static final String QLIK_HUB = "/hub";
    private static final String QLIK_SOCKET = "/app/engineData";

    /// @param product empty: told by the backend's first answer
    /// @param webSocketPath upgraded with the Origin of the external URL; empty: none, or the product's
    public record Wanted(Optional<Product> product, Optional<String> webSocketPath) {}

    /// What is known of more than HTTP.
    public enum Product {
        NONE,
        QLIK_SENSE
    }

    /// How grave it is.
    public enum Result {
        OK,
        WARNING,
        FAULT
    }

    /// @param check one word
    /// @param remedy what to do; empty where all is well
    public record Finding(String check, Result result, String finding, String remedy) {}

    /// @param connector who looked; empty: nobody was there
    public record Report(Application application, Optional<String> connector, Product product, List<Finding> findings) {
        public boolean isReady() {
            return findings.stream().noneMatch(f -> f.result() == Result.FAULT);
        }
    }

    /// @param all what is published in the tenant, with this one
    /// @param groupName of its connectors
    record About(Application application, List<Application> all, ConnectorGroupId group, String groupName, Site site) {
        Publishing publishing() {
            return application.publishing().orElseThrow();
        }
    }

    private final Ledger ledger;
    private final ConnectorQuestions questions;
    private final Site site;

    public Preflight(Ledger ledger, ConnectorQuestions questions, Site site) {
        this.ledger = ledger;
        this.questions = questions;
        this.site = site;
    }

    /// Blocks while the connector looks.
    public Outcome<Report> look(TenantId tenant, ObjectId id, Wanted wanted) {
        return ledger.look(stores -> {
                    Application application = stores.applications()
                            .find(tenant, id)
                            .orElseThrow(() -> Rejected.notFound("application", id));
                    Publishing publishing = application
                            .publishing()
                            .orElseThrow(
                                    () -> Rejected.notFound("publication of application", application.displayName()));
                    if (publishing.internalUrl().isWildcard()) {
                        throw Rejected.invalid(
                                "internalUrl",
                                "'" + publishing.internalUrl() + "' is a wildcard, which has no host to look at;"
                                        + " publish one of its hosts to try it");
                    }
                    ConnectorGroupId group = application
                            .group()
                            .orElseGet(() -> stores.connectorGroups()
                                    .defaultGroup(tenant)
                                    .id());
                    String name = stores.connectorGroups()
                            .find(tenant, group)
                            .map(g -> g.name())
                            .orElse("");
                    return new About(application, stores.applications().list(tenant), group, name, site);
                })
                .then(about -> Outcome.done(look(tenant, about, wanted)));
    }

    private Report look(TenantId tenant, About about, Wanted wanted) {
        var judge = new PreflightJudge(about);
        String start = about.publishing().internalUrl().path();
        ConnectorQuestions.Answer first = ask(tenant, about, List.of(request(about, start, Map.of())));
        if (!(first instanceof ConnectorQuestions.Answer.Said said)
                || said.body().path("answers").isEmpty()) {
            return new Report(
                    about.application(), Optional.empty(), wanted.product().orElse(Product.NONE), judge.nobody(first));
        }
        JsonNode seen = said.body().path("answers").path(0);
        Optional<String> connector = Optional.of(said.connector().name());
        var findings = new ArrayList<>(judge.reached(seen));
        Product product = wanted.product().orElseGet(() -> PreflightJudge.product(seen));
        if (seen.path("failure").isMissingNode()) {
            boolean qlik = product == Product.QLIK_SENSE;
            Optional<String> socket =
                    wanted.webSocketPath().or(() -> qlik ? Optional.of(below(start, QLIK_SOCKET)) : Optional.empty());
            var requests = new ArrayList<ObjectNode>();
            requests.add(request(about, qlik ? below(start, QLIK_HUB) : start, Map.of()));
            requests.add(request(about, start, Map.of("X-Postern-Preflight", "x".repeat(BUDGET_BYTES))));
            socket.ifPresent(path -> requests.add(request(about, path, upgrade(about))));
            if (ask(tenant, about, requests) instanceof ConnectorQuestions.Answer.Said more) {
                JsonNode answers = more.body().path("answers");
                findings.addAll(judge.page(answers.path(0), product));
                findings.addAll(judge.budget(answers.path(1), seen, BUDGET_BYTES));
                socket.ifPresent(path -> findings.addAll(judge.socket(answers.path(2), path, product)));
            }
        }
        return new Report(about.application(), connector, product, List.copyOf(findings));
    }

    private ConnectorQuestions.Answer ask(TenantId tenant, About about, List<ObjectNode> requests) {
        InternalUrl inside = about.publishing().internalUrl();
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set(
                "backend", AskedBackend.of(inside, about.publishing().settings().backendTls()));
        ArrayNode list = body.putArray("requests");
        requests.forEach(list::add);
        return questions.ask(
                tenant, about.group(), Optional.empty(), new ConnectorQuestions.Question(KIND, body, LIMIT));
    }

    /// With the Host that the backend sees from users.
    private static ObjectNode request(About about, String target, Map<String, String> fields) {
        ObjectNode request = Json.MAPPER.createObjectNode().put("target", target);
        ObjectNode sent = request.putObject("fields");
        if (!about.publishing().settings().fields().translate()) {
            sent.put("Host", externalAuthority(about));
        }
        sent.put("User-Agent", "Mozilla/5.0 (compatible; Postern preflight)");
        fields.forEach(sent::put);
        return request;
    }

    private static Map<String, String> upgrade(About about) {
        return Map.of(
                "Connection", "Upgrade",
                "Upgrade", "websocket",
                "Sec-WebSocket-Version", "13",
                "Sec-WebSocket-Key", "cG9zdGVybi1wcmVmbGlnaA==", // any sixteen bytes
                "Origin", origin(about));
    }

    static String origin(About about) {
        String url = about.site().show(about.publishing().externalUrl());
        return url.substring(0, url.indexOf('/', url.indexOf("//") + 2));
    }

    static String externalAuthority(About about) {
        return origin(about).replaceAll("^[a-z]+://", "");
    }

    private static String below(String folder, String path) {
        return folder.replaceAll("/$", "") + path;
    }
}
