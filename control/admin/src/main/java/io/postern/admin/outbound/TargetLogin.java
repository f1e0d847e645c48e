package io.postern.admin.outbound;

import io.postern.admin.outbound.DeliveryFault.Kind;
import io.postern.admin.outside.FetchFault;
import io.postern.admin.outside.OutsideClient;
import io.postern.base.Secret;
import io.postern.domain.outbound.OutboundSettings.Login;
import io.postern.web.Json;
import io.postern.web.Parameters;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The bearer token for one application: the one that it gave, or one that is fetched and kept until shortly
/// before it is over. Used by one thread.
final class TargetLogin {
    private static final Duration EARLY = Duration.ofSeconds(60);
    private static final Duration LIFE_DEFAULT = Duration.ofMinutes(5);

    private final Login login;
    private final Optional<Secret> secret;
    private final OutsideClient client;
    private final Predicate<String> own;
    private final InstantSource clock;
    private @Nullable Secret fetched;
    private Instant over = Instant.MIN;

    /// @param secret empty when it does not open any more
    TargetLogin(
            Login login, Optional<Secret> secret, OutsideClient client, Predicate<String> own, InstantSource clock) {
        this.login = login;
        this.secret = secret;
        this.client = client;
        this.own = own;
        this.clock = clock;
    }

    Secret token() throws DeliveryFault {
        return switch (login) {
            case Login.Token _ -> kept();
            case Login.ClientCredentials credentials -> {
                Secret kept = fetched;
                if (kept == null || !clock.instant().isBefore(over)) {
                    kept = fetch(credentials);
                    fetched = kept;
                }
                yield kept;
            }
        };
    }

    private Secret kept() throws DeliveryFault {
        return secret.orElseThrow(() -> new DeliveryFault(
                Kind.REFUSED, "the secret that is kept for it does not open; was the master key changed?"));
    }

    /// The application does not take it. @return whether another one can be had
    boolean forget() {
        boolean had = fetched != null;
        fetched = null;
        return had;
    }

    private Secret fetch(Login.ClientCredentials credentials) throws DeliveryFault {
        String body = "grant_type=client_credentials"
                + (credentials.scope().isEmpty() ? "" : "&scope=" + Parameters.encode(credentials.scope()));
        String basic = Parameters.encode(credentials.clientId()) + ":" + Parameters.encode(kept().reveal());
        OutsideClient.Answer answer;
        try {
            answer = client.send(
                    URI.create(credentials.tokenUrl()),
                    HttpRequest.newBuilder()
                            .header("content-type", "application/x-www-form-urlencoded")
                            .header("accept", "application/json")
                            .header(
                                    "authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(basic.getBytes(StandardCharsets.UTF_8)))
                            .POST(HttpRequest.BodyPublishers.ofString(body)),
                    own);
        } catch (FetchFault e) {
            throw new DeliveryFault(Kind.UNREACHABLE, "no token: " + e.getMessage());
        }
        if (answer.status() != 200) {
            throw new DeliveryFault(
                    answer.status() >= 500 ? Kind.UNREACHABLE : Kind.REFUSED,
                    "the token endpoint answers " + answer.status());
        }
        try {
            JsonNode json = Json.MAPPER.readTree(answer.body());
            Optional<String> token =
                    Optional.of(json.path("access_token").asString("")).filter(text -> !text.isEmpty());
            long seconds = json.path("expires_in").asLong(LIFE_DEFAULT.toSeconds());
            over = clock.instant().plusSeconds(Math.max(0, seconds)).minus(EARLY);
            return Secret.of(token.orElseThrow(
                    () -> new DeliveryFault(Kind.REFUSED, "the token endpoint answers without access_token")));
        } catch (JacksonException e) {
            throw new DeliveryFault(Kind.REFUSED, "the token endpoint answers with what is no JSON");
        }
    }
}
