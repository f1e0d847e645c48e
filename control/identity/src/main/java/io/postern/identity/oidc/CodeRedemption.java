package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.identity.access.Grant;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Store;
import io.postern.store.User;
import io.postern.web.Parameters;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Pattern;

/// Grant `authorization_code` (RFC 6749 §4.1.3, RFC 7636 §4.6).
final class CodeRedemption {
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}"); // RFC 7636 §4.1

    private final Store store;
    private final BrowserSessions sessions;
    private final Permission permission;
    private final RelyingParties parties;
    private final RefreshTokens refreshTokens;
    private final UserTokens tokens;
    private final ServiceAddress address;
    private final Clock clock;

    CodeRedemption(
            Store store,
            BrowserSessions sessions,
            Permission permission,
            RelyingParties parties,
            RefreshTokens refreshTokens,
            UserTokens tokens,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.permission = permission;
        this.parties = parties;
        this.refreshTokens = refreshTokens;
        this.tokens = tokens;
        this.address = address;
        this.clock = clock;
    }

    TokenAnswer redeem(TokenRequest request) {
        String code = request.form().oneOrEmpty("code");
        if (code.isEmpty()) {
            return new TokenAnswer.Refused(Fault.missing("code"));
        }
        Optional<RelyingParty.RedirectKind> kind =
                request.client().redirectKind(request.form().oneOrEmpty("redirect_uri"), address);
        boolean secretDue = kind.isEmpty()
                ? request.client().isConfidential() && !request.client().mayBePublic()
                : kind.get() == RelyingParty.RedirectKind.WEB;
        if (secretDue && !request.proved()) {
            return new TokenAnswer.Refused(Fault.secretNeeded()); // before the code is looked at: it is not spent
        }
        String hash = Opaque.hash(code);
        Optional<CodeGrant> taken = store.write(s -> s.authorizationCodes().take(hash, clock.instant()))
                .map(row -> CodeGrant.parse(row.payload()));
        if (taken.isEmpty()) {
            return new TokenAnswer.Refused(replayed(hash) ? Fault.codeUsed() : Fault.codeUnknown());
        }
        return mismatch(request, taken.get())
                // the address may have been taken from the application since the code was sent there
                .or(() -> kind.isEmpty() ? Optional.of(Fault.codeRedirectMismatch()) : Optional.empty())
                .<TokenAnswer>map(
                        fault -> new TokenAnswer.Refused(fault, taken.map(CodeGrant::grant))) // and the code is spent
                .orElseGet(() -> tokens(request, taken.get(), hash, kind.orElseThrow()));
    }

    /// A code that comes twice was stolen: what it gave ends (RFC 6749 §4.1.2).
    private boolean replayed(String hash) {
        boolean taken = store.read(s -> s.authorizationCodes().wasTaken(hash));
        if (taken) {
            store.write(s -> s.refreshFamilies()
                    .ofCode(hash)
                    .filter(family -> RefreshTokens.end(s, family, clock.instant(), "code used twice"))
                    .isPresent());
        }
        return taken;
    }

    private TokenAnswer tokens(TokenRequest request, CodeGrant code, String hash, RelyingParty.RedirectKind kind) {
        UserGrant grant = code.grant();
        return switch (Scopes.read(
                String.join(" ", grant.scopes()), request.tenant(), request.client(), parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> new TokenAnswer.Refused(fault, Optional.of(grant));
            case Scopes.Reading.Read(Scopes scopes) ->
                switch (permission.ask(request, grant, scopes, Grant.AUTHORIZATION_CODE)) {
                    case Permission.Outcome.Refused(Fault fault) -> new TokenAnswer.Refused(fault, Optional.of(grant));
                    case Permission.Outcome.Permitted(User user) ->
                        sessions.find(request.tenant().id(), grant.user(), grant.session())
                                .map(session -> tokens.answer(
                                        request,
                                        grant,
                                        user,
                                        scopes,
                                        new UserTokens.SignedIn(
                                                code.nonce(),
                                                Optional.of(session.session().expires()),
                                                Optional.of(code.tokenId())),
                                        offline(request, grant, hash, kind)))
                                .orElseGet(() -> new TokenAnswer.Refused(Fault.sessionEnded(), Optional.of(grant)));
                };
        };
    }

    private Optional<UserTokens.Offline> offline(
            TokenRequest request, UserGrant grant, String hash, RelyingParty.RedirectKind kind) {
        if (!grant.isOffline()) {
            return Optional.empty();
        }
        SessionId family = SessionId.random();
        var content = new RefreshTokens.Content(grant, kind == RelyingParty.RedirectKind.SPA, request.proved());
        return Optional.of(new UserTokens.Offline(family, refreshTokens.begin(family, content, Optional.of(hash))));
    }

    private static Optional<Fault> mismatch(TokenRequest request, CodeGrant code) {
        UserGrant grant = code.grant();
        Parameters form = request.form();
        if (!grant.tenant().equals(request.tenant().id())
                || !grant.appId().equals(request.client().appId())) {
            return Optional.of(Fault.codeOfOther());
        }
        if (!code.redirectUri().equals(form.oneOrEmpty("redirect_uri"))) {
            return Optional.of(Fault.codeRedirectMismatch());
        }
        Optional<String> verifier = form.one("code_verifier");
        boolean matches = code.challenge()
                .map(challenge -> verifier.filter(VERIFIER.asMatchPredicate())
                        .map(Opaque::challenge)
                        .filter(challenge::equals)
                        .isPresent())
                .orElse(verifier.isEmpty()); // a verifier without a challenge: somebody cut the challenge out
        return matches ? Optional.empty() : Optional.of(Fault.verifierMismatch());
    }
}
