package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.postern.base.Secret;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.Opaque;
import io.postern.store.ApiCredential;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.token.EdgeCredential;
import io.postern.token.KeyRing;
import io.postern.web.Parameters;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Which client speaks at the token endpoint, and whether it proved that (RFC 6749 §2.3.1): by a secret in
/// the form or by HTTP Basic, never both.
final class ClientAuthentication {
    sealed interface Result {
        /// @param proved false for a public client, which has nothing to prove with
        record Known(RelyingParty client, boolean proved) implements Result {}

        record Refused(Fault fault) implements Result {}
    }

    private record Presented(String clientId, Optional<String> secret) {}

    private final Store store;
    private final RelyingParties parties;
    private final KeyRing ring;
    private final Clock clock;

    ClientAuthentication(Store store, RelyingParties parties, KeyRing ring, Clock clock) {
        this.store = store;
        this.parties = parties;
        this.ring = ring;
        this.clock = clock;
    }

    Result authenticate(ServerRequest request, Tenant tenant, Parameters form) {
        var fields = request.headers().values(HeaderNames.AUTHORIZATION);
        Presented presented;
        if (fields.isEmpty()) {
            presented = new Presented(form.oneOrEmpty("client_id"), form.one("client_secret"));
        } else {
            Optional<Presented> basic = fields.size() == 1 ? basic(fields.getFirst()) : Optional.empty();
            if (basic.isEmpty() || form.one("client_secret").isPresent() || differs(form, basic.get())) {
                return new Result.Refused(Fault.malformed("Use one way to authenticate the client."));
            }
            presented = basic.get();
        }
        if (presented.clientId().isEmpty()) {
            return new Result.Refused(Fault.missing("client_id"));
        }
        Optional<RelyingParty> client = parties.find(tenant, presented.clientId());
        if (client.isEmpty()) {
            return new Result.Refused(Fault.appUnknown(presented.clientId(), tenant.displayName()));
        }
        if (!client.get().principal().accountEnabled()) {
            return new Result.Refused(Fault.appDisabled(client.get().appId()));
        }
        return presented
                .secret()
                .map(secret -> proved(client.get(), secret))
                .orElseGet(() -> client.get().isConfidential()
                        ? new Result.Refused(Fault.secretNeeded())
                        : new Result.Known(client.get(), false));
    }

    private Result proved(RelyingParty client, String secret) {
        boolean edge = client.isServedByGateway()
                && EdgeCredential.of(ring, client.appId()).equals(Secret.of(secret)); // in constant time
        if (edge) {
            return new Result.Known(client, true);
        }
        Optional<ApiCredential> credential = store.read(s -> s.apiCredentials().findByHash(Opaque.hash(secret)))
                .filter(c -> c.tenant().equals(client.principal().tenant())
                        && c.principal().equals(client.principal().id()));
        if (credential.isEmpty()) {
            return new Result.Refused(
                    client.isConfidential() ? Fault.secretWrong(client.appId()) : Fault.secretOfPublicClient());
        }
        boolean expired = credential
                .get()
                .expires()
                .filter(at -> !clock.instant().isBefore(at))
                .isPresent();
        return expired ? new Result.Refused(Fault.secretExpired(client.appId())) : new Result.Known(client, true);
    }

    private static boolean differs(Parameters form, Presented basic) {
        return form.one("client_id").filter(id -> !id.equals(basic.clientId())).isPresent();
    }

    private static Optional<Presented> basic(String field) {
        if (!field.toLowerCase(Locale.ROOT).startsWith("basic ")) {
            return Optional.empty();
        }
        try {
            String pair = new String(
                    Base64.getDecoder()
                            .decode(field.substring("basic ".length()).strip()),
                    StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0) {
                return Optional.empty();
            }
            return Optional.of(new Presented(
                    URLDecoder.decode(pair.substring(0, colon), StandardCharsets.UTF_8),
                    Optional.of(URLDecoder.decode(pair.substring(colon + 1), StandardCharsets.UTF_8))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
