package io.postern.admin.service;

import io.postern.account.Persons;
import io.postern.admin.service.ConnectorQuestions.Present;
import io.postern.admin.service.ConnectorQuestions.Question;
import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.Person;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import io.postern.domain.publish.BackendTls;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.Publishing;
import io.postern.domain.signon.DomainLogin;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.web.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Tries how a user is signed in at a backend (3.2, 3.5): what this service knows of it, and then, by each
/// connector of the group that is here, every step from its clock to the backend's answer. The connector acts
/// as the user while it does, so the audit log tells who asked.
public final class BackendSignOnTest {
    /// Of questions to connectors (docs/protocol/tunnel.md §6).
    public static final String KIND = "kerberos-check";

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// @param remedy empty where it passed
    public record Step(String name, String result, String detail, String remedy) {}

    /// What one connector found.
    public record OfConnector(Present connector, List<Step> steps) {
        boolean failed() {
            return steps.stream().anyMatch(step -> step.result().equals("failed"));
        }
    }

    /// @param login what the domain is asked for; empty when the user has none
    public record Report(List<Step> steps, Optional<DomainLogin> login, List<OfConnector> connectors) {
        public boolean failed() {
            return steps.stream().anyMatch(step -> step.result().equals("failed"))
                    || connectors.stream().anyMatch(OfConnector::failed);
        }
    }

    private record Facts(
            Application application,
            Kerberos kerberos,
            InternalUrl backend,
            BackendTls tls,
            ConnectorGroupId group,
            User user,
            Person person) {}

    /// What is to be tried.
    private sealed interface Trial {
        record ByTicket(Facts facts) implements Trial {}

        record ByPassword(PasswordTrial trial) implements Trial {}
    }

    private final Ledger ledger;
    private final ConnectorQuestions questions;

    public BackendSignOnTest(Ledger ledger, ConnectorQuestions questions) {
        this.ledger = ledger;
        this.questions = questions;
    }

    /// @param user needed for Kerberos; without one a sign-on by password is looked at only
    /// @param host of the backend, where the application has a wildcard
    public Outcome<Report> run(Actor actor, ObjectId id, Optional<UserId> user, Optional<String> host) {
        return ledger.change(actor, change -> {
                    Trial trial = trial(change.stores(), actor.tenant(), id, user, host);
                    switch (trial) {
                        case Trial.ByTicket(Facts facts) ->
                            change.note(
                                    Activity.TEST_SIGN_ON,
                                    id,
                                    facts.application().displayName(),
                                    Map.of(
                                            "user", facts.user().userPrincipalName(),
                                            "servicePrincipalName",
                                                    facts.kerberos().servicePrincipalName()));
                        case Trial.ByPassword(PasswordTrial password) ->
                            change.note(
                                    Activity.TEST_SIGN_ON,
                                    id,
                                    password.application().displayName(),
                                    Map.of(
                                            "user",
                                            password.user()
                                                    .map(User::userPrincipalName)
                                                    .orElse(""),
                                            "way",
                                            password.settings().way().text()));
                    }
                    return trial;
                })
                .then(trial -> Outcome.done(
                        switch (trial) {
                            case Trial.ByTicket(Facts facts) -> report(actor.tenant(), facts);
                            case Trial.ByPassword(PasswordTrial password) -> password.report(actor.tenant(), questions);
                        }));
    }

