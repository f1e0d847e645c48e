package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.postern.base.Secret;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.Opaque;
import io.postern.store.ClientCredential;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.token.ClientAssertion;
import io.postern.token.EdgeCredential;
import io.postern.token.KeyRing;
import io.postern.web.Parameters;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which client speaks, and whether it proved that: by a secret in the form or by HTTP Basic (RFC 6749 §2.3.1), or by
/// a statement signed with its private key (RFC 7523 §2.2), never by two of them.
final class ClientAuthentication {
    static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    sealed interface Result {
        /// @param proved false for a client that showed nothing; whether that will do, the grant decides
        record Known(RelyingParty client, boolean proved) implements Result {}

        record Refused(Fault fault) implements Result {}
    }

    private sealed interface Shown {
        record Nothing() implements Shown {}

        record ASecret(String secret) implements Shown {}

        record AnAssertion(String jwt) implements Shown {}
    }

    private record Presented(String clientId, Shown shown) {}

    private final Store store;
    private final RelyingParties parties;
    private final KeyRing ring;
    private final ServiceAddress address;
    private final Clock clock;

    ClientAuthentication(Store store, RelyingParties parties, KeyRing ring, ServiceAddress address, Clock clock) {
        this.store = store;
        this.parties = parties;
        this.ring = ring;
        this.address = address;
        this.clock = clock;
    }

    Result authenticate(ServerRequest request, Tenant tenant, Parameters form) {
        Optional<Presented> presented = presented(request, form);
        if (presented.isEmpty()) {
            return new Result.Refused(Fault.malformed("Use one way to authenticate the client."));
        }
        String clientId = presented.get().clientId();
        if (clientId.isEmpty()) {
            return new Result.Refused(Fault.missing("client_id"));
        }
        Optional<RelyingParty> client = parties.find(tenant, clientId);
        if (client.isEmpty()) {
            return new Result.Refused(parties.whyNot(tenant, clientId));
        }
        if (!client.get().principal().accountEnabled()) {
            return new Result.Refused(Fault.appDisabled(client.get().appId()));
        }
        return switch (presented.get().shown()) {
            case Shown.Nothing nothing -> new Result.Known(client.get(), false);
            case Shown.ASecret(String secret) -> bySecret(client.get(), secret);
            case Shown.AnAssertion(String jwt) -> byAssertion(request, tenant, client.get(), jwt);
        };
    }

    /// Empty when more than one way is used, or one that we do not know.
    private static Optional<Presented> presented(ServerRequest request, Parameters form) {
        var fields = request.headers().values(HeaderNames.AUTHORIZATION);
        Optional<String> secret = form.one("client_secret");
        Optional<String> assertion = form.one("client_assertion");
        int ways = fields.size() + (secret.isPresent() ? 1 : 0) + (assertion.isPresent() ? 1 : 0);
        String formId = form.oneOrEmpty("client_id");
        if (ways > 1) {
            return Optional.empty();
        }
        if (!fields.isEmpty()) {
            return basic(fields.getFirst()).filter(basic -> formId.isEmpty() || formId.equals(basic.clientId()));
        }
        if (assertion.isPresent()) {
            String claimed = ClientAssertion.claimedClient(assertion.get());
            return form.oneOrEmpty("client_assertion_type").equals(ASSERTION_TYPE)
                    ? Optional.of(
                            new Presented(formId.isEmpty() ? claimed : formId, new Shown.AnAssertion(assertion.get())))
                    : Optional.empty();
        }
        return Optional.of(
                new Presented(formId, secret.<Shown>map(Shown.ASecret::new).orElseGet(Shown.Nothing::new)));
    }

    private Result bySecret(RelyingParty client, String secret) {
        boolean edge = client.isServedByGateway()
                && EdgeCredential.of(ring, client.appId()).equals(Secret.of(secret)); // in constant time
        if (edge) {
            return new Result.Known(client, true);
        }
        byte[] hash = Opaque.hash(secret).getBytes(StandardCharsets.US_ASCII);
        Optional<ClientCredential> found = credentials(client, ClientCredential.Kind.SECRET).stream()
                .filter(c -> MessageDigest.isEqual(c.fingerprint().getBytes(StandardCharsets.US_ASCII), hash))
                .findFirst();
        if (found.isEmpty()) {
            return new Result.Refused(
                    client.isConfidential() ? Fault.secretWrong(client.appId()) : Fault.secretOfPublicClient());
        }
        return found.get().holds(clock.instant())
                ? new Result.Known(client, true)
                : new Result.Refused(Fault.secretExpired(client.appId()));
    }

    private Result byAssertion(ServerRequest request, Tenant tenant, RelyingParty client, String jwt) {
        Instant now = clock.instant();
        List<byte[]> certificates = credentials(client, ClientCredential.Kind.CERTIFICATE).stream()
                .filter(c -> c.holds(now))
                .flatMap(c -> c.certificate().stream())
                .map(Base64.getDecoder()::decode)
                .toList();
        return switch (ClientAssertion.verify(jwt, client.appId(), certificates, audiences(request, tenant), now)) {
            case ClientAssertion.Result.Refused(String why) -> new Result.Refused(Fault.assertionInvalid(why));
            case ClientAssertion.Result.Valid(ClientAssertion assertion) ->
                store.write(s -> s.once()
                                .claim("client-assertion", client.appId() + " " + assertion.id(), assertion.expires()))
                        ? new Result.Known(client, true)
                        : new Result.Refused(Fault.assertionInvalid("it was used before"));
        };
    }

    /// Our names in a statement: the issuer, and the endpoint however the client spells the tenant.
    private Set<String> audiences(ServerRequest request, Tenant tenant) {
        String origin = address.origin(OwnHost.LOGIN);
        return new HashSet<>(List.of(
                address.issuer(tenant.id()),
                origin + "/" + tenant.id() + "/oauth2/v2.0/token",
                origin + "/" + tenant.name() + "/oauth2/v2.0/token",
                origin + request.path().rawPath()));
    }

    private List<ClientCredential> credentials(RelyingParty client, ClientCredential.Kind kind) {
        return store
                .read(s -> s.clientCredentials()
                        .of(client.application().tenant(), client.application().id()))
                .stream()
                .filter(c -> c.kind() == kind)
                .toList();
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
                    new Shown.ASecret(URLDecoder.decode(pair.substring(colon + 1), StandardCharsets.UTF_8))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
