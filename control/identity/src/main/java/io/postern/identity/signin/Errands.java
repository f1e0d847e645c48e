package io.postern.identity.signin;

import io.postern.domain.TenantId;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Seals waiting requests: nobody else can make or read one, and one of another tenant does not open.
public final class Errands {
    private final Sealer sealer;

    /// @param text the protocol's own form of the request
    record Opened(String kind, String text) {}

    public Errands(KeyRing ring) {
        this.sealer = new Sealer(ring, "sign-in-errand");
    }

    /// @param kind see [Protocol#kind()]; no space in it
    public String seal(TenantId tenant, String kind, String text) {
        return sealer.seal((kind + " " + text).getBytes(StandardCharsets.UTF_8), tenant.value());
    }

    Optional<Opened> open(TenantId tenant, String sealed) {
        return sealer.open(sealed, tenant.value())
                .map(plain -> new String(plain, StandardCharsets.UTF_8))
                .map(text -> {
                    int space = text.indexOf(' ');
                    return new Opened(text.substring(0, space), text.substring(space + 1));
                });
    }
}
