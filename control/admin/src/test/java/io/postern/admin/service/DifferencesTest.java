package io.postern.admin.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.store.AuditEntry.Modified;
import io.postern.store.User;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the audit log tells of a change.
class DifferencesTest {
    private static final TenantId TENANT = TenantId.random();
    private static final UserId ID = UserId.random();

    private static User user(String name, String hash, boolean enabled, Map<String, List<String>> attributes) {
        return new User(
                TENANT,
                ID,
                "a@contoso.example",
                name,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                enabled,
                Optional.of(hash),
                false,
                Instant.EPOCH,
                Instant.EPOCH,
                new Attributes(attributes));
    }

    @Test
    void eachPropertyHasItsOldAndNewValueAndSecretsHaveNone() {
        var before = user("Ada", "$argon2id$old", true, Map.of("department", List.of("Sales")));
        var after = user("Ada L.", "$argon2id$new", false, Map.of("jobTitle", List.of("Head")));

        List<Modified> found = Differences.between(before, after);

        assertEquals(
                List.of(
                        new Modified("displayName", "Ada", "Ada L."),
                        new Modified("accountEnabled", "true", "false"),
                        new Modified("passwordHash", "(not shown)", "(not shown)"),
                        new Modified("department", "Sales", ""),
                        new Modified("jobTitle", "", "Head")),
                found);
        assertFalse(found.toString().contains("argon2id"));
    }

    @Test
    void whatIsAlikeIsNoDifference() {
        var one = user("Ada", "h", true, Map.of());
        assertEquals(List.of(), Differences.between(one, one));
    }
}