    private Trial trial(Stores stores, TenantId tenant, ObjectId id, Optional<UserId> userId, Optional<String> host) {
        Application application =
                stores.applications().find(tenant, id).orElseThrow(() -> Rejected.notFound("application", id));
        Publishing publishing = application
                .publishing()
                .orElseThrow(() -> Rejected.notFound("publication of application", application.displayName()));
        BackendSignOn how = publishing.settings().signOn().how();
        Optional<User> user =
                userId.map(one -> stores.users().find(tenant, one).orElseThrow(() -> Rejected.notFound("user", one)));
        ServicePrincipal principal = stores.servicePrincipals()
                .findByAppId(tenant, application.appId())
                .orElseThrow(() -> Rejected.notFound("service principal of application", application.displayName()));
        return switch (how) {
            case PasswordSignOn password ->
                new Trial.ByPassword(
                        PasswordTrial.of(stores, application, principal, password, backend(publishing, host), user));
            case Kerberos kerberos -> {
                User one = user.orElseThrow(() -> Rejected.invalid(
                        "user", "user is missing; give the id or sign-in name of the one to be signed on"));
                yield new Trial.ByTicket(new Facts(
                        application,
                        kerberos,
                        backend(publishing, host),
                        publishing.settings().backendTls(),
                        ApplicationPasswords.group(stores, application),
                        one,
                        Persons.of(
                                stores,
                                one,
                                principal,
                                ClaimsPolicy.DEFAULT,
                                ledger.clock().instant())));
            }
            case BackendSignOn.None _, BackendSignOn.Headers _ ->
                throw Rejected.conflict("singleSignOnMode of application '" + application.displayName() + "' is "
                        + how.graphMode() + ", and there is nothing to try by a connector; set it to"
                        + " onPremisesKerberos or password");
        };
    }

    /// A backend of the application and no other: the user's ticket, or password, is shown to it.
    private static InternalUrl backend(Publishing publishing, Optional<String> host) {
        if (!publishing.internalUrl().isWildcard()) {
            host.ifPresent(h -> {
                if (!h.equalsIgnoreCase(publishing.internalUrl().host())) {
                    throw Rejected.invalid(
                            "host", "host '" + h + "' is not that of '" + publishing.internalUrl() + "'; leave it out");
                }
            });
            return publishing.internalUrl();
        }
        String domain = publishing.internalUrl().host().substring(1);
        String one = host.filter(h -> h.length() > domain.length()
                        && h.regionMatches(true, h.length() - domain.length(), domain, 0, domain.length())
                        && h.matches("[A-Za-z0-9.-]+"))
                .orElseThrow(() -> Rejected.invalid(
                        "host", "host is missing, or does not lie under '*" + domain + "'; name one backend of it"));
        return publishing.internalUrl().at(one);
    }

    private Report report(TenantId tenant, Facts facts) {
        Optional<DomainLogin> login =
                DomainLogin.of(facts.person(), facts.kerberos().identity());
        if (login.isEmpty()) {
            Step missing = new Step(
                    "identity",
                    "failed",
                    DomainLogin.missing(
                            facts.user().userPrincipalName(), facts.kerberos().identity()),
                    "postern user set " + facts.user().userPrincipalName() + " --attribute NAME=VALUE");
            return new Report(List.of(missing), login, List.of());
        }
        Step identity = new Step(
                "identity",
                "passed",
                "the domain is asked for " + login.get().identity().text() + " '"
                        + login.get().name() + "'",
                "");
        List<Present> present = questions.present(tenant, facts.group(), KIND);
        if (present.isEmpty()) {
            Step none = new Step(
                    "connector",
                    "failed",
                    "no connector of the application's group that signs users on by Kerberos is here",
                    "put a section 'kerberos' into connector.yaml of one, and look at 'postern connector list'");
            return new Report(List.of(identity, none), login, List.of());
        }
        return new Report(
                List.of(identity),
                login,
                new ConnectorLadders(questions)
                        .ask(
                                tenant,
                                facts.group(),
                                present,
                                new Question(KIND, body(facts, login.get()), LIMIT),
                                "run 'postern connector kerberos-check' there"));
    }

    private static ObjectNode body(Facts facts, DomainLogin login) {
        String spn = facts.kerberos().servicePrincipalName();
        String host = facts.backend().host();
        ObjectNode body = Json.MAPPER
                .createObjectNode()
                .put("user", login.name())
                .put("identity", login.identity().text())
                .put("spn", facts.kerberos().isWildcard() ? spn.substring(0, spn.indexOf('*')) + host : spn)
                .put("mechanism", facts.kerberos().mechanism() == Mechanism.SPNEGO ? "spnego" : "krb5")
                .put("url", facts.backend().toString());
        body.set("backend", AskedBackend.of(facts.backend(), facts.tls()));
        return body;
    }
}
