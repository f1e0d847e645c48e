package io.postern.identity.oidc;

import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Tenant;
import io.postern.web.AccountPage;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// `/{tenant}/oauth2/v2.0/authorize`, GET and POST.
public final class AuthorizeEndpoint {
    private final Authorization authorization;
    private final BrowserSessions sessions;
    private final Pages pages;
    private final Csrf csrf;
    private final Clock clock;

    public AuthorizeEndpoint(
            Authorization authorization, BrowserSessions sessions, Pages pages, Csrf csrf, Clock clock) {
        this.authorization = authorization;
        this.sessions = sessions;
        this.pages = pages;
        this.csrf = csrf;
        this.clock = clock;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters parameters = request.prologue().method().equals(Method.GET)
                ? Parameters.parse(request.query().rawValue())
                : Bodies.form(request);
        authorization.read(request, response, tenant, parameters).ifPresent(asked -> decide(request, response, asked));
    }

    private void decide(ServerRequest request, ServerResponse response, AuthorizationRequest asked) {
        Optional<BrowserSessions.Current> current =
                sessions.current(request, asked.tenant().id());
        Optional<BrowserSessions.Current> usable = current.filter(c -> suffices(c, asked));
        Set<String> prompt = asked.prompt();
        Authorization.Pending pending = authorization.pending(asked);
        if (prompt.contains("none")) {
            usable.ifPresentOrElse(
                    c -> authorization.complete(request, response, pending, c),
                    () -> authorization.refuse(
                            request, response, asked.tenant(), asked.answer(), Fault.loginRequired()));
        } else if (current.isPresent() && prompt.contains("select_account")) {
            chooseAccount(request, response, pending, current.get());
        } else if (usable.isPresent() && !prompt.contains("login")) {
            authorization.complete(request, response, pending, usable.get());
        } else {
            authorization.askPassword(request, response, pending, 200, hint(asked, current), "", "");
        }
    }

    /// A session that is too old or of somebody else than asked for does not.
    private boolean suffices(BrowserSessions.Current current, AuthorizationRequest asked) {
        boolean young = asked.maxAge()
                .map(age -> !clock.instant()
                        .isAfter(current.session().authenticated().plus(age)))
                .orElse(true);
        boolean same = asked.loginHint()
                .map(hint -> hint.strip().toLowerCase(Locale.ROOT))
                .map(hint -> hint.equals(current.user().userPrincipalName().toLowerCase(Locale.ROOT)))
                .orElse(true);
        return young && same;
    }

    /// Who must sign in again need not type the name.
    private static String hint(AuthorizationRequest asked, Optional<BrowserSessions.Current> current) {
        return asked.loginHint()
                .orElseGet(() -> current.map(c -> c.user().userPrincipalName()).orElse(""));
    }

    private void chooseAccount(
            ServerRequest request,
            ServerResponse response,
            Authorization.Pending pending,
            BrowserSessions.Current current) {
        pages.send(
                response,
                200,
                new AccountPage(
                        "/" + pending.tenant().name() + "/account",
                        csrf.token(request, response, "account"),
                        pending.sealed(),
                        pending.clientName(),
                        current.user().displayName(),
                        current.user().userPrincipalName(),
                        pending.formTargets()));
    }
}
