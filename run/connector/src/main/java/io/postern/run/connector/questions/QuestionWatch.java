package io.postern.run.connector.questions;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Answers what the service asks: one request is open all the time, and each question is answered by a virtual
/// thread of its own, a bounded number at once. An answer is an object of its kind, or `{"error":"a sentence"}`.
public final class QuestionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector.questions");
    private static final int AT_ONCE = 8;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    private final Map<String, Answering> kinds;
    private final QuestionDoor door;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Thread thread;
    private boolean away; // this thread's only

    private QuestionWatch(Map<String, Answering> kinds, QuestionDoor door) {
        this.kinds = Map.copyOf(kinds);
        this.door = door;
        this.thread = Thread.ofVirtual().name("question-watch").unstarted(this::watch);
    }

    /// One for each name of the service, so that each node finds this connector; none when nothing could be
    /// answered.
    ///
    /// @param kinds who answers which kind
    public static List<QuestionWatch> start(Map<String, Answering> kinds, List<QuestionDoor> doors) {
        if (kinds.isEmpty()) {
            return List.of();
        }
        return doors.stream()
                .map(door -> {
                    var watch = new QuestionWatch(kinds, door);
                    watch.thread.start();
                    return watch;
                })
                .toList();
    }

    /// Takes nothing new; what was asked is answered.
    public void stop() {
        stopped.countDown();
    }

    /// As [#stop()], and gives up the open request.
    @Override
    public void close() {
        stop();
        thread.interrupt();
    }

    private void watch() {
        Duration pause = PAUSE;
        try {
            while (stopped.getCount() > 0) {
                places.acquire(); // at least one
                places.release();
                try {
                    QuestionDoor.Turn turn = door.ask(kinds.keySet(), places.availablePermits());
                    back();
                    pause = PAUSE;
                    turn.questions().forEach(this::begin);
                    await(turn.pause());
                } catch (RuntimeException e) { // a fault of ours must not end it for good
                    away(e);
                    await(pause);
                    pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void await(Duration time) throws InterruptedException {
        if (time.isPositive() && stopped.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("told to stop");
        }
    }

    private void back() {
        if (away) {
            away = false;
            LOG.info("the service can ask questions again");
        }
    }

    private void away(RuntimeException e) {
        if (stopped.getCount() == 0 || away) {
            return;
        }
        away = true;
        if (e instanceof QuestionDoor.Unavailable) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("the service cannot ask this connector questions (tests and preflights only); trying on");
        } else {
            LOG.atError().setCause(e).log("waiting for questions failed in an unforeseen way; trying on");
        }
    }

    private void begin(QuestionDoor.Question question) {
        places.acquireUninterruptibly(); // no more were asked for than are free
        Thread.ofVirtual().name("question").start(() -> {
            try {
                door.answer(question.id(), answer(question));
            } catch (QuestionDoor.Unavailable e) {
                LOG.atWarn()
                        .addKeyValue("kind", question.kind())
                        .addKeyValue("reason", e.getMessage())
                        .log("an answer did not reach the service");
            } finally {
                places.release();
            }
        });
    }

    private ObjectNode answer(QuestionDoor.Question question) {
        Answering answering = kinds.get(question.kind());
        if (answering == null) {
            return error("this connector does not know questions of the kind '" + question.kind() + "'");
        }
        try {
            return answering.answer(question.body(), question.limit());
        } catch (IllegalArgumentException e) {
            return error(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // the service shall hear that nothing comes
            LOG.atError().addKeyValue("kind", question.kind()).setCause(e).log("a question could not be answered");
            return error("the connector failed: " + e.getClass().getSimpleName() + "; its log tells more");
        }
    }

    private static ObjectNode error(String sentence) {
        return QuestionDoor.JSON.createObjectNode().put("error", sentence);
    }
}
