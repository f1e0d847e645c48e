package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.identity.access.Grant;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.DeviceCodeStore;
import io.postern.store.Store;
import io.postern.store.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Grant `device_code` (RFC 8628 §3.4): the program asks until its user has decided.
final class DeviceRedemption {
    static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private static final Duration SLOWER = Duration.ofSeconds(5); // RFC 8628 §3.5

    private final Store store;
    private final BrowserSessions sessions;
    private final Permission permission;
    private final RelyingParties parties;
    private final RefreshTokens refreshTokens;
    private final UserTokens tokens;
    private final ServiceAddress address;
    private final Clock clock;

    DeviceRedemption(
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
        // MSAL for Java sends the older name
        Optional<String> code =
                request.form().one("device_code").or(() -> request.form().one("code"));
        if (code.isEmpty()) {
            return new TokenAnswer.Refused(Fault.missing("device_code"));
        }
        String hash = Opaque.hash(code.get());
        Instant now = clock.instant();
        Optional<DeviceCodeStore.Row> found = store.read(s -> s.deviceCodes().find(hash));
        if (found.isEmpty() || !now.isBefore(found.get().expires())) {
            return new TokenAnswer.Refused(Fault.deviceExpired());
        }
        DeviceCodeStore.Row row = found.get();
        if (!row.tenant().equals(request.tenant().id())
                || !row.appId().equals(request.client().appId())) {
            return new TokenAnswer.Refused(Fault.codeOfOther());
        }
        var asked = DeviceAuthorization.Asked.parse(row.payload());
        if (asked.proved() && !request.proved()) {
            return new TokenAnswer.Refused(Fault.secretNeeded());
        }
        return switch (row.state()) {
            case DECLINED -> new TokenAnswer.Refused(Fault.deviceDeclined());
            case TAKEN -> new TokenAnswer.Refused(Fault.deviceUsed());
            case WAITING -> new TokenAnswer.Refused(notYet(row, now));
            case ALLOWED ->
                store.write(s -> s.deviceCodes().take(hash, now))
                        ? tokens(request, row)
                        : new TokenAnswer.Refused(Fault.deviceUsed());
        };
    }

    private Fault notYet(DeviceCodeStore.Row row, Instant now) {
        boolean hasty = row.polled()
                .filter(last -> now.isBefore(last.plus(row.interval())))
                .isPresent();
        Duration interval = hasty ? row.interval().plus(SLOWER) : row.interval();
        store.write(s -> {
            s.deviceCodes().polled(row.deviceHash(), now, interval);
            return interval;
        });
        return hasty ? Fault.slowDown() : Fault.authorizationPending();
    }

    private TokenAnswer tokens(TokenRequest request, DeviceCodeStore.Row row) {
        DeviceAnswer answer = DeviceAnswer.parse(row.answer().orElseThrow());
        UserGrant grant = answer.grant();
        return switch (Scopes.read(
                String.join(" ", grant.scopes()), request.tenant(), request.client(), parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> new TokenAnswer.Refused(fault, Optional.of(grant));
            case Scopes.Reading.Read(Scopes scopes) ->
                switch (permission.ask(request, grant, scopes, Grant.DEVICE_CODE)) {
                    case Permission.Outcome.Refused(Fault fault) -> new TokenAnswer.Refused(fault, Optional.of(grant));
                    case Permission.Outcome.Permitted(User user) ->
                        // the session in which he agreed may have been ended since
                        sessions.find(request.tenant().id(), grant.user(), grant.session())
                                .map(_ -> tokens.answer(
                                        request,
                                        grant,
                                        user,
                                        scopes,
                                        UserTokens.SignedIn.called(answer.tokenId()),
                                        offline(request, grant)))
                                .orElseGet(() -> new TokenAnswer.Refused(Fault.sessionEnded(), Optional.of(grant)));
                };
        };
    }

    private Optional<UserTokens.Offline> offline(TokenRequest request, UserGrant grant) {
        if (!grant.isOffline()) {
            return Optional.empty();
        }
        SessionId family = SessionId.random();
        var content = new RefreshTokens.Content(grant, false, request.proved());
        return Optional.of(new UserTokens.Offline(family, refreshTokens.begin(family, content, Optional.empty())));
    }
}
