package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.publish.Application;
import io.postern.identity.journal.SignInFacts;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.journal.TokenId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Errand;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Bodies;
import io.postern.web.ConsentPage;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The page on which a user allows a client what it asks for, and its answer at `POST /{tenant}/consent`.
///
/// What continues afterwards travels sealed in the form, bound to the session that saw the page: nobody can make
/// somebody else's browser agree.
final class ConsentEndpoint {
    private static final String FORM = "consent";
    /// What a user is to allow.
    interface Asks {
        Tenant tenant();

        RelyingParty client();

        Scopes scopes();

        AnswerAddress answer();
    }

    /// On its way to the page.
    interface Waiting extends Errand {
        Asks asked();

        @Override
        default Tenant tenant() {
            return asked().tenant();
        }

        @Override
        default AppId client() {
            return asked().client().application().appId();
        }

        @Override
        default String clientName() {
            return asked().client().application().displayName();
        }

        @Override
        default List<String> formTargets() {
            return asked().answer().formTargets();
        }
    }

    /// How a request goes on.
    interface Continuation<T extends Asks> {
        /// Reads it again from its own text. Empty when it can no longer be served: then it was answered.
        Optional<T> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text);

        void allowed(ServerRequest request, ServerResponse response, T asked, BrowserSessions.Current by);

        void declined(ServerRequest request, ServerResponse response, T asked);
    }

    private final Store store;
    private final Consents consents;
    private final BrowserSessions sessions;
    private final Pages pages;
    private final FaultWriter faults;
    private final SignInJournal journal;
    private final Csrf csrf;
    private final Sealer sealer;

    ConsentEndpoint(
            Store store,
            Consents consents,
            BrowserSessions sessions,
            Pages pages,
            FaultWriter faults,
            SignInJournal journal,
            Csrf csrf,
            KeyRing ring) {
        this.store = store;
        this.consents = consents;
        this.sessions = sessions;
        this.pages = pages;
        this.faults = faults;
        this.journal = journal;
        this.csrf = csrf;
        this.sealer = new Sealer(ring, "consent");
    }

    boolean maySpeakForEverybody(User user) {
        return AdminRole.actions(AdminRole.byTemplates(store.read(
                        s -> s.roles().rolesOf(user.tenant(), user.id().value()))))
                .contains(Action.CONSENT_WRITE);
    }

    /// Shows the page.
    ///
    /// @param text what [Continuation#reopen] reads again
    void ask(
            ServerRequest request,
            ServerResponse response,
            Asks asked,
            BrowserSessions.Current current,
            Consents.Missing missing,
            ConsentPage.Mode mode,
            String text) {
        Tenant tenant = asked.tenant();
        String plain = current.session().id() + " " + mode.name() + " " + text;
        pages.send(
                response,
                200,
                new ConsentPage(
                        "/" + tenant.name() + (mode == ConsentPage.Mode.EVERYBODY ? "/adminconsent" : "/consent"),
                        csrf.token(request, response, FORM),
                        sealer.seal(
                                plain.getBytes(StandardCharsets.UTF_8),
                                tenant.id().value()),
                        asked.client().application().displayName(),
                        current.user().userPrincipalName(),
                        PermissionWords.of(missing, asked.scopes(), pages.texts()),
                        mode,
                        asked.answer().formTargets(),
                        store.read(s -> s.tenants().settings(tenant.id())).branding()));
    }

    /// The form came back.
    <T extends Asks> void handle(
            ServerRequest request, ServerResponse response, Tenant tenant, Continuation<T> continuation) {
        Parameters form = Bodies.form(request);
        Optional<List<String>> opened = sealer.open(
                        form.oneOrEmpty("request"), tenant.id().value())
                .map(plain -> List.of(new String(plain, StandardCharsets.UTF_8).split(" ", 3)));
        Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
        if (!form.repeated().isEmpty()
                || !csrf.accepts(request, FORM, form)
                || opened.isEmpty()
                || current.isEmpty()
                || !current.get()
                        .session()
                        .id()
                        .equals(new SessionId(opened.get().get(0)))) {
            faults.page(request, response, Fault.malformed(pages.texts().of("consent.late")));
            return;
        }
        var mode = ConsentPage.Mode.valueOf(opened.get().get(1));
        Optional<T> asked =
                continuation.reopen(request, response, tenant, opened.get().get(2));
        if (asked.isEmpty()) {
            return;
        }
        if (!form.oneOrEmpty("answer").equals("allow")) {
            note(request, asked.get(), current.get(), Optional.of(Fault.consentDeclined()));
            continuation.declined(request, response, asked.get());
            return;
        }
        User by = current.get().user();
        Consents.Missing all = consents.all(asked.get().client(), asked.get().scopes());
        boolean everybody = mode == ConsentPage.Mode.EVERYBODY
                || (mode == ConsentPage.Mode.CHOICE && form.one("everybody").isPresent());
        // the role is looked up again: a page may stay open for hours
        if ((everybody || all.administratorOnly()) && !maySpeakForEverybody(by)) {
            Fault fault =
                    Fault.adminConsentNeeded(asked.get().client().application().displayName());
            note(request, asked.get(), current.get(), Optional.of(fault));
            faults.page(request, response, fault);
            return;
        }
        consents.allow(
                asked.get().client(),
                by,
                everybody,
                all,
                Optional.of(RequestFacts.of(request).clientAddress()));
        note(request, asked.get(), current.get(), Optional.empty());
        continuation.allowed(request, response, asked.get(), current.get());
    }

    /// How the sign-in ended that waited for the user's word.
    private void note(ServerRequest request, Asks asked, BrowserSessions.Current by, Optional<Fault> fault) {
        Application client = asked.client().application();
        SignInFacts facts = SignInFacts.of(
                        asked.tenant(), SignInProtocol.OAUTH2, client.appId().value(), client.displayName())
                .user(by.user())
                .methods(by.session().methods())
                .session(by.session().id());
        RequestFacts heard = RequestFacts.of(request);
        fault.ifPresentOrElse(
                why -> journal.failed(heard, facts, why.number(), why.text()),
                () -> journal.succeeded(heard, facts.token(TokenId.of(request))));
    }
}
