package io.postern.identity.saml;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Cookies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Keeps a [LogoutRound] in the browser that goes through it, sealed: no address says who is signed out of what, and
/// none can be made up.
final class LogoutRounds {
    private static final String COOKIE = "__Host-postern-logout";
    /// A cookie holds 4096 octets with its name and attributes: a longer one browsers drop without a word, and nobody
    /// would be told.
    private static final int COOKIE_MAX = 3800;

    /// Who comes to the same browser later shall not read where somebody was signed on.
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Sealer sealer;

    LogoutRounds(KeyRing ring) {
        this.sealer = new Sealer(ring, "saml-logout");
    }

    /// What is too long to be sent back at last is not; if even the rest is too long, the round ends here.
    void write(ServerResponse response, LogoutRound round) {
        String sealed = seal(round);
        if (sealed.length() > COOKIE_MAX) {
            sealed = seal(new LogoutRound(round.tenant(), round.session(), round.origin(), round.requestId(), ""));
        }
        if (sealed.length() > COOKIE_MAX) {
            sealed = seal(new LogoutRound(round.tenant(), round.session(), Optional.empty(), "", ""));
        }
        Cookies.set(response, COOKIE, sealed, LIFETIME);
    }

    private String seal(LogoutRound round) {
        return sealer.seal(
                round.encoded().getBytes(StandardCharsets.UTF_8), round.tenant().value());
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
