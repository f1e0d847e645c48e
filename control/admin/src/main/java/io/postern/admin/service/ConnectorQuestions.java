package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.store.Connector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/// Questions to connectors that only they can answer, since they stand beside the backends: a call of the API
/// lays one down and waits; a connector that waits with an open request takes it and brings the answer
/// (docs/protocol/tunnel.md §6, questions). Questions and answers are seen by administrators, so no secret
/// belongs into either. Of this node: connectors wait at each. Blocking, for virtual threads; thread-safe.
public final class ConnectorQuestions {
    /// Shorter than what proxies on the way let a request wait.
    private static final Duration HOLD = Duration.ofSeconds(20);

    /// Between two of its requests a connector is away for less.
    private static final Duration AWAY = Duration.ofSeconds(3);

    private static final int QUESTIONS_MAX = 64;

    /// @param kind what is asked, a word that both sides know
    /// @param limit until the answer has come
    public record Question(String kind, ObjectNode body, Duration limit) {}

    /// A connector that waits for questions.
    public record Present(ConnectorId id, String name) {}

    /// What came of a question.
    public sealed interface Answer {
        /// The connector's own words.
        record Said(Present connector, ObjectNode body) implements Answer {}

        /// No connector of the group that answers this kind is here.
        record Nobody() implements Answer {}

        /// It took the question and said nothing within the limit.
        record Silent(Present connector) implements Answer {}

        /// Too many wait for an answer.
        record Busy() implements Answer {}
    }

    /// @param process tells the processes of one connector apart: a new one sends the old one away
    /// @param free how many questions it takes more
    public record Offer(Set<String> kinds, String process, int free) {
        public Offer {
            kinds = Set.copyOf(kinds);
        }
    }

    /// A question as a connector takes it.
    public record Taken(String id, Question question) {}

    /// @param again whether the connector may ask again at once; false: another process of it has come
    public record Turn(List<Taken> taken, boolean again) {}

    private static final class Asked {
        private final String id = UUID.randomUUID().toString();
        private final TenantId tenant;
        private final ConnectorGroupId group;
        private final Optional<ConnectorId> wanted;
        private final Question question;
        private final long end;
        private Optional<Present> taker = Optional.empty();
        private Optional<ObjectNode> answer = Optional.empty();

        Asked(TenantId tenant, ConnectorGroupId group, Optional<ConnectorId> wanted, Question question) {
            this.tenant = tenant;
            this.group = group;
            this.wanted = wanted;
            this.question = question;
            this.end = System.nanoTime() + question.limit().toNanos();
        }

        boolean isFor(Connector connector, Set<String> kinds) {
            return tenant.equals(connector.tenant())
                    && group.equals(connector.group())
                    && kinds.contains(question.kind())
                    && wanted.map(connector.id()::equals).orElse(true);
        }
    }

    private static final class Waiting {
        private final Connector connector;
        private final Offer offer;
        private final List<Asked> given = new ArrayList<>();
        private boolean replaced;

        Waiting(Connector connector, Offer offer) {
            this.connector = connector;
            this.offer = offer;
        }
    }

    private record Seen(Connector connector, Set<String> kinds, long at) {}

    private final Ledger ledger;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<String, Asked> questions = new LinkedHashMap<>(); // under the lock, as all below
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<ConnectorId, Seen> seen = new LinkedHashMap<>();

    public ConnectorQuestions(Ledger ledger) {
        this.ledger = ledger;
    }

