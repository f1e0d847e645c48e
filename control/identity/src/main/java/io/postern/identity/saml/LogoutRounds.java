package io.postern.identity.saml;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Cookies;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Keeps a [LogoutRound] in the browser that goes through it, sealed: no address says who is signed out of what, and
/// none can be made up.
final class LogoutRounds {
    private static final String COOKIE = "__Host-postern-logout";
    private static final int BACK_MAX = 1024; // a cookie holds 4 KiB; longer ones are not sent back

    private final Sealer sealer;

    LogoutRounds(KeyRing ring) {
        this.sealer = new Sealer(ring, "saml-logout");
    }

    void write(ServerResponse response, LogoutRound round) {
        LogoutRound kept = round.back().length() <= BACK_MAX
                ? round
                : new LogoutRound(round.tenant(), round.session(), round.origin(), round.requestId(), "");
        Cookies.set(
                response,
                COOKIE,
                sealer.seal(
                        kept.encoded().getBytes(StandardCharsets.UTF_8),
                        kept.tenant().value()));
    }

    Optional<LogoutRound> read(ServerRequest request, Tenant tenant) {
        return Cookies.read(request, COOKIE)
                .flatMap(cookie -> sealer.open(cookie, tenant.id().value()))
                .map(plain -> LogoutRound.decoded(new String(plain, StandardCharsets.UTF_8)));
    }

    void clear(ServerResponse response) {
        Cookies.clear(response, COOKIE);
    }
}
