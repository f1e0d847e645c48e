package io.postern.identity;

import static io.postern.identity.OidcClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.account.Sessions;
import io.postern.base.Secret;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.SignInSettings;
import io.postern.identity.Browser.Answer;
import io.postern.identity.GrantSite.Way;
import io.postern.store.Assignment;
import io.postern.store.ServicePrincipal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every grant asks every policy: what becomes of a request that was good until something changed.
class GrantPolicyTest {
    /// Written from what administrators are promised (4.1, 4.6, 4.9, 6.2), not from the code. `ok`: tokens are issued.
    /// Grants that act for no user do not ask about one; a deleted user's refresh tokens are deleted with him.
    private static final String TABLE = """
            policy                 | code    | refresh | device  | secret  | key     | behalf  | exchange
            nothing                | ok      | ok      | ok      | ok      | ok      | ok      | ok
            user_is_a_guest        | ok      | ok      | ok      | ok      | ok      | ok      | ok
            user_disabled          | 50057   | 50057   | 50057   | ok      | ok      | 50057   | 50057
            user_deleted           | 50034   | 70008   | 50034   | ok      | ok      | 50034   | 50034
            password_changed       | 50173   | 50173   | 50173   | ok      | ok      | 50173   | 50173
            everything_revoked     | 50173   | 50173   | 50173   | ok      | ok      | 50173   | 50173
            session_ended          | 50132   | 50132   | 50132   | ok      | ok      | 50132   | 50132
            client_disabled        | 7000112 | 7000112 | 7000112 | 7000112 | 7000112 | 7000112 | 7000112
            client_without_entry   | 700016  | 700016  | 700016  | 700016  | 700016  | 700016  | 700016
            other_tenant_asked     | 700016  | 700016  | 700016  | 700016  | 700016  | 700016  | 700016
            secret_expired         | 7000222 | 7000222 | 7000222 | 7000222 | ok      | 7000222 | 7000222
            resource_disabled      | 7000112 | 7000112 | 7000112 | 7000112 | 7000112 | 7000112 | 7000112
            resource_without_entry | 70011   | 70011   | 70011   | 70011   | 70011   | 70011   | 70011
            not_assigned_to_client | 50105   | 50105   | 50105   | ok      | ok      | 50105   | 50105
            not_assigned           | 50105   | 50105   | 50105   | 501051  | 501051  | 50105   | 50105
            assignment_not_begun   | 50105   | 50105   | 50105   | 501051  | 501051  | 50105   | 50105
            assignment_ended       | 50105   | 50105   | 50105   | 501051  | 501051  | 50105   | 50105
            mfa_demanded           | 50076   | 50076   | 50076   | ok      | ok      | 50076   | 50076
            consent_taken_back     | 65001   | 65001   | 65001   | ok      | ok      | 65001   | 65001
            scope_withdrawn        | 70011   | 70011   | 70011   | ok      | ok      | 70011   | 70011
            """;

    /// What RFC 6749 §5.2 and RFC 6750 call it.
    private static final Map<Integer, String> ERRORS = Map.ofEntries(
            Map.entry(50034, "invalid_grant"),
            Map.entry(50057, "invalid_grant"),
            Map.entry(50076, "invalid_grant"),
            Map.entry(50105, "invalid_grant"),
            Map.entry(50132, "invalid_grant"),
            Map.entry(50173, "invalid_grant"),
            Map.entry(65001, "invalid_grant"),
            Map.entry(70008, "invalid_grant"),
            Map.entry(70011, "invalid_scope"),
            Map.entry(501051, "invalid_grant"),
            Map.entry(700016, "unauthorized_client"),
            Map.entry(7000112, "unauthorized_client"),
            Map.entry(7000222, "invalid_client"));

    enum Policy {
        NOTHING(site -> {}),
        USER_IS_A_GUEST(GrantSite::makeTheUserAGuest),
        USER_DISABLED(site -> {
            site.host.setEnabled(site.user, false);
            site.host.store.write(s -> {
                Accounts.cutOff(s, site.host.contoso.id(), site.user.id(), site.host.clock.instant());
                return s;
            });
        }),
        USER_DELETED(site -> site.host.store.write(s -> {
            Accounts.cutOff(s, site.host.contoso.id(), site.user.id(), site.host.clock.instant());
            return s.users().delete(site.host.contoso.id(), site.user.id());
        })),
        PASSWORD_CHANGED(site -> site.host.accounts.setPassword(
                site.host.contoso.id(), site.user.id(), Secret.of("another quiet gate"), false, Actor.service())),
        EVERYTHING_REVOKED(site -> site.host.store.write(s -> {
            Accounts.voidProofs(s, site.host.contoso.id(), site.user.id(), site.host.clock.instant());
            return s;
        })),
        SESSION_ENDED(site -> site.host.store.write(s -> {
            s.sessions()
                    .of(site.host.contoso.id(), site.user.id())
                    .forEach(row -> Sessions.end(s, row, site.host.clock.instant(), "by an administrator"));
            return s;
        })),
        CLIENT_DISABLED(site -> site.host.setEnabled(site.portal, false)),
        CLIENT_WITHOUT_ENTRY(site -> removeEntry(site, site.portal)),
        OTHER_TENANT_ASKED(site -> site.tenantPath = "fabrikam"),
        SECRET_EXPIRED(GrantSite::letTheSecretExpire),
        RESOURCE_DISABLED(site -> site.host.setEnabled(site.orders, false)),
        RESOURCE_WITHOUT_ENTRY(site -> removeEntry(site, site.orders)),
        NOT_ASSIGNED_TO_CLIENT(site -> change(site, site.portal, _ -> Optional.empty())),
        NOT_ASSIGNED(site -> change(site, site.orders, _ -> Optional.empty())),
        ASSIGNMENT_NOT_BEGUN(site -> {
            Instant later = site.host.clock.instant().plusSeconds(3600);
            change(site, site.orders, a -> Optional.of(dated(a, Optional.of(later), Optional.empty())));
        }),
        ASSIGNMENT_ENDED(site -> {
            Instant before = site.host.clock.instant().minusSeconds(1);
            change(site, site.orders, a -> Optional.of(dated(a, Optional.empty(), Optional.of(before))));
        }),
        MFA_DEMANDED(site ->
                site.host.set(new SignInSettings(SignInSettings.MfaNeed.EVERYBODY, false, false, Optional.empty()))),
        CONSENT_TAKEN_BACK(site -> {
            ServicePrincipal client = site.host.principal(site.portal);
            site.host.store.write(s -> {
                s.permissionGrants().list(client.tenant()).stream()
                        .filter(g -> g.client().equals(client.id()))
                        .forEach(g -> s.permissionGrants().delete(client.tenant(), g.id()));
                return s;
            });
        }),
        SCOPE_WITHDRAWN(site -> site.expose(site.orders, "orders.read", false));

