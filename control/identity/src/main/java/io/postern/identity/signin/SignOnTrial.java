package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.AppId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.signon.SignOnAddresses;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.ServicePrincipal;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Parameters;
import io.postern.web.SignOnTrialPage;
import io.postern.web.Texts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/{tenant}/sign-on-test?appid=...`: the test action of an application (3.4.3). An administrator signs in as to the
/// application itself, by the same steps and the same decision, and sees what it would be told, or why nothing.
/// Nothing is sent to the application, and nothing that is shown could be used in its place.
public final class SignOnTrial implements Protocol {
    private static final String KIND = "sign-on-test";
    /// Of settings: keys of texts, where everything else stands for itself.
    private static final Set<String> VALUES =
            Set.of("trial.value.required", "trial.value.notRequired", "trial.value.nobody");

    private record Visit(Tenant tenant, ServicePrincipal principal, String sealed) implements Errand {
        @Override
        public AppId client() {
            return principal.appId();
        }

        @Override
        public String clientName() {
            return principal.displayName();
        }

        @Override
        public String loginHint() {
            return "";
        }

        @Override
        public List<String> formTargets() {
            return List.of();
        }

        @Override
        public Demand demand() {
            return Demand.NOTHING;
        }

        @Override
        public SignInProtocol protocol() {
            return SignInProtocol.NONE;
        }
    }

    private final Parts parts;
    private final Errands errands;
    private final List<Rehearsal> rehearsals;
    private final ServiceAddress address;

    public SignOnTrial(Parts parts, Errands errands, List<Rehearsal> rehearsals, ServiceAddress address) {
        this.parts = parts;
        this.errands = errands;
        this.rehearsals = List.copyOf(rehearsals);
        this.address = address;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant, SignIn signIn) {
        String appId = Parameters.parse(request.query().rawValue()).oneOrEmpty("appid");
        reopen(request, response, tenant, appId).ifPresent(visit -> signIn.begin(request, response, this, visit));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Optional<Errand> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text) {
        Optional<Errand> visit = application(text)
                .flatMap(app -> parts.store().read(s -> s.servicePrincipals().findByAppId(tenant.id(), app)))
                .map(principal -> new Visit(tenant, principal, errands.seal(request, tenant.id(), KIND, text)));
        if (visit.isEmpty()) {
            parts.faults().page(request, response, Fault.appUnknown(text, tenant.displayName()));
        }
        return visit;
    }

    /// Who administers applications, and nobody else: how one is set up is not for everybody.
    @Override
    public Optional<Fault> objection(Errand errand, BrowserSessions.Current current) {
        return mayTest(current.user())
                ? Optional.empty()
                : Optional.of(new Fault(
                        "access_denied",
                        90094,
                        403,
                        "Only an administrator of applications may test the sign-on of '" + errand.clientName()
                                + "'."));
    }

    private boolean mayTest(User user) {
        return AdminRole.actions(AdminRole.byTemplates(parts.store()
                        .read(s -> s.roles().rolesOf(user.tenant(), user.id().value()))))
                .contains(Action.APPLICATIONS_WRITE);
    }

    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        Optional<Rehearsal.Told> told = rehearsals.stream()
                .flatMap(r -> r.rehearse(errand.tenant(), errand.client(), current).stream())
                .findFirst();
        Optional<Fault> fault = told.isEmpty()
                ? Optional.of(Fault.malformed("No single sign-on is set for the application '" + errand.clientName()
                        + "': choose one, for example with postern app sso set."))
                : told.get().objection();
        show(
                response,
                errand,
                current.user().userPrincipalName(),
                fault,
                told.map(Rehearsal.Told::settings).orElse(List.of()),
                told.map(Rehearsal.Told::said).orElse(List.of()),
                told.map(Rehearsal.Told::message).orElse(""));
    }

    @Override
    public void refuse(ServerRequest request, ServerResponse response, Errand errand, Fault fault) {
        show(response, errand, "", Optional.of(fault), List.of(), List.of(), "");
    }

    private void show(
            ServerResponse response,
            Errand errand,
            String user,
            Optional<Fault> fault,
            List<Rehearsal.Line> settings,
            List<Rehearsal.Line> said,
            String message) {
        Tenant tenant = errand.tenant();
        Optional<String> start = fault.isPresent()
                ? Optional.empty()
                : parts.store()
                        .read(s -> s.samlSignOns().stored(tenant.id(), errand.client()))
                        .flatMap(on -> on.start(new SignOnAddresses(address.origin(OwnHost.LOGIN), tenant.id())));
        parts.pages()
                .send(
                        response,
                        fault.map(Fault::status).orElse(200),
                        new SignOnTrialPage(
                                errand.clientName(),
                                user,
                                fault.map(f -> new SignOnTrialPage.Refusal("AADSTS" + f.number(), f.text())),
                                settings.stream().map(this::inWords).toList(),
                                said.stream()
                                        .map(line -> new SignOnTrialPage.Line(line.name(), line.values()))
                                        .toList(),
                                message,
                                start,
                                parts.store()
                                        .read(s -> s.tenants().settings(tenant.id()))
                                        .branding()));
    }

    private SignOnTrialPage.Line inWords(Rehearsal.Line line) {
        Texts texts = parts.pages().texts();
        return new SignOnTrialPage.Line(
                texts.of(line.name()),
                line.values().stream()
                        .map(value -> VALUES.contains(value) ? texts.of(value) : value)
                        .toList());
    }

    private static Optional<AppId> application(String text) {
        try {
            return Optional.of(new AppId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
