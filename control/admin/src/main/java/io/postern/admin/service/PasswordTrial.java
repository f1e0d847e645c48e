package io.postern.admin.service;

import io.postern.admin.service.BackendSignOnTest.OfConnector;
import io.postern.admin.service.BackendSignOnTest.Report;
import io.postern.admin.service.BackendSignOnTest.Step;
import io.postern.admin.service.ConnectorQuestions.Present;
import io.postern.admin.service.ConnectorQuestions.Question;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.InternalUrl;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.Publishing;
import io.postern.store.ApplicationPassword;
import io.postern.store.ApplicationPassword.Whose;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.web.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Tries a sign-on by name and password (PWD-7): each connector of the group looks at the sign-on page, and
/// signs the user in where one is named. Wrong passwords lock accounts, so one connector tries first; where the
/// application refuses, the others only look.
///
/// @param password of the user or of a group of his; empty where there is none, or nobody is named
record PasswordTrial(
        Application application,
        PasswordSignOn settings,
        InternalUrl backend,
        ConnectorGroupId group,
        Optional<User> user,
        Optional<ApplicationPassword> password) {
    /// Of questions to connectors (docs/protocol/tunnel.md §6).
    static final String KIND = "password-check";

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String CREDENTIAL = "credential";

    static PasswordTrial of(
            Stores stores,
            Application application,
            ServicePrincipal principal,
            PasswordSignOn settings,
            InternalUrl backend,
            Optional<User> user) {
        return new PasswordTrial(
                application,
                settings,
                backend,
                ApplicationPasswords.group(stores, application),
                user,
                user.flatMap(u -> stores.applicationPasswords().forUser(application.tenant(), principal.id(), u.id())));
    }

    Report report(TenantId tenant, ConnectorQuestions questions) {
        var steps = new ArrayList<Step>();
        user.ifPresent(u -> steps.add(credential(u)));
        List<Present> present = questions.present(tenant, group, KIND);
        if (present.isEmpty()) {
            steps.add(new Step(
                    "connector",
                    "failed",
                    "no connector of the application's group that tries sign-ons by password is here",
                    "start one of this release, and look at 'postern connector list'"));
            return new Report(List.copyOf(steps), Optional.empty(), List.of());
        }
        var ladders = new ConnectorLadders(questions);
        Optional<User> who = user.filter(_ -> password.isPresent());
        var told = new ArrayList<>(ask(ladders, tenant, present.subList(0, 1), who));
        boolean isRefused = who.isPresent() && told.getFirst().failed();
        List<OfConnector> others =
                ask(ladders, tenant, present.subList(1, present.size()), isRefused ? Optional.empty() : who);
        others.stream().map(one -> isRefused ? spared(one) : one).forEach(told::add);
        return new Report(List.copyOf(steps), Optional.empty(), List.copyOf(told));
    }

    private Step credential(User u) {
        return password.map(p -> new Step(
                        CREDENTIAL,
                        "passed",
                        "'" + u.userPrincipalName() + "' is signed in as '" + p.userName() + "', "
                                + switch (p.whose()) {
                                    case Whose.OfUser _ -> "which is set for the user";
                                    case Whose.OfGroup of -> "which is set for group " + of.group();
                                },
                        ""))
                .orElseGet(() -> new Step(
                        CREDENTIAL,
                        "failed",
                        "neither '" + u.userPrincipalName() + "' nor a group of the user has a name and a password",
                        "postern app sso password-for '" + application.displayName() + "' --user "
                                + u.userPrincipalName() + " --login LOGIN"));
    }

    private List<OfConnector> ask(
            ConnectorLadders ladders, TenantId tenant, List<Present> present, Optional<User> who) {
        return ladders.ask(tenant, group, present, new Question(KIND, body(who), LIMIT), "look at its log");
    }

    private static OfConnector spared(OfConnector one) {
        var steps = new ArrayList<>(one.steps());
        steps.add(new Step(
                CREDENTIAL,
                "skipped",
                "not tried here after another connector failed with it, so that no account is locked",
                ""));
        return new OfConnector(one.connector(), List.copyOf(steps));
    }

    private ObjectNode body(Optional<User> who) {
        Publishing publishing = application.publishing().orElseThrow();
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set("backend", AskedBackend.of(backend, publishing.settings().backendTls()));
        body.put("app", application.appId().value())
                .put("way", settings.way().text())
                .put("path", backend.path())
                .put("page", settings.page());
        ApplicationPasswordCalls.hostField(publishing).ifPresent(host -> body.put("hostField", host));
        settings.userField().ifPresent(name -> body.put("userField", name));
        settings.passwordField().ifPresent(name -> body.put("passwordField", name));
        settings.proofCookie().ifPresent(name -> body.put("proofCookie", name));
        settings.proofText().ifPresent(text -> body.put("proofText", text));
        settings.signOut().ifPresent(path -> body.put("signOut", path));
        who.ifPresent(u -> body.put("user", u.id().value()));
        return body;
    }
}