    /// The connectors of a group that could be asked now.
    public List<Present> present(TenantId tenant, ConnectorGroupId group, String kind) {
        lock.lock();
        try {
            long now = System.nanoTime();
            return seen.values().stream()
                    .filter(s -> s.connector().tenant().equals(tenant)
                            && s.connector().group().equals(group)
                            && s.kinds().contains(kind)
                            && isHere(s, now))
                    .map(s -> present(s.connector()))
                    .sorted(Comparator.comparing(Present::name))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// Asks one connector of the group, and waits for its word.
    ///
    /// @param connector the one to be asked; empty: any
    public Answer ask(TenantId tenant, ConnectorGroupId group, Optional<ConnectorId> connector, Question question) {
        var asked = new Asked(tenant, group, connector, question);
        lock.lock();
        try {
            if (questions.size() >= QUESTIONS_MAX) {
                return new Answer.Busy();
            }
            questions.put(asked.id, asked);
            return await(asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return asked.taker.<Answer>map(Answer.Silent::new).orElseGet(Answer.Nobody::new);
        } finally {
            questions.remove(asked.id);
            lock.unlock();
        }
    }

    private Answer await(Asked asked) throws InterruptedException {
        waiting.stream()
                .filter(w -> takes(w, asked))
                .min(Comparator.comparingInt(w -> w.given.size()))
                .ifPresent(w -> give(w, asked));
        while (asked.answer.isEmpty()) {
            long now = System.nanoTime();
            boolean nobody = asked.taker.isEmpty()
                    && seen.values().stream().noneMatch(s -> asked.isFor(s.connector(), s.kinds()) && isHere(s, now));
            if (nobody || now >= asked.end) {
                return asked.taker.<Answer>map(Answer.Silent::new).orElseGet(Answer.Nobody::new);
            }
            long pause = asked.taker.isEmpty() ? Duration.ofMillis(250).toNanos() : asked.end - now;
            news.awaitNanos(Math.min(pause, asked.end - now));
        }
        return new Answer.Said(asked.taker.orElseThrow(), asked.answer.get());
    }

    /// Whether it waits, or is at work, or was here a moment ago.
    private boolean isHere(Seen one, long now) {
        ConnectorId id = one.connector().id();
        return now - one.at() < AWAY.toNanos()
                || waiting.stream().anyMatch(w -> w.connector.id().equals(id))
                || questions.values().stream()
                        .anyMatch(q -> q.taker.map(t -> t.id().equals(id)).orElse(false));
    }

    private static Present present(Connector connector) {
        return new Present(connector.id(), connector.machineName());
    }

    private static boolean takes(Waiting one, Asked asked) {
        return !one.replaced
                && asked.taker.isEmpty()
                && one.given.size() < one.offer.free()
                && asked.isFor(one.connector, one.offer.kinds());
    }

    private void give(Waiting one, Asked asked) {
        asked.taker = Optional.of(present(one.connector));
        one.given.add(asked);
        news.signalAll();
    }

    /// A connector waits for questions; returns when there are some, or after a while without.
    ///
    /// @param certificate SHA-256 of the one that the caller proved
    /// @return not found for a certificate that is no connector's; forbidden for a connector that is disabled
    public Outcome<Turn> await(String certificate, Offer offer) {
        return connector(certificate).then(connector -> Outcome.done(await(connector, offer, HOLD)));
    }

    private Turn await(Connector connector, Offer offer, Duration hold) {
        long end = System.nanoTime() + hold.toNanos();
        var own = new Waiting(connector, offer);
        lock.lock();
        try {
            seen(own);
            for (Waiting other : waiting) {
                if (other.connector.id().equals(connector.id())
                        && !other.offer.process().equals(offer.process())) {
                    other.replaced = true; // of a process that has ended, or is about to
                }
            }
            waiting.add(own);
            questions.values().stream().filter(asked -> takes(own, asked)).forEach(asked -> {
                if (takes(own, asked)) {
                    give(own, asked);
                }
            });
            news.signalAll();
            while (own.given.isEmpty() && !own.replaced && System.nanoTime() < end) {
                news.awaitNanos(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.remove(own);
            seen(own);
            lock.unlock();
        }
        return new Turn(own.given.stream().map(ConnectorQuestions::taken).toList(), !own.replaced);
    }

    private static Taken taken(Asked asked) {
        Duration left = Duration.ofNanos(Math.max(0, asked.end - System.nanoTime()));
        return new Taken(asked.id, new Question(asked.question.kind(), asked.question.body(), left));
    }

    private void seen(Waiting one) {
        if (one.replaced) {
            return;
        }
        long now = System.nanoTime();
        seen.values().removeIf(s -> now - s.at() > Duration.ofMinutes(10).toNanos());
        seen.put(one.connector.id(), new Seen(one.connector, one.offer.kinds(), now));
    }

    /// A connector brings an answer.
    ///
    /// @return whether somebody still waited for it; else as [#await(String, Offer)]
    public Outcome<Boolean> answer(String certificate, String question, ObjectNode body) {
        return connector(certificate).then(connector -> Outcome.done(answer(connector.id(), question, body)));
    }

    private boolean answer(ConnectorId connector, String id, ObjectNode body) {
        lock.lock();
        try {
            Asked asked = questions.get(id);
            if (asked == null
                    || asked.answer.isPresent()
                    || asked.taker.filter(t -> t.id().equals(connector)).isEmpty()) {
                return false;
            }
            asked.answer = Optional.of(body);
            news.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Outcome<Connector> connector(String certificate) {
        return ledger.look(stores -> {
            Connector connector = stores.connectors()
                    .findByCertificate(certificate)
                    .orElseThrow(() -> Rejected.notFound("connector with certificate", certificate));
            if (!connector.enabled()) {
                throw Rejected.forbidden("connector '" + connector.machineName() + "' is disabled");
            }
            return connector;
        });
    }
}
