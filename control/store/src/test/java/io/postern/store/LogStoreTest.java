package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The logs: what they keep, how they are searched, and how they hang together.
class LogStoreTest extends StoreContract {
    @Test
    void eachEntryHoldsTheHashOfTheOneBefore() {
        Tenant tenant = tenant();
        change(s -> s.logs().append(signIn(tenant, "ada", 0, NOW)));
        change(s -> s.logs().append(signIn(tenant, "bob", 50126, NOW.plusSeconds(1))));

        List<LogEntry> entries = all(tenant, LogKind.SIGN_IN);

        String genesis = LogEntry.genesis(tenant.id(), LogKind.SIGN_IN);
        assertEquals(
                LogEntry.hash(genesis, 1, entries.get(0).text()), entries.get(0).hash());
        assertEquals(
                LogEntry.hash(entries.get(0).hash(), 2, entries.get(1).text()),
                entries.get(1).hash());
        assertEquals(
                new LogStore.Chain(
                        tenant.id(), LogKind.SIGN_IN, 2, entries.get(1).hash(), 0, genesis),
                read(s -> s.logs().chain(tenant.id(), LogKind.SIGN_IN)));
    }

    @Test
    void writersThatAppendAtOnceMakeOneChain() throws Exception {
        Tenant tenant = tenant();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                writers.add(threads.submit(() -> IntStream.range(0, 5)
                        .forEach(n -> change(s -> s.logs().append(signIn(tenant, "ada", n, NOW))))));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        List<LogEntry> entries = all(tenant, LogKind.SIGN_IN);

        assertEquals(
                LongStream.rangeClosed(1, 40).boxed().toList(),
                entries.stream().map(LogEntry::number).toList());
        String hash = LogEntry.genesis(tenant.id(), LogKind.SIGN_IN);
        for (LogEntry entry : entries) {
            hash = LogEntry.hash(hash, entry.number(), entry.text());
            assertEquals(hash, entry.hash());
        }
    }

    @Test
    void anEntryOfAChangeThatFailsIsNotWritten() {
        Tenant tenant = tenant();
        try {
            change(s -> {
                s.logs().append(signIn(tenant, "ada", 0, NOW));
                throw new IllegalStateException("undone");
            });
        } catch (IllegalStateException e) {
            assertEquals("undone", e.getMessage());
        }

        assertEquals(0, read(s -> s.logs().chain(tenant.id(), LogKind.SIGN_IN)).number());
    }

    @Test
    void findsByWhatTheEntrySaysWhateverItsCase() {
        Tenant tenant = tenant();
        change(s -> {
            s.logs().append(signIn(tenant, "Ada", 0, NOW));
            s.logs().append(signIn(tenant, "bob", 50126, NOW.plusSeconds(1)));
            s.logs().append(signIn(tenant, "adam%", 50126, NOW.plusSeconds(2)));
        });

        assertEquals(List.of(3L, 1L), find(tenant, starts(LogField.USER_NAME, "aDA")));
        assertEquals(List.of(), find(tenant, starts(LogField.USER_NAME, "%")), "no sign means another one");
        assertEquals(
                List.of(3L),
                find(tenant, starts(LogField.USER_NAME, "ada"), LogQuery.Condition.equal(LogField.CODE, "50126")));
        assertEquals(
                List.of(2L),
                find(
                        tenant,
                        LogQuery.Condition.time(LogQuery.Operator.MORE, NOW),
                        LogQuery.Condition.time(LogQuery.Operator.LESS, NOW.plusSeconds(2))));
        assertEquals(
                List.of(1L), find(tenant, new LogQuery.Condition(LogField.CODE, LogQuery.Operator.OTHER, "50126")));
        assertEquals(List.of(), find(tenant(), starts(LogField.USER_NAME, "a")), "another tenant's");
    }

