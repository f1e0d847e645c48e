package io.postern.identity.signin;

import io.helidon.webserver.http.HttpRequest;
import io.postern.domain.TenantId;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Seals waiting requests: nobody else can make or read one, and one of another tenant does not open.
public final class Errands {
    private final Sealer sealer;

    /// @param correlation of the sign-in, see [RequestFacts#correlation]
    /// @param text the protocol's own form of the request
    record Opened(String kind, String correlation, String text) {}

    public Errands(KeyRing ring) {
        this.sealer = new Sealer(ring, "sign-in-errand");
    }

    /// @param request that begins the sign-in or goes on with it
    /// @param kind see [Protocol#kind()]; no space in it
    public String seal(HttpRequest request, TenantId tenant, String kind, String text) {
        String correlation = RequestFacts.of(request).correlation();
        return sealer.seal((kind + " " + correlation + " " + text).getBytes(StandardCharsets.UTF_8), tenant.value());
    }

    Optional<Opened> open(TenantId tenant, String sealed) {
        return sealer.open(sealed, tenant.value())
                .map(plain -> new String(plain, StandardCharsets.UTF_8))
                .map(text -> text.split(" ", 3))
                .map(parts -> new Opened(parts[0], parts[1], parts[2]));
    }
}
