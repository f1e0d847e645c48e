package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.store.Tenant;
import io.postern.web.Parameters;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// An authorization request that may be answered (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core
/// §3.1.2.1). It cannot exist with an unregistered redirect URI.
///
/// @param kind of the redirect URI
/// @param challenge S256 code challenge; empty only for a confidential client
/// @param maxAge how old the sign-in may be
/// @param parameters as they came: sealed into the sign-in form and read again after it
record AuthorizationRequest(
        Tenant tenant,
        RelyingParty client,
        RelyingParty.RedirectKind kind,
        AnswerAddress answer,
        Scopes scopes,
        Optional<String> challenge,
        Optional<String> nonce,
        Set<String> prompt,
        Optional<Duration> maxAge,
        Optional<String> loginHint,
        Parameters parameters)
        implements ConsentEndpoint.Asks {

    sealed interface Reading {
        record Read(AuthorizationRequest request) implements Reading {}

        /// Nothing is known to be registered: the fault is shown on a page.
        record Refused(Fault fault) implements Reading {}

        /// The fault goes to the client.
        record RefusedTo(AnswerAddress answer, Fault fault) implements Reading {}
    }

    private static final Set<String> PROMPTS = Set.of("none", "login", "select_account", "consent");
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}"); // SHA-256 in base64url
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    static Reading read(Tenant tenant, Parameters parameters, RelyingParties parties, ServiceAddress address) {
        if (!parameters.repeated().isEmpty()) {
            return new Reading.Refused(Fault.repeated(parameters.repeated())); // RFC 6749 §3.1
        }
        String clientId = parameters.oneOrEmpty("client_id");
        if (clientId.isEmpty()) {
            return new Reading.Refused(Fault.missing("client_id"));
        }
        Optional<RelyingParty> client = parties.find(tenant, clientId);
        if (client.isEmpty()) {
            return new Reading.Refused(parties.whyNot(tenant, clientId));
        }
        if (!client.get().principal().accountEnabled()) {
            return new Reading.Refused(Fault.appDisabled(client.get().appId()));
        }
        String redirectUri = parameters.oneOrEmpty("redirect_uri");
        Optional<RelyingParty.RedirectKind> kind = client.get().redirectKind(redirectUri, address);
        if (kind.isEmpty()) {
            return new Reading.Refused(
                    redirectUri.isEmpty()
                            ? Fault.missing("redirect_uri")
                            : Fault.redirectMismatch(redirectUri, client.get().appId()));
        }
        return answerable(tenant, parameters, client.get(), kind.get(), redirectUri, parties, address);
    }

    private static Reading answerable(
            Tenant tenant,
            Parameters parameters,
            RelyingParty client,
            RelyingParty.RedirectKind kind,
            String redirectUri,
            RelyingParties parties,
            ServiceAddress address) {
        String modeText = parameters.one("response_mode").orElse(ResponseMode.QUERY.text());
        Optional<ResponseMode> mode = ResponseMode.of(modeText);
        var answer = new AnswerAddress(redirectUri, mode.orElse(ResponseMode.QUERY), parameters.one("state"));
        String responseType = parameters.oneOrEmpty("response_type");
        if (!responseType.equals("code")) {
            return new Reading.RefusedTo(
                    answer, responseType.isEmpty() ? Fault.missing("response_type") : Fault.responseType(responseType));
        }
        if (mode.isEmpty()) {
            return new Reading.RefusedTo(
                    answer, Fault.malformed("response_mode must be query, fragment or form_post."));
        }
        for (String unsupported : Set.of("request", "request_uri")) {
            if (parameters.one(unsupported).isPresent()) {
                return new Reading.RefusedTo(
                        answer,
                        new Fault(
                                unsupported + "_not_supported", 90014, 400, "'" + unsupported + "' is not supported."));
            }
        }
        Optional<Fault> challengeFault = challengeFault(parameters, kind);
        if (challengeFault.isPresent()) {
            return new Reading.RefusedTo(answer, challengeFault.get());
        }
        Set<String> prompt =
                parameters.one("prompt").map(p -> Set.of(p.split(" +"))).orElse(Set.of());
        if (!PROMPTS.containsAll(prompt) || (prompt.contains("none") && prompt.size() > 1)) {
            return new Reading.RefusedTo(
                    answer,
                    Fault.malformed("prompt must be none, login, select_account or consent; none stands alone."));
        }
        Optional<String> maxAge = parameters.one("max_age");
        if (maxAge.filter(SECONDS.asMatchPredicate().negate()).isPresent()) {
            return new Reading.RefusedTo(answer, Fault.malformed("max_age must be a number of seconds."));
        }
        return switch (Scopes.read(parameters.oneOrEmpty("scope"), tenant, client, parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> new Reading.RefusedTo(answer, fault);
            case Scopes.Reading.Read(Scopes scopes) ->
                new Reading.Read(new AuthorizationRequest(
                        tenant,
                        client,
                        kind,
                        answer,
                        scopes,
                        parameters.one("code_challenge"),
                        parameters.one("nonce"),
                        prompt,
                        maxAge.map(Long::parseLong).map(Duration::ofSeconds),
                        parameters.one("login_hint"),
                        parameters));
        };
    }

    private static Optional<Fault> challengeFault(Parameters parameters, RelyingParty.RedirectKind kind) {
        Optional<String> challenge = parameters.one("code_challenge");
        Optional<String> method = parameters.one("code_challenge_method");
        if (challenge.isEmpty()) {
            return kind == RelyingParty.RedirectKind.WEB && method.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Fault.challengeNeeded());
        }
        // no method means "plain" (RFC 7636 §4.3), which protects nothing
        boolean sound = method.filter("S256"::equals).isPresent()
                && CHALLENGE.matcher(challenge.get()).matches();
        return sound ? Optional.empty() : Optional.of(Fault.challengeNeeded());
    }
}
