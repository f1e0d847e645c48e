package io.postern.identity;

import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.claims;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.GroupClaims;
import io.postern.store.Assignment;
import io.postern.store.Group;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Claim `groups` of ID tokens, and the link that stands for too many of them.
class GroupClaimTest {
    @TempDir
    Path folder;

    private LoginHost host;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private List<GroupId> groups(int count) {
        List<GroupId> made = Stream.generate(GroupId::random).limit(count).toList();
        host.store.write(s -> {
            for (GroupId id : made) {
                s.groups().insert(new Group(host.contoso.id(), id, "g" + id, Optional.empty(), host.clock.instant()));
                s.groups().addMember(host.contoso.id(), id, host.simon.id());
            }
            return made;
        });
        return made;
    }

    private JsonNode idToken(GroupClaims which) {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                which,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        host.store.write(s -> {
            s.clientSettings().put(host.contoso.id(), host.spa.id(), settings);
            return settings;
        });
        return claims(new OidcClient(host, host.spa, SPA_CALLBACK).signIn(host.simon, "openid"), "id_token");
    }

    private static Set<String> named(JsonNode token) {
        var named = new TreeSet<String>();
        token.path("groups").forEach(group -> named.add(group.asString()));
        return named;
    }

    @Test
    void namesThemUpToTwoHundred() {
        List<GroupId> groups = groups(200);

        JsonNode token = idToken(GroupClaims.SECURITY_GROUP);

        assertEquals(200, named(token).size());
        assertEquals(new TreeSet<>(groups.stream().map(GroupId::value).toList()), named(token));
        assertFalse(token.has("_claim_names"));
    }

    @Test
    void linksToThemBeyondTwoHundred() {
        groups(201);

        JsonNode token = idToken(GroupClaims.SECURITY_GROUP);

        assertFalse(token.has("groups"));
        assertEquals("src1", token.path("_claim_names").path("groups").asString());
        assertEquals(
                "https://api.postern.localhost:8443/v1.0/users/" + host.simon.id() + "/memberOf",
                token.path("_claim_sources").path("src1").path("endpoint").asString());
    }

    @Test
    void namesOnlyThoseAssignedToTheApplicationWhereThatIsAskedFor() {
        List<GroupId> groups = groups(201);
        GroupId assigned = groups.get(7);
        ServicePrincipalId spa = host.principal(host.spa).id();
        host.store.write(s -> {
            s.assignments()
                    .insert(new Assignment(
                            host.contoso.id(),
                            "a",
                            Assignment.PrincipalType.GROUP,
                            assigned.value(),
                            spa,
                            Assignment.DEFAULT_ACCESS,
                            host.clock.instant()));
            return s;
        });

        assertEquals(Set.of(assigned.value()), named(idToken(GroupClaims.APPLICATION_GROUP)));
    }

    @Test
    void saysNothingUnlessAskedTo() {
        groups(1);

        JsonNode token = idToken(GroupClaims.NONE);

        assertFalse(token.has("groups") || token.has("_claim_names"));
    }
}
