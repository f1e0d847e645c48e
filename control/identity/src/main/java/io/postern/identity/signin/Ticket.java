package io.postern.identity.signin;

import io.postern.domain.IdentityProviderId;
import io.postern.web.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a step's form carries, sealed: what was proved so far and what this step asks.
///
/// @param id counts once
/// @param user empty before anybody is known
/// @param proofs digest of what all proofs of the user hang on: a change of it voids the ticket
/// @param browser the one that it was made for
/// @param errand digest of the request that waits
/// @param realm where the first factor was proved, if not here
/// @param checked as in [Progress]
/// @param challenge for a passkey; empty for none
/// @param secret of a generator that is being set up; empty for none
record Ticket(
        Stage stage,
        String id,
        Instant expires,
        String user,
        String proofs,
        String browser,
        String errand,
        Set<String> methods,
        Optional<Instant> mfa,
        Optional<Boolean> stay,
        Optional<HomeRealm> realm,
        String checked,
        String challenge,
        String secret) {
    Ticket {
        methods = Set.copyOf(methods);
    }

    String toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("stage", stage.name())
                .put("id", id)
                .put("expires", expires.getEpochSecond())
                .put("user", user)
                .put("proofs", proofs)
                .put("browser", browser)
                .put("errand", errand)
                .put("checked", checked)
                .put("challenge", challenge)
                .put("secret", secret);
        methods.forEach(json.putArray("methods")::add);
        mfa.ifPresent(at -> json.put("mfa", at.getEpochSecond()));
        stay.ifPresent(yes -> json.put("stay", yes));
        realm.ifPresent(home -> json.putObject("realm")
                .put("provider", home.provider().value())
                .put("sealed", home.sealed())
                .put("subject", home.subject())
                .put("index", home.index()));
        return json.toString();
    }

    static Ticket parse(String text) {
        JsonNode json = Json.MAPPER.readTree(text);
        var methods = new TreeSet<String>();
        json.path("methods").forEach(method -> methods.add(method.asString()));
        return new Ticket(
                Stage.valueOf(json.path("stage").asString()),
                json.path("id").asString(),
                Instant.ofEpochSecond(json.path("expires").asLong()),
                json.path("user").asString(),
                json.path("proofs").asString(),
                json.path("browser").asString(),
                json.path("errand").asString(),
                methods,
                json.has("mfa")
                        ? Optional.of(Instant.ofEpochSecond(json.path("mfa").asLong()))
                        : Optional.empty(),
                json.has("stay") ? Optional.of(json.path("stay").asBoolean()) : Optional.empty(),
                json.has("realm")
                        ? Optional.of(new HomeRealm(
                                new IdentityProviderId(
                                        json.at("/realm/provider").asString()),
                                json.at("/realm/sealed").asString(),
                                json.at("/realm/subject").asString(),
                                json.at("/realm/index").asString()))
                        : Optional.empty(),
                json.path("checked").asString(""),
                json.path("challenge").asString(),
                json.path("secret").asString());
    }
}
