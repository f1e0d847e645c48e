package io.postern.gateway.probe;

import io.postern.domain.health.AppPath;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// When which path is probed next: each once in an interval, with jitter, new ones soon and spread. Confined to
/// one thread.
final class Timetable {
    /// What can be held also while every backend is half-open and each probe lasts its whole limit.
    private static final int PROBES_PER_SECOND = 25;

    /// A path that is new is probed within this, and within its share of a start of many.
    private static final Duration FIRST = Duration.ofSeconds(1);

    private static final long NANOS_PER_NEW_PATH = TimeUnit.MILLISECONDS.toNanos(20);

    private static final double JITTER = 0.1;

    private static final class Turn {
        private final Question question;
        private long dueNanos;
        private boolean gone;

        Turn(Question question, long dueNanos) {
            this.question = question;
            this.dueNanos = dueNanos;
        }
    }

    private final Duration interval;
    private final RandomGenerator random;
    private final Map<AppPath, Turn> turns = new HashMap<>();
    private final PriorityQueue<Turn> queue =
            new PriorityQueue<>(Comparator.comparingLong((Turn turn) -> turn.dueNanos));

    Timetable(Duration interval, RandomGenerator random) {
        this.interval = interval;
        this.random = random;
    }

    /// Takes over what there is to find out now; what was there before keeps its turn.
    void replace(Map<AppPath, Question> wanted, long nowNanos) {
        turns.values().removeIf(turn -> {
            turn.gone = !turn.question.equals(wanted.get(turn.question.path()));
            return turn.gone;
        });
        queue.removeIf(turn -> turn.gone);
        int added = wanted.size() - turns.size();
        long spread = FIRST.toNanos() + added * NANOS_PER_NEW_PATH;
        wanted.forEach((path, question) -> turns.computeIfAbsent(path, p -> {
            var turn = new Turn(question, nowNanos + random.nextLong(spread));
            queue.add(turn);
            return turn;
        }));
    }

    /// Whose turn it is; it gets the next one by [#again] or [#soon].
    Optional<Question> poll(long nowNanos) {
        Turn first = queue.peek();
        if (first == null || first.dueNanos - nowNanos > 0) {
            return Optional.empty();
        }
        queue.remove();
        return Optional.of(first.question);
    }

    /// The path was probed: its next turn is an interval later.
    void again(Question question, long nowNanos) {
        double share = 1 - JITTER + 2 * JITTER * random.nextDouble();
        put(question, nowNanos + (long) (interval().toNanos() * share));
    }

    /// It could not be probed yet.
    void soon(Question question, long nowNanos) {
        put(question, nowNanos + FIRST.toNanos());
    }

    private void put(Question question, long dueNanos) {
        Turn turn = turns.get(question.path());
        if (turn == null || !turn.question.equals(question)) {
            return; // gone, or another question now
        }
        queue.remove(turn);
        turn.dueNanos = dueNanos;
        queue.add(turn);
    }

    /// Longer than configured where the paths are too many for it.
    Duration interval() {
        Duration needed = Duration.ofSeconds(turns.size() / PROBES_PER_SECOND);
        return needed.compareTo(interval) > 0 ? needed : interval;
    }

    int size() {
        return turns.size();
    }
}