    @Test
    void walksBothWaysInPages() {
        Tenant tenant = tenant();
        change(s -> IntStream.range(0, 5).forEach(i -> s.logs().append(signIn(tenant, "ada", i, NOW))));

        assertEquals(List.of(3L, 2L), numbers(tenant, new LogQuery(List.of(), OptionalLong.of(4), true, 2)));
        assertEquals(List.of(3L, 4L), numbers(tenant, LogQuery.onwards(2, 2)));
    }

    @Test
    void retentionCutsTheOldEndAndKeepsItsHash() {
        Tenant tenant = tenant();
        change(s -> IntStream.range(0, 5).forEach(i -> s.logs().append(signIn(tenant, "ada", i, NOW.plusSeconds(i)))));
        String third = all(tenant, LogKind.SIGN_IN).get(2).hash();

        assertEquals(3, (int) write(s -> s.logs().cut(tenant.id(), LogKind.SIGN_IN, NOW.plusSeconds(3), 100)));
        assertEquals(0, (int) write(s -> s.logs().cut(tenant.id(), LogKind.SIGN_IN, NOW.plusSeconds(3), 100)));

        var chain = read(s -> s.logs().chain(tenant.id(), LogKind.SIGN_IN));
        assertEquals(3, chain.cutNumber());
        assertEquals(third, chain.cutHash());
        assertEquals(
                List.of(4L, 5L),
                all(tenant, LogKind.SIGN_IN).stream().map(LogEntry::number).toList());
    }

    @Test
    void keepsAuditEntriesWhole() {
        Tenant tenant = tenant();
        var entry = new AuditEntry(
                UUID.randomUUID().toString(),
                tenant.id(),
                NOW,
                "exchange",
                "Update user",
                "UserManagement",
                "Core Directory",
                new AuditEntry.Initiator("id", "ada@contoso.example", true, "Ada", Optional.of("192.0.2.1")),
                List.of(
                        new AuditEntry.Target(
                                "User",
                                "u",
                                "bob@contoso.example",
                                List.of(new AuditEntry.Modified("accountEnabled", "true", "false"))),
                        new AuditEntry.Target("Group", "g", "plant")),
                "failure",
                "because",
                Map.of("key", "välue"));
        change(s -> s.audit().append(entry));

        assertEquals(List.of(entry), read(s -> s.audit().list(tenant.id(), 5)));
        assertTrue(read(s -> s.logs().falselyFiled(tenant.id(), LogKind.AUDIT, 1, 9))
                .isEmpty());
        assertTrue(read(s -> s.audit().list(TenantId.random(), 5)).isEmpty());
    }

    static SignIn signIn(Tenant tenant, String name, int error, Instant time) {
        return new SignIn(
                UUID.randomUUID().toString(),
                tenant.id(),
                time,
                "exchange",
                SignIn.Kind.INTERACTIVE_USER,
                new SignIn.Subject("id of " + name, name + "@contoso.example", name),
                new SignIn.Party("app", "wiki"),
                SignIn.Party.NONE,
                "192.0.2.1",
                SignIn.Device.UNKNOWN,
                "Browser",
                "oAuth2",
                List.of("Password"),
                false,
                Optional.empty(),
                Optional.empty(),
                error,
                error == 0 ? "" : "wrong",
                "");
    }

    private static LogQuery.Condition starts(LogField field, String value) {
        return new LogQuery.Condition(field, LogQuery.Operator.STARTS_WITH, value);
    }

    private static List<Long> find(Tenant tenant, LogQuery.Condition... conditions) {
        return numbers(tenant, new LogQuery(List.of(conditions), OptionalLong.empty(), true, 100));
    }

    private static List<Long> numbers(Tenant tenant, LogQuery query) {
        return read(s -> s.logs().find(tenant.id(), LogKind.SIGN_IN, query)).stream()
                .map(LogEntry::number)
                .toList();
    }

    private static List<LogEntry> all(Tenant tenant, LogKind log) {
        return read(s -> s.logs().find(tenant.id(), log, LogQuery.onwards(0, 1_000)));
    }
}
