package io.postern.gateway.admit;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.policy.Subject;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The value of the access cookie: who signed in, sealed to one application, so that it is noise at
/// any other, on the same host too. Opening says nothing about expiry or revocation: policy does, on
/// every request. Thread-safe.
final class AccessCookie {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Sealer sealer;

    AccessCookie(KeyRing ring) {
        this.sealer = new Sealer(ring, "access-cookie");
    }

    String seal(Subject subject, AppId app) {
        var json = JSON.createObjectNode()
                .put("t", subject.tenant().value())
                .put("u", subject.user().value())
                .put("n", subject.userPrincipalName())
                .put("a", subject.authenticated().getEpochSecond())
                .put("e", subject.expires().getEpochSecond());
        subject.session().ifPresent(s -> json.put("s", s.value()));
        subject.sessionExpires().ifPresent(end -> json.put("x", end.getEpochSecond()));
        return sealer.seal(JSON.writeValueAsBytes(json), app.value());
    }

    /// Empty when we did not seal it for this application.
    Optional<Subject> open(String value, AppId app) {
        return sealer.open(value, app.value()).flatMap(AccessCookie::parse);
    }

    // sealed by an older or newer version of ours: not understood is not signed in
    private static Optional<Subject> parse(byte[] plain) {
        try {
            JsonNode json = JSON.readTree(plain);
            return Optional.of(new Subject(
                    new TenantId(json.path("t").asString("")),
                    new UserId(json.path("u").asString("")),
                    json.path("n").asString(""),
                    json.has("s") ? Optional.of(new SessionId(json.path("s").asString(""))) : Optional.empty(),
                    Instant.ofEpochSecond(json.path("a").asLong(0)),
                    Instant.ofEpochSecond(json.path("e").asLong(0)),
                    json.has("x")
                            ? Optional.of(Instant.ofEpochSecond(json.path("x").asLong(0)))
                            : Optional.empty()));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