        @SuppressWarnings("ImmutableEnumChecker") // the steps keep nothing
        private final Consumer<GrantSite> step;

        Policy(Consumer<GrantSite> step) {
            this.step = step;
        }

        private static void removeEntry(GrantSite site, Application application) {
            ServicePrincipal entry = site.host.principal(application);
            site.host.store.write(s -> s.servicePrincipals().delete(entry.tenant(), entry.id()));
        }

        /// Whoever is assigned to the application, user or client.
        private static void change(
                GrantSite site,
                Application application,
                java.util.function.Function<Assignment, Optional<Assignment>> to) {
            ServicePrincipal entry = site.host.principal(application);
            site.host.store.write(s -> {
                for (Assignment held : s.assignments().ofResource(entry.tenant(), entry.id())) {
                    to.apply(held)
                            .ifPresentOrElse(
                                    s.assignments()::update,
                                    () -> s.assignments().delete(held.tenant(), held.id()));
                }
                return s;
            });
        }

        private static Assignment dated(Assignment a, Optional<Instant> starts, Optional<Instant> ends) {
            return new Assignment(
                    a.tenant(),
                    a.id(),
                    a.principalType(),
                    a.principal(),
                    a.resource(),
                    a.appRoleId(),
                    a.created(),
                    starts,
                    ends,
                    a.reason(),
                    a.assignedBy(),
                    a.lastUsed(),
                    a.reviewed());
        }
    }

    @TempDir
    static Path folder;

    private static LoginHost host;

    @BeforeAll
    static void start() {
        host = new LoginHost(folder);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static Map<Policy, Map<Way, String>> table() {
        List<List<String>> rows = TABLE.lines()
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .toList();
        Map<Policy, Map<Way, String>> table = new EnumMap<>(Policy.class);
        for (List<String> row : rows.subList(1, rows.size())) {
            Map<Way, String> cells = new EnumMap<>(Way.class);
            for (int i = 1; i < row.size(); i++) {
                cells.put(Way.valueOf(rows.getFirst().get(i).toUpperCase(Locale.ROOT)), row.get(i));
            }
            table.put(Policy.valueOf(row.getFirst().toUpperCase(Locale.ROOT)), cells);
        }
        return table;
    }

    static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        table().forEach((policy, row) ->
                row.forEach((way, expected) -> cells.add(Arguments.of(policy, way, expected))));
        return cells.stream();
    }

    @Test
    void theTableNamesEveryPolicyAndEveryWay() {
        assertEquals(Policy.values().length, table().size());
        table().forEach((policy, row) -> assertEquals(Way.values().length, row.size(), policy.toString()));
    }

    @ParameterizedTest(name = "{1} when {0}: {2}")
    @MethodSource("cells")
    void everyGrantAsksEveryPolicy(Policy policy, Way way, String expected) {
        host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, false, Optional.empty()));
        var site = new GrantSite(host);
        Map<String, String> prepared = site.prepare(way);
        host.clock.advance(Duration.ofSeconds(10));
        policy.step.accept(site);

        Answer answer = site.ask(way, prepared);

        if (expected.equals("ok")) {
            assertEquals(200, answer.status(), answer.body());
            assertTrue(json(answer).has("access_token"), answer.body());
            return;
        }
        int number = Integer.parseInt(expected);
        assertEquals(number, OidcClient.number(answer), answer.body());
        assertEquals(ERRORS.get(number), json(answer).path("error").asString());
        assertTrue(json(answer).path("error_description").asString().startsWith("AADSTS" + number + ": "));
        assertEquals(number == 7000222 ? 401 : 400, answer.status());
        assertFalse(answer.body().contains("_token"), answer.body());
    }

    @Test
    void saysThatAnApplicationLacksItsEntryAndNotThatItIsUnknown() {
        var site = new GrantSite(host);
        Policy.CLIENT_WITHOUT_ENTRY.step.accept(site);

        Answer token = site.ask(Way.SECRET, Map.of("grant_type", "client_credentials"));
        Answer page = host.browser()
                .get(AuthorizeLink.of("contoso", site.portal, GrantSite.REDIRECT)
                        .toString());
        Answer elsewhere = host.browser()
                .get(AuthorizeLink.of("fabrikam", site.portal, GrantSite.REDIRECT)
                        .toString());

        assertTrue(token.body().contains("has no service principal"), token.body());
        assertTrue(page.status() == 400 && page.body().contains("has no service principal"), page.body());
        assertTrue(elsewhere.body().contains("was not found"), "another tenant learns nothing: " + elsewhere.body());
    }
}
