package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.AuthorizationCodeStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.SignInPage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Carries an authorization request over the sign-in pages and ends it with a code. The request travels
/// sealed in the form, so nothing is kept for browsers that never come back, and is read again from
/// scratch afterwards: what was disabled in the meantime stays disabled.
public final class Authorization {
    /// RFC 6749 §4.1.2 recommends at most ten minutes; redemption takes seconds.
    static final Duration CODE_LIFETIME = Duration.ofMinutes(5);

    private final Store store;
    private final RelyingParties parties;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;
    private final Sealer sealer;
    private final ServiceAddress address;
    private final Clock clock;

    public Authorization(
            Store store,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            KeyRing ring,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.parties = new RelyingParties(store);
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
        this.sealer = new Sealer(ring, "authorization-request");
        this.address = address;
        this.clock = clock;
    }

    /// A request on its way through the sign-in pages.
    ///
    /// @param sealed for the form's hidden field
    /// @param clientName what the user signs in to
    public record Pending(
            Tenant tenant,
            String sealed,
            String clientName,
            String loginHint,
            java.util.List<String> formTargets,
            AuthorizationRequest request) {
        public Pending {
            formTargets = java.util.List.copyOf(formTargets);
        }
    }

    /// Reads a request, or answers why it cannot be served; then the result is empty.
    Optional<AuthorizationRequest> read(
            ServerRequest request, ServerResponse response, Tenant tenant, Parameters parameters) {
        return switch (AuthorizationRequest.read(tenant, parameters, parties, address)) {
            case AuthorizationRequest.Reading.Read(AuthorizationRequest read) -> Optional.of(read);
            case AuthorizationRequest.Reading.Refused(Fault fault) -> {
                faults.page(request, response, fault);
                yield Optional.empty();
            }
            case AuthorizationRequest.Reading.RefusedTo(AnswerAddress answer, Fault fault) -> {
                refuse(request, response, tenant, answer, fault);
                yield Optional.empty();
            }
        };
    }

    Pending pending(AuthorizationRequest request) {
        byte[] plain = request.parameters().encoded().getBytes(StandardCharsets.UTF_8);
        return new Pending(
                request.tenant(),
                sealer.seal(plain, request.tenant().id().value()),
                request.client().application().displayName(),
                request.loginHint().orElse(""),
                request.answer().formTargets(),
                request);
    }

    /// The request of a form's hidden field. Empty when it was not ours (nothing is answered then) or can no
    /// longer be served (then it is answered).
    public Optional<Pending> resume(ServerRequest request, ServerResponse response, Tenant tenant, String sealed) {
        Optional<byte[]> plain = sealer.open(sealed, tenant.id().value());
        if (plain.isEmpty()) {
            faults.page(
                    request,
                    response,
                    Fault.malformed("The sign-in form was not complete. Go back to the application and start again."));
            return Optional.empty();
        }
        Parameters parameters = Parameters.parse(new String(plain.get(), StandardCharsets.UTF_8));
        return read(request, response, tenant, parameters).map(this::pending);
    }

    /// Shows the form for name and password.
    public void askPassword(
            ServerRequest request,
            ServerResponse response,
            Pending pending,
            int status,
            String userName,
            String error,
            String code) {
        pages.send(
                response,
                status,
                new SignInPage(
                        "/" + pending.tenant().name() + "/login",
                        csrf.token(request, response, "sign-in"),
                        pending.sealed(),
                        pending.clientName(),
                        userName,
                        error,
                        code,
                        pending.formTargets(),
                        store.read(s -> s.tenants().settings(pending.tenant().id()))
                                .branding()));
    }

    /// The user is known: checks that he may use the application and sends the code.
    public void complete(
            ServerRequest request, ServerResponse response, Pending pending, BrowserSessions.Current current) {
        AuthorizationRequest asked = pending.request();
        Optional<RelyingParty> barred = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(asked.client()), asked.scopes().resource().stream())
                .filter(party -> !parties.mayUse(current.user(), party))
                .findFirst();
        if (barred.isPresent()) {
            Fault fault = Fault.notAssigned(
                    current.user().userPrincipalName(),
                    barred.get().application().displayName());
            if (asked.prompt().contains("none")) {
                refuse(request, response, asked.tenant(), asked.answer(), fault);
            } else {
                faults.page(request, response, fault);
            }
            return;
        }
        String code = Opaque.random();
        var grant = new CodeGrant(
                asked.tenant().id(),
                asked.client().appId(),
                asked.answer().redirectUri(),
                current.user().id(),
                current.session().id(),
                current.session().authenticated(),
                asked.scopes().granted(),
                asked.scopes().audience(),
                asked.nonce(),
                asked.challenge());
        store.write(s -> {
            s.authorizationCodes()
                    .insert(new AuthorizationCodeStore.Row(
                            Opaque.hash(code), grant.toJson(), clock.instant().plus(CODE_LIFETIME)));
            return code;
        });
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("code", code);
        asked.answer()
                .send(pages, request, response, address.issuer(asked.tenant().id()), parameters);
    }

    void refuse(ServerRequest request, ServerResponse response, Tenant tenant, AnswerAddress answer, Fault fault) {
        answer.send(pages, request, response, address.issuer(tenant.id()), faults.parameters(request, fault));
    }
}
