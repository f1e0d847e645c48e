package io.postern.account.onpremises;

import io.postern.base.PasswordSeal;
import io.postern.base.PasswordVerdict;
import io.postern.base.Secret;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where sign-ins and connectors meet (PWC-2): a sign-in lays down a question and waits; a connector that
/// waits with an
/// open request takes it, sealed for it alone, and brings the answer. A second connector is asked when the
/// first one
/// cannot say or is silent. Of this node: connectors wait at each. Blocking, for virtual threads;
/// thread-safe.
public final class PasswordDesk {
    /// For everything, until the user reads that it did not work.
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    /// A connector that was asked is given up after this when there is another.
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /// Between two of its requests a connector is away for less.
    private static final Duration AWAY = Duration.ofSeconds(3);

    private static final int QUESTIONS_MAX = 256;

    /// @param directories what it can ask, by its own names
    /// @param key that its process opens with, as [PasswordSeal#publicKey()]
    /// @param free how many questions it takes more
    public record Caller(
            TenantId tenant,
            ConnectorGroupId group,
            ConnectorId connector,
            String name,
            Set<String> directories,
            String key,
            int free) {
        public Caller {
            directories = Set.copyOf(directories);
        }

        boolean reaches(PasswordPlace place) {
            return tenant.equals(place.tenant())
                    && group.equals(place.group())
                    && directories.contains(place.directory());
        }
    }

    /// A question as a connector takes it.
    public record Taken(String id, String directory, String object, Duration limit, String sealed) {}

    /// @param again whether the connector may ask again at once; false: another process of it has come
    public record Turn(List<Taken> taken, boolean again) {}

    private static final class Question {
        private final String id = UUID.randomUUID().toString();
        private final PasswordPlace place;
        private final Secret password;
        private final long end;
        /// Who has it or had it, and since when.
        private final Map<ConnectorId, Long> asked = new LinkedHashMap<>();

        private Optional<PasswordAnswer> answer = Optional.empty();
        private Optional<PasswordAnswer> excuse = Optional.empty();
        private boolean open = true; // wants a connector

        Question(PasswordPlace place, Secret password, long end) {
            this.place = place;
            this.password = password;
            this.end = end;
        }
    }

    private static final class Waiting {
        private final Caller caller;
        private final List<Question> given = new ArrayList<>();
        private boolean replaced;

        Waiting(Caller caller) {
            this.caller = caller;
        }
    }

    private record Seen(Caller caller, long at) {}

    private final Duration deadline;
    private final Duration silence;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<String, Question> questions = new LinkedHashMap<>(); // under the lock, as all below
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<ConnectorId, Seen> seen = new HashMap<>();

    public PasswordDesk() {
        this(DEADLINE, SILENCE);
    }

    PasswordDesk(Duration deadline, Duration silence) {
        this.deadline = deadline;
        this.silence = silence;
    }

