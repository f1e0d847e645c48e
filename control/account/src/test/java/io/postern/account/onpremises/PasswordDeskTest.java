package io.postern.account.onpremises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.onpremises.PasswordAnswer.Result;
import io.postern.account.onpremises.PasswordDesk.Caller;
import io.postern.account.onpremises.PasswordDesk.Taken;
import io.postern.account.onpremises.PasswordDesk.Turn;
import io.postern.base.PasswordSeal;
import io.postern.base.PasswordVerdict;
import io.postern.base.Secret;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.sync.PasswordCheck;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// PWC-2 and PWC-3: who is asked, what he gets, and what a sign-in hears when nobody answers.
class PasswordDeskTest {
    private static final Duration HOLD = Duration.ofSeconds(20);
    private static final Secret PASSWORD = Secret.of("correct horse");

    private final TenantId tenant = TenantId.random();
    private final ConnectorGroupId group = ConnectorGroupId.random();
    private final PasswordPlace place =
            new PasswordPlace(tenant, group, "corp", UUID.randomUUID().toString(), PasswordCheck.HERE);
    private final PasswordDesk desk = new PasswordDesk(Duration.ofHours(1), Duration.ofMillis(300));
    private final ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        crowd.shutdownNow();
    }

    private final class Played {
        private final ConnectorId id = ConnectorId.random();
        private final PasswordSeal seal = PasswordSeal.create();
        private final String name;

        Played(String name) {
            this.name = name;
        }

        Caller caller(String directory, int free) {
            return new Caller(tenant, group, id, name, Set.of(directory), seal.publicKey(), free);
        }

        /// Until it has something to check.
        Future<Turn> waits() {
            return crowd.submit(() -> desk.await(caller("corp", 4), HOLD));
        }

        boolean says(Taken taken, PasswordVerdict verdict) {
            return desk.answer(id, taken.id(), verdict, "");
        }
    }

    private Future<PasswordAnswer> ask() {
        return crowd.submit(() -> desk.ask(place, PASSWORD));
    }

    private static PasswordVerdict said(Future<PasswordAnswer> answer) throws Exception {
        return assertInstanceOf(Result.Said.class, answer.get().result()).verdict();
    }

    private void awaitWaiting(String... names) {
        while (!desk.connectors(tenant, group, "corp").equals(List.of(names))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoWaitsGetsThePasswordSealedForHimAlone() throws Exception {
        var connector = new Played("dc-1");
        Future<Turn> turn = connector.waits();
        awaitWaiting("dc-1");
        Future<PasswordAnswer> answer = ask();
        Taken taken = turn.get().taken().getFirst();
        assertEquals("corp", taken.directory());
        assertEquals(place.object(), taken.object());
        assertFalse(taken.sealed().contains("horse"));
        assertEquals(
                "correct horse", new String(connector.seal.open(taken.sealed(), taken.id()), StandardCharsets.UTF_8));

        assertFalse(new Played("stranger").says(taken, PasswordVerdict.RIGHT), "never asked");
        assertTrue(connector.says(taken, PasswordVerdict.RIGHT));
        assertFalse(connector.says(taken, PasswordVerdict.RIGHT), "nobody waits any more");
        assertEquals(PasswordVerdict.RIGHT, said(answer));
        assertEquals("dc-1", answer.get().connector());
    }

    @Test
    void withoutAConnectorItIsSaidAtOnce() throws Exception {
        assertInstanceOf(Result.NoConnector.class, ask().get().result());
    }

    @Test
    void othersAreNotAsked() throws Exception {
        var elsewhere = new Played("other directory");
        Future<Turn> directory = crowd.submit(() -> desk.await(elsewhere.caller("other", 4), HOLD));
        Future<Turn> groupOfOthers = crowd.submit(() -> desk.await(
                new Caller(
                        tenant,
                        ConnectorGroupId.random(),
                        ConnectorId.random(),
                        "other group",
                        Set.of("corp"),
                        elsewhere.seal.publicKey(),
                        4),
                HOLD));
        Future<Turn> tenantOfOthers = crowd.submit(() -> desk.await(
                new Caller(
                        TenantId.random(),
                        group,
                        ConnectorId.random(),
                        "other tenant",
                        Set.of("corp"),
                        elsewhere.seal.publicKey(),
                        4),
                HOLD));
        assertInstanceOf(Result.NoConnector.class, ask().get().result());
        assertFalse(directory.isDone() || groupOfOthers.isDone() || tenantOfOthers.isDone());
    }

    @Test
    void anotherOneIsAskedWhenTheFirstCannotSay() throws Exception {
        var one = new Played("dc-1");
        var two = new Played("dc-2");
        Future<Turn> first = one.waits();
        awaitWaiting("dc-1");
        Future<PasswordAnswer> answer = ask();
        Taken taken = first.get().taken().getFirst();
        Future<Turn> next = two.waits();
        awaitWaiting("dc-2"); // else the first is the only one, and is believed
        one.says(taken, PasswordVerdict.UNREACHABLE);
        two.says(next.get().taken().getFirst(), PasswordVerdict.WRONG);
        assertEquals(PasswordVerdict.WRONG, said(answer));
        assertEquals("dc-2", answer.get().connector());
    }

    @Test
    void anotherOneIsAskedWhenTheFirstIsSilent() throws Exception {
        Future<Turn> dead = new Played("dc-1").waits();
        awaitWaiting("dc-1");
        Future<PasswordAnswer> answer = ask();
        assertEquals(1, dead.get().taken().size());
        var alive = new Played("dc-2");
        alive.says(alive.waits().get().taken().getFirst(), PasswordVerdict.RIGHT);
        assertEquals(PasswordVerdict.RIGHT, said(answer));
    }

    @Test
    void whoCannotSayIsBelievedWhenHeIsTheOnlyOne() throws Exception {
        var only = new Played("dc-1");
        Future<Turn> turn = only.waits();
        awaitWaiting("dc-1");
        Future<PasswordAnswer> answer = ask();
        only.says(turn.get().taken().getFirst(), PasswordVerdict.UNREACHABLE);
        assertEquals(PasswordVerdict.UNREACHABLE, said(answer));
    }

    @Test
    void noAnswerInTimeIsNoSuccess() throws Exception {
        var impatient = new PasswordDesk(Duration.ofMillis(400), Duration.ofMillis(100));
        var connector = new Played("dc-1");
        crowd.submit(() -> impatient.await(connector.caller("corp", 4), HOLD));
        while (impatient.connectors(tenant, group, "corp").isEmpty()) {
            Thread.onSpinWait();
        }
        PasswordAnswer answer = impatient.ask(place, PASSWORD);
        assertEquals(
                PasswordVerdict.TIMEOUT,
                assertInstanceOf(Result.Said.class, answer.result()).verdict());
        assertTrue(answer.connector().contains("dc-1"), answer.toString());
    }

    @Test
    void anEmptyPasswordIsAskedOfNobody() {
        assertEquals(
                new Result.Said(PasswordVerdict.WRONG),
                desk.ask(place, Secret.of("")).result());
    }

    @Test
    void nobodyGetsMoreThanHeTakes() throws Exception {
        var small = new Played("dc-1");
        var answers = new ArrayList<Future<PasswordAnswer>>();
        Future<Turn> turn = crowd.submit(() -> desk.await(small.caller("corp", 2), HOLD));
        awaitWaiting("dc-1");
        for (int i = 0; i < 5; i++) {
            answers.add(ask());
        }
        int answered = 0;
        while (answered < 5) {
            List<Taken> taken = turn.get().taken();
            assertTrue(taken.size() <= 2, taken.toString());
            answered += taken.size();
            turn = crowd.submit(() -> desk.await(small.caller("corp", 2), HOLD));
            taken.forEach(each -> small.says(each, PasswordVerdict.RIGHT));
        }
        for (Future<PasswordAnswer> answer : answers) {
            assertEquals(PasswordVerdict.RIGHT, said(answer));
        }
    }

    @Test
    void aProcessThatWasReplacedIsSentAway() throws Exception {
        var old = new Played("dc-1");
        Future<Turn> gone = old.waits();
        awaitWaiting("dc-1");
        crowd.submit(() -> desk.await(
                new Caller(
                        tenant,
                        group,
                        old.id,
                        "dc-1",
                        Set.of("corp"),
                        PasswordSeal.create().publicKey(),
                        4),
                HOLD));
        assertEquals(new Turn(List.of(), false), gone.get());
    }

    @Test
    void whatIsSealedForOneQuestionOpensForNoOther() throws Exception {
        var connector = new Played("dc-1");
        Future<Turn> turn = connector.waits();
        awaitWaiting("dc-1");
        ask();
        Taken taken = turn.get().taken().getFirst();
        assertThrows(GeneralSecurityException.class, () -> connector.seal.open(taken.sealed(), "another"));
    }
}