    /// Asks the directory, and waits for its word.
    ///
    /// @param password not empty: nobody signs in as nobody
    public PasswordAnswer ask(PasswordPlace place, Secret password) {
        if (password.length() == 0) {
            return PasswordAnswer.said(PasswordVerdict.WRONG, "", "");
        }
        var question = new Question(place, password, System.nanoTime() + deadline.toNanos());
        lock.lock();
        try {
            if (questions.size() >= QUESTIONS_MAX) {
                return PasswordAnswer.BUSY;
            }
            questions.put(question.id, question);
            return await(question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return PasswordAnswer.said(PasswordVerdict.TIMEOUT, "", "The service ends.");
        } finally {
            questions.remove(question.id);
            lock.unlock();
        }
    }

    private PasswordAnswer await(Question question) throws InterruptedException {
        while (question.answer.isEmpty()) {
            long now = System.nanoTime();
            if (now >= question.end) {
                return question.excuse.orElseGet(() -> PasswordAnswer.said(
                        PasswordVerdict.TIMEOUT,
                        names(question),
                        "No answer of directory '" + question.place.directory() + "' within " + deadline.toSeconds()
                                + " s."));
            }
            boolean silent = !question.asked.isEmpty()
                    && question.asked.values().stream().allMatch(since -> now - since >= silence.toNanos());
            if (question.open || silent) {
                hand(question);
            }
            boolean isAlone = question.open && !isAnybodyLeft(question, now);
            if (isAlone && question.excuse.isPresent()) {
                return question.excuse.get();
            }
            if (isAlone && question.asked.isEmpty()) {
                return PasswordAnswer.noConnector(question.place.directory());
            }
            news.awaitNanos(Math.min(question.end - now, pause(question, now)));
        }
        return question.answer.get();
    }

    /// Until something is to be decided though nothing has happened.
    private long pause(Question question, long now) {
        if (question.open) {
            return Duration.ofMillis(250).toNanos(); // whoever was to come back may not
        }
        long youngest = question.asked.values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(now);
        long left = youngest + silence.toNanos() - now;
        return left > 0 ? left : Duration.ofMillis(250).toNanos();
    }

    private String names(Question question) {
        return String.join(
                ", ",
                question.asked.keySet().stream()
                        .flatMap(id -> Optional.ofNullable(seen.get(id)).stream())
                        .map(s -> s.caller().name())
                        .toList());
    }

    /// To one who waits and was not asked before: the one with the least to do.
    private void hand(Question question) {
        waiting.stream()
                .filter(w -> takes(w, question))
                .min(Comparator.comparingLong(w -> load(w.caller.connector())))
                .ifPresent(w -> give(w, question));
    }

    private static boolean takes(Waiting one, Question question) {
        return !one.replaced
                && one.given.size() < one.caller.free()
                && one.caller.reaches(question.place)
                && !question.asked.containsKey(one.caller.connector());
    }

    private void give(Waiting one, Question question) {
        question.asked.put(one.caller.connector(), System.nanoTime());
        question.open = false;
        one.given.add(question);
        news.signalAll();
    }

    private long load(ConnectorId connector) {
        return questions.values().stream()
                .filter(q -> q.answer.isEmpty() && q.asked.containsKey(connector))
                .count();
    }

    /// Whether a connector waits, or is at work, or was here a moment ago.
    private boolean isAnybodyLeft(Question question, long now) {
        return seen.values().stream()
                .filter(s -> s.caller().reaches(question.place)
                        && !question.asked.containsKey(s.caller().connector()))
                .anyMatch(s -> now - s.at() < AWAY.toNanos()
                        || load(s.caller().connector()) > 0
                        || waiting.stream()
                                .anyMatch(w ->
                                        w.caller.connector().equals(s.caller().connector())));
    }

    /// A connector waits for questions.
    ///
    /// @param hold how long, when there are none
    public Turn await(Caller caller, Duration hold) {
        long end = System.nanoTime() + hold.toNanos();
        var own = new Waiting(caller);
        List<Question> given;
        lock.lock();
        try {
            seen(caller);
            for (Waiting other : waiting) {
                if (other.caller.connector().equals(caller.connector())
                        && !other.caller.key().equals(caller.key())) {
                    other.replaced = true; // of a process that has ended, or is about to
                    news.signalAll();
                }
            }
            waiting.add(own);
            for (Question question : questions.values()) {
                if (question.open && takes(own, question)) {
                    give(own, question);
                }
            }
            news.signalAll();
            while (own.given.isEmpty() && !own.replaced && System.nanoTime() < end) {
                news.awaitNanos(end - System.nanoTime());
            }
            given = List.copyOf(own.given);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            given = List.of();
        } finally {
            waiting.remove(own);
            seen(caller);
            lock.unlock();
        }
        return new Turn(given.stream().map(question -> sealed(question, caller)).toList(), !own.replaced);
    }

    private void seen(Caller caller) {
        long now = System.nanoTime();
        seen.values().removeIf(s -> now - s.at() > Duration.ofMinutes(10).toNanos());
        seen.put(caller.connector(), new Seen(caller, now));
    }

    private static Taken sealed(Question question, Caller caller) {
        byte[] password = question.password.bytes();
        try {
            return new Taken(
                    question.id,
                    question.place.directory(),
                    question.place.object(),
                    Duration.ofNanos(Math.max(0, question.end - System.nanoTime())),
                    PasswordSeal.seal(caller.key(), password, question.id));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    /// A connector brings what the directory said.
    ///
    /// @param detail why the directory could not say it; empty where it did
    /// @return false when nobody waits for it any more, or this connector was never asked
    public boolean answer(ConnectorId connector, String id, PasswordVerdict verdict, String detail) {
        lock.lock();
        try {
            Question question = questions.get(id);
            if (question == null || !question.asked.containsKey(connector) || question.answer.isPresent()) {
                return false;
            }
            String name = Optional.ofNullable(seen.get(connector))
                    .map(s -> s.caller().name())
                    .orElse("");
            PasswordAnswer answer = PasswordAnswer.said(verdict, name, detail);
            if (verdict.isFinal()) {
                question.answer = Optional.of(answer);
            } else {
                question.excuse = Optional.of(answer);
                question.open = true; // another one may know
            }
            news.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Names of the connectors that wait here for questions about a directory.
    public List<String> connectors(TenantId tenant, ConnectorGroupId group, String directory) {
        lock.lock();
        try {
            return waiting.stream()
                    .map(w -> w.caller)
                    .filter(c -> c.tenant().equals(tenant)
                            && c.group().equals(group)
                            && c.directories().contains(directory))
                    .map(Caller::name)
                    .distinct()
                    .sorted()
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
